"""Hours of made-up speech, shared out among the engines; a job that was cut off goes on where it stood."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recipe.shards import Writer
from recipe.texts import Shares, Texts, draw
from recipe.voices.speaking import EngineMaker, to_int16

SHORTEST = 4000  # samples; less than a quarter of a second is no word


@dataclass(frozen=True)
class Wanted:
    """What one engine is to make."""

    make: EngineMaker
    hours: float  # of speech
    shares: Shares


def speak_all(
    folder: Path, wanted: Mapping[str, Wanted], texts: Texts, seed: int, minutes: float
) -> dict[str, float]:
    """Fill ``folder`` with one shard an engine until every engine has its hours or ``minutes`` are over;
    hours made.

    The engine that has used the least of its share of the time speaks next. Utterance number n of an engine
    is the same in every run with the same seed and texts, so a job may be stopped and started again.
    """
    engines = {name: want.make() for name, want in wanted.items()}
    writers = {name: Writer(folder, name) for name in wanted}
    tries = {name: writers[name].rows for name in wanted}
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        open_ones = [name for name in wanted if writers[name].hours() < wanted[name].hours]
        if not open_ones:
            break
        name = min(open_ones, key=lambda one: writers[one].hours() / wanted[one].hours)
        number = sum(name.encode())  # not hash(): that differs from run to run
        rng = np.random.default_rng([seed, number, tries[name]])
        tries[name] += 1
        text = draw(texts, wanted[name].shares, rng)
        voice, samples = engines[name].speak(text, rng)
        if len(samples) >= SHORTEST:
            writers[name].add(to_int16(samples), voice, text)
    for writer in writers.values():
        writer.close()
    return {name: writer.hours() for name, writer in writers.items()}
