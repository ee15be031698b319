"""The loop: silence first, then the disk, then the rest; and it always moves on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from voice.data import DATA
from voice.guide.events import Command, Event, Heard, Say, SpeechDone, Spoke
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.guide.session import new_session
from voice.language.commands import Commands
from voice.runtime.bookmarks import bookmark
from voice.runtime.clocks import VirtualClock
from voice.runtime.history import runs
from voice.runtime.journal import Bookmark, Journal
from voice.runtime.loop import Loop
from voice.runtime.twins import MemoryVoice, ScriptedEar


@dataclass
class Diary:
    """What was done, in order."""

    deeds: list[str] = field(default_factory=list)


class DiaryVoice(MemoryVoice):
    def __init__(self, clock: VirtualClock, diary: Diary) -> None:
        super().__init__(clock)
        self.diary = diary

    def say(self, saying: Say) -> None:
        super().say(saying)
        self.diary.deeds.append(f"say {saying.line}")

    def hush(self, speech_only: bool = False) -> None:
        super().hush(speech_only)
        self.diary.deeds.append("hush")


class DiaryJournal(Journal):
    diary: Diary

    def record(self, event: Event, after: Bookmark) -> None:
        super().record(event, after)
        self.diary.deeds.append(f"commit {type(event).__name__}")


@pytest.fixture
def guide() -> Guide:
    return load_guide()


def test_silence_comes_before_the_disk_and_the_disk_before_the_words(guide: Guide, tmp_path: Path) -> None:
    clock, diary = VirtualClock(), Diary()
    opened = Journal.open(tmp_path / "journal.sqlite")
    journal = DiaryJournal(opened._database, [])
    journal.diary = diary
    session = new_session(guide, at=0.0)
    journal.begin(guide.id, guide.version, bookmark(session))
    voice = DiaryVoice(clock, diary)
    ear = ScriptedEar(Commands.load(DATA / "locale" / "en"))
    loop = Loop(guide, session, voice, ear, journal, clock)
    loop.handle(Command(0.0, "begin"))
    loop.run_until(1.0, clock)
    diary.deeds.clear()
    loop.handle(Heard(1.0, "pause"))
    assert diary.deeds[0] == "hush"
    assert diary.deeds.index("commit Heard") < diary.deeds.index("say ok_pause")


def started(guide: Guide, finish: Callable[[Loop, VirtualClock], None], path: Path) -> None:
    clock = VirtualClock()
    journal = Journal.open(path)
    session = new_session(guide, at=0.0)
    journal.begin(guide.id, guide.version, bookmark(session))
    ear = ScriptedEar(Commands.load(DATA / "locale" / "en"))
    loop = Loop(guide, session, MemoryVoice(clock), ear, journal, clock)
    loop.handle(Command(0.0, "begin"))
    finish(loop, clock)
    journal.close()


def test_leaving_ends_the_run_and_keeps_the_place(guide: Guide, tmp_path: Path) -> None:
    def leave(loop: Loop, clock: VirtualClock) -> None:
        loop.run_until(3.0, clock)
        loop.quit()
        assert loop.ended == "left"
        loop.quit()

    started(guide, leave, tmp_path / "j.sqlite")
    (run,) = runs(tmp_path / "j.sqlite")
    assert [type(recorded.event).__name__ for recorded in run.events].count("Quit") == 1


def test_time_never_goes_backwards_in_the_journal(guide: Guide, tmp_path: Path) -> None:
    def late(loop: Loop, clock: VirtualClock) -> None:
        loop.run_until(5.0, clock)
        loop.handle(Heard(2.0, "louder"))
        loop.handle(Spoke(1.0, 1, 0))
        loop.handle(SpeechDone(0.5, 99))
        loop.run_until(6.0, clock)

    started(guide, late, tmp_path / "j.sqlite")
    (run,) = runs(tmp_path / "j.sqlite")
    times = [recorded.event.at for recorded in run.events]
    assert times == sorted(times)


def test_a_whole_night_without_a_word_takes_a_moment_and_never_hangs(guide: Guide, tmp_path: Path) -> None:
    def silent(loop: Loop, clock: VirtualClock) -> None:
        loop.run_until(3 * 3600.0, clock)
        assert clock.now() == 3 * 3600.0
        assert loop.ended is None

    started(guide, silent, tmp_path / "j.sqlite")
