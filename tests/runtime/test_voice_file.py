"""The file of her voice: numbers only, whole or not at all, deletable, and never in the way of a session."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from voice.cli import app
from voice.data import DATA
from voice.ear.accept import Scene
from voice.ear.learned import NOTHING, Sample
from voice.ear.recogniser import Hypothesis, Word
from voice.errors import LullError
from voice.language.commands import Commands
from voice.runtime.learning import features, wordings
from voice.runtime.settings import Settings
from voice.runtime.voice_file import (
    describe_voice,
    forget_voice,
    load_voice,
    save_voice,
    voice_or_usual,
)

TODAY = date(2026, 11, 24)
SAMPLE = Sample("next", "next", "next", True, 0.9, 0.5, 0.45, -40.0, -75.0)


@pytest.fixture(scope="module")
def commands() -> Commands:
    return Commands.load(DATA / "locale" / "en")


def test_what_was_kept_is_there_the_next_night_and_gone_when_forgotten(
    tmp_path: Path, commands: Commands
) -> None:
    path = tmp_path / "new" / "voice.json"
    assert load_voice(path, commands, "en") is NOTHING
    save_voice(path, [SAMPLE], "en", TODAY)
    assert load_voice(path, commands, "en").thresholds["next"].scrap > 0.45
    assert load_voice(path, commands, "de") is NOTHING
    assert "1 commands" in describe_voice(path)
    assert str(path) in forget_voice(path)
    assert load_voice(path, commands, "en") is NOTHING
    assert forget_voice(path) == "Nothing was kept of your voice."
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: text.replace("0.9", "7.5"),
        lambda text: text.replace('"format": 1', '"format": 9'),
        lambda text: "[]",
        lambda text: text.replace('"intent"', '"intents"'),
    ],
)
def test_a_damaged_file_is_one_sentence_and_everybodys_thresholds(
    tmp_path: Path, commands: Commands, spoil: object
) -> None:
    path = tmp_path / "voice.json"
    save_voice(path, [SAMPLE], "en", TODAY)
    assert callable(spoil)
    path.write_text(spoil(path.read_text("utf-8")), encoding="utf-8")
    learned, notice = voice_or_usual(path, commands, "en")
    assert learned is NOTHING
    assert str(path) in notice
    assert "lull forget-voice" in notice
    with pytest.raises(LullError, match="damaged"):
        load_voice(path, commands, "en")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "voice.json").mkdir()
    with pytest.raises(LullError, match="cannot be written"):
        save_voice(tmp_path / "voice.json", [SAMPLE], "en", TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["voice.json"]


def test_the_file_holds_numbers_and_words_but_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "voice.json"
    save_voice(path, [SAMPLE] * 8, "en", TODAY)
    kept = json.loads(path.read_text("utf-8"))
    assert path.stat().st_size < 4000
    assert {type(value) for said in kept["said"] for value in said.values()} <= {str, bool, float}


def test_the_features_of_a_try(commands: Commands) -> None:
    words = (Word("[unk]", 1.0, 1.3), Word("carry", 1.3, 1.6, 0.8), Word("on", 1.6, 1.9, 0.6))
    said = Hypothesis("[unk] carry on", words, True, 1.0, 1.9)
    right = features("resume", said, Scene(-31.04, -70.0), commands)
    assert right == Sample("resume", "carry on", "carry on", True, 0.6, 0.6, 0.3, -31.0, -70.0)
    wrong = features("next", said, Scene(-31.0, -70.0), commands)
    assert wrong is not None
    assert not wrong.right
    assert (
        features("next", Hypothesis("[unk]", words[:1], True, 1.0, 1.3), Scene(-31.0, -70.0), commands)
        is None
    )


@pytest.mark.parametrize("locale", ["en", "de"])
def test_eight_commands_are_asked_for_by_a_phrase_that_is_live(locale: str) -> None:
    commands = Commands.load(DATA / "locale" / locale)
    assert len(commands.learn) == 8
    said = wordings(Settings(locale=locale), commands)
    for intent in commands.learn:
        match = commands.match(commands.help_names()[intent], "guiding")
        assert match is not None
        assert match.intent == intent
        assert commands.help_names()[intent] in said[f"learn_say {intent}"][0]
        assert "{" not in said[f"learn_again {intent}"][0]


def test_without_her_consent_nothing_is_opened_and_nothing_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LULL_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("LULL_DATA_FOLDER", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["check", "--learn"], input="n\n")
    assert result.exit_code == 1
    assert "Nothing was kept." in result.output
    assert not (tmp_path / "data").exists()


def test_forgetting_is_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LULL_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("LULL_DATA_FOLDER", str(tmp_path))
    save_voice(tmp_path / "voice.json", [SAMPLE], "en", TODAY)
    assert "numbers of 1 commands" in CliRunner().invoke(app, ["settings"]).output.replace("\n", " ")
    assert CliRunner().invoke(app, ["forget-voice"]).exit_code == 0
    assert not (tmp_path / "voice.json").exists()
