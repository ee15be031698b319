"""What she did is kept, and no broken or full disk ever stops a session."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voice.errors import LullError
from voice.guide.events import Event, Heard, Quit, Rejected, Spoke, Suspected
from voice.runtime.history import history, runs
from voice.runtime.journal import Bookmark, Journal

FIRST = Bookmark('{"n": 0}', {}, "safe_check", 1.0, -6.0)
THEN = Bookmark('{"n": 1}', {"length": "short"}, "warm", 0.9, -9.0)


def test_place_choices_pace_and_level_are_there_the_next_night(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.sqlite")
    journal.begin("letdown", "1", FIRST)
    journal.record(Heard(3.0, "choose", {"length": "short"}, "the short one"), THEN)
    journal.close()

    again = Journal.open(tmp_path / "journal.sqlite")
    unfinished = again.unfinished(hours=12)
    assert unfinished is not None
    assert unfinished.state == THEN.state
    kept = again.remembered()
    assert (kept.night, kept.choices, kept.rate, kept.level) == (1, {"length": "short"}, 0.9, -9.0)


def test_a_finished_or_old_session_is_not_offered_again(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    journal = Journal.open(tmp_path / "j.sqlite", wall=lambda: now)
    journal.begin("letdown", "1", FIRST)
    journal.record(Quit(5.0), THEN)
    journal.end("left")
    assert journal.unfinished(hours=12)
    journal.close()

    late = Journal.open(tmp_path / "j.sqlite", wall=lambda: now + timedelta(hours=13))
    assert late.unfinished(hours=12) is None
    found = late.unfinished(hours=20)
    assert found
    late.begin("letdown", "1", THEN, found)
    late.end("finished")
    assert late.unfinished(hours=20) is None
    late.close()
    assert [(past.how, past.step) for past in history(tmp_path / "j.sqlite")] == [("finished", "warm")]


def test_every_event_is_kept_with_its_reason_and_the_run_it_belongs_to(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    journal = Journal.open(path)
    journal.begin("letdown", "1", FIRST)
    said: list[Event] = [Suspected(1.0), Rejected(1.5, "decoy", "water", 1.1, 1.4), Spoke(2.0, 7, 1)]
    for event in said:
        journal.record(event, THEN)
    journal.close()
    (run,) = runs(path)
    assert [recorded.event for recorded in run.events] == said
    assert {recorded.after for recorded in run.events} == {THEN.digest()}
    assert run.first_state == FIRST.state


@pytest.mark.parametrize(
    "damage", [b"this is not a database at all" * 200, b"SQLite format 3\x00" + b"\xff" * 8000]
)
def test_a_damaged_file_is_set_aside_and_a_fresh_one_begun(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(damage)
    journal = Journal.open(path)
    (notice,) = journal.take_notices()
    assert "damaged" in notice
    assert "set aside as journal.sqlite.damaged-" in notice
    journal.begin("letdown", "1", FIRST)
    journal.record(Quit(1.0), THEN)
    journal.close()
    assert len(history(path)) == 1
    (aside,) = tmp_path.glob("*.damaged-*")
    assert aside.read_bytes() == damage


def test_pages_torn_in_the_middle_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path)
    journal.begin("letdown", "1", FIRST)
    for number in range(300):
        journal.record(Rejected(float(number), "no_match", "x" * 200), THEN)
    journal.close()
    body = bytearray(path.read_bytes())
    body[8192:24576] = os.urandom(16384)
    path.write_bytes(body)
    fresh = Journal.open(path)
    assert "damaged" in fresh.take_notices()[0]
    assert fresh.unfinished(hours=12) is None
    fresh.close()


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal.open(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(LullError, match="newer Lull"):
        Journal.open(path)
    assert not list(tmp_path.glob("*.damaged-*"))


def test_a_place_that_cannot_be_written_is_told_once_and_the_night_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = Journal.open(tmp_path / "file" / "journal.sqlite")
    journal.begin("letdown", "1", FIRST)
    journal.record(Quit(1.0), THEN)
    assert len(journal.take_notices()) == 1
    assert journal.take_notices() == []


FULL_DISK = """
import resource, sys
from pathlib import Path
from voice.guide.events import Rejected, Quit
from voice.runtime.journal import Journal, Bookmark
place = Bookmark("{}", {"length": "short"}, "warm", 1.0, -6.0)
journal = Journal.open(Path(sys.argv[1]))
journal.begin("letdown", "1", place)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
for number in range(400):
    journal.record(Rejected(float(number), "no_match", "x" * 300), place)
print(*journal.take_notices(), sep="\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
journal.record(Quit(1000.0), place)
print(*journal.take_notices(), sep="\\n")
journal.close()
"""


def test_a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_room_again(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    path = tmp_path / "journal.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    told = done.stdout.strip().splitlines()
    assert len(told) == 2
    assert "cannot be written" in told[0]
    assert "can be written again" in told[1]
    assert [recorded.event.at for recorded in runs(path)[0].events] == [*map(float, range(400)), 1000.0]
