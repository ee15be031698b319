"""A command that was nearly understood: she is asked once, and it is let go when she says nothing."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.events import Rejected, Slots
from voice.guide.model import Guide
from voice.guide.outcome import SILENT
from voice.guide.parts import Nearly
from voice.guide.session import Session
from voice.guide.speaking import NEARLY_ASKED, answer, cut_short

EVERY = 60.0
"""Seconds in which she is asked at most once: a room full of talk must not be questioned all night."""

LONGEST = 15.0
"""Seconds after which the question is let go even if it was never said to its end."""


def askable(session: Session, event: Rejected) -> bool:
    """Whether nothing is lost by asking: she is being guided, no question is open, and it can wait."""
    if not event.nearly or event.nearly in SILENT or session.nearly is not None:
        return False
    if session.mode != "guiding" or session.closing is not None or session.wordless or session.silenced:
        return False
    return session.nearly_at is None or session.at - session.nearly_at >= EVERY


def ask(guide: Guide, session: Session, event: Rejected) -> Session:
    """Did you say it? Time goes on; the narration waits for her answer."""
    asked = Nearly(event.nearly, dict(event.slots), session.at + LONGEST)
    session = replace(session, nearly=asked, nearly_at=session.at, misses=0)
    return answer(guide, session, NEARLY_ASKED, "reply", phrase=event.phrase)


def meant(asked: Nearly, intent: str, slots: Slots) -> tuple[str, Slots]:
    """Yes means what was asked about; anything else means itself."""
    return (asked.intent, asked.slots) if intent == "yes" else (intent, slots)


def let_go(session: Session) -> Session:
    """She did not say it: the guide goes on at once."""
    session = replace(session, nearly=None, misses=0, speech=replace(session.speech, ducked=False))
    return cut_short(session)
