"""Taking the last command back: what it changed, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

from voice.guide.asking import ask_again
from voice.guide.events import Slots
from voice.guide.model import Guide
from voice.guide.parts import Place, Snapshot
from voice.guide.session import Session, unsaid
from voice.guide.speaking import answer, drop

DEPTH = 5
"""Commands that can be taken back one after the other."""

PAUSES = frozenset({"held", "asking_pain", "hurt"})
"""A command that changed only these ended a pause: there is nothing to take back."""

MOVES = frozenset({"place", "ask"})
"""Only a command that changed these is taken back by moving her; otherwise time and narration go on."""


def remembered(before: Session, after: Session) -> Session:
    """`after`, able to go back to `before` if the command changed anything that undo brings back."""
    if before.ended or before.closing == "referred" or before.mode == "idle":
        return after
    changed = _changed(_snapshot(before, ()), _snapshot(after, ()))
    if not set(changed) - PAUSES:
        return after
    return replace(after, history=(*before.history, _snapshot(before, changed))[-DEPTH:])


def undo(guide: Guide, session: Session, slots: Slots) -> Session:
    """Her place, choices, pace or loudness as before the last command. Red flags and pain stay."""
    if not session.history:
        return answer(guide, session, "nothing_to_undo")
    old = session.history[-1]
    moves = bool(MOVES & set(old.changed))
    if moves and session.hurt is not None and old.hurt is None:
        return answer(guide, session, "nothing_to_undo")
    restored = replace(_restored(session, old), history=session.history[:-1])
    if not moves:
        return answer(guide, restored, "ok_undo")
    restored = replace(drop(restored), asks=0, finishing=False, offering=False, returning=False, closing=None)
    restored = replace(restored, speech=replace(restored.speech, cut=old.cut))
    if restored.question and not old.cut:
        restored = ask_again(guide, restored)
    return answer(guide, restored, "ok_undo")


def _restored(session: Session, old: Snapshot) -> Session:
    changed, place = set(old.changed), session.place
    moves = bool(MOVES & changed)
    if "place" in changed:
        place = old.place
    elif "tuning" in changed and place.step == old.place.step:
        place = replace(place, added=old.place.added, side=old.place.side)
    # Going back never opens the gate: only her answer does.
    opens = old.safety == "clear" and session.safety != "clear"
    return replace(
        session,
        place=place,
        ask=old.ask if moves else session.ask,
        held=old.held if moves else session.held,
        asking_pain=old.asking_pain if moves else session.asking_pain,
        hurt=old.hurt if moves else session.hurt,
        safety=old.safety if "safety" in changed and not opens else session.safety,
        choices=old.choices if "choices" in changed else session.choices,
        answered=old.answered if "answered" in changed else session.answered,
        skipped=old.skipped if "skipped" in changed else session.skipped,
        rate=old.rate if "rate" in changed else session.rate,
        level=old.level if "level" in changed else session.level,
        extras=old.extras if "extras" in changed else session.extras,
        wishes=old.wishes if "wishes" in changed else session.wishes,
        names=old.names if "names" in changed else session.names,
        told_names=old.told_names if "told_names" in changed else session.told_names,
        heard_name=old.heard_name if moves else session.heard_name,
    )


def _snapshot(session: Session, changed: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        changed=changed,
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
        extras=session.extras,
        wishes=session.wishes,
        names=session.names,
        told_names=session.told_names,
        heard_name=session.heard_name,
    )


def _changed(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    named = [field.name for field in fields(Snapshot) if field.name not in ("changed", "place", "cut")]
    changed = [name for name in named if getattr(before, name) != getattr(after, name)]
    if before.place != after.place:
        changed.append("tuning" if _stays(before.place, after.place) else "place")
    return tuple(changed)


def _stays(before: Place, after: Place) -> bool:
    """The same moment of the same step; only its length or its side changed."""
    return (before.step, before.opened, before.elapsed) == (after.step, after.opened, after.elapsed)
