"""`lull run --wait` with a card in memory: real ear, real voice, her recorded words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from voice.data import DATA
from voice.ear.sources import WavSource
from voice.guide.events import Heard, Rejected
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.runtime.bookmarks import open_session
from voice.runtime.clocks import SystemClock, VirtualClock
from voice.runtime.device import Samples, Sound, Wish
from voice.runtime.history import history, runs
from voice.runtime.journal import Journal
from voice.runtime.live import House, Outlet
from voice.runtime.loop import Loop
from voice.runtime.memory_card import MemoryCard, silence
from voice.runtime.replay import replay
from voice.runtime.settings import Settings
from voice.runtime.twins import MemoryVoice, ScriptedEar
from voice.runtime.view import View

RATE, BLOCK = 48_000, 960
MOST_WAITING = 60
"""Blocks that may wait for the ear before more are given: it runs as fast as it can."""


class Screen:
    """Keeps the last view; `asked` is set when Lull asks her something."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.notices: list[str] = []

    def __call__(self, view: View) -> None:
        if view.question is not None:
            self.asked.set()

    def heard(self, text: str) -> None:
        """Nothing is shown."""

    def notice(self, text: str) -> None:
        self.notices.append(text)


def spoken(phrase: str) -> Samples:
    """Her recording of `phrase` between half a second and a second of silence."""
    samples = WavSource(DATA / "rehearsals" / "mother" / f"{phrase}.flac", RATE).samples
    return np.concatenate([silence(RATE // 2), samples, silence(RATE)])


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_waiting_it_is_silent_until_the_start_phrase(tmp_path: Path, stack: ExitStack) -> None:
    settings = Settings(
        wait=True, engine="pyttsx3", data_folder=str(tmp_path), cache_folder=str(tmp_path / "cache")
    )
    card, clock, outlet, screen = MemoryCard(), SystemClock(), Outlet(), Screen()
    sound = Sound(card, Wish(rate=RATE), outlet.give, clock)
    house = House(settings, False, sound, outlet, clock, screen, stack)
    sound.open()
    stack.callback(sound.close)
    house.open()

    def room() -> None:
        for phrase in ("next", "stop", "start the guide"):
            feed(card, sound, spoken(phrase))
            before.append(float(np.abs(np.concatenate(card.stream.heard)).max()))
        while not screen.asked.wait(0.002):
            feed(card, sound, silence(BLOCK))
        house.leave()

    before: list[float] = []
    mother = threading.Thread(target=room)
    mother.start()
    house.live()
    mother.join()
    (night,) = history(settings.journal_path())
    assert night.minutes < 1
    assert before[0] == before[1] == 0.0
    assert screen.asked.is_set()
    assert any("start the guide" in notice for notice in screen.notices)


def feed(card: MemoryCard, sound: Sound, samples: Samples) -> None:
    for start in range(0, len(samples) - BLOCK + 1, BLOCK):
        while sound.frames.qsize() > MOST_WAITING:
            threading.Event().wait(0.002)
        card.stream.run(samples[start : start + BLOCK])


def test_a_wait_in_which_she_never_began_leaves_no_trace(tmp_path: Path) -> None:
    guide = load_guide()
    journal = Journal.open(tmp_path / "journal.sqlite")
    clock = VirtualClock()
    session, _ = open_session(guide, journal, 0.0, 12.0, 1.0, -6.0, waits=True)
    ear = ScriptedEar(Commands.load(DATA / "locale" / "en"))
    loop = Loop(guide, session, MemoryVoice(clock), ear, journal, clock)
    loop.handle(Rejected(50_000.0, "no_match", "something overheard", 49_999.0, 50_000.0))
    loop.handle(Heard(60_000.0, "about"))
    assert history(tmp_path / "journal.sqlite") == []
    loop.handle(Heard(80_000.0, "start"))
    loop.handle(Heard(80_060.0, "pause"))
    (night,) = history(tmp_path / "journal.sqlite")
    assert round(night.minutes, 2) == 1.0
    (run,) = runs(tmp_path / "journal.sqlite")
    assert [type(each.event).__name__ for each in run.events] == ["Heard", "Heard"]
    journal.close()
    replayed: list[str] = []
    assert replay(tmp_path / "journal.sqlite", replayed.append) == 0, replayed


def test_left_while_waiting_the_first_night_is_still_to_come(tmp_path: Path) -> None:
    guide, clock = load_guide(), VirtualClock()
    journal = Journal.open(tmp_path / "journal.sqlite")
    session, _ = open_session(guide, journal, 0.0, 12.0, 1.0, -6.0, waits=True)
    ear = ScriptedEar(Commands.load(DATA / "locale" / "en"))
    loop = Loop(guide, session, MemoryVoice(clock), ear, journal, clock)
    loop.quit()
    assert loop.ended == "left"
    assert journal.remembered().night == 0
    journal.close()
