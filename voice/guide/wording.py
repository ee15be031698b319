"""Which wording is spoken, and how its slots and marks are resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping

from voice.guide.model import Guide
from voice.guide.session import Session

MARKS = re.compile(r"[<>]")


def wording(guide: Guide, session: Session, line: str) -> tuple[str, ...]:
    """The sentences of `line` as she would hear them next, slots still open.

    The choice follows from the night and from how often the line was said, so the same session says the same.
    """
    wordings = guide.lines[line].wordings
    chosen = wordings[(session.night + session.counts.get(line, 0)) % len(wordings)]
    return tuple(MARKS.sub("", sentence) for sentence in chosen)


def filled(sentences: tuple[str, ...], slots: Mapping[str, str]) -> tuple[str, ...]:
    """The sentences with each {slot} replaced."""
    for name, value in slots.items():
        sentences = tuple(sentence.replace(f"{{{name}}}", value) for sentence in sentences)
    return sentences


def name_of(guide: Guide, line: str) -> str:
    """A line used as a name inside another sentence: its first sentence without marks and full stop."""
    return MARKS.sub("", guide.lines[line].wordings[0][0]).rstrip(".")


def choices_text(guide: Guide, choices: Mapping[str, str]) -> str:
    """Her choices as a list, in the order of the questions."""
    return ", ".join(name_of(guide, f"choice_{choices[question]}") for question in guide.question_ids)


def step_name(guide: Guide, step: str | None) -> str:
    """How a step is called; before the first one, the first one."""
    return name_of(guide, f"step_name_{step or guide.steps[0].id}")
