"""Time as the loop sees it: seconds since the program began, never going backwards.

`SystemClock` is the wall. `VirtualClock` stands still until it is told to move, so that a long session
runs in milliseconds and a rehearsal counts samples instead of seconds.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """Seconds since the clock was made."""

    def now(self) -> float: ...


class SystemClock:
    """The machine's monotonic clock, counted from the moment this object was made."""

    def __init__(self) -> None:
        self._zero = time.monotonic()

    def now(self) -> float:
        return time.monotonic() - self._zero


class VirtualClock:
    """A clock that jumps from one appointment to the next and never waits.

    `call_at` makes an appointment. `run_until(t)` keeps every one due by then in the order of their times
    (those of one time in the order they were made) and leaves the clock at `t`.
    """

    def __init__(self, start: float = 0.0) -> None:
        self._now = start
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def now(self) -> float:
        return self._now

    def call_at(self, when: float, call: Callable[[], None]) -> None:
        """Call `call` when the clock reaches `when` seconds (at once, in the next run, if that is past)."""
        heapq.heappush(self._due, (max(when, self._now), next(self._order), call))

    def next_due(self) -> float | None:
        """The time of the next appointment in seconds, or None."""
        return self._due[0][0] if self._due else None

    def run_until(self, until: float) -> None:
        """Move to `until` seconds, keeping every appointment on the way, also those made on the way."""
        while self._due and self._due[0][0] <= until:
            when, _, call = heapq.heappop(self._due)
            self._now = max(self._now, when)
            call()
        self._now = max(self._now, until)
