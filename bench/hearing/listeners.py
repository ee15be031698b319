"""Who listens: the real ear, the bare model, and what others do, each given the same samples."""

from __future__ import annotations

import importlib
import importlib.util
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bench.hearing.conditions import Trial
from voice.ear.ear import Ear
from voice.ear.files import hear_alone
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.recogniser import UNKNOWN
from voice.ear.sources import MemorySource
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

EAR = "Lull"
PREVIOUS = "Lull, other model"
BARE = "model alone"
LISTED = "Vosk, phrase list"
NAIVE = "Vosk, substring"
SPHINX = "PocketSphinx"
PIECE = 1600
"""Samples (0.1 s) a loop over Vosk reads at a time."""


@dataclass(frozen=True)
class Taken:
    """A command taken, and when (seconds of the samples)."""

    intent: str
    at: float


@dataclass(frozen=True)
class Answer:
    """What a listener made of some samples. `rejected`: reasons; `cpu`: seconds."""

    taken: tuple[Taken, ...]
    rejected: tuple[str, ...] = ()
    cpu: float = 0.0


class Listener(Protocol):
    """Hears one stretch of sound from its beginning to its end."""

    def hear(self, trial: Trial, listen: str) -> Answer: ...


class _Vosk(Protocol):
    """The part of vosk.KaldiRecognizer that is used."""

    def AcceptWaveform(self, data: bytes) -> int: ...
    def Result(self) -> str: ...
    def FinalResult(self) -> str: ...


class _Best(Protocol):
    hypstr: str


class _Decoder(Protocol):
    """The part of pocketsphinx.Decoder that is used."""

    def start_utt(self) -> None: ...
    def process_raw(self, data: bytes, full_utt: bool) -> int: ...
    def end_utt(self) -> None: ...
    def hyp(self) -> _Best | None: ...
    def lookup_word(self, word: str) -> str | None: ...
    def add_jsgf_string(self, name: str, grammar: str) -> None: ...
    def activate_search(self, name: str) -> None: ...


class RealEar:
    """The ear of the product. The loudspeaker is silent, and the ear is told so as in the live program."""

    def __init__(self, new_ear: Callable[[], Ear]) -> None:
        self._new_ear = new_ear

    def hear(self, trial: Trial, listen: str) -> Answer:
        began = time.process_time()
        ear = self._new_ear()
        ear.listen(listen)
        events = list(chain.from_iterable(hear_alone(ear, MemorySource(trial.samples, EAR_RATE))))
        taken = tuple(Taken(event.intent, event.at) for event in events if isinstance(event, Heard))
        rejected = tuple(event.reason for event in events if isinstance(event, Rejected))
        return Answer(taken, rejected, time.process_time() - began)


class VoskLoop:
    """The loop that tutorials teach: feed, and look at each finished text. `understand` makes intents of
    it."""

    def __init__(
        self,
        model: object,
        grammar: Callable[[str], Sequence[str] | None],
        understand: Callable[[str, str], str | None],
    ) -> None:
        self._model = model
        self._grammar = grammar
        self._understand = understand

    def hear(self, trial: Trial, listen: str) -> Answer:
        began = time.process_time()
        phrases = self._grammar(listen)
        make = importlib.import_module("vosk").KaldiRecognizer
        listed = [json.dumps(list(phrases))] if phrases else []
        loop = cast(_Vosk, make(self._model, EAR_RATE, *listed))
        sound = _int16(trial.samples)
        found: list[Taken] = []
        for place in range(0, len(sound), PIECE):
            if loop.AcceptWaveform(sound[place : place + PIECE].tobytes()):
                found += self._taken(loop.Result(), listen, (place + PIECE) / EAR_RATE)
        found += self._taken(loop.FinalResult(), listen, len(sound) / EAR_RATE)
        return Answer(tuple(found), (), time.process_time() - began)

    def _taken(self, result: str, listen: str, at: float) -> list[Taken]:
        intent = self._understand(json.loads(result).get("text", ""), listen)
        return [Taken(intent, at)] if intent else []


class Sphinx:
    """PocketSphinx with its own English model and a grammar of the same phrases.

    It is told where she speaks, and its second pass is off: on a long list of phrases that pass takes
    longer than the sound and makes the result worse.
    """

    MARGIN = 0.3
    """Seconds it gets before and after the speech."""

    def __init__(self, commands: Commands) -> None:
        make = importlib.import_module("pocketsphinx").Decoder
        self._decoder = cast(_Decoder, make(samprate=EAR_RATE, loglevel="FATAL", lm=None, bestpath=False))
        self._commands = commands
        self._known: set[str] = set()

    def hear(self, trial: Trial, listen: str) -> Answer:
        began = time.process_time()
        self._use(listen)
        self._decoder.start_utt()
        first, last = trial.began - self.MARGIN, trial.ended + self.MARGIN
        piece = trial.samples[max(0, round(first * EAR_RATE)) : round(last * EAR_RATE)]
        self._decoder.process_raw(_int16(piece).tobytes(), full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        match = self._commands.match(best.hypstr, listen) if best is not None and best.hypstr else None
        taken = (Taken(match.intent, last),) if match else ()
        return Answer(taken, (), time.process_time() - began)

    def _use(self, listen: str) -> None:
        if listen not in self._known:
            phrases = [
                phrase
                for phrase in self._commands.phrases(listen)
                if all(self._decoder.lookup_word(word) for word in phrase.split())
            ]
            grammar = f"#JSGF V1.0;\ngrammar {listen};\npublic <phrase> = {' | '.join(phrases)};\n"
            self._decoder.add_jsgf_string(listen, grammar)
            self._known.add(listen)
        self._decoder.activate_search(listen)


def sphinx_installed() -> bool:
    """Whether the dependency group `bench` is there."""
    return importlib.util.find_spec("pocketsphinx") is not None


def substring(commands: Commands) -> Callable[[str, str], str | None]:
    """The intent of the longest live phrase that the text contains, wherever it stands."""

    def understand(text: str, listen: str) -> str | None:
        inside = [phrase for phrase in commands.phrases(listen) if phrase in text]
        return commands.phrases(listen)[max(inside, key=len)] if inside else None

    return understand


def exact(commands: Commands) -> Callable[[str, str], str | None]:
    """The intent of the live phrase that the text is."""

    def understand(text: str, listen: str) -> str | None:
        match = commands.match(text, listen)
        return match.intent if match else None

    return understand


def others(model: Path, commands: Commands) -> dict[str, Listener]:
    """Everybody but the ear: the bare model as the ear uses it, and three ways others take."""
    vosk = importlib.import_module("vosk")
    vosk.SetLogLevel(-1)
    opened = vosk.Model(str(model))
    found: dict[str, Listener] = {
        BARE: VoskLoop(opened, lambda listen: commands.grammar(listen, UNKNOWN), exact(commands)),
        LISTED: VoskLoop(opened, lambda listen: list(commands.phrases(listen)), exact(commands)),
        NAIVE: VoskLoop(opened, lambda _: None, substring(commands)),
    }
    if sphinx_installed():
        found[SPHINX] = Sphinx(commands)
    return found


def _int16(samples: Samples) -> NDArray[np.int16]:
    return np.asarray(np.clip(samples, -1.0, 1.0) * 32767.0, "<i2")
