"""A piece of sound held in memory, and how a rendered sentence is made ready to be played."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voice.speech.soundio import resample

Samples = NDArray[np.float32]

FRAME = 0.010
"""Seconds of one loudness frame."""
ACTIVE_RANGE = 30.0
"""dB below the loudest frame within which a frame counts as speech for the level."""
AUDIBLE_RANGE = 48.0
"""dB below the speech level down to which sound is kept: a final "s" or "f" lies 35 to 42 dB below."""
LEAD = 0.020
"""Seconds kept before the first audible frame."""
TAIL = 0.060
"""Seconds kept after the last audible frame."""
EDGE = 0.005
"""Seconds of fade at both ends, so that no clip begins or ends with a click."""
SPEECH_LEVEL = -20.0
"""dBFS RMS of the speech frames after normalising; every engine then sounds equally loud."""
PEAK_LEVEL = -1.0
"""dBFS that no sample passes after normalising."""
MOST_BOOST = 24.0
"""dB of gain at most, so that a clip of faint noise stays faint."""


@dataclass(frozen=True, eq=False)
class Clip:
    """Mono sound: `samples` float32 (n,) in [-1, 1], `rate` in Hz, `text` what is said (empty for a sign)."""

    samples: Samples
    rate: int
    text: str = ""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    def at_rate(self, rate: int) -> Clip:
        """The same sound at `rate` Hz."""
        if rate == self.rate:
            return self
        return replace(self, samples=resample(self.samples, self.rate, rate), rate=rate)


def decibels(gain: float) -> float:
    """Linear amplitude of `gain` dB."""
    return float(10.0 ** (gain / 20.0))


def tidy(samples: Samples, rate: int) -> Samples:
    """Cut silence at the ends and bring speech to one level; (n,) in, (m,) out with m <= n, same rate in Hz.

    Pauses between sentences are the player's, so none may hide in the clip. Digital silence is left as it is.
    """
    frame = max(1, round(FRAME * rate))
    levels = _frame_rms(samples, frame)
    loudest = float(levels.max(initial=0.0))
    if loudest <= 1e-6:
        return samples
    speech = levels[levels >= loudest * decibels(-ACTIVE_RANGE)]
    level = float(np.sqrt(np.mean(speech**2)))
    kept = _audible(samples, levels >= level * decibels(-AUDIBLE_RANGE), frame, rate)
    gain = min(
        decibels(SPEECH_LEVEL) / level,
        decibels(PEAK_LEVEL) / float(np.abs(kept).max()),
        decibels(MOST_BOOST),
    )
    return faded(kept * np.float32(gain), round(EDGE * rate))


def faded(samples: Samples, edge: int) -> Samples:
    """A copy whose first and last `edge` samples rise from and fall to zero."""
    out = np.array(samples, dtype=np.float32)
    edge = min(edge, len(out) // 2)
    if edge:
        ramp = np.linspace(0.0, 1.0, edge, dtype=np.float32)
        out[:edge] *= ramp
        out[-edge:] *= ramp[::-1]
    return out


def _frame_rms(samples: Samples, frame: int) -> NDArray[np.float64]:
    """RMS of each whole or partial frame of `frame` samples."""
    padded = np.zeros(-(-len(samples) // frame) * frame)
    padded[: len(samples)] = samples
    rms: NDArray[np.float64] = np.sqrt(np.mean(padded.reshape(-1, frame) ** 2, axis=1))
    return rms


def _audible(samples: Samples, audible: NDArray[np.bool_], frame: int, rate: int) -> Samples:
    """The stretch from the first to the last audible frame, with a little room on both sides."""
    found = np.flatnonzero(audible)
    begin = max(0, int(found[0]) * frame - round(LEAD * rate))
    end = min(len(samples), (int(found[-1]) + 1) * frame + round(TAIL * rate))
    return samples[begin:end]
