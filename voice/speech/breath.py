"""Soft tones that pace the breath: one that rises while she breathes in, one that falls while she breathes
out. Exact to the sample, so that the ten thousandth breath is as long as the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.speech.clip import SPEECH_LEVEL, decibels

Samples = NDArray[np.float32]

LOW, HIGH = 220.0, 330.0
"""Hz: a fifth, low enough to be soft and high enough for a small loudspeaker. Our choice."""

UNDER_THE_VOICE = -14.0
"""dB of a tone's loudest stretch (RMS) relative to speech. Our choice: heard in a quiet room, in no way of a
word."""

OVERTONE = 0.15
"""Share of the octave above, so that small loudspeakers give the tone a body."""

REST = 0.06
"""Share of each part, at its end, in which the tone is already silent: the turn of the breath."""


@dataclass(frozen=True)
class Pace:
    """Seconds in and out."""

    breathe_in: float
    breathe_out: float


class BreathTones:
    """Endless breaths at `rate` Hz. A new pace counts from the next breath on."""

    def __init__(self, rate: int, pace: Pace) -> None:
        self._rate = rate
        self._gain = decibels(SPEECH_LEVEL + UNDER_THE_VOICE) * 2**0.5
        self._wished = pace
        self._breath = np.zeros(0, np.float32)
        self._at = 0

    def pace(self, pace: Pace) -> None:
        """Change the pace from the next breath on."""
        self._wished = pace

    def take(self, n: int) -> Samples:
        """The next `n` samples (n,)."""
        out = np.zeros(n, np.float32)
        done = 0
        while done < n:
            if self._at >= len(self._breath):
                self._breath, self._at = self._one_breath(), 0
            piece = self._breath[self._at : self._at + n - done]
            out[done : done + len(piece)] = piece
            self._at += len(piece)
            done += len(piece)
        return out

    def _one_breath(self) -> Samples:
        pace = self._wished
        rising = self._part(LOW, HIGH, pace.breathe_in)
        falling = self._part(HIGH, LOW, pace.breathe_out)
        return (np.concatenate([rising, falling]) * self._gain).astype(np.float32)

    def _part(self, start: float, stop: float, seconds: float) -> NDArray[np.float64]:
        """A glide from `start` to `stop` Hz that swells from nothing and sinks to nothing."""
        n = max(1, round(seconds * self._rate))
        sounding = max(1, round(n * (1.0 - REST)))
        share = np.arange(sounding) / sounding
        hertz = start + (stop - start) * share
        phase = 2 * np.pi * np.cumsum(hertz) / self._rate
        tone = (np.sin(phase) + OVERTONE * np.sin(2 * phase)) / (1.0 + OVERTONE)
        out = np.zeros(n)
        out[:sounding] = tone * np.sin(np.pi * share) ** 1.5
        return out
