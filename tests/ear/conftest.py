"""The real model, opened once, and small helpers to make sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice.data import DATA
from voice.ear.ear import Ear, Hearing
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.models import embedded_folder
from voice.ear.recogniser import VoskRecogniser
from voice.ear.second_pass import OnnxSecondPass, second_pass_of
from voice.ear.sources import MemorySource, read_sound
from voice.language.commands import Commands

AUDIO = Path(__file__).parent.parent / "audio"
MOTHER = DATA / "rehearsals" / "mother"


@pytest.fixture(scope="session")
def commands() -> Commands:
    return Commands.load(DATA / "locale" / "en")


@pytest.fixture(scope="session")
def vosk() -> VoskRecogniser:
    folder = embedded_folder()
    assert folder is not None, "the embedded model is part of the repository"
    recogniser = VoskRecogniser(next(folder.glob("vosk-model-lull-en-*")))
    recogniser.load()
    return recogniser


@pytest.fixture(scope="session")
def second_pass() -> OnnxSecondPass:
    second = second_pass_of(next(embedded_folder().glob("vosk-model-lull-en-*")))
    assert second is not None, "the embedded model has a second pass"
    second.load()
    return second


@pytest.fixture
def ear(commands: Commands, vosk: VoskRecogniser, second_pass: OnnxSecondPass) -> Ear:
    ear = Ear(commands, vosk, second_pass=second_pass)
    ear.load()
    ear.listen("guiding")
    return ear


@pytest.fixture(scope="session")
def say() -> Callable[[str], Samples]:
    """A phrase of the rehearsals' mother, or `voice/phrase` of the test recordings, at EAR_RATE."""

    def read(name: str) -> Samples:
        samples, rate = read_sound((AUDIO if "/" in name else MOTHER) / f"{name}.flac")
        assert rate == EAR_RATE
        return samples

    return read


@pytest.fixture(scope="session")
def quiet() -> Callable[[float], Samples]:
    """So many seconds of a quiet room (-80 dB)."""

    def make(seconds: float) -> Samples:
        count = round(seconds * EAR_RATE)
        return np.random.default_rng(0).normal(0.0, 1e-4, count).astype(np.float32)

    return make


def hear_all(
    ear: Ear, samples: Samples, rate: int = EAR_RATE, frame: float = 0.02, silent: bool = False
) -> list[Hearing]:
    """Everything the ear makes of the samples from stream second 0 on. `silent`: it knows that the guide says
    nothing meanwhile."""
    events: list[Hearing] = []
    for piece in MemorySource(samples, rate, frame).frames():
        events += ear.hear(piece, np.zeros(len(piece.samples), np.float32) if silent else None)
    return events + ear.finish()
