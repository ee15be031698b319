"""The only door to soundfile and soxr: encode, decode, write and resample mono sound."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError

Samples = NDArray[np.float32]
FULL_SCALE = 32768.0
"""16-bit samples are integers of this scale."""


def resample(samples: Samples, rate: int, to: int) -> Samples:
    """`samples` at `rate` Hz resampled to `to` Hz (soxr, high quality)."""
    if rate == to or len(samples) == 0:
        return samples
    convert = cast(Callable[..., Any], importlib.import_module("soxr").resample)
    return np.asarray(convert(samples, rate, to, quality="HQ"), dtype=np.float32)


def quantised(samples: Samples) -> NDArray[np.int16]:
    """`samples` in [-1, 1] as 16-bit integers; anything beyond is clipped."""
    scaled = np.round(np.nan_to_num(samples) * FULL_SCALE)
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def floated(pcm: NDArray[np.int16]) -> Samples:
    """The exact float32 values of 16-bit integers."""
    return (pcm / np.float32(FULL_SCALE)).astype(np.float32)


def encode_flac(pcm: NDArray[np.int16], rate: int, comment: str) -> bytes:
    """A mono 16-bit FLAC file with `comment` in its header."""
    out = BytesIO()
    with _soundfile().SoundFile(out, "w", rate, 1, subtype="PCM_16", format="FLAC") as file:
        file.comment = comment
        file.write(pcm)
    return out.getvalue()


def decode_flac(data: bytes) -> tuple[NDArray[np.int16], int, str]:
    """Samples, rate in Hz and comment of a FLAC file. Raises ValueError when it cannot be decoded."""
    try:
        with _soundfile().SoundFile(BytesIO(data)) as file:
            pcm = file.read(dtype="int16")
            return np.asarray(pcm, dtype=np.int16), int(file.samplerate), str(file.comment)
    except (RuntimeError, OSError, TypeError, ValueError) as error:
        raise ValueError(f"not a readable FLAC file: {error}") from error


def read_sound(path: Path) -> tuple[Samples, int]:
    """Samples float32 (n,) and rate in Hz of a sound file, channels averaged. Raises LullError."""
    try:
        data, rate = _soundfile().read(str(path), dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as error:
        reason = "it is missing" if not path.exists() else "it is no sound file that can be read"
        raise LullError(f"{path} cannot be played: {reason}; put a WAV or FLAC file there.") from error
    return np.asarray(data, dtype=np.float32).mean(axis=1, dtype=np.float32), int(rate)


def write_sound(path: Path, samples: Samples, rate: int) -> None:
    """Write `samples` (mono, `rate` Hz) as 16-bit WAV, or FLAC when the name ends so; whole or not at all.

    Raises LullError.
    """
    kind = "FLAC" if path.suffix.lower() == ".flac" else "WAV"
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        _soundfile().write(str(part), quantised(samples), rate, subtype="PCM_16", format=kind)
        part.replace(path)
    except (RuntimeError, OSError) as error:
        part.unlink(missing_ok=True)
        raise LullError(f"{path} cannot be written ({error}); choose a folder with room.") from error


def _soundfile() -> ModuleType:
    return importlib.import_module("soundfile")
