"""Fetches a recogniser model (`scripts/fetch-model`): download, check, unpack beside, move into place.

Whatever goes wrong, the models folder is as it was before: a part is thrown away when the fetch fails or is
interrupted, and one left by a power cut is thrown away by the next fetch.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from voice.ear.manifest import ModelEntry, measure_folder, read_manifest
from voice.ear.models import MANIFEST, RECORD, check_model, embedded_folder, fetched_folder
from voice.errors import LullError
from voice.unpack import unpack

BLOCK = 256 * 1024  # bytes read at a time
SILENCE = 30.0  # seconds without a byte before the server is given up
PART = ".part"
UNPACKED_TIMES = 8  # a model's zip shrinks its files by less than this; more is a trap
UNPACKED_LEAST = 16 * 2**20  # bytes any zip may unpack to

Tell = Callable[[int], None]


class FetchError(LullError):
    """The model was not fetched and nothing was kept. One sentence: why, what to do."""

    exit_code = 1


def fetch(
    entry: ModelEntry, folder: Path, file: Path | None = None, tell: Tell = lambda received: None
) -> Path:
    """Puts the model `entry` into `folder` and returns its path; `file` is its zip where there is no network.

    `tell` is given the bytes checked so far. Raises FetchError.
    """
    existed = folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder), _part_folder(folder, entry.name) as part:
            with _checked_zip(entry, file, part, tell) as archive:
                model = unpack(archive, part / "model", max(UNPACKED_TIMES * entry.bytes, UNPACKED_LEAST))
            _accept(model, entry)
            _put_into_place(model, folder / entry.name, part / "old")
    except OSError as error:
        raise FetchError(f"{folder} could not be written ({error.strerror}); nothing was kept.") from None
    finally:
        if not existed:
            with suppress(OSError):
                folder.rmdir()
    return folder / entry.name


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the folder for this process, so that parts found in it are nobody's."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for stale in folder.glob(f".*{PART}"):
            shutil.rmtree(stale, ignore_errors=True)
        yield
    except BlockingIOError:
        raise FetchError(f"Another fetch is at work in {folder}; wait for it to end.") from None
    finally:
        os.close(handle)


@contextmanager
def _part_folder(folder: Path, name: str) -> Iterator[Path]:
    part = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=PART, dir=folder))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _checked_zip(entry: ModelEntry, file: Path | None, part: Path, tell: Tell) -> Iterator[IO[bytes]]:
    """The zip, open, with its size and digest checked through the very handle that is yielded."""
    if file is None:
        with (part / "model.zip").open("w+b") as copy:
            _download(entry, copy, tell)
            yield copy
        return
    try:
        handle = file.open("rb")
    except OSError as error:
        raise FetchError(
            f"{file} cannot be read ({error.strerror}); give the path of {entry.name}.zip."
        ) from None
    with handle:
        _check_digest(entry, handle, None, str(file), tell)
        yield handle


def _download(entry: ModelEntry, copy: IO[bytes], tell: Tell) -> None:
    request = urllib.request.Request(entry.address, headers={"User-Agent": "lull-guide"})
    try:
        with urllib.request.urlopen(request, timeout=SILENCE) as response:
            _check_digest(entry, response, copy, entry.address, tell)
    except urllib.error.HTTPError as error:
        raise FetchError(
            f"{entry.address} answered {error.code} ({error.reason}); try again later, or get the zip "
            f"elsewhere and use --file."
        ) from None
    except urllib.error.URLError as error:
        raise FetchError(
            f"{entry.address} cannot be reached ({error.reason}); check the network, or get the zip "
            f"elsewhere and use --file."
        ) from None
    except (TimeoutError, ConnectionError, HTTPException) as error:
        reason = f"{type(error).__name__}: {error}"
        raise FetchError(f"{entry.address} broke off ({reason}); nothing was kept, try again.") from None


def _check_digest(
    entry: ModelEntry, source: IO[bytes], copy: IO[bytes] | None, where: str, tell: Tell
) -> None:
    digest, received = hashlib.sha256(), 0
    while received <= entry.bytes and (block := source.read(BLOCK)):
        digest.update(block)
        if copy is not None:
            copy.write(block)
        received += len(block)
        tell(min(received, entry.bytes))
    if received != entry.bytes:
        size = (
            f"more than {entry.bytes:,}"
            if received > entry.bytes
            else f"only {received:,} of {entry.bytes:,}"
        )
        raise FetchError(f"{where} has {size} bytes; nothing was kept, try again.")
    if digest.hexdigest() != entry.sha256:
        raise FetchError(
            f"{where} is not the known {entry.name} (its SHA-256 differs); nothing was kept: do not use it."
        )


def _accept(model: Path, entry: ModelEntry) -> None:
    """Refuses what is no model, and leaves the digest by which a later change is found out."""
    try:
        check_model(model)
    except LullError as error:
        reason = str(error).replace(str(model), entry.name).split("; ")[0]
        raise FetchError(f"What was in the zip cannot be used: {reason}; nothing was kept.") from None
    (model / RECORD).write_text(measure_folder(model).sha256 + "\n", encoding="utf-8")
    if sys.platform == "win32":
        return
    for path in [*model.rglob("*"), model]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _put_into_place(model: Path, place: Path, aside: Path) -> None:
    if place.exists():
        place.rename(aside)
    try:
        model.rename(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise


def command(
    name: Annotated[str | None, typer.Argument(help="A model of the list.")] = None,
    file: Annotated[Path | None, typer.Option(help="Its zip, for a machine without a network.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether the models here are whole.")
    ] = False,
    manifest: Annotated[Path | None, typer.Option(help="Another list of models.")] = None,
    sha256: Annotated[str | None, typer.Option(help="Digest you vouch for, where the list has none.")] = None,
) -> None:
    """Fetches a recogniser model, or checks the ones that are here; without a name, lists them."""
    entries = read_manifest(manifest or embedded_folder() / MANIFEST)
    chosen = [entry for entry in entries if name in (None, entry.name)]
    if not chosen:
        names = ", ".join(entry.name for entry in entries)
        raise FetchError(f"There is no model {name} in the list; choose one of: {names}.")
    if check:
        if not all([_report(entry, required=name is not None) for entry in chosen]):
            raise typer.Exit(1)
    elif name is None:
        for entry in chosen:
            print(f"{entry.name}  {entry.language}  {entry.licence}  {_state(entry)}")
    elif chosen[0].embedded:
        print(f"{name} came with Lull: there is nothing to fetch.")
    else:
        entry = _vouched(chosen[0], file, sha256) if chosen[0].unmeasured else chosen[0]
        try:
            print(f"{name} is ready: {_with_progress(entry, file)}")
        except KeyboardInterrupt:
            print("Stopped: nothing was kept.", file=sys.stderr)
            raise typer.Exit(130) from None


def _vouched(entry: ModelEntry, file: Path | None, sha256: str | None) -> ModelEntry:
    """The entry with the size of the zip at hand and the digest its fetcher vouches for."""
    if file is None:
        raise FetchError(
            f"The list has no digest of {entry.name}, so nothing is downloaded unseen; get {entry.address} "
            f"yourself, then run: scripts/fetch-model {entry.name} --file ZIP"
        )
    try:
        with file.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        size = file.stat().st_size
    except OSError as error:
        raise FetchError(
            f"{file} cannot be read ({error.strerror}); give the path of {entry.name}.zip."
        ) from None
    if sha256 is None:
        raise FetchError(
            f"{file} has the SHA-256 {digest}; if its publisher gives the same, run this again with "
            f"--sha256 {digest}"
        )
    return replace(entry, bytes=size, sha256=sha256.strip().lower())


def _with_progress(entry: ModelEntry, file: Path | None) -> Path:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(entry.name, total=entry.bytes)
        return fetch(
            entry, fetched_folder(), file, lambda received: progress.update(task, completed=received)
        )


def _place(entry: ModelEntry) -> Path:
    return (embedded_folder() if entry.embedded else fetched_folder()) / entry.name


def _state(entry: ModelEntry) -> str:
    if not _place(entry).is_dir():
        return (
            "not fetched, digest not known"
            if entry.unmeasured
            else f"not fetched, {entry.bytes / 1e6:.0f} MB"
        )
    return "came with Lull" if entry.embedded else "fetched"


def _report(entry: ModelEntry, required: bool) -> bool:
    place = _place(entry)
    if not place.is_dir() and not entry.embedded:
        print(f"{entry.name}: not fetched")
        return not required
    try:
        report = check_model(place)
    except LullError as error:
        print(f"{entry.name}: {error}")
        return False
    print(f"{entry.name}: whole, {report.bytes:,} bytes, {report.words:,} words, {place}")
    return True


def main() -> None:
    """The command line; a stop from outside is treated like Ctrl-C, so that parts are thrown away."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(command)
    try:
        app(prog_name="scripts/fetch-model")
    except LullError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
