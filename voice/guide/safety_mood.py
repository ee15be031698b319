"""Feelings, and a baby who is very ill or has died: a kind word, a pause, and who can help. No advice."""

from __future__ import annotations

from dataclasses import replace

from voice.guide import safety_awake
from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.parts import Apart
from voice.guide.session import Session
from voice.guide.speaking import answer, hold

APART: dict[str, Apart] = {"died": "died", "ill": "ill"}


def feeling(guide: Guide, session: Session, slots: Slots) -> Session:
    """How she feels: everything waits, she hears a kind line, and may stop or carry on."""
    what = slots.get("what", "")
    if what == "sleepy":
        return safety_awake.sleepy(guide, session)
    if f"feeling_{what}" not in guide.lines:
        return missed(session)
    if session.ended or session.closing:
        return answer(guide, session, f"feeling_{what}", "reply")
    session = replace(hold(session), held=session.mode != "idle", finishing=False, offering=False)
    return answer(guide, session, f"feeling_{what}", "reply")


def apart(guide: Guide, session: Session, slots: Slots) -> Session:
    """Her baby died, or is very ill: nothing asks her to picture it any more, tonight or later."""
    what = APART.get(slots.get("what", ""))
    if what is None:
        return missed(session)
    session = replace(session, apart=what)
    if session.ended or session.closing:
        return answer(guide, session, f"told_{what}", "reply")
    session = replace(hold(session), held=session.mode != "idle", finishing=False, offering=False)
    return answer(guide, session, f"told_{what}", "reply")
