"""What may be asked about: close to one named command, and never what acts at once."""

from __future__ import annotations

import pytest

from voice.ear.accept import Scene, conclude
from voice.ear.policy import Policy
from voice.ear.recogniser import Hypothesis, Word
from voice.guide.events import Rejected
from voice.language.commands import Commands

POLICY = Policy()
LOUD = Scene(loudness=-25.0, floor=-70.0)
Spoken = tuple[str, float, float] | tuple[str, float, float, float]


def near(commands: Commands, *words: Spoken, scene: Scene = LOUD) -> tuple[str, str, dict[str, str]]:
    made = tuple(Word(*word) for word in words)
    said = Hypothesis(" ".join(w.text for w in made), made, True, made[0].began, made[-1].ended)
    found = conclude(said, scene, commands, "guiding", 9.0, POLICY)
    assert isinstance(found, Rejected)
    return found.nearly, found.phrase, found.slots


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ([("[unk]", 1.0, 1.5), ("next", 1.5, 1.9)], "next"),
        ([("table", 1.0, 1.4), ("next", 1.4, 1.8)], "next"),
        ([("how", 1.0, 1.2), ("much", 1.2, 1.5), ("often", 1.5, 1.9)], "time_left"),
        ([("finish", 1.0, 1.4, 0.6), ("[unk]", 1.4, 1.5)], "finish"),
        ([("two", 1.0, 1.2), ("more", 1.2, 1.5), ("letter", 1.5, 2.0)], "more_time"),
    ],
)
def test_a_phrase_with_something_beside_it_or_one_word_off_is_near(
    commands: Commands, words: list[Spoken], intent: str
) -> None:
    assert near(commands, *words)[0] == intent


def test_the_phrase_and_its_slots_come_with_it(commands: Commands) -> None:
    found = near(commands, ("two", 1.0, 1.2), ("more", 1.2, 1.5), ("letter", 1.5, 2.0))
    assert found == ("more_time", "two more minute", {"minutes": "2"})


@pytest.mark.parametrize("word", ["stop", "pause", "ow", "ouch"])
def test_what_silences_the_guide_is_never_near(commands: Commands, word: str) -> None:
    assert near(commands, ("[unk]", 1.0, 1.5), (word, 1.5, 1.9))[0] == ""
    assert near(commands, ("don't", 1.0, 1.5), (word, 1.5, 1.9))[0] == ""


def test_signs_of_illness_are_never_guessed(commands: Commands) -> None:
    assert near(commands, ("i", 1.0, 1.1), ("have", 1.1, 1.3), ("fever", 1.3, 1.8))[0] == ""


def test_talk_doubt_and_a_far_voice_are_not_near(commands: Commands) -> None:
    phrase: list[Spoken] = [("[unk]", 1.0, 1.5), ("next", 1.5, 1.9)]
    assert near(commands, ("[unk]", 1.0, 3.0), ("next", 3.0, 3.4))[0] == ""
    assert near(commands, ("[unk]", 1.0, 1.5), ("next", 1.5, 1.9, 0.4))[0] == ""
    assert near(commands, *phrase, scene=Scene(loudness=-52.0, floor=-60.0))[0] == ""
    assert near(commands, *phrase, scene=Scene(loudness=-25.0, floor=-70.0, own_voice=True))[0] == ""
