"""The narrator: it starts with the first sentence, says nothing outdated, and no trouble stalls it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from voice.errors import LullError
from voice.speech.narrator import Inline, Narrator, Worker
from voice.speech.player import GAP, Finished, Player, SentencePlayed
from voice.speech.silent import SilentEngine
from voice.speech.store import Store

RATE = 16_000
LINES = ("Lay a warm cloth over your breasts.", "Test it inside your wrist first.", "Take your time.")


class Tones(Protocol):
    """The counting engine of conftest.py."""

    name: str
    version: str
    rate: int
    rendered: list[str]
    before_render: Callable[[str], None]

    def voices(self) -> tuple[str, ...]: ...
    def render(self, text: str, voice: str, rate: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]: ...
    def close(self) -> None: ...


@pytest.fixture
def player() -> Player:
    return Player(RATE)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def play_out(player: Player) -> list[SentencePlayed | Finished]:
    """Pull until the saying is over or a minute has been played."""
    events: list[SentencePlayed | Finished] = []
    for _ in range(60):
        player.pull(RATE)
        events += player.take_events()
        if events and isinstance(events[-1], Finished):
            break
    return events


def wait_until_rendered(worker: Worker) -> None:
    """Come back when the worker has done every job given so far."""
    done = threading.Event()
    worker.submit(done.set, urgent=False)
    assert done.wait(20)


def test_a_line_is_said_sentence_by_sentence(engine: Tones, player: Player, tmp_path: Path) -> None:
    narrator = Narrator(Store(engine, tmp_path), player, executor=Inline())
    narrator.say(4, LINES)
    kinds = [(type(event).__name__, event.token) for event in play_out(player)]
    assert kinds == [("SentencePlayed", 4)] * 3 + [("Finished", 4)]


def test_its_length_is_known_before_it_is_said(engine: Tones, player: Player, tmp_path: Path) -> None:
    narrator = Narrator(Store(engine, tmp_path), player)
    expected = narrator.seconds(LINES, rate=0.9)
    narrator.say(1, LINES, rate=0.9)
    assert play_out(player)[-1].at_sample / RATE == pytest.approx(expected, abs=0.001)
    assert narrator.seconds(LINES[:1]) + GAP < expected


def test_it_takes_up_a_line_at_any_sentence(engine: Tones, player: Player, tmp_path: Path) -> None:
    narrator = Narrator(Store(engine, tmp_path), player)
    narrator.say(8, LINES, first=1)
    player.pull(640)
    assert player.now_playing == LINES[1]
    played = [event.sentence for event in play_out(player) if isinstance(event, SentencePlayed)]
    assert played == [1, 2]
    assert LINES[0] not in engine.rendered


def test_the_first_sentence_sounds_while_the_second_is_still_being_made(
    engine: Tones, player: Player, worker: Worker, tmp_path: Path
) -> None:
    started, gate = threading.Event(), threading.Event()

    def hold_second(text: str) -> None:
        if text == LINES[1]:
            started.set()
            assert gate.wait(20)

    engine.before_render = hold_second
    Narrator(Store(engine, tmp_path), player, executor=worker).say(1, LINES[:2])
    assert started.wait(20)
    assert player.pull(3200).any()
    assert player.now_playing == LINES[0]
    assert not player.pull(4 * RATE)[3 * RATE :].any(), "the second is late: silence, not an error"
    gate.set()
    wait_until_rendered(worker)
    assert [type(event) for event in play_out(player)] == [SentencePlayed, SentencePlayed, Finished]


def test_what_was_hushed_is_neither_rendered_nor_heard(
    engine: Tones, player: Player, worker: Worker, tmp_path: Path
) -> None:
    started: queue.Queue[str] = queue.Queue()
    gate = threading.Event()

    def hold(text: str) -> None:
        started.put(text)
        assert gate.wait(20)

    engine.before_render = hold
    narrator = Narrator(Store(engine, tmp_path), player, executor=worker)
    narrator.say(1, LINES)
    assert started.get(timeout=20) == LINES[0]
    narrator.hush()
    narrator.say(2, ["Only this."])
    gate.set()
    wait_until_rendered(worker)
    assert engine.rendered == [LINES[0], "Only this."]
    assert [event.token for event in play_out(player)] == [2, 2]


def test_what_is_said_now_is_made_before_what_may_come(
    engine: Tones, player: Player, worker: Worker, tmp_path: Path
) -> None:
    started, gate = threading.Event(), threading.Event()

    def hold_first(text: str) -> None:
        started.set()
        assert gate.wait(20)

    engine.before_render = hold_first
    narrator = Narrator(Store(engine, tmp_path), player, executor=worker)
    narrator.prefetch(["Coming one.", "Coming two."])
    assert started.wait(20)
    narrator.say(1, ["Now."])
    gate.set()
    wait_until_rendered(worker)
    assert engine.rendered == ["Coming one.", "Now.", "Coming two."]
    narrator.say(2, ["Coming two."])
    wait_until_rendered(worker)
    assert engine.rendered.count("Coming two.") == 1


class Broken(SilentEngine):
    """A voice that never works."""

    name = "broken"

    def render(self, text: str, voice: str, rate: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        raise LullError("The broken voice is broken.")


class Crashing(Broken):
    """A voice with a mistake in it."""

    def render(self, text: str, voice: str, rate: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        raise ZeroDivisionError


@pytest.mark.parametrize("broken", [Broken(), Crashing()])
def test_without_any_voice_the_line_runs_in_silence_and_she_is_told(
    broken: Broken, player: Player, worker: Worker
) -> None:
    narrator = Narrator(Store(broken, None), player, executor=worker)
    narrator.say(3, LINES[:1])
    wait_until_rendered(worker)
    finished = play_out(player)[-1]
    assert isinstance(finished, Finished)
    assert finished.at_sample / RATE == pytest.approx(len(LINES[0]) / 14, abs=0.01)
    assert len(narrator.take_problems()) == 1
    narrator.say(4, LINES[:1])
    wait_until_rendered(worker)
    assert narrator.take_problems() == []


def test_signs_volume_and_ducking_reach_the_sound(engine: Tones, player: Player, tmp_path: Path) -> None:
    narrator = Narrator(Store(engine, tmp_path), player)
    for kind in ("heard", "missed", "done"):
        narrator.earcon(kind)
        assert player.pull(RATE).any()
    narrator.earcon("gong")
    assert not player.pull(RATE).any()
    loudness = []
    for db, ducked in ((0.0, False), (-20.0, False), (0.0, True)):
        narrator.volume(db)
        narrator.say(1, LINES[:1])
        player.pull(1600)
        narrator.duck(ducked)
        player.pull(1600)
        loudness.append(float(np.abs(player.pull(3200)).max()))
    assert 20 * np.log10(loudness[1] / loudness[0]) == pytest.approx(-20, abs=0.5)
    assert 20 * np.log10(loudness[2] / loudness[0]) == pytest.approx(-14, abs=0.5)


def test_after_closing_nothing_is_rendered(engine: Tones, player: Player, tmp_path: Path) -> None:
    narrator = Narrator(Store(engine, tmp_path), player, executor=Worker())
    narrator.close()
    narrator.say(1, LINES)
    narrator.prefetch(LINES)
    assert engine.rendered == []
