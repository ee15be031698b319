"""The simulated room is exact to the sample; over the guide's own voice she is still heard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.ear.conftest import AUDIO
from voice.ear.ear import Ear, Hearing
from voice.ear.echo import KalmanCanceller, PassThrough
from voice.ear.frames import BLOCK, EAR_RATE, AudioFrame, Samples, decibels
from voice.ear.room import SimulatedRoom, Utterance, small_room
from voice.ear.sources import read_sound
from voice.guide.events import Heard, Rejected, Suspected

Say = Callable[[str], Samples]


def _narration(seconds: float) -> Samples:
    """Another voice talking on and on, at -20 dB."""
    talk = np.concatenate([read_sound(path)[0] for path in sorted(AUDIO.glob("am_eric/*.flac"))])
    talk = np.resize(talk, round(seconds * EAR_RATE))
    return np.asarray(np.clip(talk * (0.1 / np.sqrt(np.mean(talk**2))), -1.0, 1.0), dtype=np.float32)


def test_a_click_comes_back_after_the_delay_at_the_gain() -> None:
    room = SimulatedRoom(8_000, delay=0.06, echo_gain=-20.0)
    click = np.zeros(1_000, np.float32)
    click[0] = 1.0
    microphone = room.step(click)
    assert np.flatnonzero(np.abs(microphone) > 1e-6).tolist() == [480]
    assert microphone[480] == pytest.approx(0.1)


def test_a_room_that_forgets_keeps_the_last_step_only() -> None:
    room = SimulatedRoom(8_000, remembers=False)
    for level in (0.1, 0.2, 0.3):
        room.step(np.full(100, level, np.float32))
    assert room.heard().tolist() == pytest.approx([0.3] * 100)
    assert room.latest.tolist() == room.heard().tolist()


def test_the_size_of_the_steps_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    played = rng.normal(0.0, 0.1, 8_000).astype(np.float32)
    hers = rng.normal(0.0, 0.1, 3_000).astype(np.float32)

    def heard(step: int) -> Samples:
        noise = np.linspace(0.0, 0.06, 7, dtype=np.float32)
        room = SimulatedRoom(
            16_000, 0.03, -6.0, small_room(16_000), noise, -6.0, [Utterance(0.1, hers, -3.0)]
        )
        return np.concatenate([room.step(played[at : at + step]) for at in range(0, len(played), step)])

    np.testing.assert_allclose(heard(160), heard(8_000), atol=1e-5)
    np.testing.assert_allclose(heard(77), heard(8_000), atol=1e-5)


def test_what_she_says_now_is_in_the_next_step() -> None:
    room = SimulatedRoom(16_000)
    silence = np.zeros(320, np.float32)
    assert not room.step(silence).any()
    room.say(Utterance(0.0, np.full(320, 0.5, np.float32)))
    assert room.step(silence).tolist() == [0.5] * 320
    assert not room.step(silence).any()


def test_the_canceller_takes_the_narration_out_and_leaves_her() -> None:
    played = _narration(10.0)
    room = SimulatedRoom(EAR_RATE, 0.06, -6.0, small_room(EAR_RATE))
    canceller = KalmanCanceller()
    blocks = [played[at : at + BLOCK] for at in range(0, len(played), BLOCK)]
    microphone = [room.step(block) for block in blocks]
    residue = [canceller.process(mic, block) for mic, block in zip(microphone, blocks, strict=True)]
    tail = slice(600, None)
    gained = decibels(np.concatenate(microphone[tail])) - decibels(np.concatenate(residue[tail]))
    assert gained > 20.0
    silence = np.zeros(BLOCK, np.float32)
    for _ in range(40):
        canceller.process(silence, silence)
    hers = np.full(BLOCK, 0.3, np.float32)
    assert np.array_equal(canceller.process(hers, silence), hers)


def _over_narration(ear: Ear, hers: Samples | None, seconds: float = 9.0) -> list[Hearing]:
    """She speaks at second 6, as loud as the narration is at the microphone (-26 dB)."""
    hiss = np.random.default_rng(0).normal(0.0, 3e-4, 3 * EAR_RATE).astype(np.float32)
    room = SimulatedRoom(EAR_RATE, 0.06, -6.0, small_room(EAR_RATE), noise=hiss)
    if hers is not None:
        loud = hers * (10 ** (-26 / 20) / np.sqrt(np.mean(hers[np.abs(hers) > 0.01] ** 2)))
        room.say(Utterance(6.0, loud.astype(np.float32)))
    played = _narration(seconds)
    events: list[Hearing] = []
    for at in range(0, len(played) - 319, 320):
        block = played[at : at + 320]
        events += ear.hear(AudioFrame(room.step(block), EAR_RATE, at), block, narrating="Some talk.")
    return events + ear.finish()


@pytest.mark.parametrize("phrase", ["stop", "pause", "next", "carry on"])
def test_she_is_heard_over_the_narration(ear: Ear, say: Say, phrase: str) -> None:
    hers = say(phrase)
    heard = [event for event in _over_narration(ear, hers) if isinstance(event, Heard)]
    assert [event.text for event in heard] == [phrase]
    assert heard[0].at < 6.0 + len(hers) / EAR_RATE + 0.6


def test_the_narration_alone_is_neither_a_command_nor_a_reason_to_give_way(ear: Ear) -> None:
    events = _over_narration(ear, None, seconds=20.0)
    assert not [event for event in events if isinstance(event, Heard)]
    assert len([event for event in events if isinstance(event, Suspected)]) <= 1
    strangers = [e for e in events if isinstance(e, Rejected) and e.reason != "own_voice"]
    assert len(strangers) <= 2


def test_passing_the_sound_through_is_possible() -> None:
    block = np.ones(BLOCK, np.float32)
    assert PassThrough().process(block, block) is block
