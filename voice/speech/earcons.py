"""The soft signs: the greeting, heard you, did not catch that, step done.

They are made here from sine tones and, for the greeting, a breath of noise. `python -m voice.speech.earcons`
writes the files; the README beside them tells recipe and licence.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.data import DATA
from voice.speech.background import SEED, shaped_noise
from voice.speech.clip import Clip, decibels, faded
from voice.speech.soundio import read_sound, write_sound

Samples = NDArray[np.float32]

RATE = 24_000
"""Hz."""
EDGE = 0.012
"""Seconds of fade at both ends of a tone."""
BREATH = 0.25
"""RMS of the noise in the greeting against a bell's amplitude: heard as air, and enough to be measured."""
FOLDER = DATA / "earcons"
GREETING = "greeting"
PEAKS = {GREETING: -15.0, "heard": -24.0, "missed": -21.0, "done": -19.0}
"""dBFS of the loudest sample: well below the narration, none may startle a sleeping child."""


def tone(start: float, stop: float, seconds: float, decay: float = 0.0) -> NDArray[np.float64]:
    """A sine gliding from `start` to `stop` Hz; `decay`: seconds to fall to a third, 0 for not at all."""
    time = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * (start * time + (stop - start) * time**2 / (2 * seconds))
    level = np.exp(-time / decay) if decay else np.ones_like(time)
    sound: NDArray[np.float64] = np.sin(phase) * level
    return sound


def synthesise(kind: str) -> Samples:
    """Samples (n,) of the sign `kind` at 24 kHz."""
    if kind == "heard":
        sound = _soft(tone(440, 587, 0.16))
    elif kind == "missed":
        pause = np.zeros(round(0.06 * RATE))
        sound = np.concatenate([_soft(tone(247, 247, 0.11)), pause, _soft(tone(220, 220, 0.13))])
    elif kind == "done":
        partials = ((587.0, 1.0, 0.14), (1174.0, 0.35, 0.08), (1761.0, 0.12, 0.05))
        sound = sum((size * tone(hertz, hertz, 0.40, decay) for hertz, size, decay in partials), np.zeros(1))
    elif kind == GREETING:
        sound = _greeting()
    else:
        raise ValueError(f"no sign is called {kind}")
    peak = decibels(PEAKS[kind]) / float(np.abs(sound).max())
    return faded((sound * peak).astype(np.float32), round(EDGE * RATE))


def _greeting() -> NDArray[np.float64]:
    """Three bells one after the other over a breath of soft noise.

    The noise is what makes the delay from loudspeaker to microphone measurable: bells alone look alike from
    one period to the next.
    """
    sound = BREATH * _soft(shaped_noise(1.0, RATE, np.random.default_rng(SEED), _falling, 300.0, 5500.0))
    for start, hertz in ((0.0, 392.0), (0.17, 494.0), (0.34, 587.0)):
        bell = tone(hertz, hertz, 1.0 - start, 0.16)
        rise = round(EDGE * RATE)
        bell[:rise] *= np.linspace(0.0, 1.0, rise)
        sound[round(start * RATE) :] += bell
    return sound


def _falling(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """As much noise in every octave."""
    return hertz**-0.5


def _soft(sound: NDArray[np.floating]) -> NDArray[np.float64]:
    """The sound rising and falling like one period of a cosine, without an attack."""
    shaped: NDArray[np.float64] = sound * np.hanning(len(sound))
    return shaped


def load_earcons(folder: Path = FOLDER) -> Mapping[str, Clip]:
    """The signs by name: greeting, heard, missed, done. Raises LullError for a missing or broken file."""
    return {kind: Clip(*read_sound(folder / f"{kind}.flac")) for kind in PEAKS}


def write_earcons(folder: Path) -> None:
    """Write the files. Raises LullError when the folder cannot be written."""
    for kind in PEAKS:
        write_sound(folder / f"{kind}.flac", synthesise(kind), RATE)


if __name__ == "__main__":
    write_earcons(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
