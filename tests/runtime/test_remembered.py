"""Each setting she makes by voice is there again when the program starts anew, from the file on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.session import Session
from voice.language.commands import Commands
from voice.runtime.dialogues import DialogueStage
from voice.runtime.journal import Journal
from voice.runtime.script import ScriptPart

GUIDE, COMMANDS = load_guide(), Commands.load(DATA / "locale" / "en")
INTO_THE_STEPS = ["short", "with a helper", "photo", "by hand", "skip", "skip", "none"]
"""What she says from the first question to the first step."""


GOODBYES = 60.0
"""Seconds in which a session that she ended comes to its last word."""


def night(path: Path, words: list[str], quits: bool = True) -> Session:
    """One start of the program in which she says `words`; then it ends, or the power is cut."""
    journal = Journal.open(path)
    stage = DialogueStage(GUIDE, COMMANDS, ScriptPart(about="a night", script=[]), journal)
    for text in words:
        stage.advance(4.0)
        stage.hear(text)
    stage.advance(GOODBYES if words[-2:] == ["finish", "yes"] else 0.5)
    if quits:
        stage.leave()
    journal.close()
    return stage.session()


WISHES: dict[str, Callable[[Session], bool]] = {
    "slower": lambda session: session.rate == 0.9,
    "quieter": lambda session: session.level == -9.0,
    "louder": lambda session: session.level == -3.0,
    "short lines": lambda session: session.wishes.detail == "short",
    "another voice": lambda session: session.wishes.voice == 0,
    "waves please": lambda session: session.wishes.background == "waves",
    "longer breaths": lambda session: (session.wishes.breathe_in, session.wishes.breathe_out) == (4.5, 7.0),
    "leave out the drink": lambda session: session.wishes.unwanted == ("prep_drink",),
    "leave out the photo next time": lambda session: session.wishes.unwanted == ("relax_photo",),
    "add the rolling": lambda session: session.extras == ("massage_roll",),
    "I'm pumping today": lambda session: session.choices["method"] == "pump",
    "my baby died": lambda session: session.apart == "died",
}


@pytest.mark.parametrize("words", WISHES)
def test_a_wish_by_voice_is_there_the_next_night(words: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path, [*INTO_THE_STEPS, words, "finish", "yes"])
    assert WISHES[words](night(path, []))
    assert WISHES[words](night(path, []))


@pytest.mark.parametrize("words", [each for each in WISHES if each != "leave out the photo next time"])
def test_a_wish_by_voice_survives_a_power_cut(words: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path, [*INTO_THE_STEPS, words], quits=False)
    carried_on = night(path, ["carry on"])
    assert carried_on.step is not None
    assert WISHES[words](carried_on)


def test_what_was_undone_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path, [*INTO_THE_STEPS, "waves please", "undo", "quieter", "undo", "finish", "yes"])
    again = night(path, [])
    assert again.wishes.background == ""
    assert again.level == -6.0


def test_what_is_put_back_is_in_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(
        path,
        [*INTO_THE_STEPS, "leave out the drink", "put it back", "waves please", "no sound", "finish", "yes"],
    )
    again = night(path, [])
    assert again.wishes.later == ()
    assert again.wishes.background == ""


def test_a_wish_in_the_set_up_counts_even_when_she_leaves_before_the_first_step(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path, ["quieter", "slower"])
    again = night(path, [])
    assert (again.level, again.rate) == (-9.0, 0.9)


def test_silence_holds_through_a_power_cut_and_ends_with_the_night(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path, [*INTO_THE_STEPS, "stay silent"], quits=False)
    assert night(path, ["yes"], quits=False).wordless
    night(path, ["yes", "finish", "yes"])
    assert not night(path, ["yes"]).wordless


def test_a_name_told_by_voice_stands_above_the_settings_and_is_not_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    told = ["short", "with a helper", "photo", "by hand", "Rosie", "yes", "skip", "none", "finish", "yes"]
    assert night(path, told).names == {"helper": "Rosie"}
    again = night(path, ["yes"])
    assert again.names == {"helper": "Rosie"}
    assert again.step == "safe_check"
