"""What the settings give to the first night, and what later nights keep instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.errors import LullError
from voice.guide.events import Command, Heard
from voice.guide.load import load_guide
from voice.guide.session import Session
from voice.guide.step import step
from voice.runtime.bookmarks import bookmark, open_session
from voice.runtime.journal import Journal
from voice.runtime.settings import Settings, load_settings

GUIDE = load_guide()


def opened(journal: Journal, settings: Settings, hours: float = 0.0) -> Session:
    return open_session(GUIDE, journal, 0.0, hours, *settings.first_night())[0]


def test_the_first_night_has_the_sound_the_breath_and_the_names_of_the_settings() -> None:
    settings = Settings(background="rain", breathe_in=5.0, breathe_out=7.5, helper_name="Tom")
    session = opened(Journal.memory(), settings)
    assert session.wishes.background == "rain"
    assert (session.wishes.breathe_in, session.wishes.breathe_out) == (5.0, 7.5)
    assert session.names == {"helper": "Tom"}


def test_later_nights_keep_what_she_said_and_take_the_names_as_they_are_now() -> None:
    journal = Journal.memory()
    session = opened(journal, Settings(background="rain"))
    for event in (Command(1.0, "begin"), Heard(2.0, "background", {"kind": "heartbeat"})):
        session, _ = step(GUIDE, session, event)
    for number in range(4):
        session, _ = step(GUIDE, session, Heard(3.0 + number, "next"))
    journal.record(Command(9.0, "next"), bookmark(session))
    journal.end("finished")
    again = opened(journal, Settings(background="rain", mother_name="Ana"))
    assert again.wishes.background == "heartbeat"
    assert again.names == {"mother": "Ana"}


@pytest.mark.parametrize("name", ["Ana", "Anne-Marie", "O'Neil", "María José", "Jürgen"])
def test_names_as_people_have_them(name: str) -> None:
    assert Settings(helper_name=name).names() == {"helper": name}


@pytest.mark.parametrize("name", ["{helper}", "Tom.", "<stop>", " ", "T1"])
def test_what_is_no_name_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'helper_name = "{name}"\n', encoding="utf-8")
    with pytest.raises(LullError, match="helper_name"):
        load_settings(path, environment={})
