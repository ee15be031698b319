"""Commands that answer a question, make a choice, or end the session."""

from __future__ import annotations

from dataclasses import replace

from voice.guide import naming, record
from voice.guide.asking import ask, ask_again, ask_next, begin, keep_going, start_steps, take, take_default
from voice.guide.events import Slots
from voice.guide.going import SAFETY, go_on, hint
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.moves import enter, settled, to_finish
from voice.guide.parts import Place
from voice.guide.safety import answer_safety, pain_answer
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, hold, then
from voice.guide.words import NAMING


def yes(guide: Guide, session: Session, slots: Slots) -> Session:
    """Yes to the open question."""
    question = session.question
    if question == "confirm_finish":
        return _finish(guide, session)
    if question == "carry_on":
        return go_on(guide, session)
    if question == "same_as_last":
        return start_steps(guide, drop(session), read_back=False)
    if question in SAFETY:
        return answer_safety(guide, session, "yes")
    if question in NAMING:
        return naming.yes(guide, session)
    if question in guide.question_ids:
        return take_default(guide, session, told=False)
    if question == "amount":
        return record.right(guide, session)
    return ask_again(guide, session) if question == "pain" else missed(session)


def no(guide: Guide, session: Session, slots: Slots) -> Session:
    """No to the open question."""
    question = session.question
    if question == "confirm_finish":
        return keep_going(guide, session)
    if question == "carry_on":
        return _fresh(guide, session)
    if question == "same_as_last":
        return ask_next(guide, drop(session))
    if question in SAFETY:
        return answer_safety(guide, session, "none")
    if question in NAMING:
        return naming.no(guide, session)
    if question in guide.question_ids:
        return hint(guide, session)
    if question == "amount":
        return record.wrong(guide, session)
    return ask_again(guide, session) if question == "pain" else missed(session)


def none(guide: Guide, session: Session, slots: Slots) -> Session:
    """None of the signs asked for; or no milk to write down."""
    if session.question == "amount":
        return record.over(guide, session)
    return answer_safety(guide, session, "none") if session.question in SAFETY else missed(session)


def mild(guide: Guide, session: Session, slots: Slots) -> Session:
    """The pain is mild."""
    return pain_answer(guide, session, strong=False) if _pained(session) else missed(session)


def strong(guide: Guide, session: Session, slots: Slots) -> Session:
    """The pain is strong."""
    return pain_answer(guide, session, strong=True) if _pained(session) else missed(session)


def choose(guide: Guide, session: Session, slots: Slots) -> Session:
    """A choice for any of the set-up's questions, at any time."""
    made = {
        question: option
        for question, option in slots.items()
        if question in guide.by_question and option in guide.by_question[question].options
    }
    if not made or session.closing:
        return missed(session)
    open_question = session.question
    for question, option in made.items():
        session = take(guide, session, question, option)
    if made.get("cue") == "baby":
        session = replace(session, apart="")
    if open_question == "same_as_last":
        return start_steps(guide, drop(session), read_back=True)
    if open_question in guide.question_ids:
        session = drop(session)
        for option in made.values():
            session = then(guide, session, f"choice_{option}", "ack")
        return ask_next(guide, session)
    return answer(guide, session, f"choice_{next(iter(made.values()))}")


def finish(guide: Guide, session: Session, slots: Slots) -> Session:
    """Asks once whether to end; in the last step it simply ends."""
    if session.mode == "idle" or session.closing:
        return missed(session)
    if session.finishing:
        return ask_again(guide, session)
    last = to_finish(guide, session)
    if last is not None and session.step == last.id:
        return enter(guide, drop(session), None)
    session = replace(hold(session), finishing=True, offering=False, returning=False, asks=0)
    return answer(guide, session, "confirm_finish", "reply")


def leave(guide: Guide, session: Session, slots: Slots) -> Session:
    """Goodbye: her place is kept and the session ends."""
    if session.closing == "left":
        return session
    under_way = session.step is not None
    session = replace(hold(session), closing="left", finishing=False, offering=False, asking_pain=False)
    session = replace(session, crisis="")
    session = replace(session, held=False, returning=False, ask=session.ask)
    cut = session.speech.cut
    session = replace(session, speech=replace(session.speech, cut=()))
    if under_way:
        session = then(guide, session, "left_saved", "ack")
    return replace(session, speech=replace(session.speech, cut=cut))


def _finish(guide: Guide, session: Session) -> Session:
    last = to_finish(guide, session) if session.step is not None else None
    return enter(guide, drop(session), last)


def _fresh(guide: Guide, session: Session) -> Session:
    session = settled(drop(session))
    session = replace(
        session,
        place=Place(),
        answered=(),
        skipped=(),
        left_out=(),
        history=(),
        blocked_told=False,
        safety="flagged" if session.flags else "unasked",
        expressed=0.0,
    )
    session = then(guide, session, "carry_on_fresh", "ack")
    if session.last_choices:
        return ask(guide, session, "same_as_last")
    return ask_next(guide, session) if session.choices else begin(guide, session)


def _pained(session: Session) -> bool:
    return session.asking_pain or (session.held and session.hurt in ("unsaid", "mild"))
