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
    try:
        wait_for("the program is ready", lambda: "Ready." in log.read_text(), 60)
        wait_for("the narration is under way", lambda: "not a nurse" in log.read_text(), 30)
        wait_for("the voice is heard", loudspeaker.sounding, 20)

        def stopped() -> bool:
            return loudspeaker.silent() and "she: stop" in log.read_text()

        over = until_heard("stop", stopped, environment, patience=4.0)
        seconds = max(0.0, loudspeaker.last_sound - over)
        record_property("seconds from the end of stop to silence", round(seconds, 2))
        assert seconds < 1.5
        quiet_from, blocks = loudspeaker.last_sound, loudspeaker.blocks
        wait_for("the card runs on", lambda: loudspeaker.blocks > blocks + 100, 10)
        assert loudspeaker.last_sound == quiet_from, "stop is silence, not a spoken answer"

        until_heard("carry on", loudspeaker.sounding, environment, patience=5.0)

        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=15) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        loudspeaker.close()
        program.kill()
        program.wait()
