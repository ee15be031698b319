"""Commands that were nearly said: close enough to ask about, never close enough to take."""

from __future__ import annotations

from voice.ear.policy import Policy
from voice.ear.recogniser import UNKNOWN, Hypothesis, Word
from voice.language.commands import Commands, Match

ASKED_ABOUT = frozenset({"not_a_command", "unknown_words", "cut_off", "low_confidence"})
"""Reasons of a rejection after which she may be asked; what is not hers or too soft is left alone."""

ANSWERS = frozenset({"yes", "no"})
"""Intents with which she would answer."""


def nearly(said: Hypothesis, commands: Commands, listen: str, policy: Policy) -> Match | None:
    """The one command that a rejected utterance came close to, if it is one that may be asked about.

    Close is: the whole phrase with a doubtful word; the phrase beside one unknown sound or one other word; or
    a phrase of three words and more with one of them missing or wrong.
    """
    if not said.words or said.ended - said.began > policy.near_longest:
        return None
    known = tuple(word for word in said.words if word.text != UNKNOWN)
    unknown = sum(word.ended - word.began for word in said.words if word.text == UNKNOWN)
    if not known or unknown > policy.near_unknown:
        return None
    whole = commands.match(_text(known), listen)
    found = [whole] if whole else _without_one(known, commands, listen) or _one_off(known, commands, listen)
    meanings = {(match.intent, tuple(sorted(match.slots.items()))) for match in found}
    if len(meanings) != 1 or not may_be_asked(found[0].intent, commands):
        return None
    doubted_only = whole is not None and unknown <= policy.scrap_unknown
    return found[0] if doubted_only or _trusted(known, policy) else None


def may_be_asked(intent: str, commands: Commands) -> bool:
    """Named commands only; what silences the guide acts at once, signs of illness are never guessed, and an
    answer is no question."""
    rule = commands.rule(intent)
    return rule.help is not None and rule.commits == "stable" and intent not in ANSWERS


def _trusted(known: tuple[Word, ...], policy: Policy) -> bool:
    return max(word.confidence for word in known) >= policy.near_confidence


def _without_one(words: tuple[Word, ...], commands: Commands, listen: str) -> list[Match]:
    """A phrase with one word too many in front of it or behind it."""
    if len(words) < 2:
        return []
    matches = (commands.match(_text(part), listen) for part in (words[1:], words[:-1]))
    return [match for match in matches if match is not None]


def _one_off(words: tuple[Word, ...], commands: Commands, listen: str) -> list[Match]:
    """Phrases of three words and more that differ by one word, missing, added or replaced."""
    said = [word.text for word in words]
    found = []
    for phrase in commands.phrases(listen):
        wanted = phrase.split()
        if len(wanted) >= 3 and abs(len(wanted) - len(said)) <= 1 and _differ_by_one(said, wanted):
            match = commands.match(phrase, listen)
            found += [match] if match else []
    return found


def _differ_by_one(said: list[str], wanted: list[str]) -> bool:
    start = next((i for i, pair in enumerate(zip(said, wanted, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return len(said) != len(wanted)
    longer = max(len(said), len(wanted))
    rest_said = said[start + (len(said) == longer) :]
    return rest_said == wanted[start + (len(wanted) == longer) :]


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)
