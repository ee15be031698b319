"""Everything she may say is in a scripted session: each utterance of the table, and a dialogue for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.data import DATA
from voice.data.reading import read_yaml
from voice.language.commands import Commands, normalise
from voice.runtime.script import read_script

TESTS = Path(__file__).parents[1]
THEMES: dict[str, list[str]] = read_yaml(Path(__file__).with_name("utterances.yaml")).value
UTTERANCES = [(theme, text) for theme, texts in THEMES.items() for text in texts]
COMMANDS = Commands.load(DATA / "locale" / "en")


def covered() -> dict[str, list[str]]:
    """Utterance, normalised -> the dialogues in which she says it and something is expected of it."""
    found: dict[str, list[str]] = {}
    for path in sorted((TESTS / "dialogues").glob("*.yaml")):
        for entry in read_script(path).part.script:
            if entry.hear and entry.expect:
                found.setdefault(normalise(entry.hear), []).append(path.stem)
    return found


DIALOGUES = covered()


def test_the_table_holds_every_theme() -> None:
    assert len(UTTERANCES) == len(set(UTTERANCES)) == 68


@pytest.mark.parametrize(("theme", "text"), UTTERANCES, ids=[text for _, text in UTTERANCES])
def test_every_utterance_is_understood_and_played_in_a_dialogue(theme: str, text: str) -> None:
    assert any(COMMANDS.match(text, name) for name in COMMANDS.sets()), f"{theme}: not understood"
    assert DIALOGUES.get(normalise(text)), f"{theme}: in no dialogue"
