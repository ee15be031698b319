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
BLOCK_BYTES = 640
"""20 ms of 16-bit samples."""
AUDIBLE = 0.003
"""Peak (-50 dB full scale) above which the loudspeaker counts as sounding."""
QUIET = 0.5
"""Seconds without sound that are a silence and no pause between sentences (those are 0.35 s)."""
TRIES = 3

NEEDED = pytest.mark.skipif(
    not all(shutil.which(name) for name in ("pulseaudio", "parec", "paplay", "pactl")),
    reason="needs: apt-get install pulseaudio pulseaudio-utils libasound2-plugins libportaudio2",
)


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
