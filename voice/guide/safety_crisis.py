"""Emergency words, and words of harm to herself or her baby: stop, who to call now, and wait with her."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from voice.guide.events import Slots
from voice.guide.going import go_on
from voice.guide.model import Guide
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, hold


def crisis(guide: Guide, session: Session, kind: Literal["emergency", "harm"]) -> Session:
    """Silence, then who to call now. Warmth and massage stay closed; nothing goes on by itself."""
    flags = session.flags if kind in session.flags else (*session.flags, kind)
    session = replace(session, flags=flags, safety="flagged", asking_pain=False, asks=0, awake="")
    if session.ended or session.closing == "referred":
        return answer(guide, session, f"refer_{kind}", "reply")
    session = replace(hold(session), finishing=False, offering=False)
    if session.ask in ("safety", "safety_which"):
        session = replace(drop(session), ask=None, place=replace(session.place, opened=True))
    under_way = session.held or not (session.mode == "idle" or session.unbegun)
    session = replace(session, crisis=kind, held=under_way)
    return answer(guide, session, f"refer_{kind}", "reply")


def waiting_again(session: Session) -> Session:
    """Called for while Lull was waiting, nothing is left of it when that is over: a film may have said it."""
    return replace(session, crisis="", flags=(), safety="unasked") if session.unbegun else session


def again(guide: Guide, session: Session, slots: Slots) -> Session:
    """Whatever else she says: who to call, once more."""
    return answer(guide, session, f"refer_{session.crisis}", "reply")


def passed(guide: Guide, session: Session, slots: Slots) -> Session:
    """She says to carry on: the guide does, without warmth and massage."""
    return go_on(guide, replace(session, crisis=""))
