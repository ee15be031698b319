"""Recordings of any kind come in; what is no recording is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from voice.ear.frames import Samples
from voice.ear.sources import MemorySource, WavSource
from voice.errors import LullError


def _tone(seconds: float, rate: int) -> Samples:
    return np.asarray(
        0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate), dtype=np.float32
    )


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_any_rate_and_number_of_channels_become_one_channel_of_the_wanted_rate(
    tmp_path: Path, rate: int
) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([_tone(1.0, rate), _tone(1.0, rate)], axis=1), rate)
    source = WavSource(path, rate=16_000)
    assert source.rate == 16_000
    assert len(source.samples) == pytest.approx(16_000, abs=2)
    assert float(np.sqrt(np.mean(source.samples**2))) == pytest.approx(0.354, abs=0.01)


def test_frames_follow_each_other_without_a_gap() -> None:
    source = MemorySource(_tone(0.5, 16_000), 16_000, frame_seconds=0.03)
    frames = list(source.frames())
    assert [frame.start for frame in frames] == list(range(0, 8_000, 480))
    assert np.array_equal(np.concatenate([frame.samples for frame in frames]), source.samples)


def test_not_a_number_in_a_recording_is_silence() -> None:
    source = MemorySource(np.array([0.5, np.nan, np.inf, -np.inf, 3.0]), 16_000)
    assert source.samples.tolist() == [0.5, 0.0, 1.0, -1.0, 1.0]


def _nothing(path: Path) -> None:
    """There is no file."""


def _no_bytes(path: Path) -> None:
    path.write_bytes(b"")


def _no_samples(path: Path) -> None:
    soundfile.write(path, np.zeros(0), 16_000)


def _no_sound(path: Path) -> None:
    path.write_text("this is a shopping list, not a recording")


def _half_a_header(path: Path) -> None:
    soundfile.write(path, _tone(1.0, 16_000), 16_000)
    path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_nothing, "no such recording"),
        (_no_bytes, "empty"),
        (_no_samples, "no sound"),
        (_no_sound, "not a sound file"),
        (_half_a_header, "not a sound file"),
        (Path.mkdir, "folder"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_no_recording_is_refused_in_one_sentence(tmp_path: Path, make: object, says: str) -> None:
    path = tmp_path / "broken.wav"
    assert callable(make)
    make(path)
    with pytest.raises(LullError, match=says) as refusal:
        WavSource(path)
    assert "broken.wav" in str(refusal.value)
    assert "\n" not in str(refusal.value)
