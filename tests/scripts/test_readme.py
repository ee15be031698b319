"""What the README and its picture promise is what the product says and hears."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from typer.main import get_command

from voice.cli import app
from voice.data import DATA
from voice.guide.load import load_guide
from voice.language.commands import Commands

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def rows(heading: str) -> list[str]:
    """First cells of the first table under a heading."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    table = section[section.index("|---") :].split("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[1:]]


def is_command(phrase: str, commands: Commands) -> bool:
    return any(commands.match(phrase, name) for name in commands.sets())


def test_every_phrase_of_the_table_is_understood() -> None:
    commands = Commands.load(DATA / "locale" / "en")
    phrases = [phrase for row in rows("What it hears") for phrase in row.split(" · ")]
    assert len(phrases) > 30
    assert [phrase for phrase in phrases if not is_command(phrase, commands)] == []


def test_every_command_of_the_table_exists_and_none_is_left_out() -> None:
    told = {re.match(r"`([\w-]+)", row) for row in rows("Commands")}
    assert {match[1] for match in told if match} == set(getattr(get_command(app), "commands", {}))


def test_the_picture_shows_words_that_are_really_said() -> None:
    picture = unescape((ROOT / "docs/session.svg").read_text()).replace("\u2019", "'")
    said = {
        re.sub(r"[<>]", "", sentence)
        for line in load_guide().lines.values()
        for wording in line.wordings
        for sentence in wording
    }
    guide = re.findall(r'class="guide"[^>]*>([^<]+)<', picture)
    her = re.findall(r'class="her"[^>]*>([^<]+)<', picture)
    spoken = [sentence for text in guide for sentence in re.findall(r"[^.?]+[.?]", text)]
    commands = Commands.load(DATA / "locale" / "en")
    assert len(guide) > 8
    assert [
        text
        for text in spoken
        if text.strip() not in said and not text.strip().startswith(("Here,", "In all,"))
    ] == []
    assert [text for text in her if not is_command(text, commands)] == []
