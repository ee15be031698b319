"""Renders sentences with pyttsx3 in a process of its own that may be killed. Run as a script, not imported.

One line of JSON in, one out:
  {"voices": true}                               -> {"ok": true, "voices": [ids], "version": ...}
  {"text": ..., "voice": id or "auto", "rate": 1.0, "path": file}  -> {"ok": true}
A failure answers {"ok": false, "why": ...}. It ends when its input ends or when one job takes too long.

pyttsx3 is never asked to play: its Linux player cannot be interrupted and may block for good. `runAndWait`
may return before the file is there, so the file is waited for. While eSpeak is busy, pyttsx3 cancels what
waits in eSpeak's queue, a new pace included, so eSpeak is let come to rest between any two steps.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypedDict, cast

ESPEAK_VOICE = "gmw/en-us"
"""eSpeak's most intelligible English voice (6 % of words misheard; its default 11 %)."""
ESPEAK_PACE = 150
"""Words a minute at rate 1.0 at which eSpeak was understood best."""
SYSTEM_PACE = 170
"""Words a minute at rate 1.0 of the voices of macOS and Windows, whose own default of 200 is hurried."""
POLL = 0.005
"""Seconds between two looks at a file being written."""
STEADY = 0.25
"""Seconds a file must keep its size to count as whole where the driver does not tell that it is done."""
JOB_LIMIT = 60.0
"""Seconds after which a job that hangs ends this process, should nobody be left to end it."""


class Speaker(Protocol):
    """What is used of pyttsx3's engine."""

    def setProperty(self, name: str, value: object) -> None: ...
    def getProperty(self, name: str) -> object: ...
    def save_to_file(self, text: str, filename: str) -> None: ...
    def runAndWait(self) -> None: ...
    def connect(self, topic: str, cb: Callable[..., None]) -> object: ...


class Job(TypedDict, total=False):
    """A line of input."""

    voices: bool
    text: str
    voice: str
    rate: float
    path: str


def open_espeak(bundled: bool) -> None:
    """Make libespeak-ng findable: the system's, or espeakng-loader's when it is missing or `bundled`."""
    if sys.platform != "linux":
        return
    if not bundled:
        with contextlib.suppress(OSError):
            ctypes.CDLL("libespeak-ng.so.1")
            return
    loader = importlib.import_module("espeakng_loader")
    os.environ["ESPEAK_DATA_PATH"] = str(loader.get_data_path())
    # its SONAME is the name pyttsx3 opens, so a library that is loaded already is the one pyttsx3 gets
    ctypes.CDLL(str(loader.get_library_path()), mode=ctypes.RTLD_GLOBAL)


def version() -> str:
    """Versions of pyttsx3 and, on Linux, of eSpeak NG."""
    own = importlib.metadata.version("pyttsx3")
    if sys.platform != "linux":
        return f"{own} {sys.platform}"
    espeak = importlib.import_module("pyttsx3.drivers._espeak")
    return f"{own} espeak {cast(bytes, espeak.Info(None)).decode().split()[0]}"


def render(speaker: Speaker, job: Job, finished: list[bool]) -> None:
    """Write the sentence of `job` to its path and wait until the file is whole."""
    espeak = sys.platform == "linux"
    voice = ESPEAK_VOICE if job["voice"] == "auto" and espeak else job["voice"]
    if voice != "auto":
        speaker.setProperty("voice", voice)
    speaker.setProperty("rate", round((ESPEAK_PACE if espeak else SYSTEM_PACE) * job["rate"]))
    rest()
    finished.clear()
    speaker.save_to_file(job["text"], job["path"])
    speaker.runAndWait()
    path, size, since = Path(job["path"]), 0, time.monotonic()
    while not (size and (finished or time.monotonic() - since > STEADY)):
        time.sleep(POLL)
        now = path.stat().st_size if path.exists() else 0
        if now != size:
            size, since = now, time.monotonic()
    rest()


def rest() -> None:
    """Wait until eSpeak has nothing left to do."""
    if sys.platform == "linux":
        importlib.import_module("pyttsx3.drivers._espeak").Synchronize()


def answer(speaker: Speaker, job: Job, finished: list[bool]) -> dict[str, object]:
    """Do `job`; whatever goes wrong is told, not raised."""
    try:
        if job.get("voices"):
            there = cast(list[object], speaker.getProperty("voices"))
            names = [str(getattr(voice, "id", voice)) for voice in there]
            return {"ok": True, "voices": names, "version": version()}
        render(speaker, job, finished)
        return {"ok": True}
    except Exception as error:
        return {"ok": False, "why": f"{type(error).__name__}: {error}"}


def main(bundled: bool) -> None:
    """Answer jobs until the input ends. pyttsx3 prints, so its standard output goes nowhere."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    faulthandler.dump_traceback_later(JOB_LIMIT, exit=True)
    finished: list[bool] = []
    speaker: Speaker | None = None
    trouble = ""
    try:
        open_espeak(bundled)
        speaker = cast(Speaker, importlib.import_module("pyttsx3").init())
        speaker.connect("finished-utterance", lambda **_: finished.append(True))
        speaker.runAndWait()  # the first run only empties the queue
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"
    faulthandler.cancel_dump_traceback_later()
    for line in sys.stdin:
        faulthandler.dump_traceback_later(JOB_LIMIT, exit=True)
        job = cast(Job, json.loads(line))
        reply = answer(speaker, job, finished) if speaker else {"ok": False, "why": trouble}
        print(json.dumps(reply), file=replies, flush=True)
        faulthandler.cancel_dump_traceback_later()
    os._exit(0)  # eSpeak may fail while the interpreter is being taken down


if __name__ == "__main__":
    main(bundled="--bundled" in sys.argv)
