"""A recorded mother, a simulated room, the real ear, the real voice: what she says is done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voice.ear.sources import read_sound
from voice.errors import DataError, LullError
from voice.runtime.rehearsal import DEFAULT_SCRIPT, rehearse
from voice.runtime.settings import Settings

HERE = Path(__file__).parent / "rehearsals"


def settings(folder: Path, engine: str) -> Settings:
    return Settings.model_validate(
        {"cache_folder": str(folder), "data_folder": str(folder), "engine": engine}
    )


def test_the_default_rehearsal_goes_from_the_first_question_to_the_last_word(tmp_path: Path) -> None:
    result = rehearse(DEFAULT_SCRIPT, quick=True, settings=settings(tmp_path, "silent"))
    assert [str(outcome) for outcome in result.outcomes if not outcome.held] == []
    assert result.ended == "finished"


def test_stop_silences_the_real_voice_and_a_failing_expectation_names_its_line(tmp_path: Path) -> None:
    out = tmp_path / "room.wav"
    script = HERE / "stopped.yaml"
    result = rehearse(script, out, quick=True, settings=settings(tmp_path, "auto"))
    failed = [str(outcome) for outcome in result.outcomes if not outcome.held]
    assert len(failed) == 1
    assert failed[0].startswith(f"{script}:15: says no_timer, but")
    assert not result.held
    samples, rate = read_sound(out)
    assert abs(len(samples) / rate - result.seconds) < 0.1
    assert np.abs(samples).max() > 0.05
    assert [path.name for path in tmp_path.glob("*part*")] == []


def test_a_faulty_script_is_refused_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "mine.yaml"
    script.write_text("about: x\nscript:\n  - mother: stop\n  - mother: no such thing\n")
    with pytest.raises(DataError, match=r"mine.yaml:4: there is no recording no such thing"):
        rehearse(script, quick=True, settings=settings(tmp_path, "silent"))
    script.write_text("about: x\nscript:\n  - mother: stop\n    expect: {sayz: warm}\n")
    with pytest.raises(DataError, match=r"mine.yaml:4: .*sayz"):
        rehearse(script, quick=True, settings=settings(tmp_path, "silent"))


def test_a_place_that_cannot_be_written_is_told_before_the_rehearsal(tmp_path: Path) -> None:
    with pytest.raises(LullError, match="cannot be written"):
        rehearse(DEFAULT_SCRIPT, tmp_path / "nowhere" / "room.wav", settings=settings(tmp_path, "silent"))
