"""A sound that stands out of other sound is noticed when it is over, once."""

from __future__ import annotations

import pytest

from voice.ear.bump import Bump
from voice.ear.frames import BLOCK_SECONDS
from voice.ear.policy import Policy


def followed(levels: list[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """`levels`: dB for so many seconds. When a bump was told, and when it began and ended."""
    bump, now, told = Bump(Policy()), 0.0, []
    for level, seconds in levels:
        for _ in range(round(seconds / BLOCK_SECONDS)):
            now += BLOCK_SECONDS
            bump.take(level, now)
            if bump.over:
                told.append((round(now, 2), round(bump.began, 2), round(bump.ended, 2)))
    return told


def test_a_word_over_crying_is_told_a_third_of_a_second_after_it() -> None:
    assert followed([(-40, 2.0), (-20, 0.5), (-38, 1.5)]) == [(2.8, 2.01, 2.5)]


def test_a_gap_inside_a_word_does_not_end_it() -> None:
    assert followed([(-40, 2.0), (-20, 0.2), (-40, 0.2), (-22, 0.2), (-40, 1.0)]) == [(2.9, 2.01, 2.6)]


def test_two_words_are_told_one_by_one() -> None:
    assert [began for _, began, _ in followed([(-40, 1), (-20, 0.4), (-40, 0.6), (-25, 0.4), (-40, 1)])] == [
        1.01,
        2.01,
    ]


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param([(-40.0, 5.0)], id="nothing but the noise"),
        pytest.param([(-40.0, 2.0), (-34.0, 0.5), (-40.0, 2.0)], id="hardly above it"),
        pytest.param([(-40.0, 2.0), (-20.0, 5.0)], id="it goes on"),
    ],
)
def test_what_does_not_stand_out_or_is_not_over_is_not_told(levels: list[tuple[float, float]]) -> None:
    assert followed(levels) == []
