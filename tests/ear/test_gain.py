"""The gain in front of the recogniser: raises a quiet room, never a loud one, never within a word."""

from __future__ import annotations

import numpy as np
import pytest

from voice.ear.frames import BLOCK, EAR_RATE, Samples, decibels
from voice.ear.gain import Gain
from voice.ear.policy import Policy

POLICY = Policy()
SECOND = EAR_RATE // BLOCK


def noise(level: float, seed: int = 0) -> Samples:
    samples = np.random.default_rng(seed).normal(0.0, 1.0, BLOCK)
    even = samples / np.sqrt(np.mean(samples**2)) * 10 ** (level / 20)
    return np.asarray(even, dtype=np.float32)


def settled(gain: Gain, room: float, seconds: float = 5.0) -> float:
    for _ in range(round(seconds * SECOND)):
        gain.process(noise(room), noise(room), room, sounding=False)
    return gain.decibels


@pytest.mark.parametrize(
    ("room", "expected"),
    [(-80.0, POLICY.gain_room + 80.0), (-110.0, POLICY.gain_most), (-70.0, 8.0), (-50.0, 0.0), (-30.0, 0.0)],
)
def test_a_quiet_room_is_raised_to_one_level_and_a_loud_one_is_left_alone(
    room: float, expected: float
) -> None:
    assert settled(Gain(POLICY), room) == pytest.approx(expected, abs=0.2)


def test_a_whisper_is_raised_as_a_whole_and_a_loud_word_is_held_below_the_limit() -> None:
    gain = Gain(POLICY)
    settled(gain, -80.0)
    before = gain.decibels
    for _ in range(60):
        out = gain.process(noise(-56.0), noise(-56.0), -80.0, sounding=True)
        assert decibels(out) == pytest.approx(-56.0 + before, abs=0.1)
    gain.process(noise(-80.0), noise(-20.0), -80.0, sounding=True)
    for _ in range(20):
        assert decibels(gain.process(noise(-20.0), noise(-20.0), -80.0, True)) <= POLICY.gain_loudest + 0.1


def test_nothing_moves_up_within_a_word_or_soon_after_it() -> None:
    gain = Gain(POLICY)
    settled(gain, -80.0)
    gain.process(noise(-20.0), noise(-20.0), -80.0, sounding=True)
    low = gain.decibels
    for _ in range(30):
        gain.process(noise(-45.0), noise(-45.0), -80.0, sounding=True)
    for _ in range(round(POLICY.gain_wait * SECOND) - 2):
        gain.process(noise(-80.0), noise(-80.0), -80.0, sounding=False)
    assert gain.decibels == low
    gain.process(noise(-80.0), noise(-80.0), -80.0, sounding=False)
    gain.process(noise(-80.0), noise(-80.0), -80.0, sounding=False)
    assert low < gain.decibels <= low + 3 * POLICY.gain_rise / SECOND


def test_what_the_loudspeaker_leaves_is_never_raised_above_the_rooms_own_level() -> None:
    gain = Gain(POLICY)
    settled(gain, -80.0)
    out = gain.process(noise(-55.0), noise(-55.0), -55.0, sounding=False)
    assert gain.decibels == 0.0
    out = gain.process(noise(-55.0), noise(-55.0), -55.0, sounding=False)
    assert decibels(out) == pytest.approx(-55.0, abs=0.1)
