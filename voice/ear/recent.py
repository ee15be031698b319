"""The sound of the last seconds, block by block, as the recogniser got it."""

from __future__ import annotations

from collections import deque

import numpy as np

from voice.ear.frames import BLOCK_SECONDS, Samples


class Recent:
    """Keeps `longest` seconds at most. Times are seconds of the stream."""

    def __init__(self, longest: float) -> None:
        self._blocks: deque[Samples] = deque(maxlen=round(longest / BLOCK_SECONDS))
        self._reached = 0.0

    def take(self, block: Samples, reached: float) -> None:
        """One block, which ends at `reached`."""
        self._blocks.append(block)
        self._reached = reached

    def clear(self) -> None:
        self._blocks.clear()

    def last(self, seconds: float) -> tuple[Samples, float]:
        """The newest sound, about `seconds` of it as far as that much is kept, and when it begins."""
        blocks = list(self._blocks)[max(0, len(self._blocks) - round(seconds / BLOCK_SECONDS)) :]
        return _joined(blocks), self._reached - len(blocks) * BLOCK_SECONDS

    def between(self, began: float, ended: float) -> Samples:
        """What is kept of the sound between two times."""
        last = len(self._blocks) - max(0, round((self._reached - ended) / BLOCK_SECONDS))
        first = len(self._blocks) - round((self._reached - began) / BLOCK_SECONDS)
        return _joined(list(self._blocks)[max(0, first) : max(0, last)])


def _joined(blocks: list[Samples]) -> Samples:
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
