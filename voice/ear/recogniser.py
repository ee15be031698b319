"""From sound to words: Vosk with a closed list of phrases, and a scripted twin for tests and
demonstrations."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from voice.ear.frames import EAR_RATE, Samples
from voice.errors import LullError

UNKNOWN = "[unk]"
"""How the model writes a sound that is none of the words listened for."""


@dataclass(frozen=True)
class Word:
    """A word, seconds of the stream, and the recogniser's trust in it (0..1)."""

    text: str
    began: float
    ended: float
    confidence: float = 1.0


@dataclass(frozen=True)
class Hypothesis:
    """What the recogniser believes was said. `words` (and exact times) come with a final one only."""

    text: str
    words: tuple[Word, ...] = ()
    final: bool = False
    began: float = 0.0
    ended: float = 0.0


class Recogniser(Protocol):
    """One utterance after the other. Used from one thread only: the one that called load()."""

    def load(self) -> None:
        """Open the model. Raises LullError."""

    def has_word(self, word: str) -> bool:
        """Whether the model knows the word at all."""

    def use(self, grammar: tuple[str, ...], at: float = 0.0) -> None:
        """Listen for these phrases from stream second `at` on; what was in progress is dropped."""

    def feed(self, samples: Samples) -> Hypothesis | None:
        """Take float32 samples at EAR_RATE; what is believed now, None while nothing is. Final ones end the
        utterance."""

    def finish(self) -> Hypothesis:
        """End the utterance now: everything fed is decoded to the last sample."""

    def reset(self, at: float = 0.0) -> None:
        """Forget the utterance; the next sample fed belongs to stream second `at`."""

    def look(self, samples: Samples, at: float) -> Hypothesis:
        """A second opinion on `samples` alone (they begin at stream second `at`), decoded at once to the last
        one. What is in progress goes on."""


class _Kaldi(Protocol):
    """The part of vosk.KaldiRecognizer that is used."""

    def AcceptWaveform(self, data: bytes) -> int: ...
    def Result(self) -> str: ...
    def PartialResult(self) -> str: ...
    def FinalResult(self) -> str: ...
    def SetWords(self, enable_words: bool) -> None: ...


class _Model(Protocol):
    def vosk_model_find_word(self, word: str) -> int: ...


class _Vosk(Protocol):
    """The part of the vosk module that is used (it ships no types)."""

    def SetLogLevel(self, level: int) -> None: ...
    def Model(self, model_path: str) -> _Model: ...
    def KaldiRecognizer(self, model: _Model, rate: float, grammar: str) -> _Kaldi: ...


@dataclass
class _Listener:
    """A Kaldi recogniser and the samples it has taken: its word times count from its first sample."""

    kaldi: _Kaldi
    fed: int = 0


class VoskRecogniser:
    """Vosk on one model for life, one Kaldi recogniser for each list of phrases. Construction loads
    nothing."""

    REBUILD_AFTER = 600 * EAR_RATE
    """Samples. Kaldi's memory creeps up over hours; a fresh recogniser costs 1 ms. Done between utterances;
    where no quiet comes, at the first end of an utterance after twice as long."""

    MOST_LISTENERS = 4
    """Lists of phrases that are kept ready; the one not used for longest makes way."""

    def __init__(self, model: Path) -> None:
        self._path = model
        self._vosk: _Vosk | None = None
        self._model: _Model | None = None
        self._listeners: dict[tuple[str, ...], _Listener] = {}
        self._grammar: tuple[str, ...] = (UNKNOWN,)
        self._offset = 0.0

    def load(self) -> None:
        if self._model is not None:
            return
        self._vosk = cast(_Vosk, importlib.import_module("vosk"))
        self._vosk.SetLogLevel(-1)
        try:
            self._model = self._vosk.Model(str(self._path))
        except Exception as trouble:  # vosk raises the bare class
            raise LullError(f"{self._path}: the speech model cannot be opened; fetch it again.") from trouble

    def has_word(self, word: str) -> bool:
        return self._loaded()[1].vosk_model_find_word(word) >= 0

    def use(self, grammar: tuple[str, ...], at: float = 0.0) -> None:
        self._loaded()
        self._grammar = grammar
        self.reset(at)

    def feed(self, samples: Samples) -> Hypothesis | None:
        listener = self._listener()
        listener.fed += len(samples)
        if listener.kaldi.AcceptWaveform(pcm(samples)):
            said = self._final(listener.kaldi.Result())
            if listener.fed > 2 * self.REBUILD_AFTER:
                self._offset += listener.fed / EAR_RATE
                self._renew()
            return said
        text = str(json.loads(listener.kaldi.PartialResult()).get("partial", ""))
        return Hypothesis(text) if text else None

    def finish(self) -> Hypothesis:
        return self._final(self._listener().kaldi.FinalResult())

    def reset(self, at: float = 0.0) -> None:
        listener = self._listener()
        listener.kaldi.FinalResult()  # unlike Reset(), this also drops the sound not yet decoded
        if listener.fed > self.REBUILD_AFTER:
            listener = self._renew()
        self._offset = at - listener.fed / EAR_RATE

    def look(self, samples: Samples, at: float) -> Hypothesis:
        kaldi = self._create()
        kaldi.AcceptWaveform(pcm(samples))
        return _shifted(_parse(kaldi.FinalResult()), at)

    def _final(self, result: str) -> Hypothesis:
        return _shifted(_parse(result), self._offset)

    def _listener(self) -> _Listener:
        """The one for the grammar in use, which becomes the most recent of those that are kept."""
        listener = self._listeners.pop(self._grammar, None) or _Listener(self._create())
        self._listeners[self._grammar] = listener
        while len(self._listeners) > self.MOST_LISTENERS:
            del self._listeners[next(iter(self._listeners))]
        return listener

    def _renew(self) -> _Listener:
        del self._listeners[self._grammar]
        return self._listener()

    def _create(self) -> _Kaldi:
        vosk, model = self._loaded()
        kaldi = vosk.KaldiRecognizer(model, float(EAR_RATE), json.dumps(self._grammar, ensure_ascii=False))
        kaldi.SetWords(True)
        return kaldi

    def _loaded(self) -> tuple[_Vosk, _Model]:
        if self._vosk is None or self._model is None:
            raise LullError("The ear was used before its model was opened; call load() first.")
        return self._vosk, self._model


def pcm(samples: Samples) -> bytes:
    """Little-endian 16-bit samples, as Vosk wants them."""
    return np.asarray(np.clip(samples, -1.0, 1.0) * 32767.0, dtype="<i2").tobytes()


def _parse(result: str) -> Hypothesis:
    said = json.loads(result)
    words = tuple(Word(w["word"], w["start"], w["end"], w.get("conf", 1.0)) for w in said.get("result", ()))
    if not words:
        return Hypothesis(str(said.get("text", "")), final=True)
    return Hypothesis(str(said["text"]), words, True, words[0].began, words[-1].ended)


def _shifted(said: Hypothesis, by: float) -> Hypothesis:
    words = tuple(replace(word, began=word.began + by, ended=word.ended + by) for word in said.words)
    return replace(said, words=words, began=said.began + by, ended=said.ended + by)


@dataclass(frozen=True)
class Cue:
    """Something the twin is to hear: shown `lag` seconds after it was said, final `pause` seconds after
    that."""

    began: float
    ended: float
    text: str
    lag: float = 0.25
    pause: float = 0.5


class ScriptedRecogniser:
    """The twin: hears the cues at their stream time whatever the samples hold. Knows the words of its cues
    only."""

    def __init__(self, cues: Sequence[Cue] = ()) -> None:
        self._left = sorted(cues, key=lambda cue: cue.began)
        self._words = {word for cue in cues for word in cue.text.split()}
        self._now = 0.0

    def load(self) -> None:
        """Nothing to open."""

    def has_word(self, word: str) -> bool:
        return word in self._words

    def use(self, grammar: tuple[str, ...], at: float = 0.0) -> None:
        self._now = at

    def feed(self, samples: Samples) -> Hypothesis | None:
        self._now += len(samples) / EAR_RATE
        if not self._left or self._now < self._left[0].ended + self._left[0].lag:
            return None
        if self._now >= self._left[0].ended + self._left[0].lag + self._left[0].pause:
            return self.finish()
        return Hypothesis(self._left[0].text)

    def finish(self) -> Hypothesis:
        if not self._left or self._now < self._left[0].ended:
            return Hypothesis("", final=True)
        cue = self._left.pop(0)
        texts = cue.text.split()
        step = (cue.ended - cue.began) / max(1, len(texts))
        words = tuple(Word(t, cue.began + i * step, cue.began + (i + 1) * step) for i, t in enumerate(texts))
        return Hypothesis(cue.text, words, True, cue.began, cue.ended)

    def reset(self, at: float = 0.0) -> None:
        self._now = at

    def look(self, samples: Samples, at: float) -> Hypothesis:
        return Hypothesis("", final=True)
