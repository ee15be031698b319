"""The ear in its own thread: opens the model, takes the card's sound, posts what it hears to the loop."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.ear.ear import Hearing
from voice.ear.frames import AudioFrame
from voice.ear.own_voice import Narration
from voice.errors import LullError
from voice.guide.events import Event

Samples = NDArray[np.float32]

PATIENCE = 0.1
"""Seconds the ear waits for sound before it looks whether it is to end."""


class Listener(Protocol):
    """The ear, as far as this thread needs it."""

    def listen(self, commands_set: str) -> None: ...
    def hear(
        self,
        frame: AudioFrame,
        reference: Samples | None = None,
        narrating: Narration | str | None = None,
    ) -> list[Hearing]: ...


class Inlet(Protocol):
    """Where the sound comes from: (microphone, played) pairs of float32 (n,) at `rate` Hz."""

    frames: queue.SimpleQueue[tuple[Samples, Samples]]
    rate: int


class EarThread:
    """Fits the loop's EarPort. `inlet` may be opened after the model; until then there is nothing to hear.

    `new_ear` opens the model and is called in the thread, which keeps it for life. A fault in the ear is told
    through `on_notice`, and a new ear takes over.
    """

    def __init__(
        self,
        new_ear: Callable[[], Listener],
        inlet: Inlet,
        narrating: Callable[[], Narration | None],
        post: Callable[[Event], None],
        on_notice: Callable[[str], None],
    ) -> None:
        self._new_ear = new_ear
        self._inlet = inlet
        self._narrating = narrating
        self._post = post
        self._on_notice = on_notice
        self._wanted = "idle"
        self._end = threading.Event()
        self._opened = threading.Event()
        self._trouble: LullError | None = None
        self._thread = threading.Thread(target=self._run, name="lull-ear", daemon=True)

    def start(self) -> None:
        """Begin to open the model."""
        self._thread.start()

    def ready(self, seconds: float = 60.0) -> None:
        """Wait until the ear hears. Raises LullError when it cannot, or takes longer than `seconds`."""
        if not self._opened.wait(seconds):
            raise LullError(f"The recogniser's model was not open after {seconds:.0f} s; run lull doctor.")
        if self._trouble is not None:
            raise self._trouble

    def listen(self, commands: str) -> None:
        self._wanted = commands

    def close(self) -> None:
        """End the thread."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        try:
            ear = self._new_ear()
        except LullError as error:
            self._trouble = error
        finally:
            self._opened.set()
        if self._trouble is not None:
            return
        start, listening = 0, ""
        while not self._end.is_set():
            try:
                microphone, played = self._inlet.frames.get(timeout=PATIENCE)
            except queue.Empty:
                continue
            if listening != self._wanted:
                listening = self._wanted
                ear.listen(listening)
            frame = AudioFrame(microphone, self._inlet.rate, start)
            start += len(microphone)
            try:
                heard = ear.hear(frame, played, self._narrating())
            except Exception as error:  # whatever it is, a mother who cannot stop the guide is worse
                self._on_notice(f"The ear stumbled ({type(error).__name__}: {error}) and was begun anew.")
                ear, listening = self._new_ear(), ""
                continue
            for event in heard:
                self._post(event)
