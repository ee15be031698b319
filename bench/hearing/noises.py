"""What sounds in the room besides her: recordings where the folder has them, else made by numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.hearing.mixing import at_level, gain, noise_at, room_response, small_loudspeaker, through
from bench.hearing.recordings import Clip, Recordings
from bench.sounds.household import MAKERS
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.sources import WavSource

KINDS = ("pump", "crying", "water", "vacuum", "television", "music")
RECORDED = {"crying": "baby_crying/*", "water": "*running_tap*"}
"""Where recordings of a noise are, under `real/noise`."""


@dataclass(frozen=True)
class Noises:
    """Noise of each kind. `recorded`: files by kind. `talk`: what the television says, by speakers whose
    clips are not reported."""

    recorded: tuple[tuple[str, tuple[Path, ...]], ...]
    talk: tuple[Clip, ...]

    def kinds(self) -> tuple[str, ...]:
        """Those there is material for."""
        return tuple(kind for kind in KINDS if kind != "television" or self.talk)

    def make(self, kind: str, length: int, rng: np.random.Generator) -> Samples:
        """(length,) at 0 dBFS RMS over the whole length."""
        files = dict(self.recorded).get(kind, ())
        if files:
            sound = _piece(files, length, rng)
        elif kind == "television":
            sound = television(self.talk, length, rng)
        else:
            sound = MAKERS[kind](rng, length).astype(np.float32)
        return noise_at(sound, 0.0)

    def about(self) -> str:
        """One line on where the noises are from."""
        recorded = [f"{kind} ({len(files)} recordings)" for kind, files in self.recorded]
        made = [kind for kind in self.kinds() if kind not in dict(self.recorded)]
        return f"Recorded: {', '.join(recorded) or 'none'}; made by numbers or of speech: {', '.join(made)}."


def noises_of(recordings: Recordings, half: bool = True) -> Noises:
    """Of several recordings of a noise every second one is the reported half's; the others are for choosing
    settings, and come when it is not the `half` that is asked for. Of a single one it is the second half, see
    `_piece`."""
    recorded = []
    for kind, pattern in RECORDED.items():
        files = recordings.noises(pattern)
        if files:
            recorded.append((kind, tuple(files[int(half) :: 2] or files)))
    talk = [clip for clip in recordings.others(half=not half) if clip.kind != "other_words"]
    return Noises(tuple(recorded), tuple(talk))


def television(talk: tuple[Clip, ...], length: int, rng: np.random.Generator) -> Samples:
    """People talking one after the other out of a small loudspeaker two metres away, soft music below."""
    parts: list[Samples] = []
    while sum(map(len, parts)) < length:
        clip = talk[int(rng.integers(len(talk)))]
        parts += [
            at_level(WavSource(clip.path, EAR_RATE).samples, -20.0),
            np.zeros(round(rng.uniform(0.05, 0.5) * EAR_RATE), np.float32),
        ]
    speech = np.roll(np.concatenate(parts)[:length], int(rng.integers(length)))
    music = noise_at(MAKERS["music"](rng, length).astype(np.float32), -38.0)
    return through(small_loudspeaker(speech + music), room_response(2.0, rng))[:length] / gain(-10.0)


def _piece(files: tuple[Path, ...], length: int, rng: np.random.Generator) -> Samples:
    """A stretch of one of the recordings from a random place, gone through again where it is too short."""
    sound = WavSource(files[int(rng.integers(len(files)))], EAR_RATE).samples
    if len(files) == 1:
        sound = sound[len(sound) // 2 :]
    start = int(rng.integers(len(sound)))
    return np.asarray(np.resize(np.roll(sound, -start), length), np.float32)
