"""Commands about time, pace, loudness and sides, and the ones that only ask."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.asking import ask_again
from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide, Step
from voice.guide.plan import length
from voice.guide.relaxing import breath_now
from voice.guide.session import FASTEST, LOUDEST, QUIETEST, SLOWEST, Session
from voice.guide.speaking import answer, without
from voice.guide.timing import CLOSE, human, step_left, step_length, timer_left, whole_left
from voice.guide.wording import name_of, step_name

PACE = 0.1
"""Each "slower" or "faster" changes the pace by this share."""

LOUDNESS = 3.0
"""dB of each "louder" or "quieter": clearly heard, never startling."""

AT_THE_END = (".near_end", "ready_hint", "remind")
"""Endings of the names of timed lines that are due again when a step gets longer."""

MOST_MINUTES = 10
"""Minutes that one command adds or takes away at most."""


def time_left(guide: Guide, session: Session, slots: Slots) -> Session:
    """How long is left of the step, of the session, or of both."""
    whole, step = whole_left(guide, session), step_left(guide, session)
    scope = slots.get("scope", "both")
    if whole is None:
        return missed(session)
    said = {"whole": human(guide.times, whole)}
    if scope == "whole" or (step is None and scope != "step"):
        return answer(guide, session, "time_left_whole", "reply", **said)
    if step is None:
        return answer(guide, session, "no_timer", "reply")
    here = human(guide.times, step)
    if scope == "step":
        return answer(guide, session, "time_left_step", "reply", step=here)
    return answer(guide, session, "time_left", "reply", step=here, **said)


def more_time(guide: Guide, session: Session, slots: Slots) -> Session:
    """Adds minutes to this step, as far as its cap and that of expressing allow."""
    step, place = _timed_step(guide, session), session.place
    total = None if step is None else step_length(guide, session, step)
    if step is None or total is None:
        return answer(guide, session, "no_timer", "reply")
    own, so_far = step.seconds.get(length(session)) or 0.0, max(total, place.elapsed)
    wished = so_far + _minutes(slots) * 60.0 - own
    reached = step_length(guide, replace(session, place=replace(place, added=wished)), step) or 0.0
    if reached <= so_far + CLOSE:
        return time_left(guide, session, {"scope": "step"})
    told = tuple(key for key in place.told if not key.endswith(AT_THE_END))
    longer = replace(session, place=replace(place, added=reached - own, told=told))
    reminder = step.remind.line if step.remind else None
    return without(answer(guide, longer, "ok_more"), (step.near_end, "ready_hint", reminder))


def less_time(guide: Guide, session: Session, slots: Slots) -> Session:
    """Takes minutes from this step; with nothing left it ends."""
    step, left, place = _timed_step(guide, session), timer_left(guide, session), session.place
    if step is None or left is None:
        return answer(guide, session, "no_timer", "reply")
    shorter = max(0.0, left - _minutes(slots) * 60.0)
    added = place.elapsed + shorter - (step.seconds.get(length(session)) or 0.0)
    return answer(guide, replace(session, place=replace(place, added=added)), "ok_less")


def slower(guide: Guide, session: Session, slots: Slots) -> Session:
    """Speaks more slowly."""
    return _pace(guide, session, 1.0 - PACE, "ok_slower", "slowest")


def faster(guide: Guide, session: Session, slots: Slots) -> Session:
    """Speaks faster."""
    return _pace(guide, session, 1.0 + PACE, "ok_faster", "fastest")


def louder(guide: Guide, session: Session, slots: Slots) -> Session:
    """Everything louder."""
    return _loudness(guide, session, LOUDNESS, "ok_louder", "loudest")


def quieter(guide: Guide, session: Session, slots: Slots) -> Session:
    """Everything softer; tomorrow begins no louder than this."""
    session = _loudness(guide, session, -LOUDNESS, "ok_quieter", "quietest")
    return replace(session, wishes=replace(session.wishes, quiet=session.level))


def swap_sides(guide: Guide, session: Session, slots: Slots) -> Session:
    """The other side, where a step has two; elsewhere she hears where she is."""
    step = None if session.step is None or session.closing else guide.step(session.step)
    if step is None or not (step.sides or step.phase == "express"):
        return where(guide, session, slots)
    place = session.place
    swapped = replace(place, side=1 - place.side, side_elapsed=0.0)
    return answer(guide, replace(session, place=swapped), "ok_swap")


def where(guide: Guide, session: Session, slots: Slots) -> Session:
    """Which step she is at; in the set-up, the open question."""
    if session.step is not None:
        return answer(guide, session, "where", "reply", step_name=step_name(guide, session.step))
    return ask_again(guide, session) if session.question else missed(session)


def about(guide: Guide, session: Session, slots: Slots) -> Session:
    """What this is and how it is begun."""
    return answer(guide, session, "about", "reply")


def help_now(guide: Guide, session: Session, slots: Slots) -> Session:
    """Names what can be said now."""
    names = [guide.help_names[intent] for intent in _useful(guide, session) if intent in guide.help_names]
    if session.question in guide.question_ids:
        options = guide.by_question[session.question or ""].options
        names = [*(name_of(guide, f"choice_{option}") for option in options), *names]
    if not names:
        return missed(session)
    return answer(guide, session, "help_now", "reply", commands=", ".join(names))


def _useful(guide: Guide, session: Session) -> tuple[str, ...]:
    question, mode = session.question, session.mode
    if question in ("safety", "safety_which"):
        return ("none", "yes", "next", "repeat")
    if question == "pain":
        return ("mild", "strong", "resume", "next", "finish")
    if question in ("helper_name", "mother_name"):
        return ("next", "repeat")
    if question in guide.question_ids:
        return ("next", "back", "repeat")
    if question is not None:
        return ("yes", "no", "repeat")
    if mode == "paused":
        return ("resume", "next", "back", "time_left", "finish")
    if mode != "guiding":
        return ("start", "quit")
    step = guide.step(session.step or guide.steps[0].id)
    more = ("swap_sides",) if step.sides or step.phase == "express" else ()
    more = (*more, *(("talk",) if session.wordless else ()))
    more = (*more, *(("breaths",) if breath_now(guide, session) else ()))
    milk = () if step.phase in ("express", "finish") else ("milk_coming",)
    on = "ready" if step.advance == "ready" else "next"
    return ("pause", on, "repeat", "time_left", *more, *milk, "finish")


def _minutes(slots: Slots) -> int:
    said = slots.get("minutes", "1")
    return min(MOST_MINUTES, max(1, int(said))) if said.isascii() and said.isdigit() else 1


def _timed_step(guide: Guide, session: Session) -> Step | None:
    return None if session.step is None or session.closing else guide.step(session.step)


def _pace(guide: Guide, session: Session, factor: float, done: str, at_end: str) -> Session:
    rate = min(FASTEST, max(SLOWEST, session.rate * factor))
    if abs(rate - session.rate) < CLOSE:
        return answer(guide, session, at_end)
    return answer(guide, replace(session, rate=rate), done)


def _loudness(guide: Guide, session: Session, change: float, done: str, at_end: str) -> Session:
    level = min(LOUDEST, max(QUIETEST, session.level + change))
    if abs(level - session.level) < CLOSE:
        return answer(guide, session, at_end)
    return answer(guide, replace(session, level=level), done)
