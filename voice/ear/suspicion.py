"""She may have begun to speak: say so early, take it back when nothing follows."""

from __future__ import annotations

from voice.ear.level import BLOCK_SECONDS, Meter
from voice.ear.policy import Policy
from voice.guide.events import Cleared, Suspected


class Suspicion:
    """Raised by sound above floor and leak together with a recogniser that shows something; cleared by
    quiet."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._since: float | None = None
        self._spoke = 0.0
        self._worn_out = False

    def take(self, meter: Meter, shows: bool, now: float) -> Suspected | Cleared | None:
        """After each block. `shows`: the recogniser has a non-empty hypothesis."""
        if self._since is None:
            return self._raised(meter, shows, now)
        if meter.sounding:
            self._spoke += BLOCK_SECONDS
        if meter.quiet >= self._policy.clear_quiet and not shows:
            return self.clear(now)
        if now - self._since > self._policy.suspect_longest:
            self._worn_out = True
            return self.clear(now)
        return None

    def _raised(self, meter: Meter, shows: bool, now: float) -> Suspected | None:
        if meter.quiet >= self._policy.clear_quiet:
            self._worn_out = False
        if self._worn_out or not shows or meter.active < self._policy.suspect_active:
            return None
        self._since, self._spoke = now, meter.active
        return Suspected(now)

    def clear(self, now: float) -> Cleared | None:
        """End the suspicion, if there is one."""
        if self._since is None:
            return None
        self._since = None
        return Cleared(now, round(self._spoke, 3))

    def settle(self) -> None:
        """A command came of it: no Cleared is due, and what is left of the sound raises no new one."""
        self._worn_out = self._since is not None
        self._since = None
