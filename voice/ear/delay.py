"""How late the microphone hears the loudspeaker: by cross-correlation, with how sure that is, and followed.

The correlation is whitened (generalised cross-correlation, Knapp and Carter, IEEE Trans. ASSP 24, 1976), so
that a room's echoes and the pitch of a voice do not smear its peak. Anything broad will do for a sound: a
chime, the narration itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.ear.frames import BLOCK, EAR_RATE, Samples, decibels
from voice.ear.resample import Resampler

LONGEST_DELAY = 0.5
"""Seconds up to which a delay is looked for."""
WHITENING = 0.85
"""0: plain correlation, 1: phase alone. Of 0.7, 0.85 and 1 the clearest peak (measured)."""
BAND = (200.0, 6000.0)
"""Hz that are looked at: what small loudspeakers play and every resampler passes."""
BY_CHANCE, FOR_SURE = 6.0, 14.0
"""Height of the peak over the rest of the correlation (RMS): unrelated noise reaches 5, unrelated talk 8, an
echo 10 dB under noise and talk together 12, an ordinary one 50 and more (measured)."""
TRUSTED = 0.5
"""Certainty from which a delay is acted upon."""
AROUND = 0.005
"""Seconds beside the peak that belong to it."""
AUDIBLE = -60.0
"""dB full scale of the loudspeaker below which nothing can be measured."""


@dataclass(frozen=True)
class Delay:
    """Seconds from loudspeaker to microphone (device, air), and how sure that is: 0 by chance, 1 certain."""

    seconds: float
    certainty: float

    @property
    def trusted(self) -> bool:
        """Sure enough to be acted upon."""
        return self.certainty >= TRUSTED


@dataclass(frozen=True)
class Drift:
    """By how much the microphone's clock outruns the loudspeaker's, samples a sample, and its error."""

    rate: float
    error: float


class Correlator:
    """Adds up the whitened cross-spectrum of stretches of sound. Samples are at EAR_RATE.

    `memory`: what is kept of earlier stretches with each new one, 0..1.
    """

    LENGTH = round(LONGEST_DELAY * EAR_RATE)
    """Samples of the microphone in a stretch; the loudspeaker's stretch begins as much earlier."""

    def __init__(self, memory: float = 0.8) -> None:
        self._memory = memory
        self._size = 1 << (2 * self.LENGTH - 1).bit_length()
        hertz = np.fft.rfftfreq(self._size, 1.0 / EAR_RATE)
        self._band = (hertz >= BAND[0]) & (hertz <= BAND[1])
        self._sum: NDArray[np.complex128] = np.zeros(len(hertz), np.complex128)

    def add(self, reference: Samples, microphone: Samples) -> None:
        """float32 (2 * LENGTH,) of the loudspeaker and the (LENGTH,) of the microphone that end with it."""
        far = np.fft.rfft(reference, self._size)
        near = np.fft.rfft(np.concatenate([np.zeros(self.LENGTH), microphone]), self._size)
        cross = near * np.conj(far)
        size = np.abs(cross)
        loudest = float(size.max(initial=0.0))
        if loudest > 0.0:
            self._sum = self._memory * self._sum + cross / (size + 1e-9 * loudest) ** WHITENING * self._band

    def delay(self) -> Delay:
        """The delay as far as it is known; certainty 0 when nothing is."""
        likeness = np.abs(np.fft.irfft(self._sum)[: self.LENGTH])
        peak = int(likeness.argmax())
        beside = round(AROUND * EAR_RATE)
        rest = np.concatenate([likeness[: max(0, peak - beside)], likeness[peak + beside :]])
        usual = float(np.sqrt(np.mean(rest**2))) if len(rest) else 0.0
        if usual <= 0.0:
            return Delay(0.0, 0.0)
        certainty = (likeness[peak] / usual - BY_CHANCE) / (FOR_SURE - BY_CHANCE)
        return Delay(_exactly(likeness, peak) / EAR_RATE, float(np.clip(certainty, 0.0, 1.0)))


def measure(played: Samples, microphone: Samples, rate: int) -> Delay:
    """The delay between two float32 (n,) recordings at `rate` Hz that began together."""
    length = Correlator.LENGTH
    far, near = (np.pad(Resampler(rate).feed(x, last=True), (length, length)) for x in (played, microphone))
    correlator = Correlator(memory=1.0)
    for end in range(2 * length, min(len(far), len(near)) + 1, length // 2):
        if decibels(far[end - 2 * length : end]) > AUDIBLE:
            correlator.add(far[end - 2 * length : end], near[end - length : end])
    return correlator.delay()


class DelayTracker:
    """Follows the delay of a stream, block by block, and how it drifts where two devices keep two clocks."""

    LOOKS = 40
    """Measurements that the drift is read from: 20 s of narration."""
    FEWEST = 16
    APART = 0.003
    """Seconds by which a delay may differ from the line through the others and still be on it."""

    def __init__(self) -> None:
        length = Correlator.LENGTH
        self._far = np.zeros(2 * length, np.float32)
        self._near = np.zeros(2 * length, np.float32)
        self._correlator = Correlator()
        self._come = 0
        self._now = 0
        self._looks: deque[tuple[float, float]] = deque(maxlen=self.LOOKS)
        self.delay = Delay(0.0, 0.0)

    def take(self, reference: Samples, microphone: Samples) -> Delay | None:
        """A block (BLOCK,) of each; the delay, every half second in which the loudspeaker is heard."""
        for kept, block in ((self._far, reference), (self._near, microphone)):
            kept[:-BLOCK] = kept[BLOCK:]
            kept[-BLOCK:] = block
        self._come += BLOCK
        self._now += BLOCK
        length = Correlator.LENGTH
        if self._come < length or decibels(self._far) <= AUDIBLE:
            return None
        self._come = 0
        self._correlator.add(self._far, self._near[length:])
        found = self._correlator.delay()
        if found.trusted:
            self._note(found)
        self.delay = found
        return found

    @property
    def drift(self) -> Drift | None:
        """The slope of the delay over the last looks; None while it cannot be told."""
        if len(self._looks) < self.FEWEST:
            return None
        time, delay = np.array(self._looks).T
        time = time - time.mean()
        spread = float(np.sum(time**2))
        slope = float(np.sum(time * delay)) / spread
        rest = delay - delay.mean() - slope * time
        return Drift(slope, float(np.sqrt(np.sum(rest**2) / (len(rest) - 2) / spread)))

    def _note(self, found: Delay) -> None:
        now = self._now / EAR_RATE
        if self._looks and abs(found.seconds - self._expected(now)) > self.APART:
            self._looks.clear()
        self._looks.append((now, found.seconds))

    def _expected(self, now: float) -> float:
        drift = self.drift
        at, delay = self._looks[-1]
        return delay + (drift.rate * (now - at) if drift else 0.0)


def _exactly(likeness: NDArray[np.float64], peak: int) -> float:
    """The place of the peak in samples, between samples too: the top of a parabola through three of them."""
    if not 0 < peak < len(likeness) - 1:
        return float(peak)
    left, top, right = likeness[peak - 1 : peak + 2]
    bend = left - 2 * top + right
    return peak + (float(0.5 * (left - right) / bend) if bend else 0.0)
