"""Scripted sessions: each YAML file beside this one is played on the virtual clock."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.language.commands import Commands
from voice.runtime.dialogues import run_dialogue

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.rglob("*.yaml"))


@cache
def language(locale: str) -> tuple[Guide, Commands]:
    """The guide and what can be said, in the language a folder of scripts is named after."""
    return load_guide(locale=locale), Commands.load(DATA / "locale" / locale)


@pytest.mark.parametrize(
    "script", SCRIPTS, ids=lambda path: path.relative_to(HERE).with_suffix("").as_posix()
)
def test_dialogue(script: Path) -> None:
    guide, commands = language("en" if script.parent == HERE else script.parent.name)
    failed = [str(outcome) for outcome in run_dialogue(script, guide, commands) if not outcome.held]
    assert not failed, "\n" + "\n".join(failed)
