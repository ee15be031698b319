"""Hibari's one voice as many speakers: its network gives pitch and spectra, and both are moved before
synthesis.

Source: package hibari-tts 0.2.1 (Apache-2.0). Its network returns for each 12.5 ms frame the logarithmic
magnitude of the harmonics, of the noise and of a free-phase part (601 bins to 12 kHz), two phases, and the
pitch in Hz.
"""

from dataclasses import dataclass

import numpy as np
from hibari import Hibari, dsp  # type: ignore[import-untyped]
from hibari.g2p import G2P  # type: ignore[import-untyped]
from numpy.typing import NDArray

from recipe.voices.speaking import Floats, ending, resampled

BINS = 601


@dataclass(frozen=True)
class Speaker:
    """What sets one made-up speaker apart."""

    pitch: float  # factor on the mean pitch
    melody: float  # factor on the movement of the pitch around its mean; 0 is a monotone
    tract: float  # factor on the formants: above 1 a smaller head
    breath: float  # dB on the noise
    whisper: bool  # noise in place of harmonics
    pace: float
    british: bool
    colour: Floats  # (601,) natural-logarithm gain over frequency

    @property
    def label(self) -> str:
        kind = "whisper" if self.whisper else "british" if self.british else "american"
        return f"hibari-{kind}-p{self.pitch:.2f}-t{self.tract:.2f}"


def draw(rng: np.random.Generator) -> Speaker:
    """Women in most of the draws, some men and children, one in twelve whispers."""
    man = rng.random() < 0.25
    tract = rng.uniform(0.82, 0.96) if man else rng.uniform(0.9, 1.18)
    pitch = rng.uniform(0.45, 0.75) if man else rng.uniform(0.75, 1.35) * tract**0.5
    knots = rng.normal(0, 0.35, 9) + np.linspace(0, rng.uniform(-0.6, 0.4), 9)
    mel = np.linspace(0, 1, BINS) ** 0.6
    return Speaker(
        pitch=float(pitch),
        melody=float(rng.uniform(0.3, 1.6)),
        tract=float(tract),
        breath=float(rng.uniform(-3, 9)),
        whisper=bool(rng.random() < 1 / 12),
        pace=float(rng.uniform(0.8, 1.35)),
        british=bool(rng.random() < 0.35),
        colour=np.interp(mel, np.linspace(0, 1, 9), knots).astype(np.float32),
    )


class HibariVoices:
    """About a hundredth of real time on one core."""

    name = "hibari"

    def __init__(self) -> None:
        self._model = Hibari()
        self._british = G2P(british=True)

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        speaker = draw(rng)
        sentence = text + ending(rng)
        phonemes = self._british(sentence) if speaker.british else self._model.g2p(sentence)
        ids = self._model.ids(phonemes)
        if len(ids) < 3:
            return speaker.label, np.zeros(0, np.float32)
        feed = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speaker.pace], np.float32)}
        parts = [np.asarray(part[0], np.float32) for part in self._model.sess.run(None, feed)]
        return speaker.label, resampled(_synthesise(parts, speaker, rng), dsp.SR)


def _synthesise(parts: list[Floats], speaker: Speaker, rng: np.random.Generator) -> Floats:
    harmonics, theta, noise, free, phase, pitch = parts
    pitch = pitch.ravel()
    moved = [_warped(part, speaker.tract) for part in (harmonics, noise, free)]
    harmonics, noise, free = (part + speaker.colour[:, None] for part in moved)
    noise = noise + np.float32(speaker.breath * np.log(10) / 20)
    if speaker.whisper:
        # The harmonic part becomes noise of the same envelope with the bass taken away, as breath has none.
        bass = np.clip(np.linspace(-4.0, 4.0, BINS) * 4, -4.0, 0.0).astype(np.float32)
        noise = np.logaddexp(noise, np.logaddexp(harmonics, free) + bass[:, None])
        harmonics = np.full_like(harmonics, -20.0)
        free = np.full_like(free, -20.0)
    return np.asarray(dsp.synth(harmonics, theta, noise, free, phase, _sung(pitch, speaker), rng), np.float32)


def _warped(spectrum: Floats, factor: float) -> Floats:
    """(601, frames) with every formant moved by ``factor``; the top is held where nothing moves in."""
    source = np.minimum(np.arange(BINS) / factor, BINS - 1)
    low = np.minimum(source.astype(int), BINS - 2)
    part = (source - low).astype(np.float32)[:, None]
    result: Floats = spectrum[low] * (1 - part) + spectrum[low + 1] * part
    return result


def _sung(pitch: NDArray[np.float32], speaker: Speaker) -> NDArray[np.float32]:
    voiced = pitch > 40
    if not voiced.any():
        return pitch
    middle = float(np.exp(np.log(pitch[voiced]).mean()))
    moved = middle * speaker.pitch * (np.maximum(pitch, 41) / middle) ** speaker.melody
    return np.where(voiced, np.clip(moved, 60, 600), 0.0).astype(np.float32)
