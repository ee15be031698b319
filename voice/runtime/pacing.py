"""At which pace a rehearsal goes: at once, by the wall, or through the loudspeaker."""

from __future__ import annotations

import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.runtime.portaudio import PortAudioCard

Samples = NDArray[np.float32]


class Pacer(Protocol):
    """Keeps a rehearsal at a pace."""

    def play(self, block: Samples) -> None:
        """What the room hears during one block; returns when it is time for the next."""

    def close(self) -> None:
        """Release the loudspeaker, if one is used."""


class AtOnce:
    """As fast as the machine can."""

    def play(self, block: Samples) -> None:
        """Returns at once."""

    def close(self) -> None:
        """Nothing is open."""


class ByTheWall:
    """In real time, in silence. `rate` in Hz."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._due = time.monotonic()

    def play(self, block: Samples) -> None:
        self._due = max(self._due + len(block) / self._rate, time.monotonic() - 1.0)
        time.sleep(max(0.0, self._due - time.monotonic()))

    def close(self) -> None:
        """Nothing is open."""


class Aloud:
    """In real time, through the loudspeaker. `rate` in Hz. Raises LullError when there is none."""

    def __init__(self, rate: int, output: str) -> None:
        self._speaker = PortAudioCard().loudspeaker(rate, output)

    def play(self, block: Samples) -> None:
        self._speaker.write(block)

    def close(self) -> None:
        self._speaker.close()


def real_time(rate: int, output: str) -> Pacer:
    """Aloud where there is a loudspeaker, else by the wall."""
    try:
        return Aloud(rate, output)
    except LullError:
        return ByTheWall(rate)
