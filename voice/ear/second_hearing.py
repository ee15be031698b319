"""The second pass at work in the ear: which sound it is given, and what it may say while the guide speaks."""

from __future__ import annotations

from collections.abc import Sequence

from voice.ear.evidence import likeliest
from voice.ear.frames import Samples
from voice.ear.phrase_tree import Fit
from voice.ear.policy import Policy
from voice.ear.recent import Recent
from voice.ear.recogniser import Hypothesis
from voice.ear.second_opinion import (
    disputable,
    longer_ones,
    more_to_come,
    open_to_doubt,
    revised,
    silencer,
)
from voice.ear.second_pass import SecondPass
from voice.ear.second_policy import SecondPolicy
from voice.ear.whose import Whose
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands


class SecondHearing:
    """For one unbroken stretch of sound. `second_pass`: None where there is none; then nothing changes."""

    def __init__(
        self, second_pass: SecondPass | None, recent: Recent, whose: Whose, commands: Commands, policy: Policy
    ) -> None:
        self._second_pass = second_pass
        self._recent = recent
        self._whose = whose
        self._commands = commands
        self._policy = policy.second
        self._more_to_come = False

    def revised(self, verdict: Heard | Rejected, said: Hypothesis, listen: str) -> Heard | Rejected:
        """The verdict of the first pass on what it had `said`, held against the sound as a whole."""
        self._more_to_come = False
        if self._second_pass is None or not self._asked_about(verdict):
            return verdict
        sound = self._sound(said.began, said.ended + self._policy.after)
        second = self._again(self._second_pass, sound, verdict, listen)
        if isinstance(second, Heard):
            second = self._to_its_end(self._second_pass, verdict, second, said, listen)
        if isinstance(second, Heard) and second.text != verdict.text and self._whose.guide_says(second):
            return verdict
        return second

    def may_change_yet(self, verdict: Heard | Rejected | None) -> bool:
        """Whether the verdict revised last, on an utterance that has not ended, may be another one at its
        end: in noise the first pass knows a phrase before its last sound is over, and "start" may be
        becoming "start over"."""
        if self._second_pass is None or not isinstance(verdict, Rejected):
            return self._more_to_come
        return self._asked_about(verdict)

    def unheard(self, began: float, ended: float, now: float, listen: str) -> Heard | None:
        """The command that a sound is in which the first pass heard no word at all, while the guide is
        silent. `began`, `ended`: of the sound, as far as its level shows."""
        if self._second_pass is None:
            return None
        sound = self._sound(began, now)
        verdict = nothing(now, began, ended)
        found = heard_again(self._second_pass, sound, verdict, self._commands, listen, self._policy)
        return found if isinstance(found, Heard) and not self._whose.guide_said(found) else None

    def silencer(self, began: float, now: float, listen: str) -> Heard | None:
        """A call to be silent in a sound that has just faded, while the guide speaks: it does not wait for
        the end of the utterance. `began`: of the sound, as far as its level shows."""
        if self._second_pass is None or not self._whose.speaking:
            return None
        fits = self._second_pass.judge(self._sound(began, now), self._commands.known(listen))
        match = silencer(fits, self._commands, listen, self._policy)
        if match is None:
            return None
        heard = Heard(now, match.intent, dict(match.slots), match.phrase, began, now)
        return None if self._whose.guide_says(heard) else heard

    def _to_its_end(
        self, second_pass: SecondPass, verdict: Heard | Rejected, heard: Heard, said: Hypothesis, listen: str
    ) -> Heard:
        """The command heard, or the longer one of another meaning that it is the beginning of."""
        longer = longer_ones(heard, self._commands, listen)
        if not longer:
            return heard
        sound = self._sound(said.began, said.ended + self._policy.after_longer)
        fits = second_pass.judge(sound, self._commands.known(listen))
        lags = more_to_come(heard, fits, longer)
        self._more_to_come = lags < self._policy.more_to_come
        if lags >= 0.0:
            return heard
        whole = self._again(second_pass, sound, verdict, listen, fits)
        return whole if isinstance(whole, Heard) else heard

    def _again(
        self,
        second_pass: SecondPass,
        sound: Samples,
        verdict: Heard | Rejected,
        listen: str,
        fits: Sequence[Fit] | None = None,
    ) -> Heard | Rejected:
        commands, policy, hurried = self._commands, self._policy, self._whose.speaking
        return heard_again(second_pass, sound, verdict, commands, listen, policy, hurried, fits)

    def _asked_about(self, verdict: Heard | Rejected) -> bool:
        return disputable(verdict, self._commands, self._whose.speaking, self._policy)

    def _sound(self, began: float, ended: float) -> Samples:
        return self._recent.between(began - self._policy.before, ended)


def nothing(now: float, began: float, ended: float) -> Rejected:
    """The first pass's verdict on a sound in which it heard no word."""
    return Rejected(now, "unknown_words", "", began, ended)


def heard_again(
    second_pass: SecondPass,
    sound: Samples,
    verdict: Heard | Rejected,
    commands: Commands,
    listen: str,
    policy: SecondPolicy,
    hurried: bool = False,
    fits: Sequence[Fit] | None = None,
) -> Heard | Rejected:
    """The verdict of the first pass, held against what the second makes of the same sound.

    `hurried`: the decoder is not asked. On a small machine it takes a second, and no "stop" may wait for it.
    `fits`: of the sound, where it has been judged already.
    """
    if fits is None:
        fits = second_pass.judge(sound, commands.known(listen))
    if not fits:
        return verdict
    found = likeliest(verdict, fits, commands, listen)
    doubt = not hurried and open_to_doubt(found, policy)
    if doubt:
        found = likeliest(verdict, second_pass.rescored(sound, fits), commands, listen)
    return revised(verdict, found, doubt, commands, policy)
