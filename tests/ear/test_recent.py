"""The sound of the last seconds, by its times."""

from __future__ import annotations

import numpy as np
import pytest

from voice.ear.frames import BLOCK, BLOCK_SECONDS
from voice.ear.recent import Recent


def filled(blocks: int, longest: float = 1.0) -> Recent:
    """Block number n, from 0 on, holds the number n."""
    recent = Recent(longest)
    for number in range(blocks):
        recent.take(np.full(BLOCK, number, np.float32), 5.0 + (number + 1) * BLOCK_SECONDS)
    return recent


def test_a_stretch_is_found_by_its_times() -> None:
    sound = filled(20).between(5.0 + 3 * BLOCK_SECONDS, 5.0 + 6 * BLOCK_SECONDS)
    assert sorted(set(sound)) == [3, 4, 5]


def test_times_beyond_what_is_kept_give_what_there_is() -> None:
    recent = filled(4)
    assert sorted(set(recent.between(0.0, 99.0))) == [0, 1, 2, 3]
    assert len(recent.between(6.0, 7.0)) == 0
    assert len(recent.between(0.0, 1.0)) == 0


def test_the_newest_sound_comes_with_the_time_it_begins_at() -> None:
    sound, began = filled(20).last(2 * BLOCK_SECONDS)
    assert sorted(set(sound)) == [18, 19]
    assert began == pytest.approx(5.0 + 18 * BLOCK_SECONDS)


def test_no_more_than_the_longest_is_kept_and_nothing_after_clearing() -> None:
    recent = filled(500, longest=10 * BLOCK_SECONDS)
    assert len(recent.last(99.0)[0]) == 10 * BLOCK
    recent.clear()
    assert len(recent.last(99.0)[0]) == 0
