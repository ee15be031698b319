"""What happened, written before it is shown as done: events, her place, and the history of nights.

No sound is ever written here. Each event keeps a short digest of the session after it, so that a replay can
tell where it parts from what really happened.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voice.guide.events import Cleared, Event, Suspected
from voice.runtime.storage import open_database, open_memory

KEEP_EVENTS_DAYS = 30
"""Days after which the events of a session are deleted; its line in the history stays."""

KEEP_UNWRITTEN = 5_000
"""Events kept in memory while the disk is full, to be written when there is room again."""


@dataclass(frozen=True)
class Bookmark:
    """Her place: the session as JSON, and the few facts that the history and the next night need."""

    state: str
    choices: dict[str, str]
    step: str
    rate: float
    level: float

    def digest(self) -> str:
        """Twelve hex digits that change when anything in the session does."""
        return hashlib.sha256(self.state.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Remembered:
    """What the next night begins with. `night` counts the sessions so far; `state` is the last, as JSON."""

    night: int = 0
    choices: dict[str, str] | None = None
    rate: float | None = None
    level: float | None = None
    state: str = ""


@dataclass(frozen=True)
class Unfinished:
    """A session that was cut short and may be carried on."""

    session: int
    state: str


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The writer of one run. Used by one thread.

    A disk that cannot be written never stops a session: the trouble is told once through `take_notices`, and
    what happened waits in memory until it can be written.
    """

    def __init__(
        self, database: sqlite3.Connection, notices: list[str], wall: Callable[[], datetime] = _now
    ) -> None:
        self._database = database
        self._notices = notices
        self._wall = wall
        self._session = 0
        self._run = 0
        self._began: Callable[[], None] = lambda: None
        self._first, self._stamp, self._from = Bookmark("", {}, "", 1.0, 0.0), "", 0.0
        self._waiting: list[tuple[float, str, str, str]] = []
        self._failing = False

    @staticmethod
    def open(path: Path, wall: Callable[[], datetime] = _now) -> Journal:
        """Open the journal at `path`, or one in memory (with a notice) where the disk cannot be written.

        Raises LullError when a newer Lull wrote it.
        """
        try:
            database, notices = open_database(path)
        except (sqlite3.Error, OSError) as error:
            notices = [f"The journal {path} cannot be written ({error}); tonight's place will not be kept."]
            database = open_memory()
        return Journal(database, notices, wall)

    @staticmethod
    def memory(wall: Callable[[], datetime] = _now) -> Journal:
        """A journal that leaves nothing behind."""
        return Journal(open_memory(), [], wall)

    def begin(
        self,
        guide: str,
        version: str,
        first: Bookmark,
        carries_on: Unfinished | None = None,
        at_once: bool = True,
    ) -> None:
        """Start a run: of a new session, or of the one that `carries_on`.

        Not `at_once`: nothing is written until she begins, so that a night of waiting leaves no trace.
        """
        self._first, self._stamp, self._from = first, self._wall().isoformat(), 0.0
        old = (self._wall() - timedelta(days=KEEP_EVENTS_DAYS)).isoformat()

        def began() -> None:
            self._database.execute(
                "DELETE FROM event WHERE run IN (SELECT id FROM run WHERE began < ?)", (old,)
            )
            if carries_on:
                self._session = carries_on.session
                self._database.execute("UPDATE session SET how=NULL WHERE id=?", (self._session,))
            else:
                self._session = self._insert(
                    "session(began,touched,guide,version,state,choices,step,rate,level)",
                    (self._stamp, self._stamp, guide, version, *_facts(self._first)),
                )
            row = (self._session, self._stamp, self._first.state)
            self._run = self._insert("run(session,began,first_state)", row)

        self._session, self._run, self._began = 0, 0, began
        if at_once:
            self._commit(lambda: None)

    def put_off(self, first: Bookmark, at: float) -> None:
        """Nothing has begun yet at loop second `at`: the run begins there and with `first`, if it begins."""
        if self._run == 0:
            self._first, self._stamp, self._from = first, self._wall().isoformat(), at

    def record(self, event: Event, after: Bookmark) -> None:
        """Commit an event and her place after it. Hints of speech wait for the next event that matters."""
        body = json.dumps(asdict(event), sort_keys=True)
        self._waiting.append((event.at, type(event).__name__, body, after.digest()))
        del self._waiting[:-KEEP_UNWRITTEN]
        if isinstance(event, Suspected | Cleared):
            return

        def write() -> None:
            self._write_waiting()
            self._database.execute(
                "UPDATE session SET touched=?,state=?,choices=?,step=?,rate=?,level=? WHERE id=?",
                (self._wall().isoformat(), *_facts(after), self._session),
            )
            lasted = event.at - self._from
            self._database.execute("UPDATE run SET seconds=? WHERE id=?", (lasted, self._run))

        if self._commit(write):
            self._waiting.clear()

    def end(self, how: str) -> None:
        """Write how the session ended: finished, left or referred."""
        self._commit(
            lambda: self._database.execute("UPDATE session SET how=? WHERE id=?", (how, self._session))
        )

    def unfinished(self, hours: float) -> Unfinished | None:
        """The last session, if it was cut short or left at a step, no longer than `hours` ago."""
        row = self._database.execute(
            "SELECT id,state,how,touched,step FROM session ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if row is None or row[2] in ("finished", "referred") or not row[4]:
            return None
        recent = self._wall() - datetime.fromisoformat(row[3]) <= timedelta(hours=hours)
        return Unfinished(row[0], row[1]) if recent else None

    def remembered(self) -> Remembered:
        """Her last choices, pace and level, and how many sessions there were."""
        night = self._database.execute("SELECT count(*) FROM session").fetchone()[0]
        row = self._database.execute(
            "SELECT choices FROM session WHERE choices<>'{}' ORDER BY id DESC LIMIT 1"
        ).fetchone()
        last = self._database.execute(
            "SELECT rate,level,state FROM session ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return Remembered(night, json.loads(row[0]) if row else None, *(last or (None, None, "")))

    def take_notices(self) -> list[str]:
        """Sentences she should read that she has not been given yet."""
        taken, self._notices = self._notices, []
        return taken

    def close(self) -> None:
        """Write what waits and close the file."""
        if self._waiting and self._commit(self._write_waiting):
            self._waiting.clear()
        self._database.close()

    def _write_waiting(self) -> None:
        rows = [(self._run, *row) for row in self._waiting]
        self._database.executemany("INSERT INTO event(run,at,kind,body,after) VALUES (?,?,?,?,?)", rows)

    def _insert(self, into: str, row: tuple[object, ...]) -> int:
        marks = ",".join("?" * len(row))
        return int(self._database.execute(f"INSERT INTO {into} VALUES ({marks})", row).lastrowid or 0)

    def _commit(self, write: Callable[[], object]) -> bool:
        """Run `write` in one transaction, after the beginning of the run where that is not written yet."""
        beginning = self._run == 0
        try:
            self._database.execute("BEGIN IMMEDIATE")
            if beginning:
                self._began()
            write()
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            if beginning:
                self._session = self._run = 0
            if not self._failing:
                self._notices.append(
                    f"The journal cannot be written ({error}). The guide goes on, but her place is not kept"
                    " until there is room."
                )
            self._failing = True
            return False
        if self._failing:
            self._notices.append("The journal can be written again.")
        self._failing = False
        return True


def _facts(bookmark: Bookmark) -> tuple[str, str, str, float, float]:
    choices = json.dumps(bookmark.choices, sort_keys=True)
    return bookmark.state, choices, bookmark.step, bookmark.rate, bookmark.level
