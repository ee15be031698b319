"""Between the guide and the journal: a session as it is written down, and the one a night begins with."""

from __future__ import annotations

from voice.errors import LullError
from voice.guide.model import Guide
from voice.guide.session import Session, from_json, new_session, resumed, to_json
from voice.runtime.journal import Bookmark, Journal


def bookmark(session: Session) -> Bookmark:
    """Her place, and what the history and the next night need. Choices count from the first step on."""
    choices = dict(session.choices) if session.step else {}
    return Bookmark(to_json(session), choices, session.step or "", session.rate, session.level)


def open_session(
    guide: Guide, journal: Journal, at: float, carry_on_hours: float, pace: float, level: float
) -> tuple[Session, str]:
    """The session to run from loop second `at`, begun in the journal: one cut short, or a new one.

    `pace` and `level` are those of the first night; later ones begin as the last ended. The text is a notice
    she should read, or empty.
    """
    notice = ""
    cut_short = journal.unfinished(carry_on_hours)
    if cut_short is not None:
        try:
            session = resumed(from_json(cut_short.state, guide), at=at)
            journal.begin(guide.id, guide.version, bookmark(session), cut_short)
            return session, ""
        except LullError as error:
            notice = str(error)
    kept = journal.remembered()
    session = new_session(
        guide,
        at=at,
        night=kept.night,
        last_choices=kept.choices,
        rate=kept.rate if kept.rate is not None else pace,
        level=kept.level if kept.level is not None else level,
    )
    journal.begin(guide.id, guide.version, bookmark(session))
    return session, notice
