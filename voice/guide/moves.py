"""Going from step to step."""

from __future__ import annotations

from dataclasses import replace

from voice.guide import amounts
from voice.guide.model import Guide, Step
from voice.guide.parts import Place
from voice.guide.plan import applies, closed_between, guests, next_step
from voice.guide.session import Session
from voice.guide.speaking import drop, then
from voice.guide.timing import CLOSE


def enter(guide: Guide, session: Session, step: Step | None) -> Session:
    """She is at the start of `step` and its opening lines wait to be said. None: the session ends.

    What was said before is dropped by the caller, so that a confirmation may be spoken first.
    """
    session = settled(session)
    if step is None:
        if amounts.wanted(guide, session):
            return amounts.ask(guide, session)
        return then(guide, replace(session, closing="finished"), "finished")
    if step.phase == "express" and session.expressed >= guide.express_cap - CLOSE:
        session = then(guide, session, "express_cap", "reply")
        return enter(guide, session, to_finish(guide, session))
    if step.phase == "warm" and session.warmed >= guide.heat_cap - CLOSE:
        session = then(guide, session, "warm_cap", "reply")
        return enter(guide, session, next_step(guide, session, step.id))
    speech = replace(session.speech, last=None)
    session = replace(session, place=Place(step=step.id), ask=step.asks, asks=0, speech=speech)
    for part in (step, *guests(guide, session, step)):
        session = then(guide, session, part.line)
        for note in part.notes:
            session = then(guide, session, note, "note")
    return session


def settled(session: Session) -> Session:
    """No pause, no pain and no question lies on top of the step any more."""
    return replace(
        session,
        ask=None,
        held=False,
        asking_pain=False,
        hurt=None,
        offering=False,
        finishing=False,
        returning=False,
        closing=None,
        crisis="",
        awake="",
        heard_name=None,
    )


def forward(guide: Guide, session: Session, confirm: str | None = None) -> Session:
    """On to the next step on her way, after an optional word of confirmation."""
    session = drop(session)
    if confirm is not None:
        session = then(guide, session, confirm, "ack")
    return _go(guide, session, next_step(guide, session, session.step))


def realigned(guide: Guide, session: Session) -> Session:
    """When her step no longer applies: its counterpart for the changed choice, or else the next step.

    Narration that waits belongs to the old step and is dropped; confirmations stay.
    """
    if session.step is None or session.closing or session.ended:
        return session
    step = guide.step(session.step)
    if applies(guide, session, step):
        return session
    kept = tuple(utterance for utterance in session.speech.waiting if utterance.kind in ("reply", "ack"))
    session = drop(session)
    session = replace(session, speech=replace(session.speech, waiting=kept))
    return _go(guide, session, _counterpart(guide, session, step) or next_step(guide, session, step.id))


def to_express(guide: Guide, session: Session) -> Step | None:
    """The step of expressing on her way."""
    steps = (step for step in guide.steps if step.phase == "express")
    return next((step for step in steps if applies(guide, session, step)), None)


def to_finish(guide: Guide, session: Session) -> Step | None:
    """The last step of the guide, when it is on her way."""
    last = guide.steps[-1]
    return last if last.phase != "express" and applies(guide, session, last) else None


def _go(guide: Guide, session: Session, step: Step | None) -> Session:
    told = session.blocked_told or session.safety == "skipped"
    if not told and closed_between(guide, session, session.step, step):
        session = then(guide, replace(session, blocked_told=True), "blocked_step", "reply")
    return enter(guide, session, step)


def _counterpart(guide: Guide, session: Session, step: Step) -> Step | None:
    """The step that takes the place of `step` when another choice is made: same phase, same question."""
    failed = [question for question, options in step.when.items() if session.choices[question] not in options]
    for other in guide.steps:
        alike = other.phase == step.phase and any(question in other.when for question in failed)
        if alike and applies(guide, session, other):
            return other
    return None
