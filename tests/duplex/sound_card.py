"""A sound card without hardware: what the program plays, and a way for her to speak into the room."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice.data import DATA

HERE = Path(__file__).parent
MOTHER = DATA / "rehearsals" / "mother"
RATE = 16_000
BLOCK_SECONDS = 0.02
BLOCK_BYTES = 640
"""One block of 16-bit samples."""
AUDIBLE = 0.003
"""Peak (-50 dB full scale) above which the loudspeaker counts as sounding."""
REAL_TIME = 0.3
"""Share of a core below which voice, ear and card cannot keep pace with the clock."""
QUIET = 1.0
"""Seconds without sound that are a silence and no pause between sentences (those are 0.35 s)."""
TRIES = 3

NEEDED = pytest.mark.skipif(
    not all(shutil.which(name) for name in ("pulseaudio", "parec", "paplay", "pactl")),
    reason="needs: apt-get install pulseaudio pulseaudio-utils libasound2-plugins libportaudio2",
)


def share_of_a_core(seconds: float = 1.0) -> float:
    """How much of one core this machine gives to a program that wants all of it, 0..1."""
    began, worked = time.monotonic(), time.process_time()
    while time.monotonic() - began < seconds:
        pass
    return (time.process_time() - worked) / (time.monotonic() - began)


def wait_for(what: str, happened: Callable[[], object], seconds: float) -> None:
    """Look every 20 ms until `happened` is true; fails with `what` when it takes longer than `seconds`."""
    until = time.monotonic() + seconds
    pause = threading.Event()
    while not happened():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        pause.wait(0.02)


class Loudspeaker:
    """What the program plays, as it is played. Time is counted in blocks: they may come late, but come."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = ["parec", "-d", "speaker.monitor", f"--rate={RATE}", "--channels=1", "--format=s16le"]
        self._process = subprocess.Popen(
            [*command, "--latency-msec=50"], stdout=subprocess.PIPE, env=environment
        )
        self._blocks = 0
        self._sounded = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(BLOCK_BYTES):
            self._blocks += 1
            if np.abs(np.frombuffer(data, np.int16)).max() / 32768 > AUDIBLE:
                self._sounded = self._blocks

    @property
    def now(self) -> float:
        """Seconds it has played, silence included."""
        return self._blocks * BLOCK_SECONDS

    @property
    def last_sound(self) -> float:
        """When it last sounded."""
        return self._sounded * BLOCK_SECONDS

    def sounding(self) -> bool:
        return self._sounded > 0 and self.now - self.last_sound < 0.1

    def silent(self) -> bool:
        return self.now - self.last_sound > QUIET

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def she_says(words: str, environment: dict[str, str]) -> None:
    """Play her recording into the room; returns when it is over. The buffer is long: a word has no gaps."""
    command = ["paplay", "--latency-msec=500", "--device=room", str(MOTHER / f"{words}.flac")]
    subprocess.run(command, env=environment, check=True, timeout=30)


def until_heard(words: str, done: Callable[[], bool], environment: dict[str, str], patience: float) -> None:
    """She says it, and again only when nothing has come of it for `patience` seconds."""
    for _ in range(TRIES):
        she_says(words, environment)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if done():
                return
            threading.Event().wait(0.02)
    raise AssertionError(f"said {words!r} {TRIES} times, and nothing followed")
