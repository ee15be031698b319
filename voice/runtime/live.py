"""`lull run`: the real card, the real ear, the real voice.

Threads: the card's callback copies sound; the ear's thread owns the recogniser; the voice's thread renders; a
watch looks after the card; the loop runs in the caller's thread and alone touches the session.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from voice.data import DATA
from voice.ear.ghosts import GhostMap
from voice.ear.own_voice import Narration
from voice.errors import LullError
from voice.guide.events import Command, DeviceBack, DeviceLost, Event, Quit
from voice.guide.load import load_guide
from voice.guide.session import Session
from voice.guide.showing import listening_for
from voice.runtime.assembly import (
    asks_names,
    ear_maker,
    ghost_watch,
    heard_commands,
    open_store,
    voices_there,
)
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
from voice.runtime.voice_file import voice_or_usual
from voice.speech.earcons import load_earcons
from voice.speech.narrator import Narrator, Worker
from voice.speech.player import Player

Samples = NDArray[np.float32]

FADE_OUT = 0.1
"""Seconds the card is left open after the end, so that the last block is not cut."""
WARM_SENTENCES = 2
"""Sentences rendered before the card is opened: the greeting follows at once, the rest while it is said."""


class Outlet:
    """What the card plays: silence until there is a player."""

    player: Player | None = None

    def give(self, count: int) -> Samples:
        """`count` samples, float32. Called by the audio thread."""
        return np.zeros(count, np.float32) if self.player is None else self.player.pull(count)

    def narrated(self) -> Narration | None:
        """The sentence being played, or None."""
        return None if self.player is None else narrated(self.player)


def run(
    settings: Settings, fresh: bool = False, display: Display | None = None, card: Card | None = None
) -> int:
    """Guide a session; returns the exit code of the program.

    `fresh`: do not offer to carry on. `card`: another way to devices than PortAudio. Without a microphone or
    a loudspeaker a notice says so and the default rehearsal is played. Raises LullError when no voice
    or no model works.
    """
    display = display or PlainDisplay()
    clock, outlet = SystemClock(), Outlet()
    wish = Wish(settings.input, settings.output, settings.sample_rate, settings.latency)
    try:
        card = card or PortAudioCard()
        card.find(wish)
    except LullError as error:
        trouble = str(error)
    else:
        with ExitStack() as stack:
            sound = Sound(card, wish, outlet.give, clock)
            house = House(settings, fresh, sound, outlet, clock, display, stack)
            try:
                names = sound.open().names
            except LullError as error:
                trouble = str(error)
            else:
                stack.callback(sound.close)
                return _run_night(house, sound, names, display)
    display.notice(f"{trouble} A rehearsal follows instead.")
    return rehearse_and_tell(None, None, False, settings, display)


def _run_night(house: House, sound: Sound, names: tuple[str, str], display: Display) -> int:
    display.notice(f"Ready. Microphone: {names[0]}. Loudspeaker: {names[1]}. {sound.rate} Hz.")
    house.open()
    with _leaving(house.leave):
        house.live()
    threading.Event().wait(FADE_OUT)
    return 0


class House:
    """The threads and one session after another. What must be closed goes to `stack`.

    Everything slow is done in the constructor, before the card is opened: loading a model or a voice holds up
    the card's callbacks, and a stream that once ran dry may not recover.
    """

    def __init__(
        self,
        settings: Settings,
        fresh: bool,
        sound: Sound,
        outlet: Outlet,
        clock: SystemClock,
        display: Display,
        stack: ExitStack,
    ) -> None:
        """Open the model, guide, journal and voice; `sound` is opened by the caller between this and `open`.

        Raises LullError when one of them does not work.
        """
        self._settings, self._clock, self._display, self._stack = settings, clock, display, stack
        self._hours = 0.0 if fresh else settings.carry_on_hours
        self._sound, self._outlet, self._leaving = sound, outlet, False
        self._ready = False
        commands, ghosts = heard_commands(settings), GhostMap()
        self._asks_names = asks_names(commands)
        learned, notice = voice_or_usual(settings.voice_path(), commands, settings.locale)
        if notice:
            display.notice(notice)
        new_ear = ear_maker(settings, commands, learned, ghosts)
        self._ear = EarThread(new_ear, sound, outlet.narrated, self._post, display.notice)
        self._ear.start()
        stack.callback(self._ear.close)
        guide = load_guide(DATA, settings.guide, settings.locale, settings.country)
        self._guide = guide.with_help(commands.help_names())
        self._journal = Journal.open(settings.journal_path())
        stack.callback(self._journal.close)
        self._store = open_store(settings)
        stack.callback(self._store.close)
        self._voices = voices_there(settings, self._store)
        self._guide = replace(self._guide, voices=len(self._voices))
        listening = Worker("lull-ghosts")
        stack.callback(listening.close)
        self._watch = ghost_watch(settings, commands, self._guide, ghosts, listening)
        self._signs = load_earcons()
        self._session = self._new_session()
        self._warm_up()
        self._ear.ready()

    def open(self) -> None:
        """Greet her, or wait in silence for a start phrase. The sound must be open."""
        worker, player = Worker(), Player(self._sound.rate)
        first, *others = self._voices
        self._narrator = Narrator(
            self._store, player, first, worker, self._signs, others, on_rendered=self._watch.rendered
        )
        self._stack.callback(self._narrator.close)
        self._spoken = SpokenVoice(self._narrator, player, worker)
        self._loop = self._new_loop(self._session)
        self._outlet.player, self._ready = player, True
        self._stack.callback(Watch(self._sound, self._changed).close)
        self._set_out()
        session = self._loop.session
        self._narrator.prefetch(
            tuple(sentences_ahead(self._guide, session.choices, session.names)), session.rate
        )

    def live(self) -> None:
        """Run until the session is over; one that waits begins anew until it is told to leave."""
        self._loop.run(self._refresh)
        while self._settings.wait and not self._leaving:
            self._hours = self._settings.carry_on_hours
            self._loop = self._new_loop(self._new_session())
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

    def _new_session(self) -> Session:
        night, now = self._settings.first_night(), self._clock.now()
        session, notice = open_session(
            self._guide,
            self._journal,
            now,
            self._hours,
            *night,
            waits=self._settings.wait,
            asks_names=self._asks_names,
        )
        for text in (*self._journal.take_notices(), *([notice] if notice else [])):
            self._display.notice(text)
        return session

    def _new_loop(self, session: Session) -> Loop:
        self._narrator.volume(session.level)
        return Loop(
            self._guide,
            session,
            self._spoken,
            self._ear,
            self._journal,
            self._clock,
            watch=Teller(self._display),
            on_notice=self._display.notice,
        )

    def _post(self, event: Event) -> None:
        """Hand in an event from any thread; before there is a session nobody can have meant it."""
        if self._ready:
            self._loop.post(event)

    def _changed(self, change: Heartbeat) -> None:
        """The card or what comes from it changed. Called by the watch."""
        if change.muted:
            self._display.notice("The microphone is open, but only digital silence comes from it.")
        lost, back = DeviceLost(0.0, change.part, change.muted), DeviceBack(0.0, change.part)
        self._post(lost if change.lost else back)

    def _warm_up(self) -> None:
        """Have the voice loaded and the first sentences ready."""
        session = self._session
        ahead = sentences_ahead(self._guide, session.choices, session.names)
        for text in islice(ahead, WARM_SENTENCES):
            with suppress(LullError):  # told when the sentence is due
                self._store.get(text, self._voices[0], session.rate)

    def _refresh(self) -> None:
        """Once a second: the remaining time moves on, troubles of the voice are told."""
        self._display(self._loop.view(self._clock.now()))
        for problem in self._narrator.take_problems():
            self._display.notice(problem)


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
