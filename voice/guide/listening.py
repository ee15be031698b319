"""What the ear and the devices report besides commands."""

from __future__ import annotations

from dataclasses import replace

from voice.guide import naming, nearly
from voice.guide.events import Cleared, DeviceBack, DeviceLost, Rejected
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.relaxing import sounds
from voice.guide.session import Session
from voice.guide.speaking import answer, hold, restart_sentence

TALKED_OVER = 0.6
"""Seconds of sound over a sentence after which it is said again: more than a cough."""

DIRECTED = 0.3
"""Seconds a rejected sound must last to count as said to the guide."""

NEARBY = 20.0
"""Two of them within this many seconds mean that she tries to say something."""

LONGEST_TRY = 2.5
"""Seconds: what lasts longer is talk, not a try at a command."""

SAME_TALK = 0.3
"""Seconds after a rejection in which what begins belongs to it: the ear cuts a sentence where it pauses."""

HELP_EVERY = 300.0
"""Seconds in which she is told at most once how to get help."""

NOT_HERS = ("own_voice", "too_quiet")
"""Reasons of a rejection that was not said to the guide."""


def rejected(guide: Guide, session: Session, event: Rejected) -> Session:
    """Something was said that is no command now."""
    if session.ended or session.waiting:
        return session
    if event.reason in NOT_HERS or not event.ended - event.began >= DIRECTED:
        return session
    more_of_it = session.turned_away is not None and event.began - session.turned_away <= SAME_TALK
    session = restart_sentence(replace(session, turned_away=session.at))
    if nearly.askable(session, event):
        return nearly.ask(guide, session, event)
    if more_of_it or event.ended - event.began > LONGEST_TRY:
        return session
    again = session.misses > 0 and session.at - session.missed_at <= NEARBY
    if not again:
        return replace(session, misses=1, missed_at=session.at)
    session = missed(replace(session, misses=0))
    if session.question in ("helper_name", "mother_name"):
        return naming.unknown(guide, session)
    told = session.helped_at is not None and session.at - session.helped_at < HELP_EVERY
    if told or session.silenced or session.wordless:
        return session
    return answer(guide, replace(session, helped_at=session.at), "not_caught_help", "reply")


def suspected(guide: Guide, session: Session) -> Session:
    """She may be speaking: what is being said, or sounds under it, gives way."""
    if session.speech.now is None and not sounds(guide, session):
        return session
    return replace(session, speech=replace(session.speech, ducked=True))


def cleared(session: Session, event: Cleared) -> Session:
    """She was not; a sentence that was drowned is said again."""
    session = replace(session, speech=replace(session.speech, ducked=False))
    return restart_sentence(session) if event.spoke >= TALKED_OVER else session


def device_lost(guide: Guide, session: Session, event: DeviceLost) -> Session:
    """Silence, and her place is kept; she hears it when only the microphone is gone."""
    if event.device in session.lost:
        return session
    session = replace(session, lost=(*session.lost, event.device))
    if session.ended:
        return session
    session = hold(session)
    if not session.unbegun and session.mode != "idle" and session.closing is None:
        again = session.returning or session.offering
        session = replace(session, held=True, finishing=False, offering=False, returning=again)
    if event.device == "speaker" or session.silenced or session.waiting:
        return session
    return answer(guide, session, "device_muted" if event.muted else "device_lost_microphone", "reply")


def device_back(guide: Guide, session: Session, event: DeviceBack) -> Session:
    """The device is there again; the guide waits for her."""
    if event.device not in session.lost:
        return session
    session = replace(session, lost=tuple(device for device in session.lost if device != event.device))
    if session.ended or session.silenced or session.waiting:
        return session
    if session.mode not in ("idle", "paused"):
        return session  # she was heard, and it goes on already
    if event.device == "microphone":
        return answer(guide, session, "device_back_microphone", "reply")
    return answer(guide, session, "ok_pause") if session.mode == "paused" else session
