"""A journal played again goes the same way, and tells where it does not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from voice.data import DATA
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.runtime.dialogues import DialogueStage
from voice.runtime.journal import Journal
from voice.runtime.replay import replay
from voice.runtime.script import Entry, ScriptPart

NIGHT = ScriptPart.model_validate(
    {"about": "a night", "remember": {"choices": {"length": "short"}}, "script": []}
)


def night(path: Path) -> None:
    journal = Journal.open(path)
    stage = DialogueStage(load_guide(), Commands.load(DATA / "locale" / "en"), NIGHT, journal)
    for words in ("yes", "none", "banana", "ready", "my milk is coming", "slower"):
        stage.hear(words)
        stage.advance(9.0)
    stage.act(Entry(cut=True))
    stage.advance(5.0)
    stage.hear("yes")
    stage.advance(20.0)
    stage.act(Entry(quit=True))
    journal.close()


def test_a_night_and_its_second_run_go_as_they_went(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path)
    told: list[str] = []
    assert replay(path, told.append) == 0
    text = "\n".join(told)
    assert "rejected (no_match): banana" in text
    assert "she: slower" in text
    assert "express_hand:" in text
    assert "runs went as they would today" in told[-1]


def test_a_journal_that_was_tampered_with_parts_at_that_event(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    night(path)
    with sqlite3.connect(path) as database:
        database.execute(
            """UPDATE event SET body=replace(body,'slower','faster') WHERE body LIKE '%slower%'"""
        )
    database.close()
    told: list[str] = []
    assert replay(path, told.append) == 1
    assert any("parts from what happened at event" in line for line in told)


def test_a_file_that_is_no_journal_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(LullError, match="not a journal of Lull"):
        replay(path)
    with pytest.raises(LullError, match="There is no journal"):
        replay(tmp_path / "none.sqlite")
