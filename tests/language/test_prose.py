"""What she hears is checked as prose: claims, figures, signs, sources, and how easy it reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voice import datacheck
from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.model import Guide, Line
from voice.language.prose import (
    HIGHEST_GRADE,
    check_prose,
    line_reading,
    load_bans,
    narration_reading,
    syllables,
)

GUIDE = load_guide()
BANS = load_bans(DATA / "locale" / "en")


def rules(*sentences: str, source: tuple[str, ...] = ("ours",)) -> list[str]:
    line = Line("new", source, "mother", (sentences,), "lines.yaml:7")
    return [each.rule for each in check_prose(replace(GUIDE, lines={"new": line}), BANS, "en")]


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("This brings more milk.", "'more milk'"),
        ("It boosts everything.", "'boost*'"),
        ("It cures you.", "'cure*'"),
        ("Endorsed by nurses.", "'endorsed'"),
        ("It is your fault.", "'fault'"),
        ("The target is near.", "'target*'"),
        ("Rest for 5 breaths.", "has a figure"),
        ("Rest for two mins.", "'mins'"),
        ("About thirty °C.", "has the sign °"),
        ("Four cm from there.", "'cm'"),
    ],
)
def test_what_must_not_be_said_is_found(sentence: str, rule: str) -> None:
    found = rules(sentence)
    assert len(found) == 1
    assert rule in found[0]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_banned_word_is_found_wherever_it_stands(locale: str) -> None:
    bans = load_bans(DATA / "locale" / locale)
    guide = load_guide(locale=locale)
    for ban in bans.values():
        for word in ban.words:
            said = f"Now {word.replace('*', 'e')} today."
            line = Line("new", ("ours",), "mother", ((said,),), "lines.yaml:7")
            found = [each.rule for each in check_prose(replace(guide, lines={"new": line}), bans, locale)]
            assert any(ban.reason in rule for rule in found), word


def test_a_sentence_longer_than_a_breath_is_found() -> None:
    long = "Straightforwardly rearranging surroundings strengthens peaceful concentration throughout."
    assert [rule for rule in rules(long) if "more than a breath" in rule]
    assert not [rule for rule in rules("Rest well.", "And rest once more.") if "breath" in rule]


def test_a_line_needs_a_source_that_is_known() -> None:
    assert rules("Rest.", source=()) == ["line 'new' has no source; name one of sources.yaml, or ours."]
    assert rules("Rest.", source=("NOBODY",)) != []


def test_a_sentence_that_is_sound_has_no_finding() -> None:
    assert rules("Rest for {step}, then say <next>.") == []


def test_a_line_that_is_hard_to_read_is_found() -> None:
    hard = "Consider comfortable alternatives whenever uncomfortable sensations"
    rest = "unexpectedly materialise anywhere around you, particularly underneath clothing."
    assert [rule for rule in rules(f"{hard} {rest}") if "reads at grade" in rule]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("milk", 1), ("breathe", 1), ("gentle", 2), ("nipple", 2), ("whole", 1), ("rested", 2)],
        *[("paused", 1), ("squeezes", 2), ("comfortable", 4), ("towards", 2), ("the", 1), ("baby", 2)],
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_narration_is_easy_and_the_summary_says_how_easy() -> None:
    assert narration_reading(GUIDE).grade <= HIGHEST_GRADE
    readings = [line_reading(line) for line in GUIDE.lines.values()]
    assert max(reading.grade for reading in readings if reading) <= HIGHEST_GRADE
    findings, summary = datacheck.check()
    assert findings == []
    assert "reading grade" in summary


def test_every_language_has_the_same_steps_sets_and_slots() -> None:
    english, german = list(datacheck.languages())[::-1]
    assert (english.name, german.name) == ("en", "de")
    assert set(english.commands.sets()) == set(german.commands.sets())
    for line in german.guides[0].lines.values():
        assert line.id in GUIDE.lines, line.where
        assert slots(line) == slots(GUIDE.lines[line.id]), line.where


def slots(line: Line) -> set[str]:
    text = " ".join(" ".join(wording) for wording in line.wordings)
    return {
        name
        for name in ("choices", "choice", "step", "whole", "step_name", "commands")
        if f"{{{name}}}" in text
    }


def test_a_guide_in_another_language_is_graded_by_nobody() -> None:
    guide: Guide = load_guide(locale="de")
    assert list(check_prose(guide, load_bans(DATA / "locale" / "de"), "de")) == []
