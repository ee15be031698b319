"""Reading the journal back: the history of nights for her, the runs with their events for a replay."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from voice.errors import LullError
from voice.guide.events import Event
from voice.guide.parts import Amount
from voice.runtime.storage import open_for_reading

EVENT_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(frozen=True)
class Past:
    """One line of the history. `how`: finished, left, referred, or cut (the program was killed)."""

    began: datetime
    minutes: float
    how: str
    step: str
    choices: dict[str, str]
    amounts: tuple[Amount, ...] = ()
    expressed_at: str = ""


@dataclass(frozen=True)
class Recorded:
    """An event as it was journalled, and the digest of the session after it."""

    event: Event
    after: str


@dataclass(frozen=True)
class Run:
    """One run of the program over a session: its first state, and what happened."""

    began: datetime
    guide: str
    version: str
    first_state: str
    events: tuple[Recorded, ...] = field(repr=False)


def history(path: Path) -> list[Past]:
    """Every session in the file at `path`, oldest first. Raises LullError as `open_for_reading` does."""
    with open_for_reading(path) as database:
        rows = database.execute(
            "SELECT began,how,step,choices,state,(SELECT sum(seconds) FROM run WHERE run.session=session.id)"
            " FROM session ORDER BY id"
        ).fetchall()
    database.close()
    return [
        Past(
            datetime.fromisoformat(began),
            (seconds or 0.0) / 60,
            how or "cut",
            step,
            json.loads(choices),
            *_told(state),
        )
        for began, how, step, choices, state, seconds in rows
    ]


class _Told(BaseModel):
    """What she told at the end of a session; all else in it is left alone."""

    model_config = ConfigDict(extra="ignore")

    amounts: tuple[Amount, ...] = ()
    expressed_at: str = ""


def _told(state: str) -> tuple[tuple[Amount, ...], str]:
    """Amounts and time in a session that another version may have written; none when unreadable."""
    try:
        told = _Told.model_validate_json(state)
    except ValidationError:
        return (), ""
    return told.amounts, told.expressed_at


def runs(path: Path) -> list[Run]:
    """Every run whose events are still kept in the file at `path`, oldest first."""
    with open_for_reading(path) as database:
        found = database.execute(
            "SELECT run.id,run.began,guide,version,first_state FROM run"
            " JOIN session ON session.id=run.session ORDER BY run.id"
        ).fetchall()
        result = []
        for key, began, guide, version, first in found:
            rows = database.execute("SELECT kind,body,after FROM event WHERE run=? ORDER BY id", (key,))
            events = tuple(Recorded(_event(kind, body), after) for kind, body, after in rows)
            result.append(Run(datetime.fromisoformat(began), guide, version, first, events))
    database.close()
    return result


def _event(kind: str, body: str) -> Event:
    try:
        return EVENT_KINDS[kind](**json.loads(body))
    except (KeyError, TypeError, ValueError) as error:
        raise LullError(
            f"The journal holds an event that this Lull does not know ({kind}); update Lull."
        ) from error
