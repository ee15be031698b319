"""She may have begun to speak: say so early, take it back when nothing follows.

Two stages. A hint is sound that nothing explains: it comes within some hundredths of a second, so that the
narration gives way while her word is being said. It is confirmed by a recogniser that shows something. One
that is not confirmed is soon over, costs the narration nothing but a moment of softness, and the next has
to wait.
"""

from __future__ import annotations

from voice.ear.frames import BLOCK_SECONDS, SILENT, Samples
from voice.ear.level import Meter
from voice.ear.onset import Onset
from voice.ear.policy import Policy
from voice.ear.recogniser import UNKNOWN
from voice.guide.events import Cleared, Suspected


class Suspicion:
    """Raised by a hint while the loudspeaker plays, or by sound above floor and leak together with a
    recogniser that shows something; cleared by quiet, or when a hint is not confirmed."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._since: float | None = None
        self._spoke = 0.0
        self._confirmed = False
        self._worn_out = False
        self._rest = policy.hint_rest
        self._no_hint_before = 0.0
        self._onset = Onset(policy)
        self._words = False

    def take(
        self, meter: Meter, residue: Samples, reference: Samples | None, shown: str, now: float
    ) -> Suspected | Cleared | None:
        """After each block, once the meter took it. `shown`: what the recogniser shows."""
        hint = self._onset.take(residue, reference, learn=not self._words)
        words = any(word != UNKNOWN for word in shown.split())
        if words and not self._words:
            self._onset.unlearn(self._policy.before_shown)
        self._words = words
        shows = bool(shown)
        speaks = shows and meter.active >= self._policy.word_shortest
        if self._since is None:
            return self._raised(meter, hint, speaks, now)
        if meter.sounding:
            self._spoke += BLOCK_SECONDS
        if speaks:
            self._confirmed = True
        lasted = now - self._since
        if not self._confirmed:
            return self._in_vain(now) if lasted > self._policy.hint_longest else None
        if meter.quiet >= self._policy.clear_quiet and not shows:
            return self.clear(now)
        if lasted > self._policy.suspect_longest:
            self._worn_out = True
            return self.clear(now)
        return None

    def _raised(self, meter: Meter, hint: bool, speaks: bool, now: float) -> Suspected | None:
        if meter.quiet >= self._policy.clear_quiet:
            self._worn_out = False
        if self._worn_out:
            return None
        over_the_guide = hint and meter.leak > SILENT and now >= self._no_hint_before
        if not (speaks or over_the_guide):
            return None
        if now - self._no_hint_before > self._policy.hint_rest_longest:
            self._rest = self._policy.hint_rest
        self._since, self._spoke, self._confirmed = now, meter.active, speaks
        return Suspected(now)

    def _in_vain(self, now: float) -> Cleared | None:
        self._no_hint_before = now + self._rest
        self._rest = min(2.0 * self._rest, self._policy.hint_rest_longest)
        return self.clear(now)

    def clear(self, now: float) -> Cleared | None:
        """End the suspicion, if there is one. Sound that was no speech does not count as spoken."""
        if self._since is None:
            return None
        self._since = None
        return Cleared(now, round(self._spoke, 3) if self._confirmed else 0.0)

    def settle(self) -> None:
        """A command came of it: no Cleared is due, and what is left of the sound raises no new one. Hints
        were worth their while."""
        self._rest = self._policy.hint_rest
        self._worn_out = self._since is not None
        self._since = None
