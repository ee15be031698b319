"""The delay from loudspeaker to microphone is found and followed: a late or drifting echo is taken out."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest
import soxr  # type: ignore[import-untyped]

from tests.ear.conftest import AUDIO
from voice.ear.alignment import AlignedCanceller, DelayLine
from voice.ear.delay import DelayTracker, measure
from voice.ear.echo import EchoCanceller, KalmanCanceller
from voice.ear.frames import BLOCK, EAR_RATE, Samples, decibels
from voice.ear.room import SimulatedRoom, small_room
from voice.ear.sources import read_sound
from voice.ear.speex_canceller import SpeexCanceller
from voice.errors import LullError
from voice.runtime.assembly import canceller
from voice.runtime.settings import Settings

SETTLED = 12
"""Seconds after which the echo has to be gone."""


def narration(seconds: float, voice: str = "am_eric") -> Samples:
    """Somebody talking on and on, at -20 dB."""
    talk = np.concatenate([read_sound(path)[0] for path in sorted(AUDIO.glob(f"{voice}/*.flac"))])
    talk = np.resize(talk, round(seconds * EAR_RATE))
    return np.asarray(np.clip(talk * (0.1 / np.sqrt(np.mean(talk**2))), -1.0, 1.0), dtype=np.float32)


def at_the_microphone(played: Samples, delay: float, ppm: float = 0.0) -> Samples:
    """The echo in a small room with a little noise; the microphone's clock runs `ppm` faster."""
    hiss = np.random.default_rng(0).normal(0.0, 3e-4, 3 * EAR_RATE).astype(np.float32)
    heard = SimulatedRoom(EAR_RATE, delay, -6.0, small_room(EAR_RATE), noise=hiss).step(played)
    if ppm:
        heard = soxr.resample(heard.astype(np.float64), 1e6, 1e6 + ppm).astype(np.float32)
    return np.pad(heard, (0, max(0, len(played) - len(heard))))[: len(played)]


def taken_out(canceller: EchoCanceller, played: Samples, heard: Samples, since: float = SETTLED) -> float:
    """dB by which the echo was lowered after `since` seconds."""
    blocks = [slice(at, at + BLOCK) for at in range(0, len(played) - BLOCK + 1, BLOCK)]
    left = np.concatenate([canceller.process(heard[block], played[block]) for block in blocks])
    tail = slice(round(since * EAR_RATE), len(left))
    return decibels(heard[tail]) - decibels(left[tail])


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3])
def test_the_echo_is_taken_out_however_late_it_comes(delay: float) -> None:
    played = narration(20.0)
    heard = at_the_microphone(played, delay)
    aligned = AlignedCanceller(KalmanCanceller())
    assert taken_out(aligned, played, heard) > 20.0
    assert aligned.delay is not None
    assert aligned.delay.seconds == pytest.approx(delay, abs=0.001)
    assert aligned.delay.certainty > 0.9


def test_without_alignment_an_echo_beyond_the_tail_stays() -> None:
    played = narration(20.0)
    assert taken_out(KalmanCanceller(), played, at_the_microphone(played, 0.3)) < 10.0


@pytest.mark.parametrize("ppm", [-50.0, 20.0, 50.0])
def test_two_clocks_that_drift_apart_are_made_good(ppm: float) -> None:
    played = narration(32.0)
    aligned = AlignedCanceller(KalmanCanceller())
    assert taken_out(aligned, played, at_the_microphone(played, 0.1, ppm), since=20) > 20.0
    assert 1e6 * aligned.drift == pytest.approx(ppm, abs=2.0)


def test_one_clock_is_not_taken_for_two() -> None:
    played = narration(20.0)
    aligned = AlignedCanceller(KalmanCanceller())
    taken_out(aligned, played, at_the_microphone(played, 0.1))
    assert aligned.drift == 0.0


def test_a_device_that_is_changed_for_a_later_one_is_followed() -> None:
    played = narration(30.0)
    half = 15 * EAR_RATE
    near, far = at_the_microphone(played, 0.04), at_the_microphone(played, 0.25)
    heard = np.concatenate([near[:half], far[half:]])
    aligned = AlignedCanceller(KalmanCanceller())
    assert taken_out(aligned, played, heard, since=25) > 20.0
    assert aligned.delay is not None
    assert aligned.delay.seconds == pytest.approx(0.25, abs=0.001)


def test_somebody_elses_talk_is_no_echo_and_moves_nothing() -> None:
    played, hers = narration(20.0), narration(20.0, "bf_alice")
    aligned = AlignedCanceller(KalmanCanceller())
    taken_out(aligned, played, hers)
    assert aligned.delay is None
    assert not measure(played, hers, EAR_RATE).trusted


def test_the_delay_is_known_while_she_talks_over_the_guide() -> None:
    played = narration(6.0)
    both = np.clip(at_the_microphone(played, 0.08) + narration(6.0, "bf_alice"), -1.0, 1.0)
    tracker = DelayTracker()
    for at in range(0, len(played) - BLOCK + 1, BLOCK):
        tracker.take(played[at : at + BLOCK], both[at : at + BLOCK])
    assert tracker.delay.trusted
    assert tracker.delay.seconds == pytest.approx(0.08, abs=0.001)


def test_moving_the_reference_keeps_what_was_learnt() -> None:
    played = narration(20.0)
    heard = at_the_microphone(played, 0.1)
    canceller, line = KalmanCanceller(), DelayLine()
    for at in range(0, 15 * EAR_RATE, BLOCK):
        canceller.process(heard[at : at + BLOCK], line.process(played[at : at + BLOCK]))
    line.later = 8.0 * BLOCK
    canceller.shifted(8)
    soon = slice(15 * EAR_RATE, 16 * EAR_RATE)
    left = np.concatenate(
        [
            canceller.process(heard[at : at + BLOCK], line.process(played[at : at + BLOCK]))
            for at in range(soon.start, soon.stop, BLOCK)
        ]
    )
    assert decibels(heard[soon]) - decibels(left) > 20.0


def test_a_line_read_between_samples_gives_the_sound_that_lay_there() -> None:
    time = np.arange(4 * EAR_RATE) / EAR_RATE
    line = DelayLine()
    line.later, line.drift = 100.25, 40e-6
    out = np.concatenate(
        [line.process(np.sin(2 * np.pi * 1000 * time[at : at + BLOCK]).astype(np.float32))
         for at in range(0, len(time), BLOCK)]
    )  # fmt: skip
    late = (100.25 + 40e-6 * np.arange(len(time))) / EAR_RATE
    wanted = np.sin(2 * np.pi * 1000 * (time - late))
    assert np.abs(out - wanted)[1000:].max() < 0.01


def test_pyaec_takes_the_echo_out_as_well() -> None:
    pytest.importorskip("pyaec", reason="the extra pyaec is not installed")
    played = narration(20.0)
    aligned = AlignedCanceller(canceller(Settings(echo="pyaec")))
    assert taken_out(aligned, played, at_the_microphone(played, 0.1)) > 20.0


@pytest.mark.parametrize("broken", [None, ModuleType("pyaec")], ids=["not installed", "without its library"])
def test_pyaec_that_is_not_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, broken: ModuleType | None
) -> None:
    monkeypatch.setitem(sys.modules, "pyaec", broken)
    with pytest.raises(LullError, match=r'echo = "pyaec" needs the package pyaec.*install it with'):
        SpeexCanceller()
    with pytest.raises(LullError, match=r'set echo = "kalman"'):
        canceller(Settings(echo="pyaec"))


def test_off_takes_nothing_out() -> None:
    block = np.ones(BLOCK, np.float32)
    assert canceller(Settings(echo="off")).process(block, block) is block
