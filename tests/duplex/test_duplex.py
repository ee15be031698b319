"""The real program on a sound card without hardware: she says stop over its voice, and it is silent."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.duplex.sound_card import NEEDED, Loudspeaker, until_heard, wait_for

pytestmark = [pytest.mark.sound_card, pytest.mark.timeout(180), NEEDED]


def test_stop_silences_the_real_loudspeaker_and_carry_on_brings_the_voice_back(
    environment: dict[str, str], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    log = tmp_path / "program.txt"
    loudspeaker = Loudspeaker(environment)
    with log.open("wb") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", "voice", "run"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )

    def shows(words: str) -> bool:
        return words in log.read_text()

    try:
        wait_for("the program is ready", lambda: shows("Ready."), 60)
        wait_for("the narration is under way", lambda: shows("not a nurse"), 30)
        wait_for("the voice is heard", loudspeaker.sounding, 20)

        until_heard("stop", lambda: shows("she: stop"), environment, patience=15.0)
        over = loudspeaker.now
        wait_for("the loudspeaker is silent", loudspeaker.silent, 15)
        seconds = max(0.0, loudspeaker.last_sound - over)
        record_property("seconds from stop shown to silence", round(seconds, 2))
        assert seconds < 1.0
        quiet_from = loudspeaker.last_sound
        wait_for("the card runs on", lambda: loudspeaker.now > quiet_from + 4.0, 30)
        assert loudspeaker.last_sound == quiet_from, "stop is silence, not a spoken answer"

        until_heard("carry on", lambda: shows("she: carry on"), environment, patience=15.0)
        wait_for("the voice is back", loudspeaker.sounding, 20)
        assert not shows("I cannot hear you")

        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=30) == 0, log.read_text()
        assert not shows("Traceback")
    except AssertionError as failed:
        failed.add_note(log.read_text())
        raise
    finally:
        loudspeaker.close()
        program.kill()
        program.wait()
