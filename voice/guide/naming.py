"""What she and her helper are called: asked once where it will be said, said back before it is kept.

A name is only ever one the ear can know; a name it does not know is never guessed at.
"""

from __future__ import annotations

from dataclasses import replace

from voice.guide.asking import ask_again, begin_steps
from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, hold, then
from voice.guide.words import NAMING, ROLES


def name(guide: Guide, session: Session, slots: Slots) -> Session:
    """A name that the ear knows, of the one asked for or of the one she says it is: is that right?"""
    said = slots.get("name", "")
    if session.ask not in NAMING or session.held or not said:
        return missed(session)
    who = slots.get("who") or _asked_for(session)
    if who not in ROLES:
        return missed(session)
    session = replace(session, heard_name=(who, said))
    return ask_again(guide, replace(session, ask="name_right", asks=0))


def ask_for(guide: Guide, session: Session, slots: Slots) -> Session:
    """She wants a name changed, or none said any more."""
    who = slots.get("who", "")
    if who == "none":
        forgotten = {role: "" for role in ROLES}
        session = replace(session, told_names=forgotten, names={}, name_asked=ROLES)
        return (
            over(guide, session, "ok_no_names") if _open(session) else answer(guide, session, "ok_no_names")
        )
    if who not in ROLES or session.mode != "guiding" or session.closing:
        return missed(session)
    session = replace(hold(session), ask=f"{who}_name", asks=0)
    return answer(guide, session, f"ask_{who}_name", "reply")


def yes(guide: Guide, session: Session) -> Session:
    """The name was heard right: it is said from now on, and on later nights."""
    if session.heard_name is None:
        return ask_again(guide, session)
    who, said = session.heard_name
    session = replace(
        session, told_names={**session.told_names, who: said}, names={**session.names, who: said}
    )
    return over(guide, session, "ok_name")


def no(guide: Guide, session: Session) -> Session:
    """It was heard wrong: once more. To the question for a name itself: none is said."""
    if session.ask != "name_right" or session.heard_name is None:
        return over(guide, session)
    who, _ = session.heard_name
    session = replace(session, ask=f"{who}_name", heard_name=None, asks=0)
    if session.suspended:
        return answer(guide, session, "ask_name_again", "reply")
    return then(guide, drop(session), "ask_name_again")


def unknown(guide: Guide, session: Session) -> Session:
    """She says a name the ear does not know: the guide goes on without it."""
    return over(guide, session, "name_unknown")


def over(guide: Guide, session: Session, line: str | None = None) -> Session:
    """No more about this name: the next question or the steps, or back to the step she is at."""
    asked = tuple(role for role in ROLES if role in session.name_asked or role == _asked_for(session))
    session = replace(session, name_asked=asked, heard_name=None, ask=None, asks=0)
    if session.step is not None:
        return answer(guide, session, line or "ok_resume", "ack")
    session = drop(session)
    if line is not None:
        session = then(guide, session, line, "ack")
    return begin_steps(guide, session)


def _open(session: Session) -> bool:
    return session.ask in NAMING and not session.held


def _asked_for(session: Session) -> str:
    if session.ask == "name_right":
        return session.heard_name[0] if session.heard_name else ""
    return (session.ask or "").removesuffix("_name")
