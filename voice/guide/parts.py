"""The parts a session is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Safety = Literal["unasked", "clear", "flagged", "skipped"]
Hurt = Literal["unsaid", "mild", "strong", "hot"]
Kind = Literal["narration", "note", "reply", "ack"]
"""Narration and notes are taken up again after an interruption; narration and replies can be repeated."""


@dataclass(frozen=True)
class Utterance:
    """Sentences of one line, to be spoken from number `first` (0-based) on."""

    line: str
    sentences: tuple[str, ...]
    kind: Kind
    first: int = 0


@dataclass(frozen=True)
class Speech:
    """What is being said, what waits to be said, and what was cut by a pause.

    `sentence` is the one now being said; `quiet_since` is when the last word ended; `starts_at` is when the
    next waiting utterance may begin; `last` is what repeat says, `shown` was begun last; `restarts` counts
    how often the present sentence was begun again.
    """

    now: Utterance | None = None
    token: int = 0
    sentence: int = 0
    waiting: tuple[Utterance, ...] = ()
    cut: tuple[Utterance, ...] = ()
    last: Utterance | None = None
    shown: Utterance | None = None
    starts_at: float = 0.0
    quiet_since: float = 0.0
    restarts: int = 0
    restarted_at: float = 0.0
    ducked: bool = False


@dataclass(frozen=True)
class Place:
    """Her place in the order. `opened`: the opening lines are done and time counts.

    `elapsed` counts since then without pauses, `added` is what she added or took away, `told` names the timed
    lines that are over, `side` is 0 or 1, `side_elapsed` counts since the last change of sides.
    """

    step: str | None = None
    opened: bool = False
    elapsed: float = 0.0
    added: float = 0.0
    told: tuple[str, ...] = ()
    side: int = 0
    side_elapsed: float = 0.0


@dataclass(frozen=True)
class Snapshot:
    """What `undo` brings back: the fields named in `changed`, as they were before the command.

    Red flags, spent expressing time and parts left out for pain are not among them.
    """

    changed: tuple[str, ...]
    place: Place
    ask: str | None
    held: bool
    asking_pain: bool
    hurt: Hurt | None
    safety: Safety
    choices: dict[str, str]
    answered: tuple[str, ...]
    skipped: tuple[str, ...]
    rate: float
    level: float
    cut: tuple[Utterance, ...]
