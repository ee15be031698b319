"""Rendered sentences kept on disk and in memory, so that a sentence is synthesised once.

An entry is an ordinary FLAC file named by the SHA-256 of text, voice, rate, engine and format. The digest of
its samples stands in its comment field, so a truncated or damaged entry is known and rendered again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock, get_ident

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.speech.clip import Clip, tidy
from voice.speech.engines import ANY_VOICE, Engine
from voice.speech.soundio import decode_flac, encode_flac, floated, quantised

FORMAT = "flac16-2"
"""Part of every key: changes when trimming, levelling or the file format changes."""
BESIDE = ".ghosts.json"
"""Ending of a file beside an entry that tells something about its sound; it goes when the entry goes."""
LIMIT_BYTES = 200_000_000
"""Room on disk for rendered speech; one guide with all its wordings takes about 30 MB."""
MEMORY_BYTES = 24_000_000
"""Room in memory for the sentences used last: about four minutes of speech."""
STALE_PART = 60.0
"""Seconds after which a half-written file of a program that was killed is swept away."""


class Store:
    """Sentences as clips, rendered by `engine` when they are not kept yet. Any thread may ask.

    `folder` None keeps them in memory only. `spare` makes another engine when `engine` fails to render.
    """

    def __init__(
        self,
        engine: Engine,
        folder: Path | None,
        limit_bytes: int = LIMIT_BYTES,
        spare: Callable[[], Engine] | None = None,
    ) -> None:
        self.engine = engine
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._spare = spare
        self._memory: OrderedDict[str, Clip] = OrderedDict()
        self._memory_lock = Lock()
        self._engine_lock = Lock()
        self._problems: list[str] = []
        self._changed = False
        self._complained = False
        self._swept = False

    def get(self, text: str, voice: str = ANY_VOICE, rate: float = 1.0) -> Clip:
        """The clip of `text`, tidied; the same samples every time. Raises LullError without a voice."""
        clip = self.kept(text, voice, rate)
        if clip is not None:
            return clip
        with self._engine_lock:  # engines render one sentence at a time; whoever waited may find it ready
            clip = self.kept(text, voice, rate)
            if clip is not None:
                return clip
            pcm, hertz = self._render(text, voice, rate)
            clip = Clip(floated(pcm), hertz, text)
            key = self.key(text, voice, rate)
            self._remember(key, clip)
            self._write(key, pcm, hertz)
        return clip

    def kept(self, text: str, voice: str = ANY_VOICE, rate: float = 1.0) -> Clip | None:
        """The clip of `text` if it is kept already; nothing is rendered."""
        key = self.key(text, voice, rate)
        with self._memory_lock:
            clip = self._memory.get(key)
            if clip is not None:
                self._memory.move_to_end(key)
        if clip is None and (found := self._read(key)) is not None:
            clip = Clip(floated(found[0]), found[1], text)
            self._remember(key, clip)
        return clip

    def seconds(self, text: str, voice: str = ANY_VOICE, rate: float = 1.0) -> float:
        """Length of `text` in seconds when spoken; renders it if it is not kept yet. Raises LullError."""
        return self.get(text, voice, rate).seconds

    def take_problems(self) -> list[str]:
        """What went wrong since the last call (disk full, spare voice in use), each given once."""
        taken, self._problems = self._problems, []
        return taken

    def close(self) -> None:
        """End the engine."""
        self.engine.close()

    def key(self, text: str, voice: str = ANY_VOICE, rate: float = 1.0) -> str:
        """The name of the entry of `text`."""
        parts = (FORMAT, self.engine.name, self.engine.version, self._voice_there(voice), f"{rate:.3f}", text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _voice_there(self, voice: str) -> str:
        """Once the spare engine speaks, her chosen voice is not to be had: it uses its own best one."""
        return ANY_VOICE if self._changed else voice

    def _render(self, text: str, voice: str, rate: float) -> tuple[NDArray[np.int16], int]:
        """Samples and their rate in Hz, from the spare engine when the first one fails."""
        try:
            samples = self.engine.render(text, self._voice_there(voice), rate)
        except LullError as error:
            if self._spare is None or self._changed:
                raise
            spare = self._spare()
            samples = spare.render(text, ANY_VOICE, rate)
            self.engine, self._changed = spare, True
            self._problems.append(f"{error} The {spare.name} voice speaks instead.")
        return quantised(tidy(samples, self.engine.rate)), self.engine.rate

    def _remember(self, key: str, clip: Clip) -> None:
        with self._memory_lock:
            self._memory[key] = clip
            self._memory.move_to_end(key)
            size = sum(kept.samples.nbytes for kept in self._memory.values())
            while size > MEMORY_BYTES and len(self._memory) > 1:
                size -= self._memory.popitem(last=False)[1].samples.nbytes

    def _read(self, key: str) -> tuple[NDArray[np.int16], int] | None:
        """A sound entry of the folder, marked as used now; a damaged one is removed."""
        if self.folder is None:
            return None
        path = self.folder / f"{key}.flac"
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            pcm, hertz, digest = decode_flac(data)
            if digest != _digest(pcm):
                raise ValueError("samples do not match their digest")
        except ValueError:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return pcm, hertz

    def _write(self, key: str, pcm: NDArray[np.int16], hertz: int) -> None:
        """Keep the entry; a full or closed disk costs speed only, so it is reported once and work goes on."""
        if self.folder is None:
            return
        try:
            data = encode_flac(pcm, hertz, _digest(pcm))
            self._make_room(self.folder, len(data))
            if len(data) <= self.limit_bytes:
                _write_whole(self.folder / f"{key}.flac", data)
        except OSError as error:
            if not self._complained:
                self._complained = True
                self._problems.append(
                    f"Speech cannot be kept in {self.folder} ({error.strerror or error}); "
                    "it is made afresh each time until there is room and leave to write."
                )

    def _make_room(self, folder: Path, incoming: int) -> None:
        """Remove the entries used longest ago until `incoming` bytes fit below the limit."""
        folder.mkdir(parents=True, exist_ok=True)
        if not self._swept:
            self._swept = True
            _sweep(folder)
        entries: list[tuple[float, int, Path]] = []
        for path in folder.glob("*.flac"):
            with contextlib.suppress(OSError):
                status = path.stat()
                entries.append((status.st_mtime, status.st_size, path))
        size = sum(entry[1] for entry in entries) + incoming
        for _, bytes_, path in sorted(entries):
            if size <= self.limit_bytes:
                return
            for gone in (path, path.with_suffix(BESIDE)):
                with contextlib.suppress(OSError):
                    gone.unlink()
            size -= bytes_


def _digest(pcm: NDArray[np.int16]) -> str:
    return hashlib.sha256(pcm.astype("<i2").tobytes()).hexdigest()


def _write_whole(path: Path, data: bytes) -> None:
    """Write `data` so that after a crash the file is whole or absent."""
    part = path.with_name(f"{path.stem}.{os.getpid()}.{get_ident()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _sweep(folder: Path) -> None:
    """Remove what a killed program left half-written."""
    for part in folder.glob("*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > STALE_PART:
                part.unlink()
