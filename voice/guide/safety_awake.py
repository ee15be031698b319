"""With her baby in her arms in a calm step: is she still awake? Never asleep together on a chair or sofa."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.events import Slots
from voice.guide.model import Guide
from voice.guide.plan import holds_baby
from voice.guide.session import Session
from voice.guide.speaking import answer, answer_louder, hold, take_up
from voice.guide.timing import CLOSE

EVERY = 120.0
"""Seconds with her baby in her arms between two questions."""

LOUDER_AFTER = 15.0
"""Seconds of silence after which she is asked once more, louder."""

COT_AFTER = 20.0
"""Further seconds after which she is told to lay her baby in the cot, and the guide waits."""

LOUDER = 6.0
"""dB above her chosen loudness: twice the sound pressure, enough to be noticed when half asleep."""


def due(guide: Guide, session: Session) -> bool:
    """She has held her baby long enough to be asked."""
    return session.with_baby >= EVERY - CLOSE and holds_baby(guide, session)


def ask(guide: Guide, session: Session) -> Session:
    """Asks whether she is awake; the time of the step waits."""
    session = replace(session, awake="asked", asks=0)
    return answer(guide, session, "awake_ask", "reply")


def unanswered(guide: Guide, session: Session) -> Session:
    """Silence: once louder, then the cot and a pause."""
    if session.awake == "asked":
        return answer_louder(guide, replace(session, awake="louder"), "awake_ask", LOUDER)
    return _to_the_cot(guide, session, LOUDER)


def sleepy(guide: Guide, session: Session) -> Session:
    """She says that she is falling asleep."""
    return _to_the_cot(guide, session, 0.0)


def heard(session: Session) -> Session:
    """She spoke, so she is awake: the narration goes on where it was."""
    return take_up(replace(session, awake="", with_baby=0.0, asks=0))


def yes(guide: Guide, session: Session, slots: Slots) -> Session:
    """She is awake."""
    return answer(guide, session, "ok_awake")


def no(guide: Guide, session: Session, slots: Slots) -> Session:
    """She is not quite awake."""
    return sleepy(guide, session)


def _to_the_cot(guide: Guide, session: Session, gain: float) -> Session:
    session = replace(hold(session), held=session.mode != "idle", awake="", with_baby=0.0, asks=0)
    line = "sleepy_rest" if session.apart else "awake_cot"
    return answer_louder(guide, session, line, gain)
