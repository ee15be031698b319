"""Levels, signal-to-noise ratios, rooms and loudspeakers, in samples. All at 16 kHz unless said otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice.ear.frames import BLOCK, EAR_RATE, Samples

NORMAL = -28.0
"""dBFS RMS of her speech at a usual distance: the middle of what the model was trained for."""
ROOM_FLOOR = -70.0
"""dBFS RMS of a quiet room and its microphone."""
NEAR = 0.3
"""Metres at which speech has its usual level."""
AUDIBLE = 30.0
"""dB below the loudest 10 ms down to which speech counts as speech."""

Floats = NDArray[np.floating]


def gain(db: float) -> np.float32:
    """dB as a factor."""
    return np.float32(10.0 ** (db / 20.0))


def level(samples: Floats) -> float:
    """dBFS RMS."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20))


def spoken(samples: Samples) -> tuple[int, int]:
    """First and last sample of the speech: from the first to the last 10 ms within AUDIBLE of the loudest."""
    loud = _loud_blocks(samples)
    return int(loud[0]) * BLOCK, min((int(loud[-1]) + 1) * BLOCK, len(samples))


def speech_level(samples: Samples) -> float:
    """dBFS RMS of the 10 ms blocks in which there is speech (pauses do not count)."""
    loud = _loud_blocks(samples)
    blocks = _blocks(samples)[loud]
    return level(blocks)


def at_level(samples: Samples, db: float) -> Samples:
    """The speech brought to `db` dBFS where there is speech."""
    return np.asarray(samples * gain(db - speech_level(samples)), np.float32)


def noise_at(noise: Samples, db: float) -> Samples:
    """The noise brought to `db` dBFS RMS over its whole length."""
    return np.asarray(noise * gain(db - level(noise)), np.float32)


def room_response(distance: float, rng: np.random.Generator, rate: int = EAR_RATE) -> Samples:
    """The answer of a bedroom of 36 m3 with 0.4 s of reverberation to a click `distance` metres away.

    The direct sound falls as 1 over the distance and is 1 at NEAR; the reverberant sound is the same
    everywhere and as strong as the direct one at 0.057 sqrt(volume / reverberation) = 0.54 m (Kuttruff, Room
    Acoustics); it loses its treble first.
    """
    reverberation, critical = 0.4, 0.54
    time = np.arange(round(reverberation * rate)) / rate
    tail = rng.standard_normal(len(time)) * np.exp(-6.9 * time / reverberation)
    tail[1:] = 0.7 * tail[1:] + 0.3 * tail[:-1]
    tail[: round(0.004 * rate)] = 0.0
    tail *= NEAR / critical / np.sqrt(np.sum(tail**2))
    tail[0] = NEAR / distance
    return np.asarray(tail, np.float32)


def through(samples: Samples, response: Samples) -> Samples:
    """(n,) -> (n + response,): the sound in the room."""
    length = len(samples) + len(response) - 1
    size = 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(spectrum, size)[:length], np.float32)


def small_loudspeaker(samples: Samples, low: float = 180.0, high: float = 6000.0) -> Samples:
    """What a television's loudspeaker leaves: neither bass nor the highest treble, loud parts pressed."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / EAR_RATE)
    ratio = (hertz / low) ** 2
    spectrum *= ratio / np.sqrt(1 + ratio**2) / np.sqrt(1 + (hertz / high) ** 12)
    sound = np.fft.irfft(spectrum, len(samples))
    loudest = np.abs(sound).max() + 1e-9
    return np.asarray(np.tanh(2.0 * sound / loudest) * loudest / 2.0, np.float32)


class Loudspeaker:
    """What a loudspeaker with a clock of its own makes of what it is given, block by block, at any rate.

    `drift`: parts per million by which its clock is fast. `distortion`: share of second-order distortion at
    full scale; with it loud samples are clipped softly as well (as in a small loudspeaker turned up).
    """

    HELD = 256
    """Samples it lags behind at first, so that a fast clock finds its samples: at 24 kHz and 20 ppm they last
    nine minutes; after that the lag stays at nothing."""

    def __init__(self, drift: float = 0.0, distortion: float = 0.0) -> None:
        self._step = 1.0 + drift * 1e-6
        self._distortion = distortion
        self._kept = np.zeros(self.HELD, np.float32)
        self._at = 0.0 if not drift else 1.0

    def play(self, samples: Samples) -> Samples:
        """(n,) -> (n,)."""
        sound = samples
        if self._distortion:
            driven = samples + np.float32(self._distortion) * samples**2
            sound = np.asarray(np.tanh(1.5 * driven) / 1.5, np.float32)
        if self._step == 1.0:
            return sound
        held = np.concatenate([self._kept, sound])
        places = self._at + self._step * np.arange(len(sound))
        out = _between(held, np.clip(places, 1.0, len(held) - 3.0))
        self._at = min(self._at + (self._step - 1.0) * len(sound), float(self.HELD))
        self._kept = held[-self.HELD :]
        return out


def _between(held: Samples, places: NDArray[np.float64]) -> Samples:
    """Samples at fractional places: the cubic through the four neighbours (Catmull and Rom)."""
    whole = places.astype(int)
    part = (places - whole).astype(np.float32)
    before, left, right, after = (held[whole + offset] for offset in (-1, 0, 1, 2))
    slope, rest = right - before, left - right
    bend = 2 * before - 5 * left + 4 * right - after
    twist = 3 * rest + after - before
    return np.asarray(left + 0.5 * part * (slope + part * (bend + part * twist)), np.float32)


def _blocks(samples: Samples) -> Samples:
    count = max(1, len(samples) // BLOCK)
    return np.resize(np.pad(samples, (0, max(0, BLOCK - len(samples)))), (count, BLOCK))


def _loud_blocks(samples: Samples) -> NDArray[np.intp]:
    power = np.mean(np.square(_blocks(samples), dtype=np.float64), axis=1)
    return np.flatnonzero(power >= power.max() * 10 ** (-AUDIBLE / 10))
