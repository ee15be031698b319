"""From hypotheses to Heard or Rejected. Pure: no clock, no sound, no recogniser."""

from __future__ import annotations

from dataclasses import dataclass

from voice.ear.learned import NOTHING, Learned
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
    showing: Showing,
    now: float,
    quiet: float,
    commands: Commands,
    listen: str,
    policy: Policy,
    silent: bool = False,
) -> Match | None:
    """The command to take now, before the utterance ends by itself, or None to wait.

    `quiet`: seconds without sound. `silent`: the guide says nothing just then, so that nothing has to be
    silenced before the word is over.
    """
    match = commands.match(showing.text, listen) if showing.text else None
    if match is None or (showing.doubted is not None and now - showing.doubted < policy.look_again):
        return None
    stood = now - showing.since
    if commands.rule(match.intent).commits == "first_partial" and not silent:
        return match if stood >= policy.first_stable else None
    if stood < policy.stable:
        return None
    needed = policy.open_silence if commands.may_continue(showing.text, listen) else policy.closed_silence
    return match if quiet >= needed or stood >= policy.open_stable else None


def means(
    said: Hypothesis, commands: Commands, listen: str, policy: Policy, learned: Learned = NOTHING
) -> str | None:
    """The intent of a finished utterance, or None."""
    match, _ = _whole(said, commands, listen, policy, learned)
    return match.intent if match else None


def at_once(said: Hypothesis, commands: Commands, listen: str, policy: Policy) -> bool:
    """Whether a look at the end of a sound shows a `first_partial` phrase and nothing else, without doubt."""
    match = commands.match(said.text, listen) if said.words else None
    if match is None or commands.rule(match.intent).commits != "first_partial":
        return False
    return all(word.confidence >= policy.fade_confidence for word in said.words)


def conclude(
    said: Hypothesis,
    scene: Scene,
    commands: Commands,
    listen: str,
    now: float,
    policy: Policy,
    learned: Learned = NOTHING,
) -> Heard | Rejected | None:
    """The verdict on a finished utterance. None: nothing was said."""
    if not said.text:
        return None
    match, words = _whole(said, commands, listen, policy, learned)
    began, ended = (words[0].began, words[-1].ended) if words else (said.began, said.ended)
    reason = _objection(said, match, words, scene, commands, listen, policy, learned)
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
    learned: Learned,
) -> Reason | None:
    if scene.own_voice:
        return "own_voice"
    if match is None:
        return _why_not(said.text, commands, listen)
    threshold = learned.threshold(match.intent, commands, policy)
    if scene.loudness < max(threshold.quietest, scene.floor + policy.above_floor):
        return "too_quiet"
    doubtful = any(word.confidence < threshold.confidence for word in words)
    return "low_confidence" if doubtful or _mean_confidence(words) < threshold.mean_confidence else None


def _mean_confidence(words: tuple[Word, ...]) -> float:
    """0..1, of one word at least."""
    return sum(word.confidence for word in words) / len(words)


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
    said: Hypothesis, commands: Commands, listen: str, policy: Policy, learned: Learned
) -> tuple[Match | None, tuple[Word, ...]]:
    """The phrase that the utterance is, once scraps of sound that the policy forgives are taken off its
    ends."""
    words = said.words
    match = _meant(words, commands, listen, learned)
    if match is not None:
        return match, words
    words = _trimmed(words, policy, policy.scrap_unknown)
    match = _meant(words, commands, listen, learned)
    if match is not None or UNKNOWN not in said.text:
        return match, words
    longer = _forgiven(said.words, commands, listen, policy, learned)
    if longer is not None:
        return longer
    kept = _after_pause(words, policy)
    match = _meant(kept, commands, listen, learned)
    if match is None or commands.rule(match.intent).strictness != "lenient":
        return None, words
    return match, kept


def _meant(words: tuple[Word, ...], commands: Commands, listen: str, learned: Learned) -> Match | None:
    text = _text(words)
    return commands.match(learned.aliases.get(text, text), listen) if words else None


def _forgiven(
    words: tuple[Word, ...], commands: Commands, listen: str, policy: Policy, learned: Learned
) -> tuple[Match, tuple[Word, ...]] | None:
    """A command that in her voice is known to come with longer scraps than others'."""
    kept = _trimmed(words, policy, max((t.scrap for t in learned.thresholds.values()), default=0.0))
    match = _meant(kept, commands, listen, learned)
    if match is None:
        return None
    scrap = learned.threshold(match.intent, commands, policy).scrap
    return (match, kept) if _trimmed(words, policy, scrap) == kept else None


def _trimmed(words: tuple[Word, ...], policy: Policy, unknown: float) -> tuple[Word, ...]:
    """Without one scrap at the front and one at the end: breath and clicks are heard as short words.

    `unknown`: s up to which an unknown sound is one.
    """
    if len(words) > 1 and _scrap(words[-1], policy, unknown):
        words = words[:-1]
    if len(words) > 1 and _scrap(words[0], policy, unknown):
        words = words[1:]
    return words


def _scrap(word: Word, policy: Policy, unknown: float) -> bool:
    length = word.ended - word.began
    if word.text == UNKNOWN:
        return length <= unknown
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
