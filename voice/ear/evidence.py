"""How sure a command is, from all that speaks for it: one number out of several, by logistic regression.

The weights are learnt on recordings of half of the speakers (`bench.hearing.weighing`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from voice.ear.phrase_tree import Fit
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands, Match

FAR = 25.0
"""Nats; what falls short or behind by more is no worse than that."""

LEADS = -8.0, 12.0
"""Nats between which a lead counts."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for a command, in nats and yes (1) or no (0).

    `shortfall`, `each_phone`: of its best phrase, in all and for each phone. `lead`: how much further the
    likeliest thing of another meaning falls short. `agrees`: the first pass took it too; `disagrees`: it took
    another. `short`: it has one phone or two, and the first pass did not hear it. `behind`, `behind_lead`:
    what the decoder makes of it (see rescoring), and how much further it puts what means something else.
    """

    shortfall: float
    each_phone: float
    lead: float
    agrees: float
    disagrees: float
    short: float
    behind: float = 0.0
    behind_lead: float = 0.0


@dataclass(frozen=True)
class Weights:
    """What each of it counts."""

    constant: float
    each: Evidence

    def odds(self, evidence: Evidence) -> float:
        """Logarithm of the odds that the command was said."""
        pairs: Iterable[tuple[float, float]] = zip(astuple(self.each), astuple(evidence), strict=True)
        return self.constant + sum(weight * value for weight, value in pairs)


@dataclass(frozen=True)
class Candidate:
    """A command the sound may be, as which phrase, and what speaks for it."""

    match: Match
    fit: Fit
    evidence: Evidence


def likeliest(
    verdict: Heard | Rejected, fits: Sequence[Fit], commands: Commands, listen: str
) -> Candidate | None:
    """The command that the fits make likeliest beside the first pass's verdict; None when no fit is one."""
    best = next(((fit, match) for fit in fits if (match := commands.match(fit.phrase, listen))), None)
    if best is None:
        return None
    fit, match = best
    others = [other for other in fits if not same(match, commands.match(other.phrase, listen))]
    heard = isinstance(verdict, Heard)
    agrees = isinstance(verdict, Heard) and same(match, Match(verdict.intent, verdict.slots, verdict.text))
    evidence = Evidence(
        shortfall=min(fit.shortfall, FAR),
        each_phone=min(fit.shortfall, FAR) / fit.phones,
        lead=_lead(fit.shortfall, [other.shortfall for other in others]),
        agrees=float(agrees),
        disagrees=float(heard and not agrees),
        short=float(fit.phones < 3 and not agrees and fit.phrase not in verdict.text.split()),
        behind=min(fit.behind, FAR),
        behind_lead=_lead(fit.behind, [other.behind for other in others]),
    )
    return Candidate(match, fit, evidence)


def same(one: Match | None, other: Match | None) -> bool:
    """Whether two phrases mean the same."""
    if one is None or other is None:
        return one is other
    return (one.intent, one.slots) == (other.intent, other.slots)


def _lead(own: float, others: Sequence[float]) -> float:
    least, most = LEADS
    return max(least, min(min(others, default=own + most) - own, most))
