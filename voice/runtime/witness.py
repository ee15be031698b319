"""Watches a loop and remembers what a person in the room would know: what was said, heard and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voice.guide.events import (
    Action,
    Background,
    Breathe,
    Earcon,
    Ended,
    Event,
    Heard,
    Hush,
    Listen,
    Rejected,
    Say,
    Show,
    SpeechDone,
    Spoke,
)
from voice.guide.session import Session
from voice.runtime.view import View


@dataclass
class Said:
    """A line that was begun at second `at`; `spoken` sentences of it were played to their end."""

    at: float
    say: Say
    spoken: int = 0
    done: bool = False
    cut: bool = False

    @property
    def sentence(self) -> int:
        """The sentence being said, counted from 1."""
        return min(self.say.first + self.spoken + 1, len(self.say.sentences))


@dataclass
class Witness:
    """Fits Loop's `watch`."""

    said: list[Said] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    heard_in: list[str] = field(default_factory=list)
    """The phase that was shown when each command was heard."""
    rejected: list[Rejected] = field(default_factory=list)
    earcons: list[tuple[float, str]] = field(default_factory=list)
    sound: str | None = None
    breathing: tuple[float, float] | None = None
    listening: str = ""
    view: View | None = None
    ended: str | None = None

    def __call__(self, event: Event, session: Session, actions: Sequence[Action]) -> None:
        match event:
            case Heard():
                self.heard.append(event)
                self.heard_in.append(self.view.phase if self.view else "")
            case Rejected():
                self.rejected.append(event)
            case Spoke(_, say, _):
                self._find(say).spoken += 1
            case SpeechDone(_, say):
                self._find(say).done = True
        for action in actions:
            self._note(event.at, action)

    @property
    def saying(self) -> Said | None:
        """What is being said now."""
        last = self.said[-1] if self.said else None
        return None if last is None or last.done or last.cut else last

    def _note(self, at: float, action: Action) -> None:
        match action:
            case Hush(speech_only):
                self._cut()
                if not speech_only:
                    self.sound = self.breathing = None
            case Background(kind):
                self.sound = kind
            case Breathe(on, breathe_in, breathe_out):
                self.breathing = (breathe_in, breathe_out) if on else None
            case Say():
                self._cut()
                self.said.append(Said(at, action))
            case Earcon(sign):
                self.earcons.append((at, sign))
            case Listen(commands):
                self.listening = commands
            case Show(view):
                self.view = view
            case Ended(how):
                self.ended = how

    def _cut(self) -> None:
        if self.saying is not None:
            self.saying.cut = True

    def _find(self, say: int) -> Said:
        return next(
            (said for said in reversed(self.said) if said.say.say == say), Said(0.0, Say(say, "", ()))
        )
