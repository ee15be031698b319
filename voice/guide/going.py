"""Commands that move her: start, carry on, next, back, repeat, restart, milk is coming, leave a part out."""

from __future__ import annotations

from dataclasses import replace

from voice.guide import naming, record
from voice.guide.asking import (
    ask,
    ask_again,
    ask_first,
    begin,
    keep_going,
    offer_to_carry_on,
    previous_question,
    start_steps,
    take,
    take_default,
)
from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.moves import enter, forward, settled, to_express
from voice.guide.plan import applies, gate_open, host, next_step, previous_step
from voice.guide.safety import answer_safety, wait_for_safety
from voice.guide.session import Session, unsaid
from voice.guide.speaking import answer, drop, say_again, then
from voice.guide.words import NAMING

SAFETY = ("safety", "safety_which")


def start(guide: Guide, session: Session, slots: Slots) -> Session:
    """Begins; with a choice in it ("do the short one") that choice is made."""
    if session.mode != "idle":
        return resume(guide, session, slots)
    session = _chosen(guide, session, slots)
    return begin(guide, session)


def start_again(guide: Guide, session: Session, slots: Slots) -> Session:
    """A new session after one that is over; what she must not do stays."""
    if session.ended == "referred":
        return answer(guide, session, "refer_pregnant", "reply")
    fresh = replace(
        session,
        safety="flagged" if session.flags else "unasked",
        left_out=(),
        blocked_told=False,
        expressed=0.0,
        night=session.night + 1,
        warmed=0.0,
        with_baby=0.0,
        amounts=(),
        expressed_at="",
        amount_asked=False,
    )
    return begin(guide, _chosen(guide, fresh, slots))


def resume(guide: Guide, session: Session, slots: Slots) -> Session:
    """Carries on from the beginning of the sentence that was cut."""
    if session.returning:
        return offer_to_carry_on(guide, session)
    if session.finishing:
        return keep_going(guide, session)
    if session.held:
        return go_on(guide, session)
    if session.mode == "idle":
        return begin(guide, session)
    if session.ask in SAFETY:
        return wait_for_safety(guide, session)
    if session.ask is not None:
        return _usual_answer(guide, session)
    return answer(guide, session, "nothing_to_resume")


def go_on(guide: Guide, session: Session) -> Session:
    """Out of a pause. After strong pain, or when the step is closed to her, with the next one."""
    strong = session.hurt == "strong"
    asked, closing = session.ask, session.closing
    session = replace(settled(session), ask=asked, closing=closing, heard_name=session.heard_name)
    if closing is not None:
        return answer(guide, session, "ok_resume")
    if session.step is None and asked is None:
        return begin(guide, session)
    if asked in NAMING and session.step is not None:
        return ask_again(guide, session)
    if asked is not None:
        session = session if unsaid(session) else ask(guide, session, asked)
        return answer(guide, session, "ok_resume")
    step = guide.step(session.step or "")
    if strong or step.asks:
        return forward(guide, session, "ok_resume")
    return answer(guide, session, "ok_resume")


def ready(guide: Guide, session: Session, slots: Slots) -> Session:
    """She is set: carries on, or moves on."""
    if session.question in SAFETY:
        return wait_for_safety(guide, session)
    if session.question in guide.question_ids:
        return hint(guide, session)
    if session.question == "confirm_finish":
        return missed(session)
    if session.mode == "guiding":
        return skip(guide, session, slots)
    return resume(guide, session, slots)


def skip(guide: Guide, session: Session, slots: Slots) -> Session:
    """The next step, or the next question with its usual answer."""
    if session.finishing:
        return keep_going(guide, session)
    if session.mode == "idle":
        return missed(session)
    if session.closing is not None:
        return answer(guide, session, "at_last")
    if session.ask in SAFETY:
        return answer_safety(guide, _lifted(session), "next")
    if session.ask is not None:
        return _usual_answer(guide, _lifted(session))
    if session.step is None:
        return begin(guide, _lifted(session))
    last = next_step(guide, session, session.step) is None
    return forward(guide, session, None if last else "ok_next")


def back(guide: Guide, session: Session, slots: Slots) -> Session:
    """The start of the step before, or the question before."""
    if session.finishing:
        return keep_going(guide, session)
    if session.mode == "idle":
        return missed(session)
    if session.step is None:
        return _question_before(guide, _lifted(session))
    before = previous_step(guide, session, session.step)
    if before is None:
        return answer(guide, session, "at_first")
    return enter(guide, then(guide, drop(session), "ok_back", "ack"), before)


def repeat(guide: Guide, session: Session, slots: Slots) -> Session:
    """The open question, or the present line, from its beginning."""
    return ask_again(guide, session) if session.question else say_again(session)


def restart(guide: Guide, session: Session, slots: Slots) -> Session:
    """Everything from the beginning, with the same choices once the set-up is done."""
    if session.step is None:
        first = replace(_lifted(drop(session)), answered=(), closing=None)
        return begin(guide, first) if session.ask is None else ask_first(guide, first)
    session = then(guide, replace(drop(session), skipped=()), "start_now", "ack")
    return enter(guide, session, next_step(guide, session, None))


def milk_coming(guide: Guide, session: Session, slots: Slots) -> Session:
    """To expressing, from anywhere after the set-up. Needs no safety check."""
    target = to_express(guide, session)
    if session.step is None or target is None:
        return missed(session)
    if guide.step(session.step).phase == "express" and not session.closing:
        flowing = milk_here(guide, session)
        return go_on(guide, flowing) if session.suspended else answer(guide, flowing, "milk_here")
    session = enter(guide, then(guide, drop(session), "milk_coming", "ack"), target)
    return replace(session, place=replace(session.place, milk=True))


def milk_here(guide: Guide, session: Session) -> Session:
    """She feels it come: no second try is needed, and what waits for milk is said now."""
    step, place = guide.step(session.step or ""), session.place
    told = place.told
    for number, cue in enumerate(step.cues):
        key = f"{step.id}.cue{number}"
        if cue.with_milk == "now" and key not in told and place.opened:
            told = (*told, key)
            session = then(guide, session, cue.line)
    return replace(session, place=replace(place, milk=True, retry_at=None, told=told))


def go_to(guide: Guide, session: Session, slots: Slots) -> Session:
    """To a part she names, or to the one it runs alongside; not to one that is closed or not on her way."""
    part = slots.get("part", "")
    named = [step for step in guide.steps if part in (step.id, step.phase)]
    if not named or session.step is None or session.closing:
        return missed(session)
    for step in named:
        target = host(guide, session, step) or step
        if applies(guide, session, target) and (target.id == step.id or gate_open(session) or not step.gated):
            return enter(guide, then(guide, drop(session), "ok_next", "ack"), target)
    closed = not gate_open(session) and any(step.gated for step in named)
    return answer(guide, session, "blocked_step" if closed else "not_on_way")


def skip_phase(guide: Guide, session: Session, slots: Slots) -> Session:
    """Leaves warmth or massage out."""
    phase = slots.get("phase", "")
    gated = {step.phase for step in guide.steps if step.gated}
    if session.step is None or session.closing or phase not in gated:
        return missed(session)
    here = guide.step(session.step).phase
    session = replace(session, skipped=(*(p for p in session.skipped if p != phase), phase))
    if here == phase:
        return forward(guide, session, "ok_skip")
    return answer(guide, session, "ok_skip")


def hint(guide: Guide, session: Session) -> Session:
    """That was no answer to the open set-up question: how to answer it, then the question again."""
    question = session.question or ""
    return ask(guide, then(guide, drop(session), "ask_again_hint", "reply"), question)


def _usual_answer(guide: Guide, session: Session) -> Session:
    if session.ask == "same_as_last":
        return start_steps(guide, drop(session), read_back=False)
    if session.ask == "amount":
        return record.over(guide, session)
    if session.ask in NAMING:
        return naming.over(guide, session)
    return take_default(guide, session, told=False)


def _question_before(guide: Guide, session: Session) -> Session:
    return begin(guide, session) if session.ask is None else previous_question(guide, session)


def _lifted(session: Session) -> Session:
    """Out of a pause, with the question that lies under it."""
    return replace(settled(session), ask=session.ask, heard_name=session.heard_name)


def _chosen(guide: Guide, session: Session, slots: Slots) -> Session:
    for question, option in slots.items():
        if question in guide.by_question and option in guide.by_question[question].options:
            session = take(guide, session, question, option)
            session = replace(session, answered=())
    return session
