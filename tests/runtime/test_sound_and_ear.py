"""A sound under the voice in the room: the guide does not hear commands in it, and she is heard over it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.data import DATA
from voice.ear.ear import Ear, Hearing
from voice.ear.frames import AudioFrame
from voice.ear.models import find_model
from voice.ear.recogniser import VoskRecogniser
from voice.ear.room import SimulatedRoom, Utterance, small_room
from voice.ear.sources import WavSource
from voice.guide.events import Cleared, Heard
from voice.language.commands import Commands
from voice.speech.background import KINDS, Kind, make_background
from voice.speech.breath import BreathTones, Pace
from voice.speech.player import Player

RATE, BLOCK = 24_000, 480
DEFAULT_LEVEL = -6.0
Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def recogniser() -> VoskRecogniser:
    return VoskRecogniser(find_model(None))


@cache
def stop_word(peak: float) -> Samples:
    """Her "stop", with its peak at `peak` dB of full scale at the microphone."""
    sound = WavSource(DATA / "rehearsals" / "mother" / "stop.flac", RATE).samples
    return np.asarray(sound / np.abs(sound).max() * 10 ** (peak / 20), np.float32)


class Room:
    """The player with a sound and tones in a small room, and the ear, moved on in blocks of 20 ms."""

    def __init__(self, recogniser: VoskRecogniser, kind: Kind, level: float) -> None:
        self.ear = Ear(Commands.load(DATA / "locale" / "en"), recogniser)
        self.ear.load()
        self.ear.listen("guiding")
        self.player = Player(RATE)
        self.player.level(level)
        self.player.lay("background", make_background(kind, RATE))
        self.player.lay("breath", BreathTones(RATE, Pace(4.0, 6.0)))
        self.room = SimulatedRoom(RATE, 0.06, -12.0, small_room(RATE))
        self.at = 0

    def pass_time(self, seconds: float) -> list[tuple[float, Hearing]]:
        heard: list[tuple[float, Hearing]] = []
        for _ in range(round(seconds * RATE / BLOCK)):
            played = self.player.pull(BLOCK)
            frame = AudioFrame(self.room.step(played), RATE, self.at)
            self.at += BLOCK
            heard += [(self.at / RATE, event) for event in self.ear.hear(frame, played, None)]
        return heard


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_loudest_level_nothing_is_taken_for_a_command(recogniser: VoskRecogniser, kind: Kind) -> None:
    heard = Room(recogniser, kind, 0.0).pass_time(25)
    assert not [event for _, event in heard if isinstance(event, Heard)]
    assert len(heard) <= 3, "nor does the voice give way to it all the time"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("peak", [-12.0, -34.0])
def test_a_stop_is_heard_over_it_whether_spoken_or_whispered(
    recogniser: VoskRecogniser, kind: Kind, peak: float
) -> None:
    room = Room(recogniser, kind, DEFAULT_LEVEL)
    room.pass_time(6)
    word = stop_word(peak)
    room.room.say(Utterance(room.room.now, word))
    over = room.at / RATE + len(word) / RATE
    heard = [(when, event) for when, event in room.pass_time(3) if not isinstance(event, Cleared)]
    taken = [when for when, event in heard if isinstance(event, Heard) and event.intent == "stop"]
    assert len(taken) == 1
    assert taken[0] - over < 0.5
    room.player.hush()
    room.player.pull(BLOCK)
    assert not room.player.pull(RATE).any(), "and then the room is silent"
