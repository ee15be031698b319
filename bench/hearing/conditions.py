"""The conditions she may be heard under, and a recording put into one: the same for every listener."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import numpy as np

from bench.hearing.mixing import (
    NORMAL,
    ROOM_FLOOR,
    at_level,
    noise_at,
    room_response,
    small_loudspeaker,
    spoken,
    through,
)
from bench.hearing.noises import Noises
from bench.hearing.recordings import Clip
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.sources import WavSource

Family = Literal["level", "noise", "distance", "talk"]
RATIOS = (24, 12, 6, 0)
SOFTER = (0, 10, 20)
METRES = (0.3, 1.0, 3.0)
BEFORE, AFTER = 1.0, 1.3
"""Seconds of the room before and after a recording: enough for the end of speech to be noticed."""


@dataclass(frozen=True)
class Condition:
    """`softer`: dB below her usual level. `noise` at `ratio` dB below her. `metres`: from the microphone, in
    a room; None: no room. `television`: out of a small loudspeaker. `listen`: the set of commands that is
    live; None: the one in which the recording's phrase is."""

    name: str
    family: Family
    softer: float = 0.0
    noise: str | None = None
    ratio: float = 0.0
    metres: float | None = None
    television: bool = False
    listen: str | None = None


@dataclass(frozen=True)
class Trial:
    """What the microphone picks up, float32 (n,) at EAR_RATE, and the seconds between which she speaks."""

    samples: Samples
    began: float
    ended: float


QUIET = Condition("quiet", "level")


def for_commands(noises: Noises) -> list[Condition]:
    """Every condition a command is heard under, but for the guide's own voice."""
    levels = [Condition(f"{by} dB softer", "level", softer=by) for by in SOFTER if by]
    rooms = [Condition(f"{metres:g} m away", "distance", metres=metres) for metres in METRES]
    mixed = [
        Condition(f"{kind} {ratio} dB", "noise", noise=kind, ratio=ratio)
        for kind in noises.kinds()
        for ratio in RATIOS
    ]
    return [QUIET, *levels, *rooms, *mixed]


def for_talk() -> list[Condition]:
    """How speech that is not meant for the guide reaches it."""
    return [
        Condition("talk nearby", "talk"),
        Condition("talk nearby, a question open", "talk", listen="question"),
        Condition("talk 3 m away", "talk", metres=3.0),
        Condition("talk from a television", "talk", softer=6, metres=2.0, television=True),
        Condition("talk behind a pump", "talk", noise="pump", ratio=12),
    ]


def chance(seed: int, *names: object) -> np.random.Generator:
    """Chance that depends on the seed and on what it is for, not on what was done before."""
    text = "\0".join(map(str, (seed, *names)))
    return np.random.default_rng(int.from_bytes(sha256(text.encode()).digest()[:8], "little"))


def trial(clip: Clip, condition: Condition, noises: Noises, seed: int) -> Trial:
    """The recording under the condition; the same samples whenever the seed is the same."""
    rng = chance(seed, clip.speaker, clip.path.name, condition.name)
    voice = at_level(WavSource(clip.path, EAR_RATE).samples, NORMAL - condition.softer)
    first, last = spoken(voice)
    if condition.television:
        voice = small_loudspeaker(voice)
    if condition.metres is not None:
        voice = through(voice, room_response(condition.metres, rng))
    before, after = round(BEFORE * EAR_RATE), round(AFTER * EAR_RATE)
    length = before + len(voice) + after
    heard = np.asarray(noise_at(rng.standard_normal(length).astype(np.float32), ROOM_FLOOR))
    heard[before : before + len(voice)] += voice
    if condition.noise is not None:
        noise = noises.make(condition.noise, length, rng)
        heard += noise_at(noise, NORMAL - condition.softer - condition.ratio)
    began, ended = (before + first) / EAR_RATE, (before + last) / EAR_RATE
    return Trial(np.clip(heard, -1.0, 1.0), began, ended)
