"""The verdict of the first pass held against what the second one heard. Pure: no sound, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.ear.evidence import Candidate, likeliest
from voice.ear.near import may_be_asked
from voice.ear.phrase_tree import Fit
from voice.ear.second_policy import SecondPolicy
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands, Match

OPEN = frozenset({"not_a_command", "unknown_words", "cut_off", "low_confidence"})
"""Reasons of a rejection that are about the words: the second pass may know them better. About what the
guide said itself, or what is too soft, it is not asked."""


def disputable(verdict: Heard | Rejected, commands: Commands, speaking: bool, policy: SecondPolicy) -> bool:
    """Whether the second pass is asked at all.

    `speaking`: the guide speaks just then. What silences it then acts at once: the second pass would hear
    its voice as well as hers.
    """
    if verdict.ended - verdict.began > policy.longest:
        return False
    if isinstance(verdict, Rejected):
        return verdict.reason in OPEN
    return not (speaking and commands.rule(verdict.intent).strictness == "lenient")


def open_to_doubt(
    verdict: Heard | Rejected, fits: Sequence[Fit], commands: Commands, listen: str, policy: SecondPolicy
) -> bool:
    """Whether the phones alone leave it open what was said."""
    found = likeliest(verdict, fits, commands, listen)
    return found is not None and policy.open_from < _by_phones(found, policy) < policy.open_to


def revised(
    verdict: Heard | Rejected,
    fits: Sequence[Fit],
    rescored: bool,
    commands: Commands,
    listen: str,
    policy: SecondPolicy,
) -> Heard | Rejected:
    """The verdict, once both passes have been heard. `rescored`: the decoder was asked as well."""
    if not fits:
        return verdict
    found = likeliest(verdict, fits, commands, listen)
    if found is not None and _sure(found, verdict, rescored, commands, policy):
        return verdict if isinstance(verdict, Heard) and found.evidence.agrees else _heard(found, verdict)
    refused = _doubted(verdict, commands) if isinstance(verdict, Heard) else verdict
    return _unless_talk(refused, fits, policy)


def silencer(fits: Sequence[Fit], commands: Commands, listen: str, policy: SecondPolicy) -> Match | None:
    """The command that silences the guide, where there is no doubt of it."""
    found = likeliest(Rejected(0.0, "unknown_words", "", 0.0, 0.0), fits, commands, listen)
    if found is None or commands.rule(found.match.intent).commits != "first_partial":
        return None
    sure = found.evidence.lead >= policy.early_lead and found.fit.shortfall <= policy.early_most
    return found.match if sure and found.fit.phones >= policy.early_phones else None


def _by_phones(found: Candidate, policy: SecondPolicy) -> float:
    return policy.phones.odds(found.evidence)


def _sure(
    found: Candidate, verdict: Heard | Rejected, rescored: bool, commands: Commands, policy: SecondPolicy
) -> bool:
    tiny = found.fit.phones <= policy.tiny
    if tiny and not found.evidence.agrees and found.fit.phrase not in verdict.text.split():
        return False
    strict = commands.rule(found.match.intent).strictness == "strict"
    odds = policy.words.odds(found.evidence) if rescored else _by_phones(found, policy)
    return odds >= (policy.sure_strict if strict else policy.sure)


def _heard(found: Candidate, verdict: Heard | Rejected) -> Heard:
    match = found.match
    return Heard(verdict.at, match.intent, dict(match.slots), match.phrase, verdict.began, verdict.ended)


def _doubted(verdict: Heard, commands: Commands) -> Rejected:
    """Not taken; asked about, where that may be done."""
    refused = Rejected(verdict.at, "low_confidence", verdict.text, verdict.began, verdict.ended)
    if not may_be_asked(verdict.intent, commands):
        return refused
    return replace(refused, nearly=verdict.intent, slots=dict(verdict.slots), phrase=verdict.text)


def _unless_talk(verdict: Rejected, fits: Sequence[Fit], policy: SecondPolicy) -> Rejected:
    """Where the sound is far from every phrase and decoy it was talk, and she is not asked about it."""
    if min(fit.shortfall for fit in fits) <= policy.talk:
        return verdict
    return replace(verdict, nearly="", slots={}, phrase="")
