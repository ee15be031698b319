"""Noise with nobody speaking: what does the ear take for a command?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.figures import Figure
from bench.hearing.conditions import Trial, chance
from bench.hearing.listeners import Listener
from bench.hearing.mixing import NORMAL, ROOM_FLOOR, noise_at
from bench.hearing.noises import Noises
from bench.hearing.scoring import rate_interval
from voice.ear.frames import EAR_RATE

OVER = (6.0, -6.0)
"""dB of the noise over her usual speech."""
SETS = ("guiding", "question")
"""Sets of commands that are live."""
SECONDS = 30
PASSAGES = 4
MORE = {"crying": 20}
"""Passages of a noise under each condition: a baby's voice is the likest to words."""
SPOKEN = "television"
"""Speech, which has rows of its own."""


@dataclass(frozen=True)
class Passage:
    """SECONDS of one kind of noise, the `number`th under its conditions."""

    kind: str
    over: float
    listen: str
    number: int


@dataclass(frozen=True)
class Alone:
    """What was taken in a passage: intents."""

    kind: str
    taken: tuple[str, ...]


def passages(noises: Noises, most: int = 0) -> Iterator[Passage]:
    """Every passage of a run; `most` of each kind and condition, 0: all."""
    for kind in noises.kinds():
        if kind != SPOKEN:
            count = MORE.get(kind, PASSAGES)
            for over in OVER:
                for listen in SETS:
                    yield from (Passage(kind, over, listen, n) for n in range(min(count, most or count)))


def heard(passage: Passage, noises: Noises, ear: Listener, seed: int) -> Alone:
    """The passage in a quiet room, through the ear."""
    rng = chance(seed, "alone", passage)
    length = SECONDS * EAR_RATE
    sound = noise_at(rng.standard_normal(length).astype(np.float32), ROOM_FLOOR)
    sound = sound + noise_at(noises.make(passage.kind, length, rng), NORMAL + passage.over)
    trial = Trial(np.clip(sound, -1.0, 1.0), 0.0, float(SECONDS))
    return Alone(passage.kind, tuple(each.intent for each in ear.hear(trial, passage.listen).taken))


def figures(found: Sequence[Alone]) -> list[Figure]:
    """One number for all of it; none when nothing was heard."""
    if not found:
        return []
    hours, false = _hours(found), sum(len(each.taken) for each in found)
    low, high = rate_interval(false, hours)
    note = f"{false} in {60 * hours:.0f} minutes of noise alone ({low:.1f}-{high:.1f})"
    return [Figure("taken from noise alone", false / hours, "an hour", "0", note)]


def rows(found: Sequence[Alone]) -> str:
    """A Markdown table by kind of noise."""
    lines = ["| noise alone | minutes | taken for |", "|---|---|---|"]
    for kind in dict.fromkeys(each.kind for each in found):
        group = [each for each in found if each.kind == kind]
        taken = Counter(intent for each in group for intent in each.taken)
        named = ", ".join(f"{intent} {count}" for intent, count in taken.most_common())
        lines.append(f"| {kind} | {60 * _hours(group):.0f} | {named or 'nothing'} |")
    return "\n".join(lines)


def _hours(found: Iterable[Alone]) -> float:
    return sum(SECONDS for _ in found) / 3600
