"""Both passes as the product joins them, with nothing of the ear around them, in the table of the others."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.recognisers import BLOCK, Heard
from recipe.second.encoding import FULL
from recipe.shards import RATE
from voice.ear.accept import Scene, conclude
from voice.ear.frames import Samples
from voice.ear.policy import Policy
from voice.ear.recogniser import UNKNOWN, Hypothesis, VoskRecogniser
from voice.ear.second_hearing import heard_again
from voice.ear.second_opinion import disputable
from voice.ear.second_pass import FOLDER, OnnxSecondPass
from voice.guide import events
from voice.language.commands import Commands, CommandSet, IntentRule, Match

LIVE = "live"
ANYWHERE = Scene(loudness=0.0, floor=-90.0)  # as loud as can be: nothing is turned away for its level


class BothPasses:
    """What the accept policy makes of each utterance of the first pass, and what the second makes of that."""

    def __init__(self, model: Path, phrases: Sequence[str], decoys: Sequence[str]) -> None:
        self.name = "both passes"
        self._commands, self._policy = plain_commands(phrases, decoys), Policy()
        started = time.process_time()
        self._first, self._second = VoskRecogniser(model), OnnxSecondPass(model / FOLDER)
        self._first.load()
        self._second.load()
        self.load_seconds = time.process_time() - started

    def hear(self, samples: NDArray[np.int16]) -> Heard:
        started = time.process_time()
        sound = samples.astype(np.float32) / FULL
        self._first.use(self._commands.grammar(LIVE, UNKNOWN))
        texts = []
        for place in range(0, len(sound), BLOCK):
            said = self._first.feed(sound[place : place + BLOCK])
            if said is not None and said.final:
                texts.append(self._taken(said, sound))
        texts.append(self._taken(self._first.finish(), sound))
        return Heard(tuple(text for text in texts if text), time.process_time() - started)

    def _taken(self, said: Hypothesis, sound: Samples) -> str:
        """The phrase of an utterance, empty where there is none."""
        policy, commands = self._policy, self._commands
        verdict = conclude(said, ANYWHERE, commands, LIVE, len(sound) / RATE, policy)
        if verdict is not None and disputable(verdict, commands, False, policy.second):
            first, last = said.began - policy.second.before, said.ended + policy.second.after
            piece = sound[max(0, round(first * RATE)) : round(last * RATE)]
            verdict = heard_again(self._second, piece, verdict, commands, LIVE, policy.second)
        return verdict.text if isinstance(verdict, events.Heard) else ""


def plain_commands(phrases: Sequence[str], decoys: Sequence[str]) -> Commands:
    """Every phrase a command of its own, none of them lenient or strict."""
    matches = {phrase: Match(phrase, {}, phrase) for phrase in phrases}
    starts = {" ".join(words[:end]) for words in map(str.split, phrases) for end in range(1, len(words))}
    live = CommandSet(frozenset(phrases), matches, {phrase: phrase for phrase in phrases}, frozenset(starts))
    rules = {phrase: IntentRule(None, "normal", "stable") for phrase in phrases}
    return Commands(Path("phrases"), tuple(decoys), rules, {LIVE: live}, {}, {}, {})
