"""The one SQLite file: a power cut loses nothing that was committed, and a damaged file is set aside."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from voice.errors import LullError

MIGRATIONS = (
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY, began TEXT NOT NULL, touched TEXT NOT NULL,
        guide TEXT NOT NULL, version TEXT NOT NULL, state TEXT NOT NULL, choices TEXT NOT NULL,
        step TEXT NOT NULL, rate REAL NOT NULL, level REAL NOT NULL, how TEXT
    );
    CREATE TABLE run (
        id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id), began TEXT NOT NULL,
        first_state TEXT NOT NULL, seconds REAL NOT NULL DEFAULT 0
    );
    CREATE TABLE event (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id), at REAL NOT NULL, kind TEXT NOT NULL,
        body TEXT NOT NULL, after TEXT NOT NULL
    );
    CREATE INDEX event_of_run ON event(run);
    """,
)
"""One script for each version of the file, in order; `user_version` counts those already run."""

BUSY_SECONDS = 5.0


def open_database(path: Path) -> tuple[sqlite3.Connection, list[str]]:
    """Open or make the database at `path`; also returns sentences she should read (a file was set aside).

    Raises LullError when a newer Lull wrote it, sqlite3.Error or OSError when the place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open_sound(path), []
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
    aside = _set_aside(path)
    notice = f"The journal {path} was damaged; it was set aside as {aside.name} and a fresh one begun."
    return _open_sound(path), [notice]


def open_memory() -> sqlite3.Connection:
    """A database that lives as long as the program: for tests, and for a disk that cannot be written."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    _migrate(database, Path(":memory:"))
    return database


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an existing database, to read. Raises LullError when it is missing, damaged or too new."""
    if not path.is_file():
        raise LullError(f"There is no journal at {path}; it is made by the first session.")
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    try:
        version = _version(database)
        if version > 0:
            database.execute("SELECT count(*) FROM session").fetchone()
    except sqlite3.DatabaseError as error:
        raise LullError(
            f"{path} is not a journal of Lull, or it is damaged ({error}); give another file."
        ) from error
    _refuse_newer(version, path)
    if version == 0:
        raise LullError(f"{path} is not a journal of Lull: it holds no sessions; give another file.")
    return database


def _open_sound(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"malformed: {verdict}")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        _migrate(database, path)
    except (sqlite3.Error, LullError):
        database.close()
        raise
    return database


def _migrate(database: sqlite3.Connection, path: Path) -> None:
    version = _version(database)
    _refuse_newer(version, path)
    for number in range(version, len(MIGRATIONS)):
        database.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version={number + 1}; COMMIT"
        )


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(version: int, path: Path) -> None:
    if version > len(MIGRATIONS):
        raise LullError(
            f"The journal {path} was written by a newer Lull (format {version}; this one knows"
            f" {len(MIGRATIONS)}); update Lull, or move the file away."
        )


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """A broken file, as against a full disk, a lock or a missing permission."""
    text = str(error)
    return any(sign in text for sign in ("malformed", "not a database", "no such table", "no such column"))


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    path.replace(aside)
    for tail in ("-wal", "-shm"):
        companion = path.with_name(path.name + tail)
        if companion.exists():
            companion.replace(aside.with_name(aside.name + tail))
    return aside
