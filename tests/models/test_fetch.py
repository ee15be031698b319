"""A model is fetched whole or not at all, whatever the network, the zip or a hasty person does."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tests.models.tiny import FILES, NAME, Server, entry_for, zipped
from voice.ear.manifest import ModelEntry
from voice.ear.models import check_model
from voice.errors import LullError
from voice.fetch import fetch

Manifest = Callable[[ModelEntry], Path]


def command(home: Path, *arguments: str, before: str = "") -> list[str]:
    """The fetch as a person runs it, with its data folder below `home`."""
    line = f'{before} exec env XDG_DATA_HOME="$0" "$@"'
    return ["bash", "-c", line, str(home), sys.executable, "-m", "voice.fetch", *arguments]


def below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_model_is_downloaded_checked_and_put_into_place(
    tmp_path: Path, server: Server, content: bytes
) -> None:
    told: list[int] = []
    model = fetch(entry_for(content, server.address + "/m.zip"), tmp_path / "models", tell=told.append)
    assert below(tmp_path / "models")[0] == NAME
    assert {path.name for path in (tmp_path / "models").iterdir()} == {NAME}
    assert all((model / name).read_bytes() == kept for name, kept in FILES.items())
    assert told[-1] == len(content)
    assert check_model(model, ["stop", "wait"]).unknown == ("wait",)
    assert check_model(model).verified


def test_a_zip_at_hand_needs_no_network(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "m.zip"
    archive.write_bytes(zipped(FILES, folder=""))
    model = fetch(entry_for(archive.read_bytes()), tmp_path / "models", file=archive)
    assert check_model(model).verified
    with pytest.raises(LullError, match="cannot be read"):
        fetch(entry_for(content), tmp_path / "models", file=tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/cut", "has only"),
        ("/short", "has only"),
        ("/long", "has more than"),
        ("/tampered", "SHA-256 differs"),
        ("/missing", "answered 404"),
    ],
)
def test_a_bad_download_leaves_nothing(
    tmp_path: Path, server: Server, content: bytes, path: str, sentence: str
) -> None:
    with pytest.raises(LullError, match=sentence) as caught:
        fetch(entry_for(content, server.address + path), tmp_path / "models")
    assert below(tmp_path) == []
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_is_said_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LullError, match=r"cannot be reached .* use --file"):
        fetch(entry_for(content, "http://127.0.0.1:9/m.zip"), tmp_path / "models")
    assert below(tmp_path) == []


def test_a_bad_download_leaves_the_model_that_was_there(
    tmp_path: Path, server: Server, content: bytes
) -> None:
    entry = entry_for(content, server.address + "/m.zip")
    model = fetch(entry, tmp_path)
    before = below(tmp_path)
    with pytest.raises(LullError):
        fetch(replace(entry, address=server.address + "/tampered"), tmp_path)
    assert below(tmp_path) == before
    assert check_model(model).verified


def test_a_second_fetch_replaces_a_broken_model(tmp_path: Path, server: Server, content: bytes) -> None:
    entry = entry_for(content, server.address + "/m.zip")
    model = fetch(entry, tmp_path)
    (model / "am/final.mdl").write_bytes(b"")
    assert check_model(fetch(entry, tmp_path)).verified
    assert {path.name for path in tmp_path.iterdir()} == {NAME}


@pytest.mark.parametrize(
    "name", ["../escaped", "a/../../escaped", "/escaped", "..\\escaped", "C:/escaped", "a/..", "."]
)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "m.zip"
    archive.write_bytes(zipped({**FILES, name: b"out"}, folder=""))
    with pytest.raises(LullError, match="is not a plain file below it"):
        fetch(entry_for(archive.read_bytes()), tmp_path / "a/b/models", file=archive)
    assert below(tmp_path) == ["a", "a/b", "m.zip"]
    assert not Path("/escaped").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    buffer = BytesIO(zipped(FILES))
    with zipfile.ZipFile(buffer, "a") as packed:
        link = zipfile.ZipInfo(f"{NAME}/ivector")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc")
    archive = tmp_path / "m.zip"
    archive.write_bytes(buffer.getvalue())
    with pytest.raises(LullError, match="is not a plain file below it"):
        fetch(entry_for(archive.read_bytes()), tmp_path / "models", file=archive)
    assert below(tmp_path) == ["m.zip"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped({**FILES, "zeros": bytes(40 * 2**20)}), "unpacks to far more"),
        (zipped({**FILES, **{f"f{number}": b"" for number in range(1001)}}), "too many"),
        (zipped({**FILES, "README/x": b"a file and a folder at once"}), "cannot be|could not be|two files"),
        (b"PK but no zip", "cannot be unpacked"),
        (zipped({"README": b"nothing else"}), "cannot be used: The model tiny-model has no am/final.mdl"),
        (zipped({**FILES, "graph/Gr.fst": b""}), "Gr.fst is empty"),
    ],
    ids=["bomb", "many", "clash", "not-a-zip", "no-model", "empty-graph"],
)
def test_a_zip_that_is_no_model_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    archive = tmp_path / "m.zip"
    archive.write_bytes(content)
    with pytest.raises(LullError, match=sentence):
        fetch(entry_for(content), tmp_path / "models", file=archive)
    assert below(tmp_path) == ["m.zip"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_download_leaves_nothing_and_says_so(
    tmp_path: Path, server: Server, content: bytes, manifest: Manifest, sent: signal.Signals
) -> None:
    listed = manifest(entry_for(content, server.address + "/stuck"))
    home = tmp_path / "home"
    running = subprocess.Popen(
        command(home, NAME, "--manifest", str(listed)), stderr=subprocess.PIPE, text=True
    )
    assert server.half_sent.wait(30)
    running.send_signal(sent)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.strip().endswith("Stopped: nothing was kept.")
    assert not (home / "lull/models").exists()


def test_what_a_power_cut_leaves_is_cleared_by_the_next_fetch(
    tmp_path: Path, server: Server, content: bytes, manifest: Manifest
) -> None:
    listed = manifest(entry_for(content, server.address + "/stuck"))
    home = tmp_path / "home"
    running = subprocess.Popen(command(home, NAME, "--manifest", str(listed)), stderr=subprocess.DEVNULL)
    assert server.half_sent.wait(30)
    folder = home / "lull/models"
    with pytest.raises(LullError, match="Another fetch is at work"):
        fetch(entry_for(content, server.address + "/m.zip"), folder)
    running.kill()
    running.wait(30)
    assert [path.suffix for path in folder.iterdir()] == [".part"]
    fetch(entry_for(content, server.address + "/m.zip"), folder)
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_a_full_disk_leaves_nothing_and_is_said_in_one_sentence(tmp_path: Path, manifest: Manifest) -> None:
    archive = tmp_path / "m.zip"
    archive.write_bytes(zipped({**FILES, "am/final.mdl": b"\0B" + os.urandom(20_000)}))
    listed = manifest(entry_for(archive.read_bytes()))
    arguments = (NAME, "--manifest", str(listed), "--file", str(archive))
    done = subprocess.run(
        command(tmp_path / "home", *arguments, before="ulimit -f 8;"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "could not be written (File too large); nothing was kept." in done.stderr
    assert not (tmp_path / "home/lull/models").exists()


def test_check_tells_a_whole_model_from_one_that_changed(
    tmp_path: Path, server: Server, content: bytes, manifest: Manifest
) -> None:
    listed = manifest(entry_for(content, server.address + "/m.zip"))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = command(tmp_path / "home", *arguments, "--manifest", str(listed))
        return subprocess.run(line, capture_output=True, text=True, timeout=60)

    assert run(NAME, "--check").returncode == 1
    assert run("--check").returncode == 0
    assert run(NAME).stdout.startswith(f"{NAME} is ready: ")
    assert "whole" in run(NAME, "--check").stdout
    (tmp_path / "home/lull/models" / NAME / "README").write_text("changed")
    changed = run("--check")
    assert changed.returncode == 1
    assert "fetch it again with: scripts/fetch-model tiny-model" in changed.stdout
    assert "There is no model other" in run("other").stderr


def test_a_model_nobody_has_measured_is_taken_from_a_file_and_on_a_digest_given(
    tmp_path: Path, content: bytes, manifest: Manifest
) -> None:
    listed = manifest(replace(entry_for(content), bytes=0, sha256=""))
    archive = tmp_path / "m.zip"
    archive.write_bytes(content)
    digest = entry_for(content).sha256

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        line = command(tmp_path / "home", NAME, "--manifest", str(listed), *more)
        return subprocess.run(line, capture_output=True, text=True, check=False)

    unseen = run()
    assert unseen.returncode == 1
    assert "--file ZIP" in unseen.stderr
    shown = run("--file", str(archive))
    assert shown.returncode == 1
    assert f"--sha256 {digest}" in shown.stderr
    refused = run("--file", str(archive), "--sha256", "0" * 64)
    assert refused.returncode == 1
    assert not (tmp_path / "home" / "lull" / "models" / NAME).exists()
    assert run("--file", str(archive), "--sha256", digest).returncode == 0
    assert (tmp_path / "home" / "lull" / "models" / NAME).is_dir()
