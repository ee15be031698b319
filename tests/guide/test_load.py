"""Loading a guide: the real one, and copies of it that break one rule each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice.data import DATA
from voice.errors import DataError, LullError
from voice.guide.load import load_guide
from voice.guide.words import FLAGS, REPLIES, SLOTS

GUIDE = "guides/letdown.yaml"
STEPS = "locale/en/lines_steps.yaml"
REPLY = "locale/en/lines_replies.yaml"
SAFETY = "locale/en/lines_safety.yaml"
TIMES = "locale/en/times.yaml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for part in ("guides", "locale"):
        shutil.copytree(DATA / part, tmp_path / part)
    shutil.copy(DATA / "sources.yaml", tmp_path)
    return tmp_path


def change(data: Path, file: str, old: str, new: str, after: str = "") -> None:
    """Replace the first `old` that follows `after`."""
    path = data / file
    text = path.read_text(encoding="utf-8")
    start = text.index(after)
    place = text.index(old, start)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")


def line_of(data: Path, file: str, text: str, after: str = "") -> int:
    whole = (data / file).read_text(encoding="utf-8")
    return whole.count("\n", 0, whole.index(text, whole.index(after))) + 1


BROKEN = [
    # file, old text, new text, found after, text at the line that is named, what is said
    (
        GUIDE,
        "line: prep_place",
        "line: prep_palace",
        "- id: prep_place",
        "line: prep_palace",
        "unknown line 'prep_palace'",
    ),
    (
        GUIDE,
        "near_end: warm_near_end",
        "near_end: nowhere",
        "- id: warm",
        "near_end: nowhere",
        "unknown line",
    ),
    (GUIDE, "notes: [note_warm]", "notes: [note_cold]", "- id: warm", "notes: [note_cold]", "unknown line"),
    (
        GUIDE,
        "[FEH, EXP, DM]",
        "[FEH, EXP, XX]",
        "- id: relax_breathe",
        "[FEH, EXP, XX]",
        "unknown source 'XX'",
    ),
    (
        GUIDE,
        "- id: prep_drink",
        "- id: prep_wash",
        "",
        "- id: prep_wash\n    phase: prepare\n    line: prep_drink",
        "'prep_wash' is there twice",
    ),
    (
        GUIDE,
        "{at: 120, line: warm_look, always: true}",
        "{at: 900, line: warm_look}",
        "- id: warm",
        "{at: 900",
        "cue at 900 s but lasts 300 s",
    ),
    (GUIDE, "when: {cue: [baby]}", "when: {pet: [cat]}", "", "when: {pet", "unknown choice 'pet'"),
    (GUIDE, "when: {cue: [baby]}", "when: {cue: [cat]}", "", "when: {cue: [cat]}", "'cat', which is no cue"),
    (
        GUIDE,
        "alongside: {short: warm}",
        "alongside: {short: sauna}",
        "",
        "alongside: {short: sauna}",
        "unknown step 'sauna'",
    ),
    (
        GUIDE,
        "alongside: {short: warm}",
        "alongside: {short: prep_place}",
        "",
        "alongside: {short: prep_place}",
        "which is not in 'short'",
    ),
    (GUIDE, "asks: safety", "picture: null", "", "gated: true", "no earlier step of 'standard' asks safety"),
    (GUIDE, "phase: warm", "phase: sauna", "- id: warm", "phase: sauna", "unknown phase 'sauna'"),
    (GUIDE, "advance: auto", "advance: soon", "- id: warm", "advance: soon", "should be 'auto' or 'ready'"),
    (GUIDE, "hands: 0", "hand: 0", "- id: warm", "hand: 0", "hand is not a known field"),
    (
        GUIDE,
        "{standard: 300",
        "{standard: -300",
        "- id: warm",
        "{standard: -300",
        "greater than or equal to 0",
    ),
    (GUIDE, "{standard: 300", "{standard: long", "- id: warm", "{standard: long", "valid number"),
    (GUIDE, "{standard: 300", "{endless: 300", "- id: warm", "{endless: 300", "unknown length 'endless'"),
    (
        GUIDE,
        "side_seconds: 300\n",
        "side_seconds: 300\n    sides: false\n",
        "",
        "sides: false",
        "duplicate key",
    ),
    (GUIDE, "default: photo", "default: film", "", "default: film", "none of its options"),
    (
        GUIDE,
        "options: [hand, pump]",
        "options: [hand, foot]",
        "",
        "options: [hand, foot]",
        "no line 'choice_foot'",
    ),
    (
        GUIDE,
        "{standard: 1200, short: 1200}",
        "{standard: 2000, short: 1200}",
        "",
        "{standard: 2000",
        "lasts longer than express_cap",
    ),
    (GUIDE, "hands: 0", "hands: 3", "- id: warm", "hands: 3", "less than or equal to 2"),
    (GUIDE, "guide: letdown", "guide: other", "", "guide: other", "make them equal"),
    (STEPS, "source: [FEH, EXP]", "source: [FEH, QQ]", "", "source: [FEH, QQ]", "unknown source 'QQ'"),
    (STEPS, "Make a loose fist.", "Breathe {how}.", "", "Breathe {how}.", "slot {how} that nothing fills"),
    (STEPS, "Make a loose fist.", "Breathe {how in.", "", "Breathe {how in.", "malformed slot"),
    (STEPS, "Make a loose fist.", "Say <ready when you breathe.", "", "Say <ready when", "close the mark"),
    (STEPS, "Make a loose fist.", "a b c d e f g h i j k l m n o", "", "a b c d e", "more than 14 words"),
    (STEPS, '"Make a loose fist."', '""', "", '[""', "at least 1 character"),
    (REPLY, "{choices}", "{choice}", "ask_same_as_last", "{choice}", "slots here: choices"),
    (
        REPLY,
        "read_back:",
        "greet:",
        "",
        'greet:\n    source: [ours]\n    wordings:\n      - ["So',
        "duplicate key",
    ),
    (TIMES, "  2: two\n", "", "", "numbers:", "the word for 2 is missing"),
    (TIMES, "{n}", "some", "minutes:", 'minutes: "about some', "it has no {n}"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "after", "at", "rule"), BROKEN, ids=lambda value: str(value)[:24]
)
def test_a_broken_rule_names_file_line_and_rule(
    data: Path, file: str, old: str, new: str, after: str, at: str, rule: str
) -> None:
    change(data, file, old, new, after)
    with pytest.raises(DataError) as caught:
        load_guide(data)
    assert caught.value.where == f"{data / file}:{line_of(data, file, at, after if at in after else '')}"
    assert rule in caught.value.rule
    assert caught.value.rule.endswith(".")


@pytest.mark.parametrize("reply", ["ok_pause", "refer_fever", "pain_mild_warm", "ready_hint"])
def test_a_missing_reply_is_named(data: Path, reply: str) -> None:
    for file in (REPLY, SAFETY):
        if f"  {reply}:" in (data / file).read_text(encoding="utf-8"):
            change(data, file, f"  {reply}:", f"  {reply}_gone:")
    with pytest.raises(DataError, match=f"speaks the line '{reply}'"):
        load_guide(data)


def test_a_line_in_two_files_is_named_with_both(data: Path) -> None:
    (data / "locale/en/lines_zz.yaml").write_text(
        'lines:\n  greet: {source: [ours], wordings: [["Hello."]]}\n', encoding="utf-8"
    )
    with pytest.raises(
        DataError, match=r"lines_zz\.yaml:2: line 'greet' is already in .*lines_replies\.yaml:\d+"
    ):
        load_guide(data)


def test_missing_files_are_said_as_such(data: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.yaml:1: this file is missing"):
        load_guide(data, guide="nowhere")
    with pytest.raises(LullError, match=r"xx: no lines"):
        load_guide(data, locale="xx")
    (data / "sources.yaml").unlink()
    with pytest.raises(DataError, match=r"sources\.yaml:1: this file is missing"):
        load_guide(data)


def test_the_real_guide_knows_where_each_line_stands() -> None:
    guide = load_guide()
    assert guide.lines["warm"].where.startswith(str(DATA / STEPS))
    file, number = guide.lines["warm"].where.rsplit(":", 1)
    assert Path(file).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip() == "warm:"


def test_every_red_flag_and_slot_has_its_line() -> None:
    assert {f"refer_{flag}" for flag in FLAGS} <= set(REPLIES)
    assert set(SLOTS) <= set(load_guide().lines)
