"""What `lull check` makes of what it measured."""

from __future__ import annotations

import numpy as np
import pytest

from voice.runtime.roomcheck import RoomReport, advice, delay_between, level, loudest, soft_tone

RATE = 16_000


def test_the_delay_from_loudspeaker_to_microphone_is_found_under_noise() -> None:
    tone = np.concatenate([soft_tone(RATE), np.zeros(RATE // 2, np.float32)])
    late = np.roll(tone, round(0.083 * RATE)) * np.float32(0.1)
    noise = np.random.default_rng(1).normal(0.0, 0.002, len(tone)).astype(np.float32)
    assert delay_between(tone, late + noise, RATE) == pytest.approx(0.083, abs=0.001)


def test_no_delay_is_made_up_when_the_tone_does_not_come_back() -> None:
    tone = np.concatenate([soft_tone(RATE), np.zeros(RATE // 2, np.float32)])
    noise = np.random.default_rng(1).normal(0.0, 0.002, len(tone)).astype(np.float32)
    assert delay_between(tone, noise, RATE) is None
    assert delay_between(tone, np.zeros(len(tone), np.float32), RATE) is None


def test_levels_are_full_scale_decibels_and_her_voice_is_the_loudest_stretch() -> None:
    half = np.full(RATE, 0.5, np.float32)
    assert level(half) == pytest.approx(-6.02, abs=0.01)
    said = np.concatenate([half * 0.001, half, half * 0.001])
    assert loudest(said, RATE) == pytest.approx(-6.02, abs=0.1)


def test_a_dead_microphone_is_named_and_a_quiet_one_is_not() -> None:
    dead = advice(RoomReport(noise=-180.0, echo=-180.0, delay=None, heard=False, speech=-180.0))
    assert any("switch it on" in line for line in dead)
    quiet = advice(RoomReport(noise=-180.0, echo=-49.0, delay=0.1, heard=False, speech=-30.0))
    assert not any("switch it on" in line for line in quiet)


def test_a_loud_room_and_an_unheard_word_come_with_what_to_do() -> None:
    quiet = advice(RoomReport(noise=-62.0, echo=-40.0, delay=0.07, heard=True, speech=-30.0))
    assert not any("closer" in line for line in quiet)
    loud = advice(RoomReport(noise=-30.0, echo=-40.0, delay=None, heard=False, speech=-28.0))
    assert any("bring the microphone closer" in line for line in loud)
    assert any("Come closer" in line for line in loud)
