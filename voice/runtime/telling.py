"""What a display must be able to do, and the plainest one: lines of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from voice.guide.events import Action, Event, Heard, Rejected, Show
from voice.guide.session import Session
from voice.runtime.view import View


class Display(Protocol):
    """Captions on a terminal, a page, or nothing at all."""

    def __call__(self, view: View) -> None:
        """Show the moment."""

    def heard(self, text: str) -> None:
        """Show what the ear understood."""

    def notice(self, text: str) -> None:
        """Show a line of the program's own, such as a device that went away."""


class PlainDisplay:
    """Prints each new caption, what was heard, and notices."""

    def __init__(self, tell: Callable[[str], None] = print) -> None:
        self._tell = tell
        self._caption = ""

    def __call__(self, view: View) -> None:
        if view.caption and view.caption != self._caption:
            self._tell(view.caption)
        self._caption = view.caption

    def heard(self, text: str) -> None:
        self._tell(f"   she: {text}")

    def notice(self, text: str) -> None:
        self._tell(text)


class Teller:
    """Tells a display what a loop does. Fits Loop's `watch`."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def __call__(self, event: Event, session: Session, actions: Sequence[Action]) -> None:
        if isinstance(event, Heard):
            self._display.heard(event.text)
        if isinstance(event, Rejected) and event.text:
            self._display.heard(f"({event.text}: {event.reason})")
        for action in actions:
            if isinstance(action, Show):
                self._display(action.view)
