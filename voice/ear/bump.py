"""A sound that stands out of other sound: her word over a crying baby, where no quiet comes after it."""

from __future__ import annotations

from voice.ear.frames import BLOCK_SECONDS, SILENT
from voice.ear.policy import Policy


class Bump:
    """Follows one level block by block, dB. Times are seconds of the stream."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._top = self._first = SILENT
        self._fallen = 0.0
        self.began = 0.0
        """When the latest one came near its loudest."""

        self.ended = 0.0
        """When the last one that is over fell."""

        self.over = False
        """Whether it was just noticed to be over: true for one block of it."""

    def take(self, level: float, now: float) -> None:
        """The level of the block that ends at `now`."""
        depth = self._policy.bump_depth
        if level > self._top:
            self._top = level
            if level > self._first + depth:
                self._first, self.began = level, now
        self._fallen = self._fallen + BLOCK_SECONDS if level < self._top - depth else 0.0
        self.over = self._fallen >= self._policy.bump_over
        if self.over:
            self.ended = now - self._fallen
            self._top = self._first = level
            self._fallen = 0.0
