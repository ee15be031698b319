"""What she wants of every night: fewer words, parts left out or put in. Kept from one night to the next."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide, Step
from voice.guide.moves import forward
from voice.guide.parts import Wishes
from voice.guide.session import Session
from voice.guide.speaking import answer

HERE = "this"
"""The part she names when she means the step she is at; of a part left out, the last one."""


def next_night(guide: Guide, wishes: Wishes) -> Wishes:
    """The wishes a new night begins with; steps that no longer exist are dropped."""
    unwanted = tuple(step.id for step in guide.steps if step.id in wishes.later and not step.keep)
    return replace(wishes, unwanted=unwanted, later=unwanted, quiet=None)


def night_level(level: float, wishes: Wishes) -> float:
    """dB the next night begins with: as the last one ended, but no louder than she turned it down to."""
    return level if wishes.quiet is None else min(level, wishes.quiet)


def detail(guide: Guide, session: Session, slots: Slots) -> Session:
    """Short lines say what to do and no more; full lines say everything."""
    level = slots.get("level")
    if level == "short":
        wishes = replace(session.wishes, detail="short")
        return answer(guide, replace(session, wishes=wishes), "ok_short_lines")
    wishes = replace(session.wishes, detail="full")
    return answer(guide, replace(session, wishes=wishes), "ok_full_lines")


def other_voice(guide: Guide, session: Session, slots: Slots) -> Session:
    """The next of the voices that are there."""
    if guide.voices < 2:
        return answer(guide, session, "one_voice")
    wishes = replace(session.wishes, voice=(session.wishes.voice + 1) % guide.voices)
    return answer(guide, replace(session, wishes=wishes), "ok_voice")


def leave_out(guide: Guide, session: Session, slots: Slots) -> Session:
    """A part, or the step she is at, is left out: from now on, or from the next night on."""
    steps = _named(guide, session, slots.get("part", HERE))
    if not steps or session.closing:
        return missed(session)
    gone = tuple(step.id for step in steps if not step.keep)
    if not gone:
        return answer(guide, session, "part_stays")
    wishes = replace(session.wishes, later=_with(session.wishes.later, gone))
    if slots.get("when") == "later":
        return answer(guide, replace(session, wishes=wishes), "ok_left_out_later")
    wishes = replace(wishes, unwanted=_with(wishes.unwanted, gone))
    extras = tuple(name for name in session.extras if name not in gone)
    here = session.step in gone
    session = replace(session, wishes=wishes, extras=extras)
    return forward(guide, session, "ok_left_out") if here else answer(guide, session, "ok_left_out")


def put_back(guide: Guide, session: Session, slots: Slots) -> Session:
    """A part that was left out, or that is off until she asks for it, belongs to her way again."""
    wishes, part = session.wishes, slots.get("part", HERE)
    if part == HERE:
        back = wishes.later[-1:]
    else:
        steps = _named(guide, session, part)
        back = tuple(step.id for step in steps if _absent(session, step))
    if not back:
        return answer(guide, session, "nothing_left_out")
    wishes = replace(wishes, unwanted=_without(wishes.unwanted, back), later=_without(wishes.later, back))
    extras = [step.id for step in guide.steps if step.off_by_default and step.id in (*session.extras, *back)]
    return answer(guide, replace(session, wishes=wishes, extras=tuple(extras)), "ok_put_back")


def _named(guide: Guide, session: Session, part: str) -> tuple[Step, ...]:
    """The steps she means: one by its id, a whole phase without what is off anyway, or the one she is at."""
    if part == HERE:
        return () if session.step is None else (guide.step(session.step),)
    if part in guide.by_id:
        return (guide.step(part),)
    steps = (step for step in guide.steps if step.phase == part)
    return tuple(step for step in steps if not step.off_by_default or step.id in session.extras)


def _absent(session: Session, step: Step) -> bool:
    off = step.off_by_default and step.id not in session.extras
    return off or step.id in session.wishes.later or step.id in session.wishes.unwanted


def _with(names: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return (*_without(names, more), *more)


def _without(names: tuple[str, ...], fewer: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in fewer)
