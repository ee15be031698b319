"""Noise of a wanted colour and filters, in numpy alone."""

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
RATE = 16_000
"""Hz of every made-up sound."""


def coloured(rng: np.random.Generator, samples: int, slope: float) -> Signal:
    """Noise of RMS 1 whose power falls as frequency to the ``slope``: 0 white, 1 pink, 2 brown."""
    frequency = np.fft.rfftfreq(samples, 1 / RATE)
    frequency[0] = frequency[1]
    parts = rng.standard_normal((2, len(frequency)))
    sound = np.fft.irfft((parts[0] + 1j * parts[1]) * frequency ** (-slope / 2), samples)
    return np.asarray(sound / sound.std())


def bandpass(sound: Signal, low: float, high: float, order: int = 2) -> Signal:
    """(n,) -> (n,): what lies between two frequencies (Hz), with the gains of a Butterworth filter and no
    delay.
    """
    size = 1 << (2 * len(sound) - 1).bit_length()
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    frequency[0] = frequency[1] / 100
    high = min(high, 0.99 * RATE / 2)
    off = (frequency**2 - low * high) / (frequency * (high - low))
    spectrum = np.fft.rfft(sound, size) / np.sqrt(1 + off ** (2 * order))
    return np.asarray(np.fft.irfft(spectrum, size)[: len(sound)])


def band(rng: np.random.Generator, samples: int, low: float, high: float) -> Signal:
    """Noise of RMS 1 between two frequencies (Hz)."""
    sound = bandpass(rng.standard_normal(samples), low, high)
    return np.asarray(sound / (sound.std() + 1e-9))
