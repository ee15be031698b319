"""The real program on a sound card without hardware: she says stop over its voice, and it is silent."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.duplex.sound_card import NEEDED, Loudspeaker, until_heard, wait_for

STARTS = 3

pytestmark = [pytest.mark.sound_card, pytest.mark.timeout(180), NEEDED]


def tells(log: Path, *words: str) -> bool:
    """Whether one of these is in the log."""
    return any(each in log.read_text() for each in words)


def guiding(environment: dict[str, str], folder: Path) -> tuple[Path, subprocess.Popen[bytes]]:
    """The real program while it narrates, and its log. A busy machine may starve the virtual card at the
    start, which the program tells and bears (tests/runtime/test_live.py); then it is started again."""
    for number in range(STARTS):
        log = folder / f"program{number}.txt"
        with log.open("wb") as output:
            program = subprocess.Popen(
                [sys.executable, "-m", "voice", "run", "--fresh"],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for("the program is ready", partial(tells, log, "Ready."), 60)
        wait_for("the narration is under way", partial(tells, log, "not a nurse", "cannot hear you"), 30)
        if "cannot hear you" not in log.read_text():
            return log, program
        program.kill()
        program.wait()
    raise AssertionError(f"the virtual sound card was lost {STARTS} times: {log.read_text()}")


def test_stop_silences_the_real_loudspeaker_and_carry_on_brings_the_voice_back(
    environment: dict[str, str], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    log, program = guiding(environment, tmp_path)
    loudspeaker = Loudspeaker(environment)
    try:
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
