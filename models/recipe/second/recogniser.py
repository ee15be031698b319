"""The second pass in the table of the others: each finished sound as a whole, long ones piece by piece."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.recognisers import Heard
from recipe.second.encoding import FULL
from recipe.shards import RATE
from voice.ear.frames import Samples
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
        """A phrase that is found in several pieces in a row was said once."""
        started = time.process_time()
        texts, before = [], ""
        for piece in pieces(samples.astype(np.float32) / FULL):
            text = self._accepted(piece)
            if text and text != before:
                texts.append(text)
            before = text
        return Heard(tuple(texts), time.process_time() - started)

    def _accepted(self, sound: Samples) -> str:
        """Empty when nothing is."""
        best = next(iter(self._pass.judge(sound, self._all)), None)
        if best is None or best.shortfall > self._limit or best.phrase not in self._phrases:
            return ""
        return best.phrase


def pieces(sound: Samples) -> Iterator[Samples]:
    if len(sound) <= WHOLE:
        yield sound
        return
    for start in range(0, len(sound) - LEFT, HOP):
        yield sound[start : start + PIECE]
