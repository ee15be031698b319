"""What the speech tests share: an engine whose every sample is known, and sounds to play."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.errors import LullError
from voice.speech.clip import Clip

Samples = NDArray[np.float32]


class ToneEngine:
    """A tone per sentence: pitch from the text, length from text and rate. Counts what it rendered."""

    name = "tone"
    version = "1"
    rate = 24_000

    def __init__(self) -> None:
        self.rendered: list[str] = []
        self.before_render: Callable[[str], None] = lambda text: None
        self._lock = Lock()

    def voices(self) -> tuple[str, ...]:
        return ("tone",)

    def render(self, text: str, voice: str, rate: float) -> Samples:
        self.before_render(text)
        with self._lock:
            self.rendered.append(text)
        if voice not in ("auto", "tone"):
            raise LullError(f"no voice {voice}")
        time = np.arange(round(len(text) * 600 / rate)) / self.rate
        pitch = 200 + sum(map(ord, text)) % 300
        return (0.3 * np.sin(2 * np.pi * pitch * time)).astype(np.float32)

    def close(self) -> None:
        pass


@pytest.fixture
def engine() -> ToneEngine:
    return ToneEngine()


@pytest.fixture
def sine() -> Callable[..., Clip]:
    def make(seconds: float, text: str = "a tone", rate: int = 16_000, size: float = 0.5) -> Clip:
        time = np.arange(round(seconds * rate)) / rate
        return Clip((size * np.sin(2 * np.pi * 250 * time)).astype(np.float32), rate, text)

    return make
