"""Which steps apply, in which order, and whether warmth and massage are open to her."""

from __future__ import annotations

from voice.guide.model import Guide, Step
from voice.guide.session import Session


def gate_open(session: Session) -> bool:
    """Warmth and massage may be guided: the safety check came out clear and no red flag was named."""
    return session.safety == "clear" and not session.flags


def length(session: Session) -> str:
    """The chosen length of the guide."""
    return session.choices["length"]


def applies(guide: Guide, session: Session, step: Step) -> bool:
    """The step is on her way, with a time of its own."""
    return _wanted(session, step) and length(session) in step.seconds and host(guide, session, step) is None


def host(guide: Guide, session: Session, step: Step) -> Step | None:
    """The step this one runs alongside in the chosen length, when that one is on her way."""
    name = step.alongside.get(length(session))
    if name is None:
        return None
    other = guide.step(name)
    return other if _wanted(session, other) and length(session) in other.seconds else None


def guests(guide: Guide, session: Session, step: Step) -> tuple[Step, ...]:
    """The steps that run alongside `step`."""
    return tuple(
        other
        for other in guide.steps
        if other.alongside.get(length(session)) == step.id
        and _wanted(session, other)
        and host(guide, session, other) is step
    )


def next_step(guide: Guide, session: Session, after: str | None) -> Step | None:
    """The first step on her way after `after` (None: from the beginning)."""
    first = 0 if after is None else guide.order[after] + 1
    return next((step for step in guide.steps[first:] if applies(guide, session, step)), None)


def previous_step(guide: Guide, session: Session, before: str) -> Step | None:
    """The last step on her way before `before`."""
    earlier = reversed(guide.steps[: guide.order[before]])
    return next((step for step in earlier if applies(guide, session, step)), None)


def closed_between(guide: Guide, session: Session, after: str | None, until: Step | None) -> bool:
    """A step between the two is left out only because the gate is closed."""
    first = 0 if after is None else guide.order[after] + 1
    last = len(guide.steps) if until is None else guide.order[until.id]
    return not gate_open(session) and any(
        step.gated and _chosen(session, step) and length(session) in step.seconds
        for step in guide.steps[first:last]
    )


def needs_helper(guide: Guide, session: Session) -> bool:
    """Her choices lead to a step in which her helper's hands are needed."""
    return any(
        step.helper == "needed" and length(session) in step.seconds and _chosen(session, step)
        for step in guide.steps
    )


def holds_baby(guide: Guide, session: Session) -> bool:
    """Her baby is in her arms in this step, or in one that runs alongside it."""
    if session.step is None or session.closing or session.apart:
        return False
    step = guide.step(session.step)
    return any(part.holds_baby for part in (step, *guests(guide, session, step)))


def route(guide: Guide, session: Session) -> tuple[Step, ...]:
    """Every step on her way, and the one she is at even if it no longer applies."""
    return tuple(step for step in guide.steps if step.id == session.step or applies(guide, session, step))


def _wanted(session: Session, step: Step) -> bool:
    return _chosen(session, step) and (gate_open(session) or not step.gated)


def _chosen(session: Session, step: Step) -> bool:
    """Her choices include it and she did not leave it out."""
    if step.off_by_default and step.id not in session.extras:
        return False
    if step.pictures_baby and session.apart:
        return False
    if step.id in session.wishes.unwanted or step.id in session.left_out or step.phase in session.skipped:
        return False
    return all(session.choices.get(question) in options for question, options in step.when.items())
