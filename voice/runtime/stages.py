"""What dialogues and rehearsals have in common: deeds that need no sound, and the way through the set-up."""

from __future__ import annotations

from collections.abc import Callable

from voice.guide.events import Command, DeviceBack, DeviceLost
from voice.guide.session import Session
from voice.runtime.loop import Loop
from voice.runtime.script import Entry, SetOut
from voice.runtime.view import View

SET_OUT_LIMIT = 3600.0
"""Seconds within which the set-up must be talked through."""


def common_deed(entry: Entry, loop: Loop, now: float) -> None:
    """Do what an entry says that is the same on every stage: keys, devices, the end."""
    if entry.press is not None:
        loop.handle(Command(now, entry.press, dict(entry.slots), "script"))
    if entry.lose is not None:
        loop.handle(DeviceLost(now, entry.lose, entry.muted))
    if entry.back is not None:
        loop.handle(DeviceBack(now, entry.back))
    if entry.quit:
        loop.quit()


def talk_through_set_up(
    wish: SetOut, view: Callable[[], View], session: Callable[[], Session], say: Callable[[str], None]
) -> bool:
    """Answer the next question, or move one step nearer to `wish.to`. True when nothing is left to do."""
    now = view()
    if now.question == "same_as_last":
        say("yes")
    elif now.question in ("helper_name", "mother_name"):
        say("next")
    elif now.question == "safety" and wish.to != "safe_check":
        say(wish.safety)
    elif now.question is not None or session().step is None:
        return now.question == "safety"
    elif wish.to is None or now.step == wish.to:
        return True
    else:
        say("next")
    return False
