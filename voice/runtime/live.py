"""`lull run`: the real card, the real ear, the real voice.

Threads: the card's callback copies sound; the ear's thread owns the recogniser; the voice's thread renders; a
watch looks after the card; the loop runs in the caller's thread and alone touches the session.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.data import DATA
from voice.errors import LullError
from voice.guide.events import Command, DeviceBack, DeviceLost, Event, Quit
from voice.guide.load import load_guide
from voice.runtime.assembly import ear_maker, load_commands, open_store
from voice.runtime.bookmarks import open_session
from voice.runtime.clocks import SystemClock
from voice.runtime.device import Card, Heartbeat, Sound, Watch, Wish
from voice.runtime.hearing import EarThread
from voice.runtime.journal import Journal
from voice.runtime.loop import Loop
from voice.runtime.narration import SpokenVoice, sentences_ahead
from voice.runtime.portaudio import PortAudioCard
from voice.runtime.rehearsal import rehearse_and_tell
from voice.runtime.settings import Settings
from voice.runtime.telling import Display, PlainDisplay, Teller
from voice.speech.earcons import load_earcons
from voice.speech.engines import ANY_VOICE
from voice.speech.narrator import Narrator, Worker
from voice.speech.player import Player

Samples = NDArray[np.float32]

FADE_OUT = 0.1
"""Seconds the card is left open after the end, so that the last block is not cut."""


class _Outlet:
    """What the card plays: silence until there is a player."""

    player: Player | None = None

    def give(self, count: int) -> Samples:
        """`count` samples, float32. Called by the audio thread."""
        return np.zeros(count, np.float32) if self.player is None else self.player.pull(count)


def run(
    settings: Settings, fresh: bool = False, display: Display | None = None, card: Card | None = None
) -> int:
    """Guide a session; returns the exit code of the program.

    `fresh`: do not offer to carry on. `card`: another way to devices than PortAudio. Without a microphone or
    a loudspeaker a notice says so and the default rehearsal is played. Raises LullError when no voice
    or no model works.
    """
    display = display or PlainDisplay()
    clock, outlet = SystemClock(), _Outlet()
    wish = Wish(settings.input, settings.output, settings.sample_rate, settings.latency)
    try:
        sound = Sound(card or PortAudioCard(), wish, outlet.give, clock)
        names = sound.open().names
    except LullError as error:
        trouble = str(error)
    else:
        return _run_night(_Wanted(settings, fresh, display), clock, outlet, sound, names)
    display.notice(f"{trouble} A rehearsal follows instead.")
    return rehearse_and_tell(None, None, False, settings, display)


@dataclass(frozen=True)
class _Wanted:
    """What the caller asked for."""

    settings: Settings
    fresh: bool
    display: Display


def _run_night(
    wanted: _Wanted, clock: SystemClock, outlet: _Outlet, sound: Sound, names: tuple[str, str]
) -> int:
    with ExitStack() as stack:
        stack.callback(sound.close)
        outlet.player = Player(sound.rate)
        night = _begin_night(wanted, sound, outlet.player, clock, stack)
        wanted.display.notice(f"Ready. Microphone: {names[0]}. Loudspeaker: {names[1]}. {sound.rate} Hz.")
        with _leaving(lambda: night.loop.post(Quit(0.0))):
            night.loop.run(night.refresh)
        threading.Event().wait(FADE_OUT)
    return 0


@dataclass(frozen=True)
class _Night:
    loop: Loop
    narrator: Narrator
    display: Display
    clock: SystemClock

    def refresh(self) -> None:
        """Once a second: the remaining time moves on, troubles of the voice are told."""
        self.display(self.loop.view(self.clock.now()))
        for problem in self.narrator.take_problems():
            self.display.notice(problem)


def _begin_night(
    wanted: _Wanted, sound: Sound, player: Player, clock: SystemClock, stack: ExitStack
) -> _Night:
    """Start the threads, greet her, and wait until the ear hears. What must be closed goes to `stack`."""
    settings, display = wanted.settings, wanted.display
    ear = EarThread(
        ear_maker(settings),
        sound.frames,
        sound.rate,
        lambda: player.now_playing,
        lambda event: loop.post(event),
        display.notice,
    )
    ear.start()
    stack.callback(ear.close)
    guide = load_guide(DATA, settings.guide, settings.locale)
    guide = guide.with_help(load_commands(settings).help_names())
    journal = Journal.open(settings.journal_path())
    stack.callback(journal.close)
    hours = 0.0 if wanted.fresh else settings.carry_on_hours
    session, notice = open_session(guide, journal, clock.now(), hours, settings.pace, settings.level)
    for text in (*journal.take_notices(), *([notice] if notice else [])):
        display.notice(text)
    voice = settings.voice or ANY_VOICE
    narrator = Narrator(open_store(settings), player, voice, Worker(), load_earcons())
    stack.callback(narrator.close)
    narrator.volume(session.level)
    spoken = SpokenVoice(narrator, player)
    loop = Loop(guide, session, spoken, ear, journal, clock, watch=Teller(display), on_notice=display.notice)
    stack.callback(Watch(sound, lambda change: loop.post(_device_event(change))).close)
    loop.handle(Command(clock.now(), "begin", {}, "program"))
    narrator.prefetch(tuple(sentences_ahead(guide, session.choices)), session.rate)
    ear.ready()
    return _Night(loop, narrator, display, clock)


def _device_event(change: Heartbeat) -> Event:
    return DeviceLost(0.0, change.part) if change.lost else DeviceBack(0.0, change.part)


@contextmanager
def _leaving(leave: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and a service's stop leave the session with the place kept; a second one ends the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {int(number): signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def left(number: int, frame: object) -> None:
        signal.signal(number, before[number])
        leave()

    for number in before:
        signal.signal(number, left)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
