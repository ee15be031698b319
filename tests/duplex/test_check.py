"""`lull check` on a sound card without hardware: it measures the room and hears her say the word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.duplex.sound_card import NEEDED, until_heard, wait_for

pytestmark = [pytest.mark.sound_card, pytest.mark.timeout(120), NEEDED]


def test_the_check_measures_the_room_and_hears_her(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "check.txt"
    with log.open("wb") as output:
        check = subprocess.Popen(
            [sys.executable, "-m", "voice", "check"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for("it asks her to say a word", lambda: "Listening." in log.read_text(), 90)
        until_heard("ready", lambda: "I heard you." in log.read_text(), environment, patience=3.0)
        assert check.wait(timeout=30) == 0, log.read_text()
    except AssertionError as failed:
        failed.add_note(log.read_text())
        raise
    finally:
        check.kill()
        check.wait()
    report = log.read_text()
    assert "The word is ready." in report
    assert "The loudspeaker is heard after" in report
    assert "Your voice:" in report
    assert "I heard you." in report
