"""What counts as misheard: other words, not other spellings."""

from __future__ import annotations

import pytest

from bench.listening import Miss, misses, words


@pytest.mark.parametrize(
    ("spoken", "heard"),
    [
        ("It keeps four hours, up to twenty-one days.", "it keeps 4 hours up to 21 days"),
        ("Four centimetres towards your ribs.", "4 centimeters toward your ribs"),
        ("We're under way, let's go on to it.", "We are underway. Let us go onto it."),
        ("The let-down may take its time.", "The letdown may take its time"),
    ],
)
def test_another_spelling_is_no_miss(spoken: str, heard: str) -> None:
    assert misses(words(spoken), words(heard)) == []


def test_each_change_is_told_with_its_place() -> None:
    spoken, heard = words("Lift the cloth for a moment."), words("Lift the class for a moment now")
    assert misses(spoken, heard) == [Miss(2, "cloth", "class"), Miss(6, "", "now")]
    assert misses(["a", "moment"], ["moment"]) == [Miss(0, "a", "")]
