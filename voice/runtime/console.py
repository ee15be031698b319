"""`lull talk`: the guide by typing. Typed words go through the language of spoken ones; captions come out.

In a terminal time passes as it does; from a pipe it stands still between lines and moves on by `+30`
(thirty seconds) and by the length of what is said. Her journal is left alone.
"""

from __future__ import annotations

import queue
import re
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from voice.data import DATA
from voice.guide.events import Command, Rejected
from voice.guide.load import load_guide
from voice.runtime.assembly import asks_names, load_commands
from voice.runtime.bookmarks import open_session
from voice.runtime.clocks import VirtualClock
from voice.runtime.journal import Journal
from voice.runtime.loop import Loop
from voice.runtime.settings import Settings
from voice.runtime.telling import Display, PlainDisplay, Teller
from voice.runtime.twins import MemoryVoice, ScriptedEar

WAIT = re.compile(r"\+(\d+(?:\.\d+)?)")
LOOK = 0.05
"""Seconds between two looks at the keyboard."""
LONGEST_LINE = 60.0
"""Seconds of speech waited for before the next typed line is taken."""


class Conversation:
    """One typed session in virtual time."""

    def __init__(self, settings: Settings, display: Display) -> None:
        commands = load_commands(settings)
        guide = load_guide(DATA, settings.guide, settings.locale, settings.country).with_help(
            commands.help_names()
        )
        self._journal = Journal.memory()
        self._display = display
        self._clock = VirtualClock()
        self._voice = MemoryVoice(self._clock)
        self._ear = ScriptedEar(commands)
        session, _ = open_session(
            guide, self._journal, 0.0, 0.0, *settings.first_night(), asks_names=asks_names(commands)
        )
        self._loop = Loop(
            guide, session, self._voice, self._ear, self._journal, self._clock, watch=Teller(display)
        )
        self._loop.handle(Command(0.0, "begin", {}, "console"))

    @property
    def over(self) -> bool:
        """The session has ended."""
        return self._loop.ended is not None

    def say(self, text: str) -> None:
        """She types `text`; `+30` lets thirty seconds pass."""
        wait = WAIT.fullmatch(text)
        if wait:
            self.pass_time(float(wait.group(1)))
            return
        event = self._ear.understand(text, self._clock.now())
        if isinstance(event, Rejected):
            self._display.notice(f'"{text}" is no command now; type help to hear some.')
        self._loop.handle(event)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self._loop.run_until(self._clock.now() + seconds, self._clock)

    def finish_speaking(self) -> None:
        """Let time pass until nothing is being said."""
        until = self._clock.now() + LONGEST_LINE
        while self._about_to_speak() and not self.over and self._clock.now() < until:
            self.pass_time(LOOK)

    def _about_to_speak(self) -> bool:
        speech = self._loop.session.speech
        return speech.now is not None or bool(speech.waiting) or self._loop.session.closing is not None

    def leave(self) -> None:
        """She goes away; the guide says how it ended."""
        self._loop.quit()
        self._journal.close()


def talk(settings: Settings, source: TextIO = sys.stdin, display: Display | None = None) -> int:
    """Converse until the session or the input ends. Returns 0."""
    display = display or PlainDisplay()
    conversation = Conversation(settings, display)
    run = _in_real_time if source.isatty() else _in_virtual_time
    try:
        run(conversation, source)
    finally:
        conversation.leave()
    return 0


def _in_virtual_time(conversation: Conversation, source: TextIO) -> None:
    for line in source:
        if conversation.over:
            return
        conversation.finish_speaking()
        if line.strip():
            conversation.say(line.strip())
    conversation.finish_speaking()


def _in_real_time(conversation: Conversation, source: TextIO) -> None:
    typed: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, typed.put), name="lull-keys", daemon=True).start()
    reached = time.monotonic()
    while not conversation.over:
        try:
            line = typed.get(timeout=LOOK)
        except queue.Empty:
            line = ""
        if line is None:
            return
        now = time.monotonic()
        conversation.pass_time(now - reached)
        reached = now
        if line:
            conversation.say(line)


def _read(source: TextIO, put: Callable[[str | None], object]) -> None:
    for line in source:
        put(line.strip())
    put(None)
