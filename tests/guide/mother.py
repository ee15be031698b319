"""A mother, a loudspeaker that speaks in no time, and a clock, around the guide's core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from voice.guide.events import (
    Action,
    Command,
    Ended,
    Event,
    Heard,
    Hush,
    Save,
    Say,
    Show,
    SpeechDone,
    Spoke,
    Tick,
    WakeAt,
)
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.guide.session import Session, new_session
from voice.guide.step import step
from voice.guide.view import View

PACE = 14.0
"""Characters a second."""

GAP = 0.35


@cache
def real_guide() -> Guide:
    return load_guide().with_help({"next": "next", "pause": "pause", "resume": "carry on", "none": "none"})


@dataclass
class Night:
    """One session. Times are seconds since it began."""

    session: Session
    guide: Guide = field(default_factory=real_guide)
    now: float = 0.0
    done: list[tuple[float, Action]] = field(default_factory=list)
    last: tuple[Action, ...] = ()
    playing: Say | None = None
    sentence: int = 0
    sentence_ends: float = 0.0
    wake: float | None = None
    events: int = 0

    def send(self, event: Event) -> tuple[Action, ...]:
        self.session, self.last = step(self.guide, self.session, event)
        self.events += 1
        for action in self.last:
            self.done.append((self.now, action))
            if isinstance(action, Say):
                self._play(action, action.first)
            elif isinstance(action, Hush):
                self.playing = None
            elif isinstance(action, WakeAt):
                self.wake = action.at
        return self.last

    def says(self, intent: str, **slots: str) -> tuple[Action, ...]:
        """She says it now."""
        return self.send(Heard(self.now, intent, slots))

    def key(self, intent: str, **slots: str) -> tuple[Action, ...]:
        return self.send(Command(self.now, intent, slots))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while self.ended is None and self._next_time() <= until:
            self._next()
        self.now = max(self.now, until)

    def wait_until(self, reached: Callable[[], bool], most: float = 4000.0) -> None:
        until = self.now + most
        while not reached():
            assert self._next_time() <= until, f"not reached; at {self.session.step}, {self.session.mode}"
            self._next()

    def wait_for(self, line: str) -> None:
        """Until a line begins to be said."""
        self.wait_until(lambda: self.playing is not None and self.playing.line == line)

    def quiet(self) -> None:
        """Until nothing is being said and nothing waits."""
        self.wait_until(lambda: self.playing is None and not self.session.speech.waiting)

    def _next_time(self) -> float:
        times = [self.sentence_ends] if self.playing else []
        times += [self.wake] if self.wake is not None else []
        return min(times, default=float("inf"))

    def _next(self) -> None:
        self.now = max(self.now, self._next_time())
        playing = self.playing
        if playing is None or self.now < self.sentence_ends:
            self.wake = None
            self.send(Tick(self.now))
            return
        self.send(Spoke(self.now, playing.say, self.sentence))
        if self.playing is playing and self.sentence + 1 < len(playing.sentences):
            self._play(playing, self.sentence + 1)
            self.sentence_ends += GAP
        elif self.playing is playing:
            self.playing = None
            self.send(SpeechDone(self.now, playing.say))

    def _play(self, say: Say, sentence: int) -> None:
        self.playing, self.sentence = say, sentence
        self.sentence_ends = self.now + len(say.sentences[sentence]) / PACE / say.rate

    @property
    def lines(self) -> list[str]:
        """Every line said so far."""
        return [action.line for _, action in self.done if isinstance(action, Say)]

    def said_at(self, line: str) -> list[float]:
        return [at for at, action in self.done if isinstance(action, Say) and action.line == line]

    def since(self, mark: int) -> list[str]:
        """The lines said after `mark`, a former len(night.done)."""
        return [action.line for _, action in self.done[mark:] if isinstance(action, Say)]

    @property
    def view(self) -> View:
        return next(action.view for _, action in reversed(self.done) if isinstance(action, Show))

    @property
    def ended(self) -> str | None:
        return next((action.how for _, action in reversed(self.done) if isinstance(action, Ended)), None)

    @property
    def step(self) -> str | None:
        return self.session.step

    @property
    def saved(self) -> bool:
        """The last event was written down."""
        return any(isinstance(action, Save) for action in self.last)


def night(
    last: dict[str, str] | None = None,
    guide: Guide | None = None,
    extras: tuple[str, ...] = (),
    number: int = 0,
) -> Night:
    """The program has just started; `number` nights were before."""
    core = guide or real_guide()
    made = Night(new_session(core, at=0.0, night=number, last_choices=last, extras=extras), core)
    made.key("begin")
    return made


def checked(guide: Guide | None = None, extras: tuple[str, ...] = (), /, **choices: str) -> Night:
    """Past the set-up and the safety check."""
    made = night(None, guide, extras)
    for question in made.guide.question_ids:
        made.says("choose", **{question: choices.get(question, made.session.choices[question])})
    made.wait_for("safe_check")
    made.says("none")
    return made


def at(step_id: str, **choices: str) -> Night:
    """At the beginning of a step, its opening lines just starting."""
    made = checked(None, (), **choices)
    while made.step != step_id:
        made.says("next")
        assert made.ended is None, f"{step_id} is not on the way"
    made.wait_for(made.guide.step(step_id).line)
    return made
