"""A voice without sound, for tests and for rehearsing where no voice works: silence of a plausible length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHARACTERS_A_SECOND = 14.0
"""Pace of calm English narration at rate 1.0 (hibari's "heart" says 13 to 15)."""


class SilentEngine:
    """Renders digital silence as long as the sentence would take to say: exact, instant, needs nothing."""

    name = "silent"
    version = "1"
    rate = 24_000

    def voices(self) -> tuple[str, ...]:
        return ("silent",)

    def render(self, text: str, voice: str, rate: float) -> NDArray[np.float32]:
        """Zeros (n,) float32, n = characters / 14 a second / `rate`."""
        return np.zeros(round(len(text) / CHARACTERS_A_SECOND / rate * self.rate), dtype=np.float32)

    def close(self) -> None:
        """Nothing to end."""
