"""Taking the last command back."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.asking import ask_again
from voice.guide.events import Slots
from voice.guide.model import Guide
from voice.guide.session import Session, Snapshot, unsaid
from voice.guide.speaking import answer, drop

DEPTH = 5
"""Commands that can be taken back one after the other."""


def remembered(before: Session, after: Session) -> Session:
    """`after`, able to go back to `before` if the command changed anything that undo brings back."""
    if before.ended or before.closing == "referred" or before.mode == "idle" or _same(before, after):
        return after
    return replace(after, history=(*before.history, _snapshot(before))[-DEPTH:])


def undo(guide: Guide, session: Session, slots: Slots) -> Session:
    """Her place, choices, pace and loudness as before the last command. Red flags and pain stay."""
    if not session.history:
        return answer(guide, session, "nothing_to_undo")
    old = session.history[-1]
    if session.hurt is not None and old.hurt is None:
        return answer(guide, session, "nothing_to_undo")
    session = _restored(drop(session), old)
    session = replace(session, speech=replace(session.speech, cut=old.cut))
    if session.question and not old.cut:
        session = ask_again(guide, session)
    return answer(guide, session, "ok_undo")


def _restored(session: Session, old: Snapshot) -> Session:
    # Going back never opens the gate: only her answer does.
    opens = old.safety == "clear" and session.safety != "clear"
    return replace(
        session,
        place=old.place,
        ask=old.ask,
        asks=0,
        held=old.held,
        asking_pain=old.asking_pain,
        hurt=old.hurt,
        safety=session.safety if opens else old.safety,
        choices=old.choices,
        answered=old.answered,
        skipped=old.skipped,
        rate=old.rate,
        level=old.level,
        finishing=False,
        offering=False,
        returning=False,
        closing=None,
        history=session.history[:-1],
    )


def _snapshot(session: Session) -> Snapshot:
    return Snapshot(
        place=session.place,
        ask=session.ask,
        held=session.held,
        asking_pain=session.asking_pain,
        hurt=session.hurt,
        safety=session.safety,
        choices=session.choices,
        answered=session.answered,
        skipped=session.skipped,
        rate=session.rate,
        level=session.level,
        cut=unsaid(session),
    )


def _same(before: Session, after: Session) -> bool:
    return replace(_snapshot(before), cut=()) == replace(_snapshot(after), cut=())
