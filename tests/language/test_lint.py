"""The data of the product is sound, and each kind of unsound data is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from voice import datacheck
from voice.data import DATA
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.guide.model import Guide, Line
from voice.language.commands import Commands
from voice.language.lint import Finding, lint, spoken_phrases

GUIDE = load_guide()
COMMANDS = Commands.load(DATA / "locale" / "en")


def known(_: str) -> bool:
    return True


def edited(folder: Path, change: Callable[[str], str]) -> Commands:
    text = (DATA / "locale" / "en" / "commands.yaml").read_text(encoding="utf-8")
    assert change(text) != text
    (folder / "commands.yaml").write_text(change(text), encoding="utf-8")
    shutil.copy(DATA / "locale" / "en" / "names.yaml", folder)
    return Commands.load(folder)


def saying(line: str, sentence: str) -> Guide:
    new = Line(line, ("ours",), "mother", ((sentence,),), "lines.yaml:7")
    return replace(GUIDE, lines={line: new})


def test_the_data_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert datacheck.main([]) == 0
    assert capsys.readouterr().out.startswith("Data is sound: ")


def test_a_word_the_model_does_not_know_is_found() -> None:
    findings = lint(COMMANDS, GUIDE, lambda word: word != "ouch")
    assert [(each.line, "'ouch'" in each.rule) for each in findings] == [(COMMANDS.line("ouch"), True)]
    assert str(findings[0]).startswith(
        f"{DATA / 'locale' / 'en' / 'commands.yaml'}:{COMMANDS.line('ouch')}: "
    )


@pytest.mark.parametrize(
    ("decoy", "fault"),
    [
        ("stop", "is a command"),
        ("okay", "is a command"),
        ("pack, pack", "is there twice"),
        ("Table", "is no single word"),
        ("two words", "is no single word"),
        ("xyzzy", "is not known"),
    ],
)
def test_a_decoy_that_would_do_harm_is_found(tmp_path: Path, decoy: str, fault: str) -> None:
    text = (DATA / "locale" / "en" / "commands.yaml").read_text(encoding="utf-8")
    head = text[: text.index("decoys:")]
    commands = edited(tmp_path, lambda _: f"{head}decoys: [{decoy}]\n")
    rules = [each.rule for each in lint(commands, GUIDE, lambda word: word != "xyzzy")]
    assert len(rules) == 1
    assert fault in rules[0]


def test_a_help_name_that_is_no_phrase_is_found(tmp_path: Path) -> None:
    commands = edited(tmp_path, lambda text: text.replace("help: carry on", "help: proceed"))
    findings = lint(commands, GUIDE, known)
    assert ["'proceed'" in each.rule for each in findings] == [True]
    assert findings[0].line == commands.intent_line("resume")


def test_an_intent_in_no_set_is_found(tmp_path: Path) -> None:
    commands = edited(tmp_path, lambda text: text.replace("quit, restart, where,", "quit, restart,"))
    assert ["'where' is in no set" in each.rule for each in lint(commands, GUIDE, known)] == [True]


@pytest.mark.parametrize(
    ("line", "sentence", "fault"),
    [
        ("warm", "Do not stop now.", "says 'stop now', a command that is live in 'guiding'"),
        ("warm", "Keep warm. Wait.", "says 'wait'"),
        ("warm", "Say <none> then.", "marks <none>"),
        ("safe_check", "Any blood?", "says 'blood', a command that is live in 'safety'"),
        ("ask_cue", "Do you have a photo?", "says 'a photo', a command that is live in 'choices'"),
        ("pain_pause", "Is it mild?", "says 'mild'"),
        ("where", "We go back.", "says 'go back'"),
        ("where", "Say <abracadabra>.", "marks <abracadabra>"),
    ],
)
def test_narration_with_a_live_command_is_found(line: str, sentence: str, fault: str) -> None:
    findings = [each for each in lint(COMMANDS, saying(line, sentence), known)]
    assert [(each.file, each.line) for each in findings] == [("lines.yaml", 7)]
    assert fault in findings[0].rule


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("warm", "Say <ready> when you are settled."),
        ("warm", "Look at a photo of your baby."),
        ("warm", "Lean your backrest on the stopper."),
        ("safe_check", "Say <none>, or tell me which."),
        ("ask_cue", "Is it a <photo>, or your <baby>?"),
        ("where", "You can say {commands}."),
        ("pain_wait", "Say <mild> or <strong>."),
        ("ok_pause", "Say <mild>."),
    ],
)
def test_narration_that_is_marked_or_dead_is_sound(line: str, sentence: str) -> None:
    assert lint(COMMANDS, saying(line, sentence), known) == []


def test_a_mark_and_a_slot_divide_the_words() -> None:
    live = {"go back": 1, "back": 1, "wait": 1}
    assert spoken_phrases("Go <ready> back, then go back and wait", live) == ["back", "go back", "wait"]
    assert spoken_phrases("Go {step} now", live) == []


def test_datacheck_tells_file_line_and_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    file = tmp_path / "data" / "locale" / "en" / "commands.yaml"
    file.write_text(file.read_text("utf-8").replace('|ouch)"', '|ouchie)"'), encoding="utf-8")
    findings, _ = datacheck.check(tmp_path / "data")
    assert [(each.file, "'ouchie'" in each.rule) for each in findings] == [(str(file), True)]
    assert isinstance(findings[0], Finding)
    assert datacheck.main(["no-such-model"]) == 1
    assert "no-such-model" in capsys.readouterr().out


def test_datacheck_stops_at_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "locale" / "en" / "commands.yaml").write_text("language: [", encoding="utf-8")
    with pytest.raises(LullError, match=r"commands\.yaml:\d+: this is not valid YAML"):
        datacheck.check(tmp_path / "data")
