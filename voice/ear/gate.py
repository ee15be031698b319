"""Softens what the canceller leaves of the narration, so that the recogniser does not hear words in it."""

from __future__ import annotations

from collections import deque

import numpy as np

from voice.ear.frames import BLOCK, BLOCK_SECONDS, Samples
from voice.ear.policy import Policy


class Gate:
    """Closed while the loudspeaker explains everything; open `ahead` before she begins and `hold` after she
    ends.

    It delays the sound by `policy.gate_ahead` seconds, always, so that the stream's time stays straight.
    """

    def __init__(self, policy: Policy) -> None:
        self._closed = float(10.0 ** (policy.gate_closed / 20.0))
        self._hold = policy.gate_hold
        self._waiting: deque[Samples] = deque()
        self._delay = round(policy.gate_ahead / BLOCK_SECONDS)
        self._since = policy.gate_hold
        self._gain = 1.0

    def process(self, residue: Samples, leaking: bool, sounding: bool) -> Samples:
        """A block in, the block of `gate_ahead` seconds ago out.

        `leaking`: the loudspeaker may be audible. `sounding`: there is more than it explains.
        """
        self._since = 0.0 if sounding else self._since + BLOCK_SECONDS
        wanted = self._closed if leaking and self._since >= self._hold else 1.0
        ramp = np.linspace(self._gain, wanted, BLOCK, dtype=np.float32)
        self._gain = wanted
        self._waiting.append(residue)
        if len(self._waiting) <= self._delay:
            return np.zeros(BLOCK, np.float32)
        return self._waiting.popleft() * ramp
