"""Says lines: renders the first sentence first, the next while it plays, and coming lines ahead of need."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Condition, Thread
from typing import Protocol

from voice.errors import LullError
from voice.speech.clip import Clip
from voice.speech.earcons import GREETING, load_earcons
from voice.speech.engines import ANY_VOICE
from voice.speech.player import GAP, Player
from voice.speech.silent import SilentEngine
from voice.speech.store import Store

REST = 2.0
"""Rendering ahead rests this many times as long as it worked: a third of a core keeps the sound unbroken."""
LONGEST_REST = 2.0
"""Seconds."""

Job = Callable[[], None]
Rendered = Callable[[str, Clip], None]
"""Told of a sentence that is there: the name of its entry in the store, and its sound. Returns at once."""


class Executor(Protocol):
    """Where rendering happens."""

    def submit(self, job: Job, urgent: bool) -> None:
        """Run `job`, urgent ones first, each kind in the order given."""

    def close(self) -> None:
        """Run nothing more."""


class Inline:
    """Renders at once in the calling thread (tests, rehearsal); rendering ahead is pointless and left out."""

    def submit(self, job: Job, urgent: bool) -> None:
        if urgent:
            job()

    def close(self) -> None:
        """Nothing runs."""


class Worker:
    """One background thread, started at the first job."""

    def __init__(self, name: str = "lull-voice") -> None:
        self._name = name
        self._urgent: deque[Job] = deque()
        self._ahead: deque[Job] = deque()
        self._there = Condition()
        self._closed = False
        self._thread: Thread | None = None

    def submit(self, job: Job, urgent: bool) -> None:
        with self._there:
            if self._closed:
                return
            (self._urgent if urgent else self._ahead).append(job)
            if self._thread is None:
                self._thread = Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._there.notify()

    def close(self) -> None:
        """Drop the waiting jobs and wait for the one that runs."""
        with self._there:
            self._closed = True
            self._urgent.clear()
            self._ahead.clear()
            self._there.notify()
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    def _work(self) -> None:
        while True:
            with self._there:
                self._there.wait_for(lambda: self._closed or self._urgent or self._ahead)
                if self._closed:
                    return
                ahead = not self._urgent
                job = self._ahead.popleft() if ahead else self._urgent.popleft()
            began = time.monotonic()
            job()
            if ahead:
                self._rest(REST * (time.monotonic() - began))

    def _rest(self, seconds: float) -> None:
        """Leave the machine to the audio threads for a while, unless something urgent comes."""
        with self._there:
            self._there.wait_for(lambda: self._closed or self._urgent, timeout=min(seconds, LONGEST_REST))


class Narrator:
    """Speaks sentences through `player` with sounds from `store`. Calls return at once with a Worker.

    `signs`: earcons by name; without them those of the package are loaded at the first one asked for.
    `others`: voices she can change to, after `voice`. `on_rendered` is called in the rendering thread.
    """

    def __init__(
        self,
        store: Store,
        player: Player,
        voice: str = ANY_VOICE,
        executor: Executor | None = None,
        signs: Mapping[str, Clip] | None = None,
        others: Sequence[str] = (),
        on_rendered: Rendered | None = None,
    ) -> None:
        self._store = store
        self._player = player
        self._voices = (voice, *others)
        self._voice = voice
        self._executor: Executor = executor or Inline()
        self._signs = signs
        self._on_rendered = on_rendered
        self._ticket = 0
        self._problems: deque[str] = deque()
        self._told: set[str] = set()

    def say(
        self, token: int, sentences: Sequence[str], first: int = 0, rate: float = 1.0, gain: float = 0.0
    ) -> None:
        """Speak `sentences[first:]` as saying `token`, in place of whatever is being said; `gain` in dB."""
        ticket = self._player.begin(token, first, len(sentences), gain)
        self._ticket = ticket
        for text in sentences[first:]:
            self._executor.submit(self._speaking(ticket, text, rate), urgent=True)

    def change_voice(self, number: int) -> None:
        """Speak with voice number `number` from the next sentence asked for; 0 is the first one."""
        self._voice = self._voices[number % len(self._voices)]

    def hush(self, speech_only: bool = False) -> None:
        """Silence within one block; what was still to be rendered for it is dropped.

        `speech_only`: sounds under the voice go on.
        """
        self._ticket = 0
        self._player.hush(speech_only)

    def duck(self, on: bool) -> None:
        """Lower the narration, or bring it back."""
        self._player.duck(on)

    def volume(self, db: float) -> None:
        """Level of everything, dB relative to full."""
        self._player.level(db)

    def earcon(self, kind: str) -> None:
        """Play the sign `kind` (heard, missed, done); one that is not there is left out and reported."""
        if self._signs is None:
            self._signs = self._load_signs()
        if kind in self._signs:
            self._player.earcon(self._signs[kind], first=kind == GREETING)

    def greet(self) -> None:
        """Play the greeting; what is said next waits for its end."""
        self.earcon(GREETING)

    def prefetch(self, sentences: Sequence[str], rate: float = 1.0) -> None:
        """Render sentences that are likely to be said soon, when nothing else is to be rendered."""
        for text in sentences:
            self._executor.submit(self._ahead(text, rate), urgent=False)

    def seconds(self, sentences: Sequence[str], rate: float = 1.0) -> float:
        """How long saying `sentences` takes, pauses between them included. Renders what is not kept yet."""
        spoken = sum(self._render(text, rate, self._voice).seconds for text in sentences)
        return spoken + GAP * max(0, len(sentences) - 1)

    def take_problems(self) -> list[str]:
        """What went wrong since the last call, one sentence each; speaking went on as well as it could."""
        taken = self._store.take_problems()
        while self._problems:
            taken.append(self._problems.popleft())
        return taken

    def close(self) -> None:
        """End rendering and the engine."""
        self._ticket = 0
        self._executor.close()
        self._store.close()

    def _load_signs(self) -> Mapping[str, Clip]:
        try:
            return load_earcons()
        except LullError as error:
            self._problems.append(str(error))
            return {}

    def _speaking(self, ticket: int, text: str, rate: float) -> Job:
        voice = self._voice

        def job() -> None:
            if self._ticket == ticket:
                self._player.add(ticket, self._render(text, rate, voice))

        return job

    def _ahead(self, text: str, rate: float) -> Job:
        def job() -> None:
            self._render(text, rate, self._voice)

        return job

    def _render(self, text: str, rate: float, voice: str) -> Clip:
        """The clip of `text`; silence as long when no engine can make it: the guide goes on by captions."""
        try:
            clip = self._store.get(text, voice, rate)
            if self._on_rendered is not None:
                self._on_rendered(self._store.key(text, voice, rate), clip)
            return clip
        except LullError as error:
            problem = str(error)
        except Exception as error:  # the worker thread must outlive any sentence
            problem = f'"{text}" could not be spoken ({type(error).__name__}: {error}).'
        if problem not in self._told:
            self._told.add(problem)
            self._problems.append(problem)
        silent = SilentEngine()
        return Clip(silent.render(text, ANY_VOICE, rate), silent.rate, text)
