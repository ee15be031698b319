"""From the start of `lull run` to the first audible sample, with nothing rendered yet and with all kept;
CPU and memory of the live program while it guides. On the virtual sound card of the tests.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.figures import Figure, write
from voice.errors import LullError

CARD = Path(__file__).parent.parent / "tests" / "duplex" / "virtual_sound_card.sh"
RATE = 16_000
BLOCK_BYTES = 320
"""10 ms of 16-bit samples."""
AUDIBLE = 0.003
PATIENCE = 60.0
GUIDING = 20.0
"""Seconds of guiding over which CPU is measured."""
RUNS = 3


@dataclass(frozen=True)
class Start:
    """One start: seconds to the first sound, share of one core while guiding, resident memory in MB."""

    first_sound: float
    cpu: float
    memory: float


@contextmanager
def card(folder: Path) -> Iterator[dict[str, str]]:
    """A sound card without hardware; the environment in which programs find it."""
    process = subprocess.Popen([str(CARD), str(folder)], stderr=subprocess.DEVNULL)
    inside = {
        **os.environ,
        "PULSE_SERVER": f"unix:{folder / 'sock'}",
        "LULL_SETTINGS": str(folder / "none.toml"),
    }
    until = time.monotonic() + 15
    try:
        while subprocess.run(["pactl", "info"], env=inside, capture_output=True, check=False).returncode:
            if time.monotonic() > until:
                raise LullError("The virtual sound card does not answer; install pulseaudio.")
        yield inside
    finally:
        process.terminate()
        process.wait(timeout=10)


def start(inside: dict[str, str], data: Path, cache: Path) -> Start:
    """Start the program, wait for its voice, let it guide, end it."""
    listener = subprocess.Popen(
        [
            "parec",
            "-d",
            "speaker.monitor",
            f"--rate={RATE}",
            "--channels=1",
            "--format=s16le",
            "--latency-msec=10",
        ],
        stdout=subprocess.PIPE,
        env=inside,
    )
    own = {**inside, "LULL_DATA_FOLDER": str(data), "LULL_CACHE_FOLDER": str(cache)}
    began = time.monotonic()
    program = subprocess.Popen(
        [sys.executable, "-m", "voice", "run", "--fresh"], env=own, stdout=subprocess.DEVNULL
    )
    try:
        first = _first_sound(listener, began)
        cpu = _cpu_seconds(program.pid)
        ends = time.monotonic() + GUIDING
        while time.monotonic() < ends:
            _read_block(listener)
        share = (_cpu_seconds(program.pid) - cpu) / GUIDING
        return Start(first, share, _resident(program.pid))
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(timeout=20)
        listener.kill()
        listener.wait()


def _read_block(listener: subprocess.Popen[bytes]) -> float:
    assert listener.stdout is not None
    data = listener.stdout.read(BLOCK_BYTES)
    return float(np.abs(np.frombuffer(data, np.int16)).max(initial=0)) / 32768


def _first_sound(listener: subprocess.Popen[bytes], began: float) -> float:
    while _read_block(listener) < AUDIBLE:
        if time.monotonic() - began > PATIENCE:
            raise LullError(f"The program made no sound within {PATIENCE:.0f} s; run lull doctor.")
    return time.monotonic() - began


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def main() -> None:
    """Start cold and warm, and write the figures."""
    with tempfile.TemporaryDirectory() as name, card(Path(name)) as inside:
        folder = Path(name)
        cold = [start(inside, folder / f"data{run}", folder / f"cache{run}") for run in range(RUNS)]
        warm = [start(inside, folder / f"data{run}", folder / "cache0") for run in range(RUNS)]
    best = float(np.median([run.first_sound for run in warm]))
    figures = [
        Figure(
            "start to first audible sample, nothing rendered yet",
            float(np.median([run.first_sound for run in cold])),
            "s",
        ),
        Figure(
            "start to first audible sample, everything kept", best, "s", "", f"median of {RUNS}, first nights"
        ),
        Figure(
            "CPU of the live program while guiding, rendering ahead",
            float(np.median([run.cpu for run in cold])),
            "cores",
        ),
        Figure(
            "CPU of the live program while guiding, all kept",
            float(np.median([run.cpu for run in warm])),
            "cores",
        ),
        Figure("resident memory while guiding", max(run.memory for run in (*cold, *warm)), "MB"),
    ]
    print(write("startup", "Starting and guiding", figures))


if __name__ == "__main__":
    main()
