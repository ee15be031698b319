"""Scripted sessions: each YAML file beside this one is played on the virtual clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.language.commands import Commands
from voice.runtime.dialogues import run_dialogue

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*.yaml"))


@pytest.fixture(scope="session")
def guide() -> Guide:
    return load_guide()


@pytest.fixture(scope="session")
def commands() -> Commands:
    return Commands.load(DATA / "locale" / "en")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(script: Path, guide: Guide, commands: Commands) -> None:
    failed = [str(outcome) for outcome in run_dialogue(script, guide, commands) if not outcome.held]
    assert not failed, "\n" + "\n".join(failed)
