"""What must never go wrong: the safety check, red flags, pain and heat."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.asking import ask, ask_again
from voice.guide.model import Guide
from voice.guide.moves import forward
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, hold, then
from voice.guide.words import PAINED_PHASES


def red_flag(guide: Guide, session: Session, flag: str) -> Session:
    """She named a sign that closes warmth and massage: silence, then who to call; the guide waits."""
    known = flag in session.flags
    flags = session.flags if known else (*session.flags, flag)
    session = replace(session, flags=flags, safety="flagged", finishing=False, asking_pain=False, asks=0)
    if flag == "pregnant":
        return _referred(guide, session)
    if session.ended:
        return answer(guide, session, f"refer_{flag}", "reply")
    session = hold(session)
    if session.ask in ("safety", "safety_which"):
        session = replace(drop(session), ask=None, place=replace(session.place, opened=True))
    if session.mode != "idle":
        session = replace(session, held=True, offering=False)
    return answer(guide, session, "refer_again" if known else f"refer_{flag}", "reply")


def answer_safety(guide: Guide, session: Session, intent: str) -> Session:
    """Her answer to the safety check: `none`, `no`, `yes` or `next`."""
    if intent == "yes":
        closed = "unasked" if session.safety == "clear" else session.safety
        return ask(guide, replace(drop(session), safety=closed), "safety_which")
    if intent == "next":
        safety = session.safety if session.safety == "flagged" else "skipped"
        session = replace(session, safety=safety)
        return forward(guide, session, "safety_skipped")
    if session.flags:
        return forward(guide, session, "refer_again")
    return forward(guide, replace(session, safety="clear"), "safety_clear")


def pain(guide: Guide, session: Session) -> Session:
    """It hurts: everything stops, and she is asked how strong it is."""
    session = replace(
        hold(session),
        held=True,
        asking_pain=True,
        hurt="unsaid",
        finishing=False,
        offering=False,
        returning=False,
        asks=0,
    )
    return answer(guide, session, "pain_pause", "reply")


def pain_answer(guide: Guide, session: Session, strong: bool) -> Session:
    """How strong it is. Strong pain leaves warmth or massage out for the session."""
    phase = guide.step(session.step).phase if session.step else "other"
    session = replace(session, asking_pain=False, hurt="strong" if strong else "mild")
    if not strong:
        return answer(guide, session, f"pain_mild_{phase if phase in PAINED_PHASES else 'other'}", "reply")
    parts = [step.id for step in guide.steps if step.gated and step.phase == phase]
    left_out = (*session.left_out, *(part for part in parts if part not in session.left_out))
    return answer(guide, replace(session, left_out=left_out), "pain_strong", "reply")


def too_hot(guide: Guide, session: Session) -> Session:
    """Too hot: everything stops until she goes on."""
    session = replace(
        hold(session),
        held=True,
        asking_pain=False,
        hurt="hot",
        finishing=False,
        offering=False,
        returning=False,
    )
    return answer(guide, session, "too_hot_pause", "reply")


def helper_off(guide: Guide, session: Session, line: str) -> Session:
    """The one who rubs her back is told to take the hands off, or to press less; the guide waits for her."""
    if session.ended or session.closing:
        return answer(guide, session, line, "reply")
    session = replace(hold(session), finishing=False, offering=False, held=session.mode != "idle")
    return answer(guide, session, line, "reply")


def wait_for_safety(guide: Guide, session: Session) -> Session:
    """Something else was said to the safety question: it stays open."""
    if session.ask == "safety_which":
        return ask_again(guide, session)
    return answer(guide, session, "safety_unanswered", "reply")


def _referred(guide: Guide, session: Session) -> Session:
    session = replace(
        drop(session),
        ask=None,
        held=False,
        offering=False,
        returning=False,
        hurt=None,
        history=(),
        closing="referred",
    )
    return then(guide, session, "refer_pregnant", "reply")
