"""Between the guide and the journal: a session as it is written down, and the one a night begins with."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, ValidationError

from voice.errors import LullError
from voice.guide.model import Guide
from voice.guide.parts import Apart, Wishes
from voice.guide.session import Session, from_json, new_session, resumed, to_json
from voice.guide.wishes import next_night, night_level
from voice.runtime.journal import Bookmark, Journal


def bookmark(session: Session) -> Bookmark:
    """Her place, and what the history and the next night need. Choices count from the first step on."""
    choices = dict(session.choices) if session.step else {}
    return Bookmark(to_json(session), choices, session.step or "", session.rate, session.level)


def open_session(
    guide: Guide,
    journal: Journal,
    at: float,
    carry_on_hours: float,
    pace: float,
    level: float,
    first: Wishes | None = None,
    names: dict[str, str] | None = None,
    waits: bool = False,
    asks_names: bool = False,
) -> tuple[Session, str]:
    """The session to run from loop second `at`, begun in the journal: one cut short, or a new one.

    `pace`, `level` and `first` are those of the first night; later ones begin as the last ended. `names` by
    role hold until she tells others by voice; `asks_names`: the ear knows enough of them to ask. `waits`:
    the journal is left alone until she begins. The text is a notice she should read, or empty.
    """
    notice = ""
    cut_short = journal.unfinished(carry_on_hours)
    if cut_short is not None:
        try:
            session = resumed(from_json(cut_short.state, guide), at=at)
            session = replace(_called(session, names, session.told_names), asks_names=asks_names)
            journal.begin(guide.id, guide.version, bookmark(session), cut_short, not waits)
            return session, ""
        except LullError as error:
            notice = str(error)
    kept = journal.remembered()
    before = _kept_of(kept.state, first or Wishes())
    wishes = before.wishes
    session = new_session(
        guide,
        at=at,
        night=kept.night,
        last_choices=kept.choices,
        rate=kept.rate if kept.rate is not None else pace,
        level=night_level(kept.level, wishes) if kept.level is not None else level,
        extras=before.extras,
        wishes=next_night(guide, wishes),
        asks_names=asks_names,
    )
    session = _called(session, names, before.told_names)
    session = replace(session, apart=before.apart, name_asked=before.name_asked)
    journal.begin(guide.id, guide.version, bookmark(session), at_once=not waits)
    return session, notice


def _called(session: Session, names: dict[str, str] | None, told: dict[str, str]) -> Session:
    """The session with the names by role: what she told by voice stands above the settings."""
    called = {role: name for role, name in {**(names or {}), **told}.items() if name}
    return replace(session, names=called, told_names=dict(told))


class _Kept(BaseModel):
    """The part of an earlier session that the next night begins with; all else in it is left alone."""

    model_config = ConfigDict(extra="ignore")

    wishes: Wishes = Wishes()
    extras: tuple[str, ...] = ()
    apart: Apart = ""
    told_names: dict[str, str] = {}
    name_asked: tuple[str, ...] = ()


def _kept_of(state: str, first: Wishes) -> _Kept:
    """Her wishes, added parts and whether her baby is not with her, of an earlier session; or `first`.

    Another version may have written it.
    """
    try:
        return _Kept.model_validate_json(state)
    except ValidationError:
        return _Kept(wishes=first)
