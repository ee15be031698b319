"""A condition is what its name says: levels, noise, rooms and loudspeakers in numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.hearing import conditions, mixing
from bench.hearing.conditions import Condition, trial
from bench.hearing.noises import Noises
from bench.hearing.recordings import Clip
from voice.ear.frames import EAR_RATE, Samples
from voice.speech.soundio import write_sound

NOISES = Noises((), ())


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """Half a second of a tone between two silences."""
    path = tmp_path / "ann" / "stop.flac"
    path.parent.mkdir()
    write_sound(path, np.pad(tone(0.5), 4000), EAR_RATE)
    return Clip(path, "voices", "stop", "guiding", "stop", "ann", "stop")


def tone(seconds: float, hertz: float = 300.0) -> Samples:
    time = np.arange(round(seconds * EAR_RATE)) / EAR_RATE
    return np.asarray(0.3 * np.sin(2 * np.pi * hertz * time), np.float32)


@pytest.mark.parametrize(("ratio", "softer"), [(24, 0), (0, 0), (0, 20)])
def test_noise_is_as_far_below_her_as_was_asked_for(clip: Clip, ratio: int, softer: int) -> None:
    quiet = trial(clip, Condition("a", "noise", softer=softer), NOISES, 1)
    noisy = trial(clip, Condition("b", "noise", softer=softer, noise="water", ratio=ratio), NOISES, 1)
    first, last = (round(time * EAR_RATE) for time in (quiet.began, quiet.ended))
    speech = mixing.level(quiet.samples[first:last])
    before = mixing.level(np.concatenate([noisy.samples[:first], noisy.samples[last:]]))
    assert speech == pytest.approx(mixing.NORMAL - softer, abs=0.5)
    assert speech - before == pytest.approx(ratio, abs=1.5)


def test_speech_is_where_the_trial_says(clip: Clip) -> None:
    heard = trial(clip, conditions.QUIET, NOISES, 1)
    assert heard.began == pytest.approx(conditions.BEFORE + 0.25, abs=0.02)
    assert heard.ended - heard.began == pytest.approx(0.5, abs=0.02)


def test_the_same_seed_gives_the_same_samples_whatever_came_before(clip: Clip) -> None:
    noisy = Condition("pump 6 dB", "noise", noise="pump", ratio=6)
    first = trial(clip, noisy, NOISES, 3)
    trial(clip, conditions.QUIET, NOISES, 3)
    assert np.array_equal(trial(clip, noisy, NOISES, 3).samples, first.samples)
    assert not np.array_equal(trial(clip, noisy, NOISES, 4).samples, first.samples)


def test_the_direct_sound_falls_with_distance_and_the_room_stays() -> None:
    near, far = (mixing.room_response(metres, np.random.default_rng(1)) for metres in (0.3, 3.0))
    assert 20 * np.log10(near[0] / far[0]) == pytest.approx(20.0, abs=0.1)
    assert np.array_equal(near[1:], far[1:])
    assert np.sum(near[1:] ** 2) == pytest.approx(near[0] ** 2 * (0.3 / 0.54) ** 2, rel=0.01)


def test_a_fast_clock_raises_the_pitch_by_as_much() -> None:
    speaker = mixing.Loudspeaker(drift=2000.0)
    sound = tone(1.0, 1000.0)
    played = np.concatenate([speaker.play(block) for block in np.split(sound, 100)])[400:4000]
    crossings = np.flatnonzero((played[:-1] < 0) & (played[1:] >= 0))
    crossing = crossings + played[crossings] / (played[crossings] - played[crossings + 1])
    period = float(np.diff(crossing).mean())
    assert EAR_RATE / period == pytest.approx(1002.0, abs=0.3)


def test_a_loudspeaker_without_faults_changes_nothing_and_a_distorted_one_adds_the_octave() -> None:
    sound = tone(0.5, 400.0)
    assert np.array_equal(mixing.Loudspeaker().play(sound), sound)
    spectrum = np.abs(np.fft.rfft(mixing.Loudspeaker(distortion=0.3).play(sound)))
    assert spectrum[400] > 0.02 * spectrum[200] > 0  # bins of 2 Hz: 800 Hz against 400 Hz
