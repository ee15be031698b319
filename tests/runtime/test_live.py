"""The live program on a card in memory: it hears her, and a card that goes away keeps her place."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from voice.ear.sources import WavSource
from voice.runtime import live
from voice.runtime.device import Samples
from voice.runtime.history import history
from voice.runtime.memory_card import MemoryCard, silence
from voice.runtime.room_stage import FOLDER
from voice.runtime.settings import Settings
from voice.runtime.view import View

RATE = 48_000
BLOCK = 480
QUIET_ROOM = np.random.default_rng(0).normal(0.0, 1e-5, BLOCK).astype(np.float32)


@dataclass
class Screen:
    """A display that remembers."""

    view: View | None = None
    texts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __call__(self, view: View) -> None:
        self.view = view

    def heard(self, text: str) -> None:
        self.words.append(text)

    def notice(self, text: str) -> None:
        self.texts.append(text)


class Player:
    """Runs the card's callback in real time, with her voice when she speaks."""

    def __init__(self, card: MemoryCard) -> None:
        self._card = card
        self._says: list[Samples] = []
        self._end = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def say(self, words: str) -> None:
        samples = WavSource(FOLDER / "mother" / f"{words}.flac", RATE).samples * np.float32(0.5)
        padded = np.concatenate([samples, silence(-len(samples) % BLOCK)])
        self._says.extend(padded.reshape(-1, BLOCK))

    def _run(self) -> None:
        due = time.monotonic()
        while not self._end.wait(max(0.0, due - time.monotonic())):
            due += BLOCK / RATE
            if self._card.streams and self._card.stream.open and self._card.plugged("usb"):
                self._card.stream.run(self._says.pop(0) if self._says else QUIET_ROOM)

    def close(self) -> None:
        self._end.set()


def silent_settings(folder: Path) -> Settings:
    return Settings.model_validate(
        {"data_folder": str(folder), "cache_folder": str(folder), "engine": "silent"}
    )


def until(happened: Callable[[], object], seconds: float) -> bool:
    """Whether it happens within the time."""
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        threading.Event().wait(0.02)
    return bool(happened())


def test_a_lost_card_pauses_the_night_and_her_voice_takes_it_up_again(tmp_path: Path) -> None:
    card, screen = MemoryCard(("usb",)), Screen()
    player = Player(card)
    steps: list[bool] = []

    def mother() -> None:
        try:
            steps.append(until(lambda: any("Ready" in text for text in screen.texts), 30))
            player.say("start")
            steps.append(until(lambda: screen.view is not None and screen.view.mode == "asking", 5))
            card.unplug("usb")
            steps.append(until(lambda: screen.view is not None and screen.view.mode == "paused", 5))
            card.plug("usb")
            steps.append(until(lambda: card.streams[-1].open and len(card.streams) > 1, 8))
            for _ in range(3):
                player.say("carry on")
                if until(lambda: "carry on" in screen.words, 4):
                    break
            steps.append(until(lambda: screen.view is not None and screen.view.mode != "paused", 3))
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=mother, daemon=True).start()
    settings = silent_settings(tmp_path)
    assert live.run(settings, display=screen, card=card) == 0
    player.close()
    assert steps == [True] * 5
    assert [past.how for past in history(settings.journal_path())] == ["left"]


class Curtain(Exception):
    """Enough was seen."""


class BriefScreen(Screen):
    """Ends the program at the first caption."""

    def __call__(self, view: View) -> None:
        raise Curtain


def test_no_device_is_told_in_one_line_and_a_rehearsal_follows(tmp_path: Path) -> None:
    screen = BriefScreen()
    with pytest.raises(Curtain):
        live.run(silent_settings(tmp_path), display=screen, card=MemoryCard(()))
    (notice,) = screen.texts
    assert "connect one" in notice
    assert "rehearsal follows" in notice
