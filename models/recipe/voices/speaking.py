"""What every engine has in common."""

from collections.abc import Callable
from math import gcd
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from recipe.shards import RATE

Floats = NDArray[np.float32]


class Engine(Protocol):
    """A source of speakers."""

    name: str

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        """The speaker drawn and (n,) samples at 16 kHz, none when the engine cannot say the text."""


EngineMaker = Callable[[], Engine]


def resampled(samples: NDArray[np.floating], rate: float) -> Floats:
    """(n,) samples at ``rate`` Hz as (m,) samples at 16 kHz; ``rate`` is rounded to 100 Hz."""
    rate = max(100, round(rate / 100) * 100)
    divisor = gcd(RATE, rate)
    result: Floats = resample_poly(samples, RATE // divisor, rate // divisor).astype(np.float32)
    return result


def to_int16(samples: Floats, peak: float = 0.7) -> NDArray[np.int16]:
    """Peak-normalised, so that a shard keeps its sixteen bits; training draws the level anew."""
    loudest = float(np.abs(samples).max(initial=0.0))
    scaled = samples * (peak / loudest) if loudest > 1e-6 else samples
    return np.clip(np.rint(scaled * 32767), -32768, 32767).astype(np.int16)


def ending(rng: np.random.Generator) -> str:
    """Punctuation moves an engine's melody."""
    return str(rng.choice([".", ".", ".", "!", "?", ""]))
