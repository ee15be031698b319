"""Whether sound keeps pace with the clock. A stream that once ran dry may go on far too slowly."""

from __future__ import annotations

WINDOW = 3.0
"""Seconds over which the pace is measured."""
LEAST = 0.6
"""Share of the nominal rate below which speech breaks up and words are lost."""


class Throughput:
    """Counts the samples that pass in one direction. Times in seconds of any one clock."""

    def __init__(self, now: float) -> None:
        self._since = now
        self._samples = 0

    def count(self, samples: int) -> None:
        """So many samples have passed."""
        self._samples += samples

    def begin(self, now: float) -> None:
        """Measure anew from `now`."""
        self._since, self._samples = now, 0

    def starving(self, now: float, rate: int) -> bool:
        """Whether the window that just ended was too slow for `rate` Hz; False while it lasts."""
        elapsed = now - self._since
        if elapsed < WINDOW:
            return False
        slow = self._samples < LEAST * elapsed * rate
        self.begin(now)
        return slow
