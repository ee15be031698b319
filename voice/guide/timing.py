"""How long things take, how much is left, and how a length of time is said. Seconds throughout."""

from __future__ import annotations

from collections.abc import Iterable

from voice.guide.model import Guide, Step, Times
from voice.guide.plan import guests, length, next_step
from voice.guide.session import Session, unsaid
from voice.guide.wording import wording

CHARACTERS_PER_SECOND = 14.0
"""Pace of the narration at rate 1: about 150 words a minute, a calm pace. Our choice; not measured."""

NEARLY_PATIENCE = 4.0
"""Seconds she has for a yes after "did you say"; then it is let go and the guide goes on."""

SENTENCE_GAP = 0.35
"""Silence after each sentence and between lines: one breath. Our choice."""

SPOKEN_TAIL = 2.0
"""Quiet after a step that is only spoken, before the next one. Our choice."""

CLOSE = 0.001
"""A time is reached when it is this near: sums of pauses and ticks are not exact."""


def spoken_length(sentences: Iterable[str], rate: float) -> float:
    """How long the sentences take to say."""
    return sum(len(sentence) / CHARACTERS_PER_SECOND / rate + SENTENCE_GAP for sentence in sentences)


def step_length(guide: Guide, session: Session, step: Step) -> float | None:
    """How long the timer of a step runs, with what she added when she is at it; None without a timer."""
    seconds = step.seconds.get(length(session))
    if not seconds:
        return None
    here = step.id == session.step
    total = seconds + session.place.added if here else seconds
    if step.cap is not None:
        total = min(total, step.cap)
    if step.phase == "warm":
        spent = session.place.elapsed if here else 0.0
        total = min(total, spent + max(0.0, guide.heat_cap - session.warmed))
    if step.phase == "express":
        spent = session.place.elapsed if here else 0.0
        total = min(total, spent + max(0.0, guide.express_cap - session.expressed))
    return max(0.0, total)


def timer_left(guide: Guide, session: Session) -> float | None:
    """What is left on the timer of her step; None without a timer."""
    if session.step is None:
        return None
    total = step_length(guide, session, guide.step(session.step))
    return None if total is None else max(0.0, total - session.place.elapsed)


def step_left(guide: Guide, session: Session) -> float | None:
    """What is left of her step: its timer and what is still to be told; None when it waits for her."""
    if session.step is None or session.ended:
        return None
    step = guide.step(session.step)
    told = sum(spoken_length(u.sentences[u.first :], session.rate) for u in unsaid(session))
    timer = timer_left(guide, session)
    if timer is not None:
        return timer if session.place.opened else timer + told
    if step.advance == "auto":
        return told + max(0.0, SPOKEN_TAIL - session.place.elapsed)
    return None


def whole_left(guide: Guide, session: Session) -> float | None:
    """What is left of the session; steps that wait for her count by their words. None when it is over."""
    if session.ended or session.closing:
        return None
    left = step_left(guide, session)
    total = left or 0.0
    if left is None and session.step is not None:
        total = sum(spoken_length(u.sentences[u.first :], session.rate) for u in unsaid(session))
    step = next_step(guide, session, session.step)
    while step is not None:
        total += _whole_step(guide, session, step)
        step = next_step(guide, session, step.id)
    return total


def _whole_step(guide: Guide, session: Session, step: Step) -> float:
    lines = [line for part in (step, *guests(guide, session, step)) for line in (part.line, *part.notes)]
    told = sum(spoken_length(wording(guide, session, line), session.rate) for line in lines)
    timer = step_length(guide, session, step)
    if timer is not None:
        return told + timer
    return told + (SPOKEN_TAIL if step.advance == "auto" else 0.0)


def human(times: Times, seconds: float) -> str:
    """A length of time the way people say it: rounded, never to the second."""
    if seconds < 20:
        return times.few_seconds
    if seconds < 45:
        return times.half_minute
    if seconds < 90:
        return times.one_minute
    minutes = min(max(times.numbers), round(seconds / 60))
    return times.minutes.replace("{n}", times.numbers[max(2, minutes)])
