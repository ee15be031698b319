"""The verdict of the first pass held against what the second one heard. Pure: no sound, no network."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from voice.ear.evidence import FAR, Candidate, likeliest, same
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


def open_to_doubt(found: Candidate | None, policy: SecondPolicy) -> bool:
    """Whether the phones alone leave it open what was said."""
    return found is not None and policy.open_from < _odds(found, False, policy) < policy.open_to


def revised(
    verdict: Heard | Rejected,
    found: Candidate | None,
    rescored: bool,
    commands: Commands,
    policy: SecondPolicy,
) -> Heard | Rejected:
    """The verdict, once both passes have been heard.

    `found`: the command the second makes likeliest, if any. `rescored`: the decoder was asked as well.
    """
    if found is None or _guessed(found, policy):
        return _turned_away(verdict)
    odds = _odds(found, rescored, policy)
    if (rescored or _clear(found, policy)) and _taken(found, odds, commands, policy):
        return verdict if isinstance(verdict, Heard) and found.evidence.agrees else _heard(found, verdict)
    if odds >= policy.asked and may_be_asked(found.match.intent, commands):
        match = found.match
        return replace(
            _turned_away(verdict), nearly=match.intent, slots=dict(match.slots), phrase=match.phrase
        )
    return _turned_away(verdict)


def longer_ones(heard: Heard, commands: Commands, listen: str) -> frozenset[str]:
    """The live phrases that begin with the command heard and mean something else."""
    meant = Match(heard.intent, heard.slots, heard.text)
    longer = [phrase for phrase in commands.phrases(listen) if phrase.startswith(f"{heard.text} ")]
    return frozenset(phrase for phrase in longer if not same(commands.match(phrase, listen), meant))


def more_to_come(heard: Heard, fits: Sequence[Fit], longer: Collection[str]) -> float:
    """By how many nats more than the command heard the likeliest of the `longer` phrases falls short;
    endless where none fits at all."""
    own = min((fit.shortfall for fit in fits if fit.phrase == heard.text), default=FAR)
    return min((fit.shortfall for fit in fits if fit.phrase in longer), default=math.inf) - own


def silencer(fits: Sequence[Fit], commands: Commands, listen: str, policy: SecondPolicy) -> Match | None:
    """The command that silences the guide, where there is no doubt of it."""
    found = likeliest(Rejected(0.0, "unknown_words", "", 0.0, 0.0), fits, commands, listen)
    if found is None or commands.rule(found.match.intent).commits != "first_partial":
        return None
    sure = found.evidence.lead >= policy.early_lead and found.fit.shortfall <= policy.early_most
    return found.match if sure and found.fit.phones >= policy.early_phones else None


def _odds(found: Candidate, rescored: bool, policy: SecondPolicy) -> float:
    return (policy.words if rescored else policy.phones).odds(found.evidence)


def _taken(found: Candidate, odds: float, commands: Commands, policy: SecondPolicy) -> bool:
    if found.evidence.short and found.fit.phones <= policy.tiny:
        return False
    strict = commands.rule(found.match.intent).strictness == "strict"
    return odds >= (policy.sure_strict if strict else policy.sure)


def _guessed(found: Candidate, policy: SecondPolicy) -> bool:
    evidence = found.evidence
    most = max(policy.guessed_least, policy.guessed * found.fit.phones)
    if evidence.agrees or found.fit.unsure <= most:
        return False
    return evidence.lead - evidence.behind < policy.guessed_lead


def _clear(found: Candidate, policy: SecondPolicy) -> bool:
    return bool(found.evidence.agrees) or found.evidence.lead >= policy.clear


def _heard(found: Candidate, verdict: Heard | Rejected) -> Heard:
    match = found.match
    return Heard(verdict.at, match.intent, dict(match.slots), match.phrase, verdict.began, verdict.ended)


def _turned_away(verdict: Heard | Rejected) -> Rejected:
    """Not taken, and nothing she is asked about."""
    if isinstance(verdict, Rejected):
        return replace(verdict, nearly="", slots={}, phrase="")
    return Rejected(verdict.at, "low_confidence", verdict.text, verdict.began, verdict.ended)
