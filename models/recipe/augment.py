"""One training example out of clean speech: style, size, room, noise at a drawn level, loudness; its labels
move with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recipe import rooms
from recipe.features import HOP
from recipe.shards import RATE, Shard

Floats = NDArray[np.float32]
Labels = NDArray[np.int16]  # an output for every 10 ms, 0 where nobody speaks
LONGEST = 5 * RATE  # longer clips are cropped


@dataclass(frozen=True)
class Settings:
    """How hard the training is. Levels in dB; chances are of one example."""

    clean: float = 0.22  # chance of (nearly) no noise, 22 to 50 dB
    noisiest: float = -4.0
    mildest: float = 22.0
    only_noise: float = 0.06  # chance that nobody speaks
    quietest: float = -48.0  # RMS of the speech against full scale
    loudest: float = -14.0
    whisper: float = 0.04
    hushed: float = 0.1
    resized: float = 0.6
    smallest: int = 86  # percent of pace, pitch and formants
    largest: int = 116
    babble: float = (
        0.12  # chance that the noise is other people's speech: a television, our own narration left over
    )
    second: float = 0.3  # chance of a second noise


@dataclass(frozen=True)
class Clip:
    """Clean speech: (n,) samples, an output for every 10 ms, and the words."""

    samples: NDArray[np.int16]
    labels: Labels
    text: str


@dataclass(frozen=True)
class Example:
    """(n,) samples in the scale of 16-bit integers, the label of every 10 ms, and the words.

    ``text`` is empty where nobody speaks and None where the clip was cut and holds no whole text.
    """

    samples: Floats
    labels: Labels
    text: str | None


class Augmenter:
    """Holds the noises; everything random comes from the generator handed in."""

    def __init__(
        self, noises: Sequence[Shard], babble: Sequence[Shard], settings: Settings = Settings()
    ) -> None:
        self._noises = [shard for shard in noises if shard.rows]
        self._chances = np.array([shard.hours() for shard in self._noises])
        self._chances /= self._chances.sum()
        self._babble = [shard for shard in babble if shard.rows]
        self.settings = settings

    def example(self, clip: Clip, rng: np.random.Generator) -> Example:
        """Every step keeps samples and labels in time."""
        settings = self.settings
        short, labels = _cropped(clip.samples, clip.labels, rng)
        text = clip.text if len(short) == len(clip.samples) else None
        samples = short.astype(np.float32)
        if rng.random() < settings.resized:
            percent = int(rng.integers(settings.smallest, settings.largest + 1))
            samples = rooms.stretched(samples, percent)
            places = np.arange(len(samples) // HOP + 1) * percent // 100
            labels = labels[np.minimum(places, len(labels) - 1)]
        style = rng.random()
        if style < settings.whisper:
            samples = rooms.whispered(samples, rng)
        elif style < settings.whisper + settings.hushed:
            samples = rooms.hushed(samples, rng)
        before, after = (
            int(rng.uniform(low, high) * RATE) // HOP * HOP for low, high in ((0.05, 0.8), (0.15, 0.8))
        )
        speech = rooms.placed(np.pad(samples, (before, after)), rng)
        timed = np.zeros(len(speech) // HOP + 1, np.int16)
        timed[before // HOP : before // HOP + len(labels)] = labels[: len(timed) - before // HOP]
        return Example(self._mixed(speech, _loudness(speech, timed), rng), timed, text)

    def silence(self, rng: np.random.Generator) -> Example:
        """Noise alone, all of it labelled silence; other people's words are not in it."""
        length = int(rng.uniform(1.0, 3.5) * RATE)
        noise = self.noise(length, rng) * self._level(rng)
        return Example(noise.astype(np.float32), np.zeros(length // HOP + 1, np.int16), "")

    def noise(self, length: int, rng: np.random.Generator) -> Floats:
        """(length,) of RMS 1."""
        noise = _piece(self._noises[rng.choice(len(self._noises), p=self._chances)], length, rng)
        if rng.random() < self.settings.second:
            other = _piece(self._noises[rng.choice(len(self._noises), p=self._chances)], length, rng)
            noise = noise + rng.uniform(0.1, 0.9) * other
        return _unit(noise)

    def _talk(self, length: int, rng: np.random.Generator) -> Floats:
        """(length,) of RMS 1: one to four people at once, sometimes in a hiss."""
        sound = np.zeros(length, np.float32)
        for _ in range(int(rng.integers(1, 5))):
            voice = _piece(self._babble[rng.integers(len(self._babble))], length, rng)
            sound += rng.uniform(0.3, 1.0) * voice
        sound = rooms.placed(sound, rng)
        if rng.random() < 0.5:
            sound = sound + rng.uniform(0.1, 0.7) * self.noise(length, rng)
        return _unit(sound)

    def _mixed(self, speech: Floats, loudness: float, rng: np.random.Generator) -> Floats:
        settings = self.settings
        clean = rng.random() < settings.clean
        ratio = (
            rng.uniform(settings.mildest, 50) if clean else rng.uniform(settings.noisiest, settings.mildest)
        )
        if self._babble and rng.random() < settings.babble:
            noise = self._talk(len(speech), rng)
            ratio = max(ratio, 4.0 + rng.uniform(0, 4))  # who speaks loudest is who is meant
        else:
            noise = self.noise(len(speech), rng)
        mixed = speech / loudness + noise * 10 ** (-ratio / 20)
        return np.clip(mixed * self._level(rng), -32768, 32767).astype(np.float32)

    def _level(self, rng: np.random.Generator) -> float:
        return float(32768 * 10 ** (rng.uniform(self.settings.quietest, self.settings.loudest) / 20))


def _cropped(
    clip: NDArray[np.int16], labels: Labels, rng: np.random.Generator
) -> tuple[NDArray[np.int16], Labels]:
    if len(clip) <= LONGEST:
        return clip, labels
    start = int(rng.integers(0, len(clip) - LONGEST)) // HOP
    return clip[start * HOP : start * HOP + LONGEST], labels[start : start + LONGEST // HOP + 1]


def _loudness(speech: Floats, labels: Labels) -> float:
    """RMS where somebody speaks."""
    spoken = np.repeat(labels > 0, HOP)[: len(speech)]
    active = speech[: len(spoken)][spoken]
    return float(np.sqrt(np.square(active if len(active) else speech).mean()) + 1e-3)


def _unit(sound: Floats) -> Floats:
    return np.asarray(sound / (sound.std() + 1e-6), np.float32)


def _piece(shard: Shard, length: int, rng: np.random.Generator) -> Floats:
    """(length,) of RMS 1 from anywhere in a shard, over the borders of its rows."""
    audio = shard.audio
    if len(audio) <= length:
        return _unit(np.resize(audio, length).astype(np.float32))
    start = int(rng.integers(0, len(audio) - length))
    return _unit(audio[start : start + length].astype(np.float32))
