"""The loop: events in, the guide's step, the journal, then the actions. It alone touches the session."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from dataclasses import replace

from voice.guide.events import (
    Action,
    Background,
    Breathe,
    Duck,
    Earcon,
    Ended,
    Event,
    Hush,
    Listen,
    Quit,
    Say,
    Show,
    Tick,
    Volume,
    WakeAt,
)
from voice.guide.model import Guide
from voice.guide.session import Session
from voice.guide.step import step
from voice.runtime.bookmarks import bookmark
from voice.runtime.clocks import Clock, VirtualClock
from voice.runtime.journal import Bookmark, Journal
from voice.runtime.ports import EarPort, VoicePort
from voice.runtime.view import View

POLL = 0.03
"""Seconds between two looks at what was played, while nothing else happens."""
SHORTEST_WAKE = 0.001
"""Seconds: a wish to be woken at once means this much later, so that the loop always moves on."""

Watcher = Callable[[Event, Session, Sequence[Action]], None]
"""Told of each event after its actions are done: the event, the session after it, the actions."""


def nobody(*_: object) -> None:
    """Where nobody watches."""


class Loop:
    """Runs one session. `post` may be called from any thread, everything else from one.

    A Hush is carried out first, then the event is committed, then the other actions follow: silence never
    waits for the disk, and nothing is shown as done that a power cut could undo.
    """

    def __init__(
        self,
        guide: Guide,
        session: Session,
        voice: VoicePort,
        ear: EarPort,
        journal: Journal,
        clock: Clock,
        on_view: Callable[[View], None] = nobody,
        watch: Watcher = nobody,
        on_notice: Callable[[str], None] = nobody,
    ) -> None:
        self._guide = guide
        self._voice = voice
        self._ear = ear
        self._journal = journal
        self._clock = clock
        self._on_view = on_view
        self._watch = watch
        self._on_notice = on_notice
        self._posted: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._at = clock.now()
        self._wake: float | None = None
        self._waiting = session.waiting
        self.session = session
        self.ended: str | None = None

    def post(self, event: Event) -> None:
        """Hand in an event; it is stamped with the loop's time when its turn comes."""
        self._posted.put(event)

    def handle(self, event: Event) -> None:
        """Let the guide take one event, and do what it wants."""
        self._at = max(self._at, event.at)
        event = replace(event, at=self._at)
        if self._waiting:
            self._journal.put_off(self._bookmark(), event.at)
        session, actions = step(self._guide, self.session, event)
        for hush in (action for action in actions if isinstance(action, Hush)):
            self._voice.hush(hush.speech_only)
        self.session = session
        self._waiting = self._waiting and (session.waiting or isinstance(event, Quit))
        if not self._waiting:
            self._journal.record(event, self._bookmark())
        for action in actions:
            self._perform(action)
        self._watch(event, session, actions)
        for notice in self._journal.take_notices():
            self._on_notice(notice)

    def pump(self) -> None:
        """Handle everything that is due now: what was posted, what was played, the tick wished for."""
        while True:
            for played in self._voice.take_events(self._clock.now()):
                self.handle(played)
            try:
                event = self._posted.get_nowait()
            except queue.Empty:
                break
            self.handle(replace(event, at=self._clock.now()))
        now = self._clock.now()
        if self._wake is not None and self._wake <= now and self.ended is None:
            self._wake = None
            self.handle(Tick(now))

    def run(self, refresh: Callable[[], None] = nobody) -> str:
        """Run on the system's clock until the session ends; returns how. `refresh`: called once a second."""
        refreshed = self._clock.now()
        while self.ended is None:
            try:
                event = self._posted.get(timeout=POLL)
            except queue.Empty:
                pass
            else:
                self.handle(replace(event, at=self._clock.now()))
            self.pump()
            if self._clock.now() - refreshed >= 1.0:
                refreshed = self._clock.now()
                refresh()
        return self.ended

    def run_until(self, until: float, clock: VirtualClock) -> None:
        """Run on a virtual clock, from one appointment to the next, until `until` seconds or the end."""
        self.pump()
        while self.ended is None:
            due = self.next_due(clock)
            if due is None or due > until:
                break
            clock.run_until(max(due, clock.now()))
            self.pump()
        clock.run_until(until)
        self.pump()

    def next_due(self, clock: VirtualClock) -> float | None:
        """The second at which something happens next by itself, or None."""
        return min((at for at in (clock.next_due(), self._wake) if at is not None), default=None)

    def quit(self) -> None:
        """Leave: the guide keeps the place and says how it ended."""
        if self.ended is None:
            self.handle(Quit(self._clock.now()))

    def view(self, at: float) -> View:
        """What a display would show at second `at` if nothing happened until then. Changes nothing."""
        _, actions = step(self._guide, self.session, Tick(max(at, self._at)))
        return next(action.view for action in reversed(actions) if isinstance(action, Show))

    def _bookmark(self) -> Bookmark:
        return bookmark(self.session)

    def _perform(self, action: Action) -> None:
        match action:
            case Say():
                self._voice.say(action)
            case Duck(on):
                self._voice.duck(on)
            case Earcon(sign):
                self._voice.earcon(sign)
            case Volume(level):
                self._voice.volume(level)
            case Background(kind):
                self._voice.background(kind)
            case Breathe():
                self._voice.breathe(action)
            case Listen(commands):
                self._ear.listen(commands)
            case WakeAt(at):
                self._wake = None if at is None else max(at, self._at + SHORTEST_WAKE)
            case Show(view):
                self._on_view(view)
            case Ended(how):
                self.ended = how
                if not self._waiting:
                    self._journal.end(how)
