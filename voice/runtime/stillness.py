"""Whether sound comes from the microphone at all: one that is muted delivers the same number for ever."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STILL_AFTER = 12.0
"""Seconds of digital silence, on a stream that runs, after which it is told: longer than a
microphone that mutes itself between words is wont to be."""
PATIENCE = 5.0
"""How many times longer the next silence must last: a microphone that came back mutes itself, most likely."""
BACK_AFTER = 0.3
"""Seconds of sound that show that it is back: more than the click of a switch."""


class Stillness:
    """Looks at every block. Times in seconds of any one clock; `take` may be called by another thread."""

    def __init__(self, now: float) -> None:
        self._patience = STILL_AFTER
        self._sounded_at = now
        self._sounded = 0.0
        self.still = False
        """Whether the microphone counts as silent now."""

    def take(self, samples: NDArray[np.float32], rate: int, now: float) -> None:
        """One block from the microphone, float32 (n,) at `rate` Hz."""
        if samples.size and samples.min() != samples.max():
            self._sounded_at = now
            self._sounded += samples.size / rate

    def begin(self, now: float) -> None:
        """Count anew: the card was opened, or the program was held up."""
        self._sounded_at = now

    def changed(self, now: float) -> bool:
        """Whether `still` has just become another."""
        if self.still and self._sounded >= BACK_AFTER:
            self.still, self._patience = False, self._patience * PATIENCE
            return True
        if not self.still and now - self._sounded_at > self._patience:
            self.still, self._sounded = True, 0.0
            return True
        return False
