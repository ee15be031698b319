"""A card that goes away is noticed, told once, and opened again by its name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from voice.errors import LullError
from voice.runtime.clocks import VirtualClock
from voice.runtime.device import STEADY, Heartbeat, Samples, Sound, Wish
from voice.runtime.memory_card import MemoryCard, silence

BLOCK = 480


def count_up(count: int) -> Samples:
    return np.arange(count, dtype=np.float32)


def room(count: int) -> Samples:
    """The noise of a quiet room, near full silence, as a microphone at work delivers it."""
    return np.random.default_rng(count).normal(0.0, 1e-5, count).astype(np.float32)


def run(
    sound: Sound,
    card: MemoryCard,
    clock: VirtualClock,
    seconds: float,
    pace: float = 1.0,
    heard: Callable[[int], Samples] = room,
) -> list[Heartbeat]:
    """The card runs as long as its stream is open and its devices are there; at `pace` times its rate."""
    changes = []
    for _ in range(round(seconds / 0.25)):
        clock.run_until(clock.now() + 0.25)
        if card.stream.open and all(map(card.plugged, card.stream.names)):
            card.stream.run(heard(round(0.25 * card.stream.rate * pace)))
        change = sound.check()
        if change:
            changes.append(change)
    return changes


def opened(*names: str, wish: Wish | None = None) -> tuple[Sound, MemoryCard, VirtualClock]:
    clock, card = VirtualClock(), MemoryCard(names)
    sound = Sound(card, wish or Wish(), count_up, clock)
    sound.open()
    return sound, card, clock


def test_the_ear_gets_what_was_heard_beside_what_was_played() -> None:
    sound, card, _ = opened("usb")
    heard = np.full(BLOCK, 0.5, np.float32)
    card.stream.run(heard)
    microphone, played = sound.frames.get_nowait()
    assert np.array_equal(microphone, heard)
    assert np.array_equal(played, count_up(BLOCK))


def test_a_card_unplugged_is_told_once_and_comes_back_by_name() -> None:
    sound, card, clock = opened("usb speakerphone", "built-in", wish=Wish("speakerphone", "speakerphone"))
    assert run(sound, card, clock, 20.0) == []
    card.unplug("usb speakerphone")
    assert run(sound, card, clock, 60.0) == [Heartbeat("microphone", lost=True)]
    assert not card.stream.open
    card.plug("usb speakerphone")
    assert run(sound, card, clock, 10.0) == [Heartbeat("microphone", lost=False)]
    assert card.stream.names == ("usb speakerphone", "usb speakerphone")
    assert run(sound, card, clock, 20.0) == []


def test_where_she_chose_no_device_another_one_will_do_after_a_while() -> None:
    sound, card, clock = opened("usb", "built-in")
    run(sound, card, clock, 20.0)
    card.unplug("usb")
    assert [change.lost for change in run(sound, card, clock, 60.0)] == [True, False]
    assert card.stream.names == ("built-in", "built-in")


def test_a_stream_that_a_busy_machine_let_die_is_opened_again_without_a_word() -> None:
    sound, card, clock = opened("pulse")
    run(sound, card, clock, 60.0)
    for _ in range(3):
        card.stream.open = False
        assert run(sound, card, clock, 30.0) == []
        assert card.stream.open
        assert card.stream.duplex
    assert len(card.streams) == 4


def test_a_stream_that_runs_dry_is_opened_again_with_more_buffering() -> None:
    sound, card, clock = opened("pulse")
    run(sound, card, clock, 5.0, pace=0.2)
    assert card.wishes[0].latency == "high"
    assert card.wishes[-1].latency == STEADY


def test_a_stream_that_dies_again_and_again_is_told() -> None:
    sound, card, clock = opened("pulse")
    changes: list[Heartbeat] = []
    for _ in range(3):
        run(sound, card, clock, 1.0)
        card.stream.open = False
        changes += run(sound, card, clock, 0.25)
    assert changes == [Heartbeat("microphone", lost=True)]
    assert run(sound, card, clock, 3.0) == [Heartbeat("microphone", lost=False)]


def test_a_stream_that_dies_young_twice_is_opened_as_two() -> None:
    sound, card, clock = opened("pulse")
    for _ in range(2):
        run(sound, card, clock, 1.0)
        card.stream.open = False
        assert run(sound, card, clock, 1.0) == []
    assert not card.stream.duplex
    while not sound.frames.empty():
        sound.frames.get_nowait()
    card.stream.run(silence(BLOCK))
    microphone, played = sound.frames.get_nowait()
    assert len(microphone) == len(played) == BLOCK


def test_a_stream_that_stutters_is_opened_again_without_a_word() -> None:
    sound, card, clock = opened("pulse")
    assert run(sound, card, clock, 10.0) == []
    assert len(card.streams) == 1
    assert run(sound, card, clock, 2.0, pace=0.2) == []
    assert len(card.streams) == 2
    assert not card.streams[0].open
    assert run(sound, card, clock, 20.0) == []
    assert len(card.streams) == 2


@pytest.mark.parametrize("stuck", [0.0, 0.25], ids=["zeros", "a constant"])
def test_a_microphone_of_digital_silence_is_told_once_and_again_when_it_is_back(stuck: float) -> None:
    def muted(count: int) -> Samples:
        return np.full(count, stuck, np.float32)

    sound, card, clock = opened("usb")
    assert run(sound, card, clock, 60.0) == []
    assert run(sound, card, clock, 10.0, heard=muted) == [], "a word's pause is no loss"
    assert run(sound, card, clock, 600.0, heard=muted) == [Heartbeat("microphone", lost=True, muted=True)]
    assert len(card.streams) == 1, "the stream is sound: it is left alone"
    assert run(sound, card, clock, 5.0) == [Heartbeat("microphone", lost=False)]


def test_a_microphone_that_mutes_itself_between_words_is_not_told_every_time() -> None:
    sound, card, clock = opened("usb")
    changes: list[Heartbeat] = []
    for _ in range(30):
        changes += run(sound, card, clock, 40.0, heard=silence)
        changes += run(sound, card, clock, 1.0)
    assert changes == [Heartbeat("microphone", lost=True, muted=True), Heartbeat("microphone", lost=False)]


def test_a_muted_microphone_that_is_opened_again_is_not_called_back_before_it_sounds() -> None:
    sound, card, clock = opened("usb")
    run(sound, card, clock, 20.0, heard=silence)
    card.unplug("usb")
    assert [change.lost for change in run(sound, card, clock, 5.0)] == [True]
    card.plug("usb")
    assert run(sound, card, clock, 20.0, heard=silence) == []
    assert run(sound, card, clock, 2.0) == [Heartbeat("microphone", lost=False)]


def test_the_card_chooses_its_own_rate() -> None:
    sound = Sound(MemoryCard(rates=(44_100,)), Wish(rate=48_000), count_up, VirtualClock())
    assert sound.open().rate == sound.rate == 44_100


def test_an_old_stream_that_still_calls_back_is_not_heard() -> None:
    sound, card, clock = opened("usb")
    old = card.stream
    old.open = False
    run(sound, card, clock, 3.0)
    assert not np.any(old.run(np.ones(BLOCK, np.float32)))
    while not sound.frames.empty():
        assert np.abs(sound.frames.get_nowait()[0]).max() < 0.5


def test_a_program_that_was_held_up_does_not_take_the_card_for_lost() -> None:
    sound, card, clock = opened("usb")
    run(sound, card, clock, 1.0)
    clock.run_until(clock.now() + 5.0)
    assert sound.check() is None
    assert run(sound, card, clock, 5.0) == []


def test_a_late_ear_loses_sound_but_memory_does_not_grow() -> None:
    sound, card, _ = opened("usb")
    for _ in range(1000):
        card.stream.run(silence(BLOCK))
    assert sound.frames.qsize() * BLOCK <= 4.1 * sound.rate
    assert sound.troubles() > 0


def test_no_device_is_one_sentence() -> None:
    with pytest.raises(LullError, match="connect one"):
        Sound(MemoryCard(()), Wish(), count_up, VirtualClock()).open()
