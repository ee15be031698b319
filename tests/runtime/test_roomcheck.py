"""What `lull check` makes of what it measured."""

from __future__ import annotations

import numpy as np
import pytest

from voice.ear.delay import Delay, measure
from voice.runtime.roomcheck import RoomReport, advice, level, loudest
from voice.speech.earcons import GREETING, load_earcons

RATE = 48_000
SURE = Delay(0.07, 0.97)
CHIME = load_earcons()[GREETING].at_rate(RATE).samples


def test_the_delay_is_found_by_the_chime_under_noise_at_the_rate_of_the_card() -> None:
    played = np.concatenate([np.zeros(RATE // 5, np.float32), CHIME, np.zeros(RATE, np.float32)])
    late = np.roll(played, round(0.083 * RATE)) * np.float32(0.1)
    noise = np.random.default_rng(1).normal(0.0, 0.001, len(played)).astype(np.float32)
    found = measure(played, late + noise, RATE)
    assert found.seconds == pytest.approx(0.083, abs=0.0005)
    assert found.certainty > 0.9


def test_no_delay_is_made_up_when_the_chime_does_not_come_back() -> None:
    played = np.concatenate([CHIME, np.zeros(RATE, np.float32)])
    noise = np.random.default_rng(1).normal(0.0, 0.002, len(played)).astype(np.float32)
    assert not measure(played, noise, RATE).trusted
    assert measure(played, np.zeros(len(played), np.float32), RATE) == Delay(0.0, 0.0)


def test_levels_are_full_scale_decibels_and_her_voice_is_the_loudest_stretch() -> None:
    half = np.full(RATE, 0.5, np.float32)
    assert level(half) == pytest.approx(-6.02, abs=0.01)
    said = np.concatenate([half * 0.001, half, half * 0.001])
    assert loudest(said, RATE) == pytest.approx(-6.02, abs=0.1)


def test_a_dead_microphone_is_named_and_a_quiet_one_is_not() -> None:
    dead = advice(RoomReport(noise=-180.0, echo=-180.0, delay=Delay(0.2, 0.1), heard=False, speech=-180.0))
    assert any("switch it on" in line for line in dead)
    quiet = advice(RoomReport(noise=-180.0, echo=-49.0, delay=Delay(0.2, 0.1), heard=False, speech=-30.0))
    assert not any("switch it on" in line for line in quiet)


def test_a_loud_room_and_an_unheard_word_come_with_what_to_do() -> None:
    quiet = advice(RoomReport(noise=-62.0, echo=-40.0, delay=SURE, heard=True, speech=-30.0))
    assert not any("closer" in line for line in quiet)
    assert "The loudspeaker is heard after 70 ms (97 % sure), at -40 dB." in quiet
    loud = advice(RoomReport(noise=-30.0, echo=-40.0, delay=Delay(0.2, 0.1), heard=False, speech=-28.0))
    assert any("bring the microphone closer" in line for line in loud)
    assert any("Come closer" in line for line in loud)
    assert any("did not come back clearly" in line for line in loud)
