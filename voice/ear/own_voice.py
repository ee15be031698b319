"""Words the guide itself is saying, so that they are not taken for hers: by the text of the sentence being
played, and by what the recogniser is known to hear in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from voice.ear.ghosts import GhostMap
from voice.language.commands import normalise

KEPT = 20.0
"""Seconds after which a sentence is forgotten."""
JUMP = 0.25
"""Seconds by which a sentence may seem to begin at another time and still be the same playing of it."""
NEAR = 0.25
"""Seconds around a ghost that count as on it: when it is known what is played is known to about a block of
the card, and the recogniser's word times to 0.1 s."""


@dataclass(frozen=True)
class Narration:
    """The sentence being played, and how many seconds of it have been."""

    text: str
    played: float


class OwnVoice(Protocol):
    def note(self, narrating: Narration | str | None, now: float, listen: str, late: float) -> None:
        """What is being played at stream second `now`, while the set `listen` is live; it is heard `late`
        seconds later. A text alone: from its beginning on when it is first noted."""

    def said(self, phrase: str, began: float, ended: float) -> bool:
        """Whether the guide may have said the phrase itself between these stream seconds."""


@dataclass(frozen=True)
class _Sentence:
    """One playing of a sentence. `start`: the stream second of its first sample at the microphone; `began` to
    `ended`: while it was heard."""

    text: str
    start: float
    began: float
    ended: float
    listens: frozenset[str]


class _Played:
    """The sentences of the last seconds."""

    def __init__(self) -> None:
        self.sentences: tuple[_Sentence, ...] = ()

    def note(self, narrating: Narration | str | None, now: float, listen: str, late: float) -> None:
        self.sentences = tuple(s for s in self.sentences if now - s.ended < KEPT)
        if narrating is None:
            return
        last = self.sentences[-1] if self.sentences else None
        if isinstance(narrating, str):
            same = last is not None and last.text == narrating
            narrating = Narration(narrating, now + late - last.start if last is not None and same else 0.0)
        start = now - narrating.played + late
        if last is not None and last.text == narrating.text and abs(last.start - start) < JUMP:
            last = replace(last, ended=now + late, listens=last.listens | {listen})
            self.sentences = (*self.sentences[:-1], last)
        else:
            new = _Sentence(narrating.text, start, now, now + late, frozenset({listen}))
            self.sentences = (*self.sentences, new)


class SentenceVeto:
    """Vetoes a phrase that a sentence now playing, or one that ended less than `tail` seconds ago,
    contains."""

    def __init__(self, tail: float) -> None:
        self._tail = tail
        self._played = _Played()

    def note(
        self, narrating: Narration | str | None, now: float, listen: str = "", late: float = 0.0
    ) -> None:
        self._played.note(narrating, now, listen, late)

    def said(self, phrase: str, began: float, ended: float) -> bool:
        return any(
            _overlaps(sentence, began, ended, self._tail) and _contains(sentence.text, phrase)
            for sentence in self._played.sentences
        )


class GhostVeto:
    """Vetoes what `ghosts` says the recogniser hears at that place of the sentence being played.

    The text is looked at as well: a room may bring out a word that was not heard in the clear, and a sentence
    may not have been listened to yet.
    """

    def __init__(self, ghosts: GhostMap, tail: float) -> None:
        self._ghosts = ghosts
        self._text = SentenceVeto(tail)
        self._played = _Played()

    def note(
        self, narrating: Narration | str | None, now: float, listen: str = "", late: float = 0.0
    ) -> None:
        self._text.note(narrating, now, listen, late)
        self._played.note(narrating, now, listen, late)

    def said(self, phrase: str, began: float, ended: float) -> bool:
        return self._text.said(phrase, began, ended) or any(
            self._haunted(sentence, phrase, began, ended) for sentence in self._played.sentences
        )

    def _haunted(self, sentence: _Sentence, phrase: str, began: float, ended: float) -> bool:
        if not _overlaps(sentence, began, ended, NEAR):
            return False
        return any(
            _contains(ghost.phrase, phrase) or _contains(phrase, ghost.phrase)
            for listen in sentence.listens
            for ghost in self._ghosts.of(sentence.text, listen) or ()
            if sentence.start + ghost.began - NEAR <= ended and began <= sentence.start + ghost.ended + NEAR
        )


def _overlaps(sentence: _Sentence, began: float, ended: float, tail: float) -> bool:
    return sentence.began <= ended and began <= sentence.ended + tail


def _contains(text: str, phrase: str) -> bool:
    return f" {phrase} " in f" {normalise(text)} "
