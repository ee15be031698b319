"""The real program on a sound card without hardware: she says stop over its voice, and it is silent."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from voice.data import DATA

HERE = Path(__file__).parent
MOTHER = DATA / "rehearsals" / "mother"
RATE = 16_000
BLOCK_BYTES = 640
"""20 ms of 16-bit samples."""
AUDIBLE = 0.003
"""Peak (-50 dB full scale) above which the loudspeaker counts as sounding."""
QUIET = 0.5
"""Seconds without sound that are a silence and no pause between sentences (those are 0.35 s)."""
TRIES = 3

pytestmark = [
    pytest.mark.sound_card,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        not all(shutil.which(name) for name in ("pulseaudio", "parec", "paplay", "pactl")),
        reason="needs: apt-get install pulseaudio pulseaudio-utils libasound2-plugins libportaudio2",
    ),
]


def wait_for(what: str, happened: Callable[[], object], seconds: float) -> None:
    """Look every 20 ms until `happened` is true; fails with `what` when it takes longer than `seconds`."""
    until = time.monotonic() + seconds
    pause = threading.Event()
    while not happened():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        pause.wait(0.02)


class Loudspeaker:
    """What the program plays, as it is played."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = ["parec", "-d", "speaker.monitor", f"--rate={RATE}", "--channels=1", "--format=s16le"]
        self._process = subprocess.Popen(
            [*command, "--latency-msec=20"], stdout=subprocess.PIPE, env=environment
        )
        self.last_sound = 0.0
        self.blocks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(BLOCK_BYTES):
            self.blocks += 1
            if np.abs(np.frombuffer(data, np.int16)).max() / 32768 > AUDIBLE:
                self.last_sound = time.monotonic()

    def sounding(self) -> bool:
        return time.monotonic() - self.last_sound < 0.1

    def silent(self) -> bool:
        return time.monotonic() - self.last_sound > QUIET

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A virtual sound card; the variables with which programs find it."""
    folder = tmp_path / "card"
    folder.mkdir()
    card = subprocess.Popen([str(HERE / "virtual_sound_card.sh"), str(folder)], stderr=subprocess.DEVNULL)
    inside = {
        **os.environ,
        "PULSE_SERVER": f"unix:{folder / 'sock'}",
        "LULL_DATA_FOLDER": str(tmp_path / "data"),
        "LULL_CACHE_FOLDER": str(tmp_path / "cache"),
        "LULL_SETTINGS": str(tmp_path / "settings.toml"),
        "PYTHONUNBUFFERED": "1",
    }

    def answers() -> bool:
        asked = subprocess.run(["pactl", "info"], env=inside, capture_output=True, timeout=10, check=False)
        return asked.returncode == 0

    try:
        wait_for("the virtual sound card answers", answers, 15)
        yield inside
    finally:
        card.terminate()
        card.wait(timeout=10)


def she_says(words: str, environment: dict[str, str]) -> float:
    """Play her recording into the room; returns when it was over."""
    path = MOTHER / f"{words}.flac"
    subprocess.run(
        ["paplay", "--latency-msec=20", "--device=room", str(path)], env=environment, check=True, timeout=30
    )
    return time.monotonic()


def until_heard(words: str, done: Callable[[], bool], environment: dict[str, str], patience: float) -> float:
    """She says it, again if need be; returns when she was over for the last time."""
    for _ in range(TRIES):
        over = she_says(words, environment)
        until = over + patience
        while time.monotonic() < until:
            if done():
                return over
            threading.Event().wait(0.02)
    raise AssertionError(f"said {words!r} {TRIES} times, and nothing followed")


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
