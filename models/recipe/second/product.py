"""The ear of the product, both passes and all that is around them, in the table of the others."""

import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.recognisers import Heard
from recipe.second.encoding import FULL
from recipe.shards import RATE
from voice.ear.ear import Ear
from voice.ear.files import hear_alone
from voice.ear.recogniser import VoskRecogniser
from voice.ear.second_pass import FOLDER, OnnxSecondPass
from voice.ear.sources import MemorySource
from voice.guide import events
from voice.language.commands import Commands, CommandSet, IntentRule, Match

LIVE = "live"


class ProductEar:
    """Hears every clip as a stream of its own, in which no guide speaks."""

    def __init__(self, model: Path, phrases: Sequence[str], decoys: Sequence[str]) -> None:
        self.name = "the ear"
        self._commands = plain_commands(phrases, decoys)
        started = time.process_time()
        self._first, self._second = VoskRecogniser(model), OnnxSecondPass(model / FOLDER)
        self._first.load()
        self._second.load()
        self.load_seconds = time.process_time() - started

    def hear(self, samples: NDArray[np.int16]) -> Heard:
        started = time.process_time()
        ear = Ear(self._commands, self._first, second_pass=self._second)
        ear.load()
        ear.listen(LIVE)
        told = chain.from_iterable(hear_alone(ear, MemorySource(samples.astype(np.float32) / FULL, RATE)))
        texts = tuple(event.text for event in told if isinstance(event, events.Heard))
        return Heard(texts, time.process_time() - started)


def plain_commands(phrases: Sequence[str], decoys: Sequence[str]) -> Commands:
    """Every phrase a command of its own, none of them lenient or strict."""
    matches = {phrase: Match(phrase, {}, phrase) for phrase in phrases}
    starts = {" ".join(words[:end]) for words in map(str.split, phrases) for end in range(1, len(words))}
    live = CommandSet(frozenset(phrases), matches, {phrase: phrase for phrase in phrases}, frozenset(starts))
    rules = {phrase: IntentRule(None, "normal", "stable") for phrase in phrases}
    return Commands(Path("phrases"), tuple(decoys), rules, {LIVE: live}, {}, {}, {})
