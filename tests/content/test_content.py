"""What the guide says and when, checked against what a lactation professional would look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from voice.data import DATA
from voice.data.reading import read_yaml

LOCALE = DATA / "locale" / "en"

ORDER = [
    "safe_check",
    "prep_place",
    "prep_company",
    "prep_wash",
    "prep_drink",
    "prep_comfort",
    "relax_confidence",
    "relax_scan",
    "relax_baby",
    "relax_photo",
    "relax_breathe",
    "warm",
    "massage_stroke",
    "massage_roll",
    "massage_nipple",
    "massage_back",
    "massage_shoulders",
    "express_hand",
    "express_pump",
    "finish",
]
RED_FLAGS = (
    "fever",
    "red_patch",
    "lump",
    "broken_skin",
    "numb",
    "blood",
    "burn",
    "pregnant",
    "surgery",
    "spinal",
)
SLOTS = {
    "ask_same_as_last": {"choices"},
    "read_back": {"choices"},
    "default_taken": {"choice"},
    "time_left": {"step", "whole"},
    "time_left_whole": {"whole"},
    "time_left_step": {"step"},
    "where": {"step_name"},
    "help_now": {"commands"},
    "carry_on_offer": {"step_name", "whole"},
    "refer_emergency": {"emergency"},
    "refer_harm": {"crisis", "emergency"},
    "refer_harm_apart": {"crisis", "emergency"},
    "refer_spinal": {"emergency"},
    "name_right": {"name"},
    "did_you_say": {"phrase"},
    "learn_say": {"phrase"},
    "learn_again": {"phrase"},
    "ok_amount": {"amount"},
    "ok_amount_time": {"time"},
}
LONGEST_SENTENCE = 14


def _lines() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(LOCALE.glob("lines*.yaml")):
        part = read_yaml(path).value["lines"]
        assert not set(part) & set(found), f"{path.name} repeats {set(part) & set(found)}"
        found |= part
    return found


LINES = _lines()
CONFIRMATIONS = [name for name in LINES if name.startswith(("ok_", "choice_"))] + [
    *(
        "at_first",
        "at_last",
        "nothing_to_undo",
        "nothing_to_resume",
        "loudest",
        "quietest",
        "fastest",
        "slowest",
    ),
    *("milk_coming", "confirm_kept", "carry_on_fresh", "default_taken", "start_now", "safety_clear"),
]
GUIDE = read_yaml(DATA / "guides" / "letdown.yaml").value
STEPS = {step["id"]: step for step in GUIDE["steps"]}
SOURCES = read_yaml(DATA / "sources.yaml").value["sources"]


def _sentences() -> Iterator[tuple[str, str]]:
    for name, line in LINES.items():
        for wording in line["wordings"]:
            for sentence in wording:
                yield name, sentence


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'{}-]+", text)


def _lines_of(step: dict[str, Any]) -> list[str]:
    """Every line a step can speak of its own accord."""
    named = [step["line"], step.get("half"), step.get("near_end"), *step.get("notes", [])]
    named += [cue["line"] for cue in step.get("cues", [])]
    return [name for name in named if name]


def test_every_tip_is_a_step_and_they_come_in_order() -> None:
    assert list(STEPS) == ORDER
    phases = [GUIDE["phases"].index(step["phase"]) for step in STEPS.values()]
    assert phases == sorted(phases)


def test_both_lengths_hold_the_check_before_warmth_and_end_with_expressing() -> None:
    for length in ("standard", "short"):
        there = [name for name, step in STEPS.items() if length in step["seconds"]]
        assert there[0] == "safe_check"
        assert {"prep_wash", "warm", "massage_stroke", "massage_nipple"} <= set(there)
        assert {"express_hand", "express_pump"} <= set(there)
        assert there[-1] == "finish"


def test_warmth_and_massage_and_nothing_else_waits_for_the_safety_check() -> None:
    for name, step in STEPS.items():
        assert bool(step.get("gated")) == (step["phase"] in {"warm", "massage"}), name


def test_every_step_has_lines_that_exist_in_several_wordings() -> None:
    for name, step in STEPS.items():
        assert 2 <= len(LINES[step["line"]]["wordings"]) <= 5, name
        assert f"step_name_{name}" in LINES
        for line in _lines_of(step):
            assert line in LINES, f"{name}: {line}"


def test_every_line_and_step_names_known_sources() -> None:
    for name, line in LINES.items():
        assert line["source"], name
        assert set(line["source"]) <= set(SOURCES), name
    for name, step in STEPS.items():
        assert step["sources"], name
        assert set(step["sources"]) <= set(SOURCES), name
    for key, source in SOURCES.items():
        assert source["title"], key
        assert source["where"], key


def test_every_source_is_used() -> None:
    used = {key for line in LINES.values() for key in line["source"]}
    used |= {key for step in STEPS.values() for key in step["sources"]}
    assert set(SOURCES) == used


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_each_red_flag_says_who_to_call_and_where_that_comes_from(flag: str) -> None:
    line = LINES[f"refer_{flag}"]
    assert set(line["source"]) - {"ours"}
    for wording in line["wordings"]:
        said = " ".join(wording).lower()
        assert "midwife" in said
        assert "doctor" in said
        assert "please" in said


@pytest.mark.parametrize("flag", [flag for flag in RED_FLAGS if flag != "pregnant"])
def test_a_red_flag_never_ends_expressing(flag: str) -> None:
    for wording in LINES[f"refer_{flag}"]["wordings"]:
        assert "<carry on>" in " ".join(wording)


def test_the_check_names_every_red_flag_she_can_answer_with() -> None:
    for wording in LINES["safe_check"]["wordings"]:
        said = " ".join(wording).lower()
        for word in ("fever", "red patch", "lump", "blood", "burn", "broken", "numb", "surgery", "pregnant"):
            assert word in said, word


def test_the_disclaimer_says_that_this_is_not_a_nurse_and_who_to_call() -> None:
    for wording in LINES["disclaimer"]["wordings"]:
        said = " ".join(wording).lower()
        assert "not a nurse" in said
        for who in ("midwife", "doctor", "helpline"):
            assert who in said


def test_safety_notes_rest_on_a_source() -> None:
    """A note of our own is allowed where it only offers to leave a step out or to move less."""
    notes = {name for step in STEPS.values() for name in step.get("notes", [])}
    for name in [name for name in notes if LINES[name]["source"] == ["ours"]]:
        said = " ".join(LINES[name]["wordings"][0])
        assert "<skip this>" in said or "small and easy" in said, name


def test_sentences_are_short_and_hold_one_idea() -> None:
    for name, sentence in _sentences():
        assert len(_words(sentence)) <= LONGEST_SENTENCE, f"{name}: {sentence}"
        assert sentence.count(",") <= 2 or "<" in sentence, f"{name}: {sentence}"


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_confirmations_have_at_most_four_words(name: str) -> None:
    for wording in LINES[name]["wordings"]:
        assert len(_words(" ".join(wording))) <= 4


def test_slots_are_only_those_that_get_filled() -> None:
    for name, sentence in _sentences():
        known = SLOTS.get(name, set()) | {"mother", "helper"}
        assert set(re.findall(r"{(\w*)}", sentence)) <= known, f"{name}: {sentence}"
    for name, slots in SLOTS.items():
        said = " ".join(" ".join(wording) for wording in LINES[name]["wordings"])
        assert slots == set(re.findall(r"{(\w*)}", said)), name


def test_marks_are_closed() -> None:
    for name, sentence in _sentences():
        assert re.fullmatch(r"[^<>]*(<[^<>]+>[^<>]*)*", sentence), f"{name}: {sentence}"


def test_the_helper_is_spoken_to_only_in_the_helper_step() -> None:
    to_helper = {name for name, line in LINES.items() if line.get("to") == "helper"}
    rub = {name for name in _lines_of(STEPS["massage_back"]) if name in to_helper}
    others = to_helper - rub
    assert all(name.startswith("helper_") or name.endswith("_massage_back") for name in others)
    assert {"massage_back_helper", "back_rub_circles", "massage_back_half", "massage_back_near_end"} <= rub
    assert STEPS["massage_back"]["when"] == {"company": ["helper"]}


def test_warmth_is_at_most_ten_minutes_and_is_looked_at_after_two() -> None:
    assert max(STEPS["warm"]["seconds"].values()) <= 600
    assert 120 in [cue["at"] for cue in STEPS["warm"]["cues"]]


def test_expressing_fits_under_its_cap() -> None:
    assert GUIDE["express_cap"] == 1800
    for name in ("express_hand", "express_pump"):
        assert max(STEPS[name]["seconds"].values()) <= GUIDE["express_cap"]


def test_the_storage_note_gives_the_shorter_times() -> None:
    said = " ".join(LINES["note_storage"]["wordings"][0])
    assert re.search(r"four hours.*four days.*fridge.*six months.*freezer", said)


def test_times_have_a_word_for_every_minute_of_a_session() -> None:
    numbers = read_yaml(LOCALE / "times.yaml").value["numbers"]
    assert set(range(2, 91)) <= set(numbers)
