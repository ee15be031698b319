"""The first moment of her voice over the guide's: fast and by bands, so that the narration gives way at once.

Only sound that neither the loudspeaker, nor the room, nor the last seconds explain counts: what goes on (a
pump, a crying child, a tap) becomes a habit and is no surprise any more.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voice.ear.frames import BLOCK, BLOCK_SECONDS, EAR_RATE, SILENT, Samples
from voice.ear.level import Leak
from voice.ear.policy import Policy

EDGES = (150.0, 500.0, 1200.0, 2800.0, 7000.0)
"""Hz between the bands: voicing, the first formant, the second, and the hiss of s, f and t. Below 150 Hz a
pump hums."""
BANDS = len(EDGES) - 1
Levels = NDArray[np.float64]


class Bands:
    """Levels of a block in each band, dB full scale (RMS)."""

    def __init__(self) -> None:
        self._window = np.hanning(BLOCK + 2)[1:-1]
        self._size = 2 * BLOCK
        hertz = np.fft.rfftfreq(self._size, 1.0 / EAR_RATE)
        self._member = np.array([(hertz >= low) & (hertz < high) for low, high in pairwise(EDGES)], float)
        self._scale = 2.0 / (self._size * float(np.sum(self._window**2)))

    def levels(self, block: Samples) -> Levels:
        """float32 (BLOCK,) -> (BANDS,)."""
        power = np.abs(np.fft.rfft(block * self._window, self._size)) ** 2
        return np.asarray(10.0 * np.log10(self._member @ power * self._scale + 1e-12))


class Onset:
    """Says whether she may just have begun to speak, some hundredths of a second after her first sound."""

    HABIT = 4.0
    """Seconds that count as what the room is used to. Longer ones forget slowly what is over (measured)."""
    USUAL = 98.0
    """Per cent of them that lie below the habit."""
    SETTLING = 1.0
    """Seconds of hearing before anything can be a surprise."""
    EVERY = 20
    """Blocks between two looks at the habit."""
    NEAR_LEAK = 6.0
    """dB over what the loudspeaker may explain below which a sound is the loudspeaker's and tells nothing of
    the room."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._needed = round(policy.hint_lasts / BLOCK_SECONDS)
        self._bands = Bands()
        self._leaks = tuple(Leak() for _ in range(BANDS))
        self._used_to: deque[Levels] = deque(maxlen=round(self.HABIT / BLOCK_SECONDS))
        self._habit = np.zeros(BANDS)
        self._taken = 0
        self._risen = 0

    def take(self, residue: Samples, reference: Samples | None, learn: bool = True) -> bool:
        """A block at EAR_RATE of what is left of the microphone, and of the loudspeaker.

        `learn`: what is heard is not known to be speech, so the room may get used to it.
        """
        now = self._bands.levels(residue)
        far = np.full(BANDS, SILENT) if reference is None else self._bands.levels(reference)
        for leak, left, played in zip(self._leaks, now, far, strict=True):
            leak.take(float(left), float(played))
        expected = np.array([leak.expected for leak in self._leaks])
        room = np.maximum(self._policy.hint_least, self._habit + self._policy.hint_over_habit)
        risen = now > np.maximum(room, expected + self._policy.hint_over_leak)
        self._risen = self._risen + 1 if risen.any() else 0
        if learn:
            self._used_to.append(np.where(now > expected + self.NEAR_LEAK, now, SILENT))
        self._taken += 1
        if self._taken % self.EVERY == 0 and self._taken * BLOCK_SECONDS >= self.SETTLING:
            self._look()
        return self._risen >= self._needed

    def unlearn(self, seconds: float) -> None:
        """The last `seconds` turned out to be speech: the room must not get used to it."""
        for _ in range(min(len(self._used_to), round(seconds / BLOCK_SECONDS))):
            self._used_to.pop()
        self._look()

    def _look(self) -> None:
        if self._used_to:
            self._habit = np.percentile(np.array(self._used_to), self.USUAL, axis=0)
