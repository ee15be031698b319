"""When a closer look at a short sound is worth its cost: it has just faded, or it is over and no word of it
has shown. Pure: levels and times only."""

from __future__ import annotations

from voice.ear.frames import BLOCK_SECONDS
from voice.ear.level import Meter
from voice.ear.policy import Policy

HAIR = 1e-6
"""Seconds. Less than that is the rounding of added blocks."""

Span = tuple[float, float]
"""When a sound began and when it ended, s."""


def just_faded(meter: Meter, now: float, policy: Policy) -> bool:
    """Whether a short sound fell so far a moment ago that a word may be over. True for one block of it."""
    return _just(meter.faded, policy.fade_look) and _short(meter, now, policy)


def just_over(meter: Meter, now: float, policy: Policy) -> Span | None:
    """The short sound that has been over for so long that the recogniser would have shown a word of it. Told
    at one block of it, and where no quiet comes, too, once it no longer stands out of the rest."""
    ended, bump = now - meter.quiet, meter.bump
    if _just(meter.quiet, policy.unheard_quiet) and _short(meter, ended, policy):
        return meter.began, ended
    if bump.over and meter.sounding and bump.ended - bump.began <= policy.word_longest:
        return bump.began, bump.ended
    return None


def cut_short(meter: Meter, now: float, policy: Policy) -> Span | None:
    """The short sound that would be told soon, had the stream not ended."""
    ended = now - meter.quiet
    soon = meter.quiet < policy.unheard_quiet and _short(meter, ended, policy)
    return (meter.began, ended) if soon else None


def _short(meter: Meter, ended: float, policy: Policy) -> bool:
    """Whether the sound that ended then may be a command of a word or two."""
    return meter.active >= policy.word_shortest and ended - meter.began <= policy.word_longest


def _just(lasted: float, wanted: float) -> bool:
    return wanted <= lasted < wanted + BLOCK_SECONDS - HAIR
