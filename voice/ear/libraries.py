"""The sound libraries that ship no types, with just the types that are used of them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol, cast

from voice.ear.frames import Samples


class _Stream(Protocol):
    def resample_chunk(self, x: Samples, last: bool = False) -> Samples: ...


class _Soxr(Protocol):
    def resample(self, x: Samples, in_rate: float, out_rate: float) -> Samples: ...
    def ResampleStream(
        self, in_rate: float, out_rate: float, num_channels: int, dtype: str, quality: str
    ) -> _Stream: ...


class _SoundFile(Protocol):
    def read(self, file: Path, dtype: str, always_2d: bool) -> tuple[Samples, int]: ...


soxr = cast(_Soxr, importlib.import_module("soxr"))
soundfile = cast(_SoundFile, importlib.import_module("soundfile"))
