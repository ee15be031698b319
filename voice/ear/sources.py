"""Sound from files and from memory. The microphone belongs to the duplex stream of the runtime."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.ear.frames import AudioFrame, Samples, clean
from voice.ear.libraries import soundfile, soxr
from voice.errors import LullError


class MemorySource:
    """Samples already in memory: any number of channels (averaged), cut into frames of `frame_seconds`."""

    def __init__(self, samples: NDArray[np.floating], rate: int, frame_seconds: float = 0.02) -> None:
        self._samples = clean(samples)
        self._rate = rate
        self._step = max(1, round(rate * frame_seconds))

    @property
    def rate(self) -> int:
        return self._rate

    @property
    def samples(self) -> Samples:
        return self._samples

    def frames(self) -> Iterator[AudioFrame]:
        for start in range(0, len(self._samples), self._step):
            yield AudioFrame(self._samples[start : start + self._step], self._rate, start)


class WavSource(MemorySource):
    """A recording (WAV, FLAC, OGG ...) of any rate and number of channels, as one channel.

    `rate`: Hz wanted; None keeps the file's own. Raises LullError when the file is missing, empty or not
    sound.
    """

    def __init__(self, path: Path, rate: int | None = None, frame_seconds: float = 0.02) -> None:
        samples, own_rate = read_sound(path)
        if rate is not None and rate != own_rate:
            samples, own_rate = soxr.resample(samples, own_rate, rate).astype(np.float32), rate
        super().__init__(samples, own_rate, frame_seconds)
        self.path = path


def read_sound(path: Path) -> tuple[Samples, int]:
    """All samples of a sound file as one channel, and its rate in Hz. Raises LullError (missing, empty,
    broken)."""
    if not path.exists():
        raise LullError(f"{path}: there is no such recording; check the name.")
    if not path.is_file():
        raise LullError(f"{path}: this is a folder, not a recording; name the file itself.")
    if path.stat().st_size == 0:
        raise LullError(f"{path}: the recording is empty (0 bytes); record it again.")
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (RuntimeError, OSError, ValueError) as trouble:
        raise LullError(
            f"{path}: not a sound file that can be read ({_short(trouble)}); use WAV or FLAC."
        ) from trouble
    if not len(samples):
        raise LullError(f"{path}: the recording holds no sound (0 samples); record it again.")
    return clean(samples), int(rate)


def _short(trouble: Exception) -> str:
    return str(trouble).rsplit(": ", 1)[-1].strip().rstrip(".") or type(trouble).__name__
