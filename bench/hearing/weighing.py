"""What counts how much in the second pass's opinion, learnt on the half that is not reported.

    .venv/bin/python -m bench.hearing.weighing FOLDER [--processes N]

Prints the weights as `voice/ear/second_policy.py` has them, and what they would take and miss when each is
learnt without the speakers it is tried on. Nothing is written: the numbers are for a person to carry over.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, astuple, dataclass
from hashlib import sha256
from itertools import repeat
from pathlib import Path

import numpy as np
from rich.progress import track

from bench.hearing.recordings import read_folder
from bench.hearing.witness import Case, hear, plan
from voice.ear.evidence import Evidence, Weights
from voice.ear.second_policy import SecondPolicy
from voice.errors import LullError
from voice.runtime.assembly import load_commands
from voice.runtime.settings import Settings

AT_ONCE = 24
"""Recordings in a job."""

FOLDS = 4
DECAY = 3e-3
"""L2 of the weights, each of them in units of its spread."""

ROUNDS = 30
"""Of Newton's method: a dozen would do."""


@dataclass(frozen=True)
class Learnt:
    """From one utterance: who spoke, what spoke for the command, whether it was said."""

    speaker: str
    evidence: Evidence
    right: bool


def learn(rows: Sequence[Learnt], decay: float = DECAY) -> Weights:
    """Logistic regression. What never differs gets no weight."""
    given = np.array([astuple(row.evidence) for row in rows])
    spread, middle = given.std(axis=0), given.mean(axis=0)
    scale = np.where(spread > 0, spread, np.inf)
    scaled = np.c_[(given - middle) / scale, np.ones(len(rows))]
    said = np.array([row.right for row in rows], float)
    held = np.full(scaled.shape[1], 2 * decay * len(rows))
    held[-1] = 1e-9  # the constant is free
    weights = np.zeros(scaled.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (chance - said) + held * weights
        curve = (scaled * (chance * (1 - chance))[:, None]).T @ scaled + np.diag(held)
        weights -= np.linalg.solve(curve, slope)
    each = weights[:-1] / scale
    return Weights(float(weights[-1] - each @ middle), Evidence(*map(float, each)))


def crossed(rows: Sequence[Learnt], sure: float) -> tuple[int, int]:
    """How many are missed and how many wrongly taken, each by weights learnt without its speaker's fold."""
    missed = taken = 0
    for fold in range(FOLDS):
        weights = learn([row for row in rows if _fold(row.speaker) != fold])
        for row in rows:
            if _fold(row.speaker) == fold:
                yes = weights.odds(row.evidence) >= sure
                missed, taken = missed + (row.right and not yes), taken + (yes and not row.right)
    return missed, taken


def told(name: str, weights: Weights, rows: Sequence[Learnt], sure: float) -> str:
    """The weights as they are written down, and their worth."""
    missed, taken = crossed(rows, sure)
    values = ", ".join(f"{key}={value:.3f}" for key, value in asdict(weights.each).items() if value)
    worth = (
        f"# {len(rows)} utterances, {sum(row.right for row in rows)} commands: {missed} missed, {taken} wrong"
    )
    return f"{name} = Weights({weights.constant:.3f}, Evidence({values}))\n{worth}"


def report(cases: Sequence[Case], policy: SecondPolicy) -> str:
    """Both tables of weights; the second is learnt where the first leaves it open."""
    phones = [Learnt(case.speaker, case.phones, case.right) for case in cases]
    weights = learn(phones)
    left_open = [c for c in cases if policy.open_from < weights.odds(c.phones) < policy.open_to]
    words = [Learnt(case.speaker, case.words, case.right_by_words) for case in left_open]
    tables = ("BY_PHONES", weights, phones), ("BY_WORDS", learn(words), words)
    return "\n".join(told(*table, policy.sure) for table in tables)


def _fold(speaker: str) -> int:
    return sha256(speaker.encode()).digest()[0] % FOLDS


def main() -> int:
    """1 when there are no recordings or no second pass."""
    parser = argparse.ArgumentParser(prog="bench.hearing.weighing", description=__doc__)
    parser.add_argument("folder", type=Path, help="recordings, as for the bench of hearing")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    try:
        pairs = plan(read_folder(asked.folder, load_commands(Settings())))
        parts = [pairs[start : start + AT_ONCE] for start in range(0, len(pairs), AT_ONCE)]
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(asked.processes, mp_context=context) as pool:
            found = track(pool.map(hear, repeat(asked.folder), parts), "Hearing", total=len(parts))
            cases = [case for part in found for case in part]
    except LullError as error:
        print(error, file=sys.stderr)
        return 1
    print(report(cases, SecondPolicy()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
