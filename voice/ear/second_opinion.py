"""The verdict of the first pass held against what the second one heard. Pure: no sound, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voice.ear.near import may_be_asked
from voice.ear.phrase_tree import Fit
from voice.ear.second_policy import SecondPolicy
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands, Match
from voice.language.schema import Strictness

OPEN = frozenset({"not_a_command", "unknown_words", "cut_off", "low_confidence"})
"""Reasons of a rejection that are about the words: the second pass may know them better. About what the
guide said itself, or what is too soft, it is not asked."""

NEVER = float("inf")


@dataclass(frozen=True)
class Opinion:
    """The likeliest phrase, and by how many nats it leads the likeliest one that means something else.
    `match` is None when that phrase is no command."""

    fit: Fit
    match: Match | None
    lead: float


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


def revised(
    verdict: Heard | Rejected, fits: Sequence[Fit], commands: Commands, listen: str, policy: SecondPolicy
) -> Heard | Rejected:
    """The verdict, once both passes have been heard."""
    if not fits:
        return verdict
    second = _opinion(fits, commands, listen)
    if isinstance(verdict, Heard):
        if _agrees(verdict, fits, commands, listen, policy):
            return verdict
        refused = _doubted(verdict, commands)
    else:
        refused = verdict
    taken = _taken(verdict, second, policy, commands) if _alone(verdict, second, policy) else None
    return taken or _unless_talk(refused, second, policy)


def silencer(fits: Sequence[Fit], commands: Commands, listen: str, policy: SecondPolicy) -> Match | None:
    """The command that silences the guide, where there is no doubt of it."""
    if not fits:
        return None
    second = _opinion(fits, commands, listen)
    if second.match is None or commands.rule(second.match.intent).commits != "first_partial":
        return None
    sure = second.lead >= policy.early_lead and second.fit.shortfall <= policy.early_most
    return second.match if sure and second.fit.phones >= policy.shortest else None


def _alone(verdict: Heard | Rejected, second: Opinion, policy: SecondPolicy) -> bool:
    """Whether the second pass may be the only one to hear a word so short."""
    if isinstance(verdict, Heard) or second.fit.phones >= policy.shortest:
        return True
    heard = verdict.text.split()
    if second.fit.phrase in heard:
        return True
    return len(heard) == 1 and second.fit.phones >= policy.short and second.lead >= policy.short_lead


def _opinion(fits: Sequence[Fit], commands: Commands, listen: str) -> Opinion:
    best = fits[0]
    match = commands.match(best.phrase, listen)
    others = (fit for fit in fits if not _same(match, commands.match(fit.phrase, listen)))
    rival = next(others, None)
    return Opinion(best, match, rival.shortfall - best.shortfall if rival else NEVER)


def _agrees(
    verdict: Heard, fits: Sequence[Fit], commands: Commands, listen: str, policy: SecondPolicy
) -> bool:
    """Whether the command of the first pass is near enough to the best fit."""
    first = Match(verdict.intent, verdict.slots, verdict.text)
    own = (fit.shortfall for fit in fits if _same(first, commands.match(fit.phrase, listen)))
    shortfall = next(own, NEVER)
    most, behind = _room(commands.rule(verdict.intent).strictness, policy)
    return shortfall <= most and shortfall - fits[0].shortfall <= behind


def _room(strictness: Strictness, policy: SecondPolicy) -> tuple[float, float]:
    """Nats by which a command of the first pass may fall short, and fall behind the best phrase."""
    if strictness == "lenient":
        return policy.lenient, policy.behind_lenient
    return policy.strict if strictness == "strict" else policy.normal, policy.behind


def _taken(
    verdict: Heard | Rejected, second: Opinion, policy: SecondPolicy, commands: Commands
) -> Heard | None:
    """The second pass's own command, if it is sure of it."""
    if second.match is None:
        return None
    ahead = min(second.lead, policy.lead_most) * policy.lead_share
    room = policy.room + policy.room_phone * second.fit.phones + ahead
    strict = commands.rule(second.match.intent).strictness == "strict"
    lead = policy.lead_strict if strict else policy.lead
    if second.lead < lead or second.fit.shortfall > min(room, policy.most):
        return None
    match = second.match
    return Heard(verdict.at, match.intent, dict(match.slots), match.phrase, verdict.began, verdict.ended)


def _doubted(verdict: Heard, commands: Commands) -> Rejected:
    """Not taken; asked about, where that may be done."""
    refused = Rejected(verdict.at, "low_confidence", verdict.text, verdict.began, verdict.ended)
    if not may_be_asked(verdict.intent, commands):
        return refused
    return replace(refused, nearly=verdict.intent, slots=dict(verdict.slots), phrase=verdict.text)


def _unless_talk(verdict: Rejected, second: Opinion, policy: SecondPolicy) -> Rejected:
    """Where the sound is far from every phrase and decoy it was talk, and she is not asked about it."""
    if second.fit.shortfall <= policy.talk:
        return verdict
    return replace(verdict, nearly="", slots={}, phrase="")


def _same(one: Match | None, other: Match | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.intent, one.slots) == (other.intent, other.slots)
