"""A broken commands.yaml is refused with the line and one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.errors import DataError
from voice.language.commands import Commands

SOUND = """\
language: en
expansion_rules:
  now: "(now|please)"
lists:
  minutes:
    values:
      - {in: one, out: "1"}
      - {in: two, out: "2"}
intents:
  stop:
    help: stop
    strictness: lenient
    commits: first_partial
    data:
      - sentences: ["stop [<now>]", "(shush|hush)"]
  more:
    strictness: normal
    commits: stable
    data:
      - sentences: ["{minutes} more"]
      - sentences: ["more"]
        only_in: [guiding]
        slots: {minutes: "1"}
always: [stop]
listen:
  guiding: [more]
  idle: []
unions:
  question: [guiding, idle]
decoys: [table]
"""


def load(folder: Path, text: str) -> Commands:
    (folder / "commands.yaml").write_text(text, encoding="utf-8")
    return Commands.load(folder)


def test_the_sound_file_is_read(tmp_path: Path) -> None:
    commands = load(tmp_path, SOUND)
    assert commands.sets() == ("guiding", "idle", "question", "all")
    assert set(commands.phrases("idle")) == {"stop", "stop now", "stop please", "shush", "hush"}
    assert commands.phrases("guiding")["two more"] == "more"
    assert commands.match("more", "idle") is None
    assert commands.grammar("idle") == (*commands.phrases("idle"), "table", "[unk]")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"stop [<now>]"', '"stop [it"', 15, "cannot be read"),
        ('"stop [<now>]"', '"stop [<later>]"', 15, "no expansion rule <later>"),
        ('"stop [<now>]"', '"[stop]"', 15, "allows saying nothing"),
        ('"{minutes} more"', '"{hours} more"', 20, "no slot list {hours}"),
        ('"{minutes} more"', '"[{minutes}] more"', 20, "does not tell which value"),
        ('"{minutes} more"', '"{minutes} more", "stop"', 20, "means both 'stop' and 'more'"),
        ('sentences: ["more"]', 'sentences: ["more", "two more"]', 21, "means both"),
        ('"(now|please)"', '"(now|please"', 3, "cannot be read"),
        ('"(now|please)"', '"(now|<now>)"', 15, "contains itself"),
        ("{in: one,", '{in: "(one",', 7, "cannot be read"),
        ("guiding: [more]", "guiding: [mroe]", 26, "no intent 'mroe'"),
        ("always: [stop]", "always: [stopp]", 24, "no intent 'stopp'"),
        ("question: [guiding, idle]", "question: [guiding, night]", 29, "no set 'night'"),
        ("only_in: [guiding]", "only_in: [night]", 22, "no set 'night'"),
        ("only_in: [guiding]", "only_in: [idle]", 22, "not live in 'idle'"),
        ("idle: []", "question: []", 27, "names a union"),
        ("strictness: lenient", "strictness: loose", 12, "strictness"),
        ("commits: stable", "commits: later", 18, "commits"),
        ("    help: stop", "    hlep: stop", 11, "hlep"),
        ("decoys: [table]", "", 1, "decoys"),
        ("intents:", "intents: [", 9, "not valid YAML"),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in SOUND
    with pytest.raises(DataError) as caught:
        load(tmp_path, SOUND.replace(old, new))
    where, rule = caught.value.where, caught.value.rule
    assert words in rule
    if words != "not valid YAML":
        assert where == f"{tmp_path / 'commands.yaml'}:{line}"
    assert rule.count("\n") == 0


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"commands\.yaml:1"):
        Commands.load(tmp_path)


def test_where_sets_differ_the_first_one_holds_in_a_union(tmp_path: Path) -> None:
    text = SOUND.replace("  idle: []", "  idle: [go]").replace(
        "always: [stop]",
        '  go: {strictness: normal, commits: stable, data: [{sentences: ["more"]}]}\nalways: [stop]',
    )
    commands = load(tmp_path, text)
    assert commands.phrases("idle")["more"] == "go"
    assert commands.phrases("question")["more"] == commands.phrases("all")["more"] == "more"
