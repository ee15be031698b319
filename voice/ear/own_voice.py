"""Words the guide itself is saying, so that they are not taken for hers.

The veto knows the text of the sentence only. A map of what the recogniser hears in each rendered sentence
can be put in its place later: same question, finer answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from voice.language.commands import normalise


class OwnVoice(Protocol):
    def note(self, narrating: str | None, now: float) -> None:
        """What is being played at stream second `now`."""

    def said(self, phrase: str, began: float, ended: float) -> bool:
        """Whether the guide may have said the phrase itself between these stream seconds."""


@dataclass(frozen=True)
class _Sentence:
    text: str
    began: float
    ended: float


class SentenceVeto:
    """Vetoes a phrase that a sentence now playing, or one that ended less than `tail` seconds ago,
    contains."""

    def __init__(self, tail: float) -> None:
        self._tail = tail
        self._sentences: tuple[_Sentence, ...] = ()

    def note(self, narrating: str | None, now: float) -> None:
        self._sentences = tuple(s for s in self._sentences if now - s.ended < 20.0)
        if narrating is None:
            return
        text = normalise(narrating)
        if self._sentences and self._sentences[-1].text == text:
            self._sentences = (*self._sentences[:-1], replace(self._sentences[-1], ended=now))
        else:
            self._sentences = (*self._sentences, _Sentence(text, now, now))

    def said(self, phrase: str, began: float, ended: float) -> bool:
        wanted = f" {phrase} "
        return any(
            s.began <= ended and began <= s.ended + self._tail and wanted in f" {s.text} "
            for s in self._sentences
        )
