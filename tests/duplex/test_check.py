"""`lull check` on a sound card without hardware: it measures the room and hears her say the word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.duplex.sound_card import NEEDED, she_says, wait_for

pytestmark = [pytest.mark.sound_card, pytest.mark.timeout(120), NEEDED]


def test_the_check_measures_the_room_and_hears_her(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "check.txt"
    with log.open("wb") as output:
        check = subprocess.Popen(
            [sys.executable, "-m", "voice", "check"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for("it asks her to say a word", lambda: "say ready" in log.read_text(), 60)
        for _ in range(3):
            if check.poll() is None:
                she_says("ready", environment)
        assert check.wait(timeout=30) == 0, log.read_text()
    finally:
        check.kill()
        check.wait()
    report = log.read_text()
    assert "The loudspeaker is heard after" in report
    assert "Your voice:" in report
    assert "I heard you." in report
