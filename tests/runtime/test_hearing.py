"""The ear's thread: a model that is not there is one sentence, and a stumble does not leave her unheard."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from voice.ear.ear import Hearing
from voice.ear.frames import AudioFrame, Samples
from voice.ear.own_voice import Narration
from voice.ear.sources import WavSource
from voice.errors import LullError
from voice.guide.events import Event, Heard
from voice.runtime.assembly import ear_maker
from voice.runtime.hearing import EarThread, Listener
from voice.runtime.room_stage import FOLDER
from voice.runtime.settings import Settings

RATE = 16_000
BLOCK = 320


@dataclass
class Sound:
    """An inlet that is filled beforehand."""

    frames: queue.SimpleQueue[tuple[Samples, Samples]] = field(default_factory=queue.SimpleQueue)
    rate: int = RATE


class Stumbling:
    """An ear that falls over once in its life."""

    def listen(self, commands_set: str) -> None:
        """Whatever it is told."""

    def hear(
        self, frame: AudioFrame, reference: Samples | None = None, narrating: Narration | str | None = None
    ) -> list[Hearing]:
        raise ValueError("one odd frame")


def hears(new_ear: Callable[[], Listener], notices: list[str], posted: queue.SimpleQueue[Event]) -> EarThread:
    """The thread over two seconds of quiet with her "stop" in it."""
    sound = Sound()
    said = WavSource(FOLDER / "mother" / "stop.flac", RATE).samples
    quiet = np.random.default_rng(0).normal(0.0, 1e-4, RATE).astype(np.float32)
    heard = np.concatenate([quiet, said, quiet])
    for start in range(0, len(heard), BLOCK):
        block = heard[start : start + BLOCK]
        sound.frames.put((block, np.zeros(len(block), np.float32)))
    return EarThread(new_ear, sound, lambda: None, posted.put, notices.append)


def first_command(posted: queue.SimpleQueue[Event]) -> Heard:
    while not isinstance(event := posted.get(timeout=10), Heard):
        pass
    return event


def test_what_is_heard_is_posted() -> None:
    posted: queue.SimpleQueue[Event] = queue.SimpleQueue()
    thread = hears(ear_maker(Settings.model_validate({})), [], posted)
    thread.listen("guiding")
    thread.start()
    thread.ready()
    assert first_command(posted).intent == "stop"
    thread.close()


def test_a_stumble_is_told_and_another_ear_takes_over() -> None:
    ears: list[Listener] = [Stumbling(), ear_maker(Settings.model_validate({}))()]
    notices: list[str] = []
    posted: queue.SimpleQueue[Event] = queue.SimpleQueue()
    thread = hears(lambda: ears.pop(0), notices, posted)
    thread.listen("guiding")
    thread.start()
    assert first_command(posted).intent == "stop"
    thread.close()
    assert len(notices) == 1
    assert "one odd frame" in notices[0]


def test_no_model_is_the_sentence_of_the_ear() -> None:
    def none() -> Listener:
        raise LullError("There is no model; fetch one.")

    thread = hears(none, [], queue.SimpleQueue())
    thread.start()
    with pytest.raises(LullError, match="fetch one"):
        thread.ready(10)
    thread.close()
