"""The signs and sound files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voice.errors import LullError
from voice.speech.earcons import FOLDER, load_earcons
from voice.speech.soundio import read_sound, write_sound


@pytest.mark.parametrize("kind", ["heard", "missed", "done"])
def test_a_sign_is_short_soft_and_without_clicks(kind: str) -> None:
    clip = load_earcons()[kind]
    assert clip.rate == 24_000
    assert 0.1 <= clip.seconds <= 0.4
    assert 0.03 < np.abs(clip.samples).max() <= 10 ** (-18 / 20)
    assert np.abs(clip.samples[[0, -1]]).max() < 1e-3
    assert np.abs(np.diff(clip.samples)).max() < 0.05
    assert (FOLDER / f"{kind}.flac").stat().st_size < 20_000


def test_the_greeting_is_soft_begins_and_ends_in_nothing_and_lasts_a_second() -> None:
    clip = load_earcons()["greeting"]
    assert clip.seconds == 1.0
    assert -32 < 10 * np.log10(np.mean(clip.samples**2)) < -26, "well under speech"
    assert np.abs(clip.samples[[0, -1]]).max() < 1e-3
    assert np.abs(clip.samples[: clip.rate // 1000]).max() < 0.02, "no sharp beginning"


def test_the_recipe_makes_the_files_that_ship(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "voice.speech.earcons", str(tmp_path)], check=True, timeout=30)
    shipped, made = load_earcons(), load_earcons(tmp_path)
    for kind, clip in shipped.items():
        assert np.abs(clip.samples - made[kind].samples).max() <= 1 / 32768
        assert clip.seconds == made[kind].seconds


def test_a_missing_or_broken_sign_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LullError, match=r"greeting\.flac cannot be played: it is missing"):
        load_earcons(tmp_path)
    (tmp_path / "greeting.flac").write_text("not sound")
    with pytest.raises(LullError, match=r"greeting\.flac cannot be played: it is no sound file"):
        load_earcons(tmp_path)


@pytest.mark.parametrize("name", ["out.wav", "out.flac", "out"])
def test_what_is_written_can_be_read_back(tmp_path: Path, name: str) -> None:
    samples = np.linspace(-2.0, 2.0, 1000, dtype=np.float32)
    write_sound(tmp_path / name, samples, 22_050)
    back, rate = read_sound(tmp_path / name)
    assert rate == 22_050
    assert back == pytest.approx(np.clip(samples, -1, 1), abs=1e-4)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LullError, match="cannot be written"):
        write_sound(tmp_path / "no" / "such" / "out.wav", np.zeros(10, dtype=np.float32), 16_000)
