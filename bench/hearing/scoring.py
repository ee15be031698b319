"""From answers to shares with their intervals, and rates an hour with theirs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.hearing.listeners import Answer
from bench.hearing.recordings import Clip

Z = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True)
class Outcome:
    """What one listener made of one recording under one condition. Seconds throughout.

    `right`: it was taken for what it is and for nothing else; `mistaken`: intents taken that were not said.
    `waited`: from the end of the speech to the decision; `silent`, `ducked`: see echo.Reaction.
    `speech` is the length of the recording, `sound` what the listener heard in all.
    """

    listener: str
    condition: str
    kind: str
    core: str | None
    name: str
    right: bool
    mistaken: tuple[str, ...]
    reasons: tuple[str, ...]
    speech: float
    sound: float
    cpu: float
    waited: float | None = None
    silent: float | None = None
    ducked: float | None = None

    @property
    def wrong(self) -> int:
        """Commands taken that were not said."""
        return len(self.mistaken)


@dataclass(frozen=True)
class Tally:
    """Recordings: taken rightly, taken for another command, neither."""

    clips: int
    right: int
    wrong: int

    @property
    def missed(self) -> int:
        return self.clips - self.right - self.wrong

    @property
    def share(self) -> float:
        """0..1; nothing heard counts as 0."""
        return self.right / self.clips if self.clips else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of `share`."""
        return wilson(self.right, self.clips)

    def text(self) -> str:
        """Percent, and its interval."""
        low, high = self.interval
        return f"{100 * self.share:.0f} ({100 * low:.0f}-{100 * high:.0f})" if self.clips else "-"


def scored(
    listener: str,
    condition: str,
    clip: Clip,
    answer: Answer,
    ended: float,
    speech: float,
    sound: float,
    silent: float | None = None,
    ducked: float | None = None,
) -> Outcome:
    """The outcome of an answer; `ended`: the second at which her speech ends."""
    mistaken = tuple(taken.intent for taken in answer.taken if taken.intent != clip.intent)
    hits = [taken.at for taken in answer.taken if taken.intent == clip.intent]
    right = bool(hits) and not mistaken
    return Outcome(
        listener,
        condition,
        clip.kind,
        clip.core,
        f"{clip.speaker}/{clip.path.name}",
        right,
        mistaken,
        answer.rejected,
        speech,
        sound,
        answer.cpu,
        hits[0] - ended if right else None,
        silent if right else None,
        ducked,
    )


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """How many of each."""
    all_of = list(outcomes)
    return Tally(len(all_of), sum(o.right for o in all_of), sum(bool(o.wrong) for o in all_of))


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    share = hits / total
    middle = (share + Z * Z / (2 * total)) / (1 + Z * Z / total)
    half = Z / (1 + Z * Z / total) * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def rate_interval(events: int, hours: float) -> tuple[float, float]:
    """95 % interval of a rate an hour when `events` were counted in `hours` (Poisson; Byar's approximation,
    for no events the exact upper limit)."""
    if hours <= 0:
        return 0.0, math.inf
    if not events:
        return 0.0, -math.log(0.025) / hours
    low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3
    more = events + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    return low / hours, high / hours


def percentile(values: Sequence[float], percent: float) -> float:
    """Linear between the two nearest; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
