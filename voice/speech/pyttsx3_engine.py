"""The fallback voice, and the way to the voices of macOS and Windows: pyttsx3 in a worker process.

A process, because eSpeak inside pyttsx3 can hang for good; a hung worker is killed and a new one tries again.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, Queue
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.speech.engines import ANY_VOICE, NATURAL, voices_of
from voice.speech.soundio import read_sound, resample

START_LIMIT = 20.0
"""Seconds a worker may take to start and name its voices."""
RENDER_LIMIT = 10.0
"""Seconds one sentence may take; eSpeak needs about 10 ms, a system voice well under 3 s."""
TRIES = 2
"""Attempts at a sentence, each with a fresh worker after a failure."""


class _Hung(Exception):
    """The worker gave no answer in time, or died."""


class Pyttsx3Engine:
    """pyttsx3 rendering to files. The worker starts at the first need and is closed with `close`.

    `limit`: seconds a sentence may take. `bundled`: that of espeakng-loader even where the system has eSpeak.
    `language`: what its own best voice speaks.
    """

    name = "pyttsx3"
    rate = 22_050

    def __init__(self, limit: float = RENDER_LIMIT, bundled: bool = False, language: str = NATURAL) -> None:
        self._limit = limit
        self._language = language
        self._bundled = bundled
        self._lock = Lock()
        self._worker: _Worker | None = None
        self._about: Mapping[str, object] | None = None

    @property
    def version(self) -> str:
        """Versions of pyttsx3 and of the system's speech. Raises LullError when it does not work here."""
        own = str(self._ask_about()["version"])
        return own if self._language == NATURAL else f"{own} {self._language}"

    def voices(self) -> tuple[str, ...]:
        """Ids of the voices of this machine, those of its language where that is not English.

        Raises LullError when pyttsx3 does not work here, or has no voice for the language.
        """
        there = self._ask_about()["voices"]
        names = tuple(map(str, there)) if isinstance(there, list) else ()
        if self._language == NATURAL:
            return names
        fitting = voices_of(names, self._language)
        if not fitting:
            raise LullError(f'pyttsx3 has no voice for the language "{self._language}" here; install one.')
        return fitting

    def render(self, text: str, voice: str, rate: float) -> NDArray[np.float32]:
        """Samples (n,) of `text` at 22,050 Hz; their number may differ a little from one time to the next."""
        if voice != ANY_VOICE and voice not in self.voices():
            raise LullError(f'pyttsx3 has no voice "{voice}" here; choose "auto" or see lull doctor.')
        if voice == ANY_VOICE and self._language != NATURAL:
            voice = self.voices()[0]
        if not any(map(str.isalnum, text)):
            return np.zeros(0, dtype=np.float32)
        with tempfile.TemporaryDirectory(prefix="lull-") as folder:
            path = Path(folder) / "sentence.wav"
            for _ in range(TRIES):
                self._do({"text": text, "voice": voice, "rate": rate, "path": str(path)}, self._limit)
                samples, hertz = read_sound(path)
                if len(samples):
                    return resample(samples, hertz, self.rate)
                self.close()  # an empty file is a cancelled sentence: ask a fresh worker
        raise LullError(f'The pyttsx3 voice gave no sound for "{text}"; choose hibari.')

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker, None while none runs."""
        return self._worker.pid if self._worker else None

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._drop()

    def _ask_about(self) -> Mapping[str, object]:
        if self._about is None:
            self._about = self._do({"voices": True}, START_LIMIT)
        return self._about

    def _do(self, job: Mapping[str, object], limit: float) -> Mapping[str, object]:
        """The answer to `job`, from a second worker when the first one fails. Raises LullError."""
        why = ""
        with self._lock:
            for _ in range(TRIES):
                try:
                    reply = self._running().ask(job, limit)
                except (_Hung, OSError) as error:
                    why = str(error)
                    self._drop()
                    continue
                if reply.get("ok"):
                    return reply
                why = str(reply.get("why"))
                self._drop()
        raise LullError(f"The pyttsx3 voice does not work here ({why}); install libespeak-ng1 or use hibari.")

    def _running(self) -> _Worker:
        """A worker that is ready; its slow start does not count against the sentence."""
        if self._worker is None:
            self._worker = _Worker(self._bundled)
            self._worker.ask({"voices": True}, START_LIMIT)
        return self._worker

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()


class _Worker:
    """The worker process with its lines in and out."""

    def __init__(self, bundled: bool) -> None:
        script = Path(__file__).with_name("pyttsx3_worker.py")
        # -P keeps this folder's module names from hiding those of the packages the worker imports
        command = [sys.executable, "-P", str(script), *(["--bundled"] if bundled else [])]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._replies: Queue[str] = Queue()
        Thread(target=self._read, name="lull-pyttsx3", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, job: Mapping[str, object], limit: float) -> Mapping[str, object]:
        """The answer to `job` within `limit` seconds. Raises _Hung without one."""
        if self._process.stdin is None:
            raise _Hung("the worker has no input")
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        try:
            line = self._replies.get(timeout=limit)
        except Empty:
            raise _Hung(f"no answer within {limit:g} s") from None
        if not line:
            raise _Hung("its process ended")
        reply: Mapping[str, object] = json.loads(line)
        return reply

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # a line that never went out
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _read(self) -> None:
        """Pass lines on until the process ends, then an empty one."""
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdout is not None:
                with self._process.stdout as lines:
                    for line in lines:
                        self._replies.put(line)
        self._replies.put("")
