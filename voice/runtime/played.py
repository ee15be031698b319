"""What was played lately, kept for a microphone that is a stream of its own."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

KEPT_SECONDS = 0.05
"""Seconds kept beyond the last block: the two streams differ by no more."""


class Played:
    """Blocks in the order they were played. One thread adds, another takes."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque()

    def clear(self) -> None:
        """Forget everything."""
        self._blocks.clear()

    def add(self, block: Samples, rate: int) -> None:
        """Keep a block, float32 (n,) at `rate` Hz; the oldest ones go."""
        self._blocks.append(block)
        most = KEPT_SECONDS * rate + len(block)
        while len(self._blocks) > 1 and sum(map(len, self._blocks)) > most:
            self._blocks.popleft()

    def take(self, count: int) -> Samples:
        """The oldest `count` samples not yet taken; silence where there are fewer."""
        taken = np.zeros(count, np.float32)
        at = 0
        while at < count and self._blocks:
            block = self._blocks.popleft()
            piece = block[: count - at]
            taken[at : at + len(piece)] = piece
            if len(block) > len(piece):
                self._blocks.appendleft(block[len(piece) :])
            at += len(piece)
        return taken
