"""The reference is brought to the moment at which the microphone hears it, and at the microphone's clock."""

from __future__ import annotations

import numpy as np

from voice.ear.delay import Delay, DelayTracker
from voice.ear.echo import EchoCanceller
from voice.ear.frames import BLOCK, EAR_RATE, Samples

AHEAD = 0.02
"""Seconds that the reference is left before its echo: the first sound may take a shorter way than the
loudest."""
TOO_FAR = 0.045
"""Seconds before its echo from which on the reference is moved; also when it comes less than half of AHEAD
before it."""
MOVED = 0.003
"""Seconds between two looks by which the echo cannot have moved unless it comes from another device."""
LEAST_DRIFT = 4e-6
"""Drift below this is left to the canceller: it costs it nothing (measured)."""
LARGEST_DRIFT = 300e-6
"""No two crystals differ by more; larger ones are errors of measurement."""
SURE = 4.0
"""Times its own error a drift must be to be believed."""
KEPT = 1.0
"""Seconds of the reference that are kept: the longest delay, and what drift adds to it."""
TAPS = 16
"""Of the filter that reads between samples: its error is below -60 dB up to 5 kHz."""


class DelayLine:
    """A reference that can be read later than it came, by any time up to KEPT, also between samples.

    `later`: samples; `drift`: samples a sample by which `later` grows.
    """

    def __init__(self) -> None:
        self._kept = np.zeros(round(KEPT * EAR_RATE) + BLOCK, np.float32)
        self.later = 0.0
        self.drift = 0.0

    def process(self, block: Samples) -> Samples:
        """float32 (BLOCK,) in, the (BLOCK,) of `later` samples ago out."""
        self._kept[:-BLOCK] = self._kept[BLOCK:]
        self._kept[-BLOCK:] = block
        if self.drift == 0.0 and self.later == int(self.later):
            end = len(self._kept) - int(self.later)
            return self._kept[end - BLOCK : end].copy()
        places = len(self._kept) - BLOCK + np.arange(BLOCK) * (1.0 - self.drift) - self.later
        self.later = float(np.clip(self.later + BLOCK * self.drift, 0.0, KEPT * EAR_RATE - TAPS))
        return self._between(np.minimum(places, len(self._kept) - 1.0))

    def _between(self, places: np.ndarray) -> Samples:
        """The values between samples, by a windowed sinc."""
        whole = np.floor(places).astype(int)
        taps = np.arange(1 - TAPS // 2, TAPS // 2 + 1)
        away = (places - whole)[:, None] - taps
        weights = np.sinc(away) * np.cos(np.pi * away / (TAPS + 2)) ** 2
        at = np.clip(whole[:, None] + taps, 0, len(self._kept) - 1)
        return np.asarray((self._kept[at] * weights).sum(axis=1), dtype=np.float32)


class AlignedCanceller:
    """Any canceller, given the reference at the right time: measured at the first sound, then followed.

    As long as no delay is sure, the reference is left where it is (the canceller's own tail then has to
    reach), and once one was sure it stays until another is.
    """

    def __init__(self, canceller: EchoCanceller) -> None:
        self._canceller = canceller
        self._tracker = DelayTracker()
        self._line = DelayLine()
        self._known: Delay | None = None

    @property
    def delay(self) -> Delay | None:
        """Where the echo was last found for sure, and how sure the latest look is of it; None: not yet."""
        return self._known

    @property
    def drift(self) -> float:
        """Samples a sample that are made good."""
        return self._line.drift

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        found = self._tracker.take(reference, microphone)
        if found is not None and found.trusted:
            if self._known is not None and abs(found.seconds - self._known.seconds) > MOVED:
                self._canceller.forget()
            self._known = found
            self._follow(found)
        return self._canceller.process(microphone, self._line.process(reference))

    def shifted(self, blocks: int) -> None:
        self._canceller.shifted(blocks)

    def forget(self) -> None:
        self._canceller.forget()

    def _follow(self, found: Delay) -> None:
        ahead = found.seconds - self._line.later / EAR_RATE
        if not AHEAD / 2 <= ahead <= TOO_FAR:
            self._move(int((ahead - AHEAD) * EAR_RATE // BLOCK))
        drift = self._tracker.drift
        if drift is not None and drift.error * SURE < LEAST_DRIFT * 4:
            sure = LEAST_DRIFT <= abs(drift.rate) <= LARGEST_DRIFT and abs(drift.rate) > SURE * drift.error
            self._line.drift = drift.rate if sure else 0.0

    def _move(self, blocks: int) -> None:
        """Read the reference later by so many blocks (earlier when negative), as far as there is some."""
        blocks = max(blocks, -int(self._line.later // BLOCK))
        if blocks:
            self._line.later += blocks * BLOCK
            self._canceller.shifted(blocks)
