"""Background sound made here: waves, rain, a heartbeat, soft noise. Nothing is recorded, nothing is fetched.

Each is a few circular textures of noise, shaped once in the frequency domain, so that their end runs into
their beginning without a seam; their lengths have no common measure worth hearing, and slow swells whose
periods do not fit into each other lie over them. Taking samples then only copies and multiplies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from voice.speech.clip import SPEECH_LEVEL, decibels

Samples = NDArray[np.float32]
Kind = Literal["waves", "rain", "heartbeat", "pink"]
KINDS: tuple[Kind, ...] = get_args(Kind)

UNDER_THE_VOICE: dict[Kind, float] = {"waves": -18.0, "rain": -21.0, "heartbeat": -18.0, "pink": -21.0}
"""dB of the whole sound's RMS relative to that of speech. Rain and noise are bright, so they lie lower.
Our choice: well below the 10 dB that make another sound a nuisance to listening."""

SEED = 20
"""Of the noise. The same seed gives the same samples."""

SECONDS = (11.0, 13.0)
"""Lengths of the textures: the pair repeats only after 143 s, with the swells over it never the same."""


class Sound(Protocol):
    """An endless sound."""

    def take(self, n: int) -> Samples:
        """The next `n` samples (n,), float32."""


@dataclass
class Layer:
    """A circular texture under a swell between 1 - `depth` and 1 with a period in seconds.

    `sharp`: powers of the swell; above 1 it rests longer at the bottom, as the sea does.
    """

    texture: Samples
    rate: int
    depth: float = 0.0
    period: float = 1.0
    sharp: int = 1
    clock: int = field(default=0)

    def take(self, n: int) -> Samples:
        """The next `n` samples (n,)."""
        places = np.arange(self.clock, self.clock + n)
        self.clock += n
        sound = self.texture[places % len(self.texture)]
        if not self.depth:
            return sound
        swell = (0.5 - 0.5 * np.cos(2 * np.pi * places / (self.period * self.rate))) ** self.sharp
        moved: Samples = (sound * (1.0 - self.depth + self.depth * swell)).astype(np.float32)
        return moved


class Background:
    """The sum of its layers, brought to one level: `level` in dBFS RMS over the first minute."""

    def __init__(self, layers: Sequence[Layer], rate: int, level: float) -> None:
        self._layers = layers
        power = sum(_power(layer, rate) for layer in layers)
        self._gain = np.float32(decibels(level) / max(power, 1e-12) ** 0.5)

    def take(self, n: int) -> Samples:
        """The next `n` samples (n,)."""
        out = np.zeros(n, np.float32)
        for layer in self._layers:
            out += layer.take(n)
        out *= self._gain
        return out


def make_background(kind: Kind, rate: int, seed: int = SEED) -> Background:
    """The sound `kind` at `rate` Hz. Takes some tenths of a second; not for the audio thread."""
    make = MAKERS[kind]
    return Background(make(rate, np.random.default_rng(seed)), rate, SPEECH_LEVEL + UNDER_THE_VOICE[kind])


def _waves(rate: int, rng: np.random.Generator) -> list[Layer]:
    """A low roll that never rests, and two surfs of brighter noise that swell and draw back."""
    roll = shaped_noise(11.0, rate, rng, lambda hertz: hertz**-1.0, 60.0, 500.0)
    near = shaped_noise(13.0, rate, rng, lambda hertz: hertz**-0.6, 200.0, 3500.0)
    far = shaped_noise(11.0, rate, rng, lambda hertz: hertz**-0.8, 150.0, 1800.0)
    return [
        Layer(roll * np.float32(0.5), rate, 0.3, 17.3),
        Layer(near, rate, 0.88, 9.1, 2),
        Layer(far * np.float32(0.7), rate, 0.8, 12.7, 2),
    ]


def _rain(rate: int, rng: np.random.Generator) -> list[Layer]:
    """An even rustle, and single soft drops on top."""
    rustle = shaped_noise(11.0, rate, rng, lambda hertz: hertz**-0.35, 500.0, 7000.0)
    return [Layer(rustle, rate, 0.25, 21.7), Layer(_drops(13.0, rate, rng), rate, 0.3, 14.9)]


def _pink(rate: int, rng: np.random.Generator) -> list[Layer]:
    """Noise with as much power in every octave."""
    return [
        Layer(shaped_noise(each, rate, rng, lambda hertz: hertz**-0.5, 40.0, 7000.0), rate)
        for each in SECONDS
    ]


def _heartbeat(rate: int, rng: np.random.Generator) -> list[Layer]:
    """A resting heart, about 60 beats a minute: two soft thuds, low but not too low for a telephone."""
    beats, seconds = 16, 16.0
    out = np.zeros(round(seconds * rate))
    for beat in range(beats):
        start = beat + float(rng.uniform(-0.02, 0.02)) + 0.1
        for delay, hertz, size in ((0.0, 72.0, 1.0), (0.31, 92.0, 0.6)):
            _add(out, round((start + delay) * rate), _thud(hertz, rate) * size)
    return [Layer(_at_one(out), rate)]


MAKERS: dict[Kind, Callable[[int, np.random.Generator], list[Layer]]] = {
    "waves": _waves,
    "rain": _rain,
    "heartbeat": _heartbeat,
    "pink": _pink,
}


def shaped_noise(
    seconds: float,
    rate: int,
    rng: np.random.Generator,
    shape: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    lowest: float,
    highest: float,
) -> Samples:
    """Circular noise of RMS 1: amplitude `shape(Hz)` from `lowest` to `highest` Hz, softly cut outside."""
    n = round(seconds * rate)
    hertz = np.fft.rfftfreq(n, 1.0 / rate)
    known = np.maximum(hertz, 1.0)
    edges = 1.0 / np.sqrt(1.0 + (lowest / known) ** 6) / np.sqrt(1.0 + (known / highest) ** 6)
    spectrum = rng.standard_normal(len(hertz)) + 1j * rng.standard_normal(len(hertz))
    spectrum *= shape(known) * edges
    spectrum[0] = 0.0
    noise = np.fft.irfft(spectrum, n)
    return _at_one(noise)


def _drops(seconds: float, rate: int, rng: np.random.Generator) -> Samples:
    """Soft drops at random, about 25 a second, none with an edge."""
    out = np.zeros(round(seconds * rate))
    for _ in range(round(25 * seconds)):
        length = round(rng.uniform(0.006, 0.02) * rate)
        hertz, size = rng.uniform(900, 3200), rng.uniform(0.2, 1.0) ** 2
        drop = np.hanning(length) * np.sin(2 * np.pi * hertz * np.arange(length) / rate)
        _add(out, int(rng.integers(len(out))), drop * size)
    return _at_one(out) * np.float32(0.35)


def _at_one(sound: NDArray[np.float64]) -> Samples:
    """The sound at an RMS of 1."""
    scaled: Samples = (sound / np.sqrt(np.mean(sound**2))).astype(np.float32)
    return scaled


def _thud(hertz: float, rate: int) -> NDArray[np.float64]:
    """A thud of 0.16 s that begins and ends at nothing."""
    time = np.arange(round(0.16 * rate)) / rate
    tone = np.sin(2 * np.pi * hertz * time) + 0.4 * np.sin(4 * np.pi * hertz * time)
    sound: NDArray[np.float64] = tone * np.hanning(len(time)) ** 1.5
    return sound


def _add(out: NDArray[np.float64], at: int, sound: NDArray[np.float64]) -> None:
    """Add `sound` to the circle `out` from sample `at` on."""
    out[(at + np.arange(len(sound))) % len(out)] += sound


def _power(layer: Layer, rate: int) -> float:
    """Mean power of a layer, its swell included."""
    swell = 1.0
    if layer.depth:
        turn = (0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, 1000, endpoint=False))) ** layer.sharp
        swell = float(np.mean((1.0 - layer.depth + layer.depth * turn) ** 2))
    return float(np.mean(layer.texture.astype(float) ** 2)) * swell
