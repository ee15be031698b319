"""The narration gives way while she begins to speak, and not to what only makes noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.ear.test_alignment import narration
from voice.ear.ear import Ear, Hearing
from voice.ear.frames import BLOCK, EAR_RATE, AudioFrame, Samples
from voice.ear.level import Meter
from voice.ear.onset import Onset
from voice.ear.policy import Policy
from voice.ear.room import SimulatedRoom, Utterance, small_room
from voice.ear.suspicion import Suspicion
from voice.guide.events import Cleared, Heard, Suspected
from voice.speech.clip import Clip, decibels
from voice.speech.player import DUCK, Player

Say = Callable[[str], Samples]
CARD = 320
"""Samples (20 ms) of the simulated card."""
TWELVE_DOWN = decibels(-12.0)


def pump(seconds: float) -> Samples:
    """A motor of 55 Hz with harmonics and hiss, drawing 60 times a minute, RMS 1."""
    time = np.arange(round(seconds * EAR_RATE)) / EAR_RATE
    draw = 0.6 + 0.4 / (1.0 + np.exp(-8 * np.sin(2 * np.pi * time)))
    motor = sum(np.sin(2 * np.pi * 55 * k * time + k) / k**0.8 for k in range(1, 25)) * draw
    hiss = np.random.default_rng(5).standard_normal(len(time)) * 0.2 * (1.3 - draw)
    sound = motor / np.std(motor) + hiss
    return np.asarray(sound / np.std(sound), np.float32)


def crying(seconds: float) -> Samples:
    """A voice of 450 Hz with harmonics that cries for a second out of every second and a half, RMS 1."""
    time = np.arange(round(seconds * EAR_RATE)) / EAR_RATE
    pitch = 450 + 60 * np.sin(2 * np.pi * time / 1.5)
    phase = 2 * np.pi * np.cumsum(pitch) / EAR_RATE
    cry = sum(np.sin(k * phase) / k for k in range(1, 9)) * (np.sin(2 * np.pi * time / 1.5) > -0.5)
    return np.asarray(cry / np.std(cry), np.float32)


class Room:
    """The guide talks on through the player, whose narration is lowered as the ear wants it."""

    def __init__(self, ear: Ear, noise: Samples | None = None, seconds: float = 40.0) -> None:
        hiss = np.random.default_rng(0).normal(0.0, 3e-4, 3 * EAR_RATE).astype(np.float32)
        self.room = SimulatedRoom(
            EAR_RATE, 0.06, -6.0, small_room(EAR_RATE), noise=hiss if noise is None else noise
        )
        self.player = Player(EAR_RATE)
        self.player.play([Clip(narration(seconds), EAR_RATE, "Some talk.")], 1)
        self.ear = ear
        self.events: list[Hearing] = []
        self.gains: list[tuple[float, float]] = []
        self.at = 0

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * EAR_RATE / CARD)):
            played = self.player.pull(CARD)
            frame = AudioFrame(self.room.step(played), EAR_RATE, self.at)
            self.at += CARD
            for event in self.ear.hear(frame, played, "Some talk."):
                self.events.append(event)
                if isinstance(event, Suspected | Cleared | Heard):
                    self.player.duck(isinstance(event, Suspected))
            self.gains.append((self.at / EAR_RATE, self.player._duck.peek(1)[0]))

    @property
    def lowered(self) -> list[float]:
        return [event.at for event in self.events if isinstance(event, Suspected)]


@pytest.mark.parametrize("phrase", ["stop", "next", "carry on"])
def test_the_narration_is_12_db_down_within_a_tenth_of_a_second_of_her_first_sound(
    ear: Ear, say: Say, phrase: str
) -> None:
    word = say(phrase)
    hers = np.asarray(word * (decibels(-26.0) / np.sqrt(np.mean(word[np.abs(word) > 0.01] ** 2))), np.float32)
    blocks = hers[: len(hers) // BLOCK * BLOCK].reshape(-1, BLOCK)
    level = np.sqrt(np.mean(blocks**2, axis=1))
    first = 10.0 + float(np.flatnonzero(level > 0.1 * level.max())[0]) * BLOCK / EAR_RATE
    room = Room(ear)
    room.room.say(Utterance(10.0, hers))
    room.run(11.0)
    down = [at for at, gain in room.gains if gain <= TWELVE_DOWN and at > 9.9]
    assert DUCK < -12.0
    assert down, "it never gave way"
    assert down[0] - first <= 0.1


@pytest.mark.parametrize("noise", [pump, crying], ids=["pump", "crying"])
def test_what_goes_on_and_on_lowers_the_narration_now_and_then_at_most(
    ear: Ear, noise: Callable[[float], Samples]
) -> None:
    room = Room(ear, noise(30.0) * np.float32(decibels(-40.0)), seconds=30.0)
    room.run(30.0)
    lowered = [gain <= TWELVE_DOWN for at, gain in room.gains if at > 5.0]
    assert sum(lowered) / len(lowered) < 0.2, "share of the time"
    assert not [event for event in room.events if isinstance(event, Heard)]


def steady(level: float, seconds: float, seed: int = 0) -> Samples:
    """Noise at `level` dB."""
    count = round(seconds * EAR_RATE)
    return np.random.default_rng(seed).normal(0.0, decibels(level), count).astype(np.float32)


def surprises(onset: Onset, sound: Samples, reference: Samples | None = None) -> list[int]:
    """The blocks at which it said that she may have begun."""
    return [
        number
        for number in range(len(sound) // BLOCK)
        if onset.take(
            sound[number * BLOCK : (number + 1) * BLOCK],
            None if reference is None else reference[number * BLOCK : (number + 1) * BLOCK],
        )
    ]


def test_a_sound_out_of_quiet_is_noticed_within_30_ms() -> None:
    onset = Onset(Policy())
    assert not surprises(onset, steady(-70.0, 3.0))
    assert surprises(onset, steady(-35.0, 0.2, seed=1))[0] <= 2


def test_a_click_is_no_voice() -> None:
    onset = Onset(Policy())
    surprises(onset, steady(-70.0, 3.0))
    click = steady(-70.0, 0.3)
    click[1600:1700] += 0.3
    assert not surprises(onset, click)


def test_what_is_heard_again_and_again_is_a_surprise_once_and_what_is_louder_is_one_still() -> None:
    onset = Onset(Policy())
    again = np.concatenate([np.concatenate([steady(-40.0, 0.5), steady(-70.0, 0.5)]) for _ in range(6)])
    found = surprises(onset, np.concatenate([steady(-70.0, 2.0), again]))
    assert found
    assert max(found) < 350, "after two seconds of it the room is used to it"
    assert surprises(onset, steady(-25.0, 0.1))


def test_what_turned_out_to_be_speech_is_never_got_used_to() -> None:
    onset = Onset(Policy())
    for _ in range(5):
        surprises(onset, steady(-70.0, 1.5))
        assert surprises(onset, steady(-35.0, 0.5))
        onset.unlearn(0.6)


class Talk:
    """Blocks with and without sound through meter and suspicion, while the loudspeaker plays."""

    def __init__(self, policy: Policy) -> None:
        self.meter, self.suspicion = Meter(policy), Suspicion(policy)
        self.now = 0.0

    def run(self, level: float, seconds: float, shown: str = "") -> list[Suspected | Cleared]:
        found = []
        for number in range(round(seconds / 0.01)):
            self.now += 0.01
            played = steady(-50.0, 0.01, seed=number)
            residue = steady(level, 0.01, seed=number + 1)
            self.meter.take(residue, played)
            event = self.suspicion.take(self.meter, residue, played, shown, self.now)
            found += [event] if event else []
        return found


def test_a_hint_without_words_is_taken_back_soon_and_drowned_no_sentence() -> None:
    policy = Policy()
    talk = Talk(policy)
    talk.run(-80.0, 5.0)
    first, second = talk.run(-40.0, 1.5)
    assert isinstance(first, Suspected)
    assert isinstance(second, Cleared)
    assert second.at - first.at == pytest.approx(policy.hint_longest, abs=0.03)
    assert second.spoke == 0.0


def test_a_hint_with_words_stays_until_she_is_quiet_and_counts_as_spoken() -> None:
    talk = Talk(Policy())
    talk.run(-80.0, 5.0)
    events = talk.run(-40.0, 0.4) + talk.run(-40.0, 1.0, "the kettle") + talk.run(-80.0, 1.0)
    first, second = events
    assert isinstance(first, Suspected)
    assert isinstance(second, Cleared)
    assert second.spoke > 1.0


def test_hints_in_vain_come_ever_more_seldom() -> None:
    talk = Talk(Policy())
    talk.run(-80.0, 5.0)
    raised = []
    for _ in range(20):
        raised += [event.at for event in talk.run(-40.0, 0.2) if isinstance(event, Suspected)]
        talk.run(-80.0, 4.3)
    assert len(raised) >= 2
    gaps = np.diff(raised)
    assert list(gaps) == sorted(gaps)
    assert gaps[-1] > 2 * gaps[0]
