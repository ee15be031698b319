"""The second pass in the table of the others: each finished sound as a whole, long ones piece by piece."""

import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.recognisers import Heard
from recipe.second.encoding import FULL
from recipe.shards import RATE
from voice.ear.frames import Samples
from voice.ear.phrase_tree import Fit
from voice.ear.second_pass import OnnxSecondPass

WHOLE = 5 * RATE  # samples up to which a clip is heard as a whole, as a finished sound is in the product
PIECE = RATE * 5 // 2  # samples of a piece of a longer one
HOP = RATE // 2  # samples between the beginnings of two pieces
LEFT = RATE * 3 // 2  # samples that have to be left for one more piece


class SecondListener:
    """Accepts the phrase that fits best when it falls short by at most ``limit`` nats and is no decoy.

    In the product the first pass says where a sound ends and is asked as well: this is the second pass alone.
    """

    def __init__(
        self,
        folder: Path,
        phrases: Sequence[str],
        decoys: Sequence[str],
        limit: float,
        name: str = "second pass",
    ) -> None:
        self.name = name
        self._phrases, self._all, self._limit = frozenset(phrases), (*phrases, *decoys), limit
        started = time.process_time()
        self._pass = OnnxSecondPass(folder)
        self._pass.load()
        self.load_seconds = time.process_time() - started

    def hear(self, samples: NDArray[np.int16]) -> Heard:
        started = time.process_time()
        texts = self.accepted(self.fits(samples), self._limit)
        return Heard(texts, time.process_time() - started)

    def fits(self, samples: NDArray[np.int16]) -> list[Fit]:
        """What fits each piece best, in order."""
        judged = (self._pass.judge(piece, self._all) for piece in pieces(samples.astype(np.float32) / FULL))
        return [fits[0] for fits in judged if fits]

    def accepted(self, fits: Sequence[Fit], limit: float) -> tuple[str, ...]:
        """A phrase that is found in several pieces in a row was said once."""
        good = [fit.phrase if fit.shortfall <= limit and fit.phrase in self._phrases else "" for fit in fits]
        return tuple(phrase for phrase, _ in groupby(good) if phrase)


def pieces(sound: Samples) -> Iterator[Samples]:
    if len(sound) <= WHOLE:
        yield sound
        return
    for start in range(0, len(sound) - LEFT, HOP):
        yield sound[start : start + PIECE]
