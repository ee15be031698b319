"""`lull run`: the real card, the real ear, the real voice.

Threads: the card's callback copies sound; the ear's thread owns the recogniser; the voice's thread renders; a
watch looks after the card; the loop runs in the caller's thread and alone touches the session.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voice.data import DATA
from voice.ear.ghosts import GhostMap
from voice.errors import LullError
from voice.guide.events import Command, DeviceBack, DeviceLost, Event, Quit
from voice.guide.load import load_guide
from voice.guide.showing import listening_for
from voice.runtime.assembly import ear_maker, ghost_watch, load_commands, open_store, voices_there
from voice.runtime.bookmarks import open_session
from voice.runtime.clocks import SystemClock
from voice.runtime.device import Card, Heartbeat, Sound, Watch, Wish
from voice.runtime.hearing import EarThread
from voice.runtime.journal import Journal
from voice.runtime.loop import Loop
from voice.runtime.narration import SpokenVoice, narrated, sentences_ahead
from voice.runtime.portaudio import PortAudioCard
from voice.runtime.rehearsal import rehearse_and_tell
from voice.runtime.settings import Settings
from voice.runtime.telling import Display, PlainDisplay, Teller
from voice.speech.earcons import load_earcons
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
        return _run_night(settings, fresh, display, clock, outlet, sound, names)
    display.notice(f"{trouble} A rehearsal follows instead.")
    return rehearse_and_tell(None, None, False, settings, display)


def _run_night(
    settings: Settings,
    fresh: bool,
    display: Display,
    clock: SystemClock,
    outlet: _Outlet,
    sound: Sound,
    names: tuple[str, str],
) -> int:
    with ExitStack() as stack:
        stack.callback(sound.close)
        outlet.player = Player(sound.rate)
        house = House(settings, fresh, sound, outlet.player, clock, display, stack)
        house.open()
        display.notice(f"Ready. Microphone: {names[0]}. Loudspeaker: {names[1]}. {sound.rate} Hz.")
        with _leaving(house.leave):
            house.live()
        threading.Event().wait(FADE_OUT)
    return 0


class House:
    """The threads and one session after another. What must be closed goes to `stack`."""

    def __init__(
        self,
        settings: Settings,
        fresh: bool,
        sound: Sound,
        player: Player,
        clock: SystemClock,
        display: Display,
        stack: ExitStack,
    ) -> None:
        """Start the ear, open guide, journal and voice. Raises LullError when one of them does not work."""
        self._settings, self._clock, self._display, self._stack = settings, clock, display, stack
        self._hours = 0.0 if fresh else settings.carry_on_hours
        self._sound, self._leaving = sound, False
        self._ready = False
        ghosts = GhostMap()
        self._ear = EarThread(
            ear_maker(settings, ghosts),
            sound.frames,
            sound.rate,
            lambda: narrated(player),
            self._post,
            display.notice,
        )
        self._ear.start()
        stack.callback(self._ear.close)
        guide = load_guide(DATA, settings.guide, settings.locale, settings.country)
        self._guide = guide.with_help(load_commands(settings).help_names())
        self._journal = Journal.open(settings.journal_path())
        stack.callback(self._journal.close)
        worker, store = Worker(), open_store(settings)
        first, *others = voices_there(settings, store)
        self._guide = replace(self._guide, voices=1 + len(others))
        listening = Worker("lull-ghosts")
        stack.callback(listening.close)
        watch = ghost_watch(settings, self._guide, ghosts, listening)
        self._narrator = Narrator(store, player, first, worker, load_earcons(), others, watch.rendered)
        stack.callback(self._narrator.close)
        self._spoken = SpokenVoice(self._narrator, player, worker)
        self._loop = self._new_loop()
        self._ready = True

    def open(self) -> None:
        """Greet her, or wait in silence for a start phrase; returns when the ear hears."""
        self._stack.callback(Watch(self._sound, lambda change: self._post(_device_event(change))).close)
        self._set_out()
        session = self._loop.session
        self._narrator.prefetch(
            tuple(sentences_ahead(self._guide, session.choices, session.names)), session.rate
        )
        self._ear.ready()

    def live(self) -> None:
        """Run until the session is over; one that waits begins anew until it is told to leave."""
        self._loop.run(self._refresh)
        while self._settings.wait and not self._leaving:
            self._hours = self._settings.carry_on_hours
            self._loop = self._new_loop()
            self._set_out()
            self._loop.run(self._refresh)

    def leave(self) -> None:
        """End the program; her place is kept."""
        self._leaving = True
        self._post(Quit(0.0))

    def _set_out(self) -> None:
        if self._settings.wait:
            self._ear.listen(listening_for(self._loop.session))
            self._display.notice(f"Waiting. Say: {self._guide.help_names.get('start', 'start')}.")
        else:
            self._narrator.greet()
            self._loop.handle(Command(self._clock.now(), "begin", {}, "program"))

    def _new_loop(self) -> Loop:
        settings, display, journal = self._settings, self._display, self._journal
        now = self._clock.now()
        night = settings.first_night()
        session, notice = open_session(self._guide, journal, now, self._hours, *night, waits=settings.wait)
        for text in (*journal.take_notices(), *([notice] if notice else [])):
            display.notice(text)
        self._narrator.volume(session.level)
        teller = Teller(display)
        return Loop(
            self._guide,
            session,
            self._spoken,
            self._ear,
            journal,
            self._clock,
            watch=teller,
            on_notice=display.notice,
        )

    def _post(self, event: Event) -> None:
        """Hand in an event from any thread; before there is a session nobody can have meant it."""
        if self._ready:
            self._loop.post(event)

    def _refresh(self) -> None:
        """Once a second: the remaining time moves on, troubles of the voice are told."""
        self._display(self._loop.view(self._clock.now()))
        for problem in self._narrator.take_problems():
            self._display.notice(problem)


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
