"""Scripted sessions: each YAML file beside this one is played on the virtual clock."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.language.commands import Commands
from voice.runtime.dialogues import DialogueStage, run_dialogue, set_out
from voice.runtime.performance import perform
from voice.runtime.script import read_script

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.rglob("*.yaml"))


@cache
def language(locale: str) -> tuple[Guide, Commands]:
    """The guide and what can be said, in the language a folder of scripts is named after."""
    return load_guide(locale=locale), Commands.load(DATA / "locale" / locale)


@pytest.fixture
def guide() -> Guide:
    return language("en")[0]


@pytest.fixture
def commands() -> Commands:
    return language("en")[1]


@pytest.mark.parametrize(
    "script", SCRIPTS, ids=lambda path: path.relative_to(HERE).with_suffix("").as_posix()
)
def test_dialogue(script: Path) -> None:
    guide, commands = language("en" if script.parent == HERE else script.parent.name)
    failed = [str(outcome) for outcome in run_dialogue(script, guide, commands) if not outcome.held]
    assert not failed, "\n" + "\n".join(failed)


def test_a_failing_expectation_names_file_and_line(tmp_path: Path, guide: Guide, commands: Commands) -> None:
    script = tmp_path / "mine.yaml"
    script.write_text(
        "about: wrong\n"
        "set_out: {to: warm}\n"
        "script:\n"
        "  - hear: louder\n"
        "    expect:\n"
        "      says: ok_louder\n"
        "      step: finish\n"
    )
    outcomes = list(run_dialogue(script, guide, commands))
    assert [str(outcome) for outcome in outcomes if not outcome.held] == [
        f"{script}:7: step finish, but it is warm"
    ]
    assert len(outcomes) == 2


def test_a_moment_that_never_comes_is_told(tmp_path: Path, guide: Guide, commands: Commands) -> None:
    script = tmp_path / "mine.yaml"
    script.write_text("about: never\nscript:\n  - when: {step: warm}\n    within: 30\n    hear: stop\n")
    (outcome,) = run_dialogue(script, guide, commands)
    assert not outcome.held
    assert str(outcome).startswith(f"{script}:3: the moment step warm, but it never came")


PHASES = {"prepare", "relax", "warm", "massage", "express", "finish"}
AT_THE_END = {
    "stop",
    "pause",
    "pain",
    "too_hot",
    "where",
    "repeat",
    "help",
    "louder",
    "quieter",
    "slower",
    "faster",
}
AT_THE_END |= {"undo", "more_time", "less_time", "time_left", "back", "ready"}
"""What can be asked while the milk is put away: it lasts a few sentences; the rest has nothing to act on."""
FLAGS = {"fever", "red_patch", "lump", "broken_skin", "numb", "blood", "burn", "surgery", "pregnant"}


def tried_in(path: Path, guide: Guide, commands: Commands) -> set[tuple[str, str]]:
    """(phase, command) of everything that is heard in a script."""
    script = read_script(path)
    stage = DialogueStage(guide, commands, script.part)
    set_out(script, stage)
    assert all(outcome.held for outcome in perform(script, stage))
    return set(zip(stage.witness.heard_in, (heard.intent for heard in stage.witness.heard), strict=True))


def test_every_command_is_tried_in_every_phase(guide: Guide, commands: Commands) -> None:
    tried: set[tuple[str, str]] = set()
    for path in sorted(HERE.glob("*.yaml")):
        tried |= tried_in(path, guide, commands)
    anywhere = {intent for _, intent in tried}
    assert commands.intents("guiding") - anywhere == set()
    everywhere = commands.intents("guiding") - FLAGS - {"quit"}
    missing = {(phase, intent) for phase in PHASES - {"finish"} for intent in everywhere} - tried
    missing |= {("finish", intent) for intent in AT_THE_END} - tried
    assert missing == set()
