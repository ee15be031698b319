"""From hypotheses to Heard or Rejected. Pure: no clock, no sound, no recogniser."""

from __future__ import annotations

from dataclasses import dataclass

from voice.ear.near import ASKED_ABOUT, nearly
from voice.ear.policy import Policy, Reason
from voice.ear.recogniser import UNKNOWN, Hypothesis, Word
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands, Match


@dataclass(frozen=True)
class Showing:
    """What the recogniser shows, since when, and when a closer look last made it doubtful (stream
    seconds)."""

    text: str = ""
    since: float = 0.0
    doubted: float | None = None


@dataclass(frozen=True)
class Scene:
    """What is known besides the words: levels in dB, and whether the guide said it itself."""

    loudness: float
    floor: float
    own_voice: bool = False


def follow(showing: Showing, text: str, now: float) -> Showing:
    """The next state once `text` is shown at `now`."""
    return showing if text == showing.text else Showing(text, now)


def ripe(
    showing: Showing, now: float, quiet: float, commands: Commands, listen: str, policy: Policy
) -> Match | None:
    """The command to take now, before the utterance ends by itself, or None to wait.

    `quiet`: seconds without sound.
    """
    match = commands.match(showing.text, listen) if showing.text else None
    if match is None or (showing.doubted is not None and now - showing.doubted < policy.look_again):
        return None
    stood = now - showing.since
    if commands.rule(match.intent).commits == "first_partial":
        return match if stood >= policy.first_stable else None
    if stood < policy.stable:
        return None
    needed = policy.open_silence if commands.may_continue(showing.text, listen) else policy.closed_silence
    return match if quiet >= needed or stood >= policy.open_stable else None


def means(said: Hypothesis, commands: Commands, listen: str, policy: Policy) -> str | None:
    """The intent of a finished utterance, or None."""
    match, _ = _whole(said, commands, listen, policy)
    return match.intent if match else None


def at_once(said: Hypothesis, commands: Commands, listen: str, policy: Policy) -> bool:
    """Whether a look at the end of a sound shows a `first_partial` phrase and nothing else, without doubt."""
    match = commands.match(said.text, listen) if said.words else None
    if match is None or commands.rule(match.intent).commits != "first_partial":
        return False
    return all(word.confidence >= policy.fade_confidence for word in said.words)


def conclude(
    said: Hypothesis, scene: Scene, commands: Commands, listen: str, now: float, policy: Policy
) -> Heard | Rejected | None:
    """The verdict on a finished utterance. None: nothing was said."""
    if not said.text:
        return None
    match, words = _whole(said, commands, listen, policy)
    began, ended = (words[0].began, words[-1].ended) if words else (said.began, said.ended)
    reason = _objection(said, match, words, scene, commands, listen, policy)
    if match is None or reason is not None:
        reason = reason or "not_a_command"
        near = _near(said, reason, scene, commands, listen, policy)
        close = (near.intent, dict(near.slots), near.phrase) if near else ("", {}, "")
        return Rejected(now, reason, said.text, began, min(ended, now), *close)
    return Heard(now, match.intent, dict(match.slots), match.phrase, began, min(ended, now))


def _objection(
    said: Hypothesis,
    match: Match | None,
    words: tuple[Word, ...],
    scene: Scene,
    commands: Commands,
    listen: str,
    policy: Policy,
) -> Reason | None:
    if scene.own_voice:
        return "own_voice"
    if match is None:
        return _why_not(said.text, commands, listen)
    if scene.loudness < max(policy.quietest, scene.floor + policy.above_floor):
        return "too_quiet"
    doubtful = any(word.confidence < policy.strict_confidence for word in words)
    if doubtful and commands.rule(match.intent).strictness == "strict":
        return "low_confidence"
    return None


def _near(
    said: Hypothesis, reason: Reason, scene: Scene, commands: Commands, listen: str, policy: Policy
) -> Match | None:
    loud = scene.loudness >= max(policy.quietest, scene.floor + policy.near_above_floor)
    return nearly(said, commands, listen, policy) if loud and reason in ASKED_ABOUT else None


def _why_not(text: str, commands: Commands, listen: str) -> Reason:
    if UNKNOWN in text.split():
        return "unknown_words"
    return "cut_off" if commands.may_continue(text, listen) else "not_a_command"


def _whole(
    said: Hypothesis, commands: Commands, listen: str, policy: Policy
) -> tuple[Match | None, tuple[Word, ...]]:
    """The phrase that the utterance is, once scraps of sound that the policy forgives are taken off its
    ends."""
    words = said.words
    match = commands.match(_text(words), listen) if words else None
    if match is not None:
        return match, words
    words = _trimmed(words, policy)
    match = commands.match(_text(words), listen) if words else None
    if match is not None or UNKNOWN not in said.text:
        return match, words
    kept = _after_pause(words, policy)
    match = commands.match(_text(kept), listen) if kept else None
    if match is None or commands.rule(match.intent).strictness != "lenient":
        return None, words
    return match, kept


def _trimmed(words: tuple[Word, ...], policy: Policy) -> tuple[Word, ...]:
    """Without one scrap at the front and one at the end: breath and clicks are heard as short, doubtful
    words."""
    if len(words) > 1 and _scrap(words[-1], policy):
        words = words[:-1]
    if len(words) > 1 and _scrap(words[0], policy):
        words = words[1:]
    return words


def _scrap(word: Word, policy: Policy) -> bool:
    length = word.ended - word.began
    if word.text == UNKNOWN:
        return length <= policy.scrap_unknown
    if length <= policy.scrap_shortest:
        return True
    return length <= policy.scrap_longest and word.confidence < policy.scrap_confidence


def _after_pause(words: tuple[Word, ...], policy: Policy) -> tuple[Word, ...]:
    """What follows the last unknown sound, if a clear pause lies between."""
    last = max((i for i, word in enumerate(words) if word.text == UNKNOWN), default=-1)
    rest = words[last + 1 :]
    if not rest or last < 0 or rest[0].began - words[last].ended < policy.leading_gap:
        return ()
    return rest


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)
