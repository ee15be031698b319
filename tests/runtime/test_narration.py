"""The real voice behind the loop's port: words, and the sound under them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.guide.events import Breathe, Say
from voice.guide.load import load_guide
from voice.runtime.narration import SpokenVoice, sentences_ahead
from voice.speech.narrator import Narrator, Worker
from voice.speech.player import Player
from voice.speech.silent import SilentEngine
from voice.speech.store import Store

RATE = 16_000


class Card:
    """A voice without words of its own (they are rendered as silence), so that only the rest is heard."""

    def __init__(self, folder: Path) -> None:
        self.player = Player(RATE)
        self.worker = Worker()
        self.narrator = Narrator(Store(SilentEngine(), folder), self.player, executor=self.worker, signs={})
        self.voice = SpokenVoice(self.narrator, self.player)

    def plays(self, seconds: float) -> NDArray[np.float32]:
        return np.concatenate([self.player.pull(320) for _ in range(round(seconds * RATE / 320))])


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


def test_a_new_line_leaves_waves_and_tones_alone_and_a_stop_ends_both(card: Card) -> None:
    card.voice.background("waves")
    card.voice.breathe(Breathe(True, 4.0, 6.0))
    assert card.plays(3)[RATE:].any()
    card.voice.say(Say(1, "warm", ("A line.",)))
    card.voice.hush(speech_only=True)
    assert np.count_nonzero(card.plays(1)) > RATE * 0.9
    card.voice.hush()
    card.player.pull(320)
    assert not card.plays(2).any()
    card.narrator.close()


def test_a_sound_it_does_not_know_is_none(card: Card) -> None:
    card.voice.background("bagpipes")
    assert not card.plays(2).any()
    card.narrator.close()


def test_lines_with_her_helpers_name_are_rendered_ahead() -> None:
    ahead = set(sentences_ahead(load_guide(), {"company": "helper"}, {"helper": "Tom", "mother": "Ana"}))
    assert "Now to Tom, behind Ana." in ahead
    assert not [sentence for sentence in ahead if "{" in sentence or "<" in sentence]
