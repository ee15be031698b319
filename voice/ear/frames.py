"""Sound on its way to the ear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

EAR_RATE = 16_000
"""Hz. The rate the recogniser's model was trained at; everything behind the ear's door runs at it."""

BLOCK = 160
"""Samples (10 ms at EAR_RATE) handled at a time, so that nothing depends on the size of the frames that
come in."""

BLOCK_SECONDS = BLOCK / EAR_RATE

SILENT = -120.0
"""dB full scale. Stands for no sound at all."""


@dataclass(frozen=True)
class AudioFrame:
    """A piece of one microphone channel.

    `samples`: float32, shape (n,), within -1..1. `rate`: Hz. `start`: index of the first sample since the
    stream began.
    """

    samples: Samples
    rate: int
    start: int


class Source(Protocol):
    """Something that yields sound from its beginning to its end."""

    @property
    def rate(self) -> int: ...

    def frames(self) -> Iterator[AudioFrame]: ...


def clean(samples: NDArray[np.floating]) -> Samples:
    """One channel of float32 within -1..1 out of whatever arrived: NaN becomes silence, channels are
    averaged."""
    mono: NDArray[np.floating] = (
        samples.mean(axis=1) if samples.ndim == 2 and samples.size else samples.reshape(-1)
    )
    finite = np.nan_to_num(mono, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.asarray(np.clip(finite, -1.0, 1.0), dtype=np.float32)


def decibels(samples: Samples) -> float:
    """Level of the samples in dB relative to full scale (RMS); SILENT for silence and for nothing."""
    if not len(samples):
        return SILENT
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return 10.0 * float(np.log10(max(power, 1e-12)))
