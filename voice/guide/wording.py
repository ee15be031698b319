"""Which wording is spoken, and how its slots and marks are resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping

from voice.guide.model import APART, CLOSED, FIRST, Guide, Line
from voice.guide.plan import gate_open
from voice.guide.session import Session
from voice.guide.words import ROLES

MARKS = re.compile(r"[<>]")

SHORT_FORM = "_in_short"
"""Ending of the id of a line that says the same in fewer words."""


def variant(guide: Guide, session: Session, line: str) -> str:
    """The line that stands for `line` now, or itself: without her baby, without touch, or first night."""
    for ending, holds in (
        (APART, bool(session.apart)),
        (CLOSED, not gate_open(session)),
        (FIRST, session.night == 0),
    ):
        if holds and f"{line}{ending}" in guide.lines:
            return f"{line}{ending}"
    return line


def wording(guide: Guide, session: Session, line: str) -> tuple[str, ...]:
    """The sentences of `line` as she would hear them next, slots still open.

    The choice follows from the night and from how often the line was said, so the same session says the same.
    """
    spoken = guide.lines[_in_detail(guide, session, variant(guide, session, line))]
    chosen = spoken.wordings[(session.night + session.counts.get(line, 0)) % len(spoken.wordings)]
    return with_roles(guide, spoken, session.names, tuple(MARKS.sub("", sentence) for sentence in chosen))


def with_roles(
    guide: Guide, line: Line, names: Mapping[str, str], sentences: tuple[str, ...]
) -> tuple[str, ...]:
    """The sentences with {mother} and {helper} named: by their names, or as one speaks to or of them."""
    if not any("{" in sentence for sentence in sentences):
        return sentences
    called = {who: names.get(who) or name_of(guide, f"role_{who}_to_{line.to}") for who in ROLES}
    return filled(sentences, called)


def _in_detail(guide: Guide, session: Session, line: str) -> str:
    """With short lines wished for, the short form of `line` where the locale has one."""
    short = f"{line}{SHORT_FORM}"
    return short if session.wishes.detail == "short" and short in guide.lines else line


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
    return ", ".join(
        name_of(guide, f"choice_{choices[name]}") for name in guide.question_ids if name in choices
    )


def step_name(guide: Guide, step: str | None) -> str:
    """How a step is called; before the first one, the first one."""
    return name_of(guide, f"step_name_{step or guide.steps[0].id}")
