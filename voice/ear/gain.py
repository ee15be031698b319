"""Raises quiet rooms for the recogniser, whose model hears absolute level. Only the recogniser hears it:
levels are measured, and judged, as they are."""

from __future__ import annotations

import numpy as np

from voice.ear.frames import BLOCK, BLOCK_SECONDS, Samples, decibels
from voice.ear.policy import Policy


class Gain:
    """Follows the room, not the words: up slowly and only in quiet, down at once where it would be too loud.

    In a quiet room it stands where a whisper is heard; the first loud block of a word takes it down, and it
    stays there until the word is long over. What the loudspeaker leaves counts as room, so that the guide's
    own rest is never raised above it.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._gain = 0.0
        self._quiet = 0.0

    @property
    def decibels(self) -> float:
        """dB put on the last block."""
        return self._gain

    def process(self, samples: Samples, ahead: Samples, room: float, sounding: bool) -> Samples:
        """The block to be heard, raised or lowered.

        `ahead`: the newest block, which may lie some blocks after `samples`. `room`: dB full scale of what is
        there without her: noise, or what is left of the loudspeaker. `sounding`: there is more than that.
        """
        policy, before = self._policy, self._gain
        self._quiet = 0.0 if sounding else self._quiet + BLOCK_SECONDS
        wanted = max(0.0, min(policy.gain_most, policy.gain_room - room))
        if not sounding:
            risen = before + policy.gain_rise * BLOCK_SECONDS if self._quiet >= policy.gain_wait else before
            self._gain = min(wanted, risen)
        loudest = max(decibels(samples), decibels(ahead))
        self._gain = min(self._gain, policy.gain_loudest - loudest)
        curve = np.linspace(before, self._gain, BLOCK, dtype=np.float32)
        return np.asarray(samples * 10.0 ** (curve / 20.0), dtype=np.float32)
