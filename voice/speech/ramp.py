"""A gain that moves to its aim in a straight line, block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Ramp:
    """A linear gain. After `aim` it reaches its aim in exactly `length` samples, whatever the block sizes."""

    def __init__(self, value: float, length: int) -> None:
        self._value = value
        self._aim = value
        self._length = max(1, length)
        self._left = 0

    @property
    def left(self) -> int:
        """Samples until the aim is reached."""
        return self._left

    def aim(self, value: float) -> None:
        """Move to `value` from here on."""
        if value != self._aim:
            self._aim, self._left = value, self._length

    def jump(self, value: float) -> None:
        """Be at `value` at once."""
        self._value = self._aim = value
        self._left = 0

    def peek(self, n: int) -> NDArray[np.float32]:
        """The gains of the next `n` samples (n,), without moving."""
        if self._left == 0:
            return np.full(n, self._value, dtype=np.float32)
        steps = np.minimum(np.arange(1, n + 1), self._left) / self._left
        return (self._value + (self._aim - self._value) * steps).astype(np.float32)

    def take(self, n: int) -> NDArray[np.float32]:
        """The gains of the next `n` samples (n,), moving on by them."""
        gains = self.peek(n)
        if self._left and n:
            self._left = max(0, self._left - n)
            self._value = float(gains[-1]) if self._left else self._aim
        return gains
