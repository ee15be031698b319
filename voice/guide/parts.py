"""The parts a session is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Safety = Literal["unasked", "clear", "flagged", "skipped"]
Hurt = Literal["unsaid", "mild", "strong", "hot"]
Apart = Literal["", "died", "ill"]
"""She told that her baby died, or is very ill: nothing is said then that makes her picture it."""
Awake = Literal["", "asked", "louder"]
"""She was asked whether she is awake, and then once louder."""
SOUNDS = ("waves", "rain", "heartbeat", "pink")
"""Backgrounds she can have under the voice."""
Crisis = Literal["", "emergency", "harm"]
"""Emergency words, or words of harm to herself or her baby: she is told whom to call, all else waits."""
Kind = Literal["narration", "note", "reply", "ack"]
"""Narration and notes are taken up again after an interruption; narration and replies can be repeated."""


@dataclass(frozen=True)
class Utterance:
    """Sentences of one line, to be spoken from number `first` (0-based) on."""

    line: str
    sentences: tuple[str, ...]
    kind: Kind
    first: int = 0
    gain: float = 0.0
    """dB above her chosen loudness."""


@dataclass(frozen=True)
class Nearly:
    """A command she may have given: she is asked, and until `until` (seconds) yes means it."""

    intent: str
    slots: dict[str, str]
    until: float


@dataclass(frozen=True)
class Amount:
    """Milk as she told it: `said` of `unit`, from a side: left, right, both, or empty when she named none."""

    said: float
    unit: Literal["ml", "oz"]
    side: str = ""


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
    lines that are over, `side` is 0 or 1, `side_elapsed` counts since the last change of sides. `milk`: she
    said that it comes. `retry_at`: the elapsed time of a second try.
    """

    step: str | None = None
    opened: bool = False
    elapsed: float = 0.0
    added: float = 0.0
    told: tuple[str, ...] = ()
    side: int = 0
    side_elapsed: float = 0.0
    milk: bool = False
    retry_at: float | None = None


@dataclass(frozen=True)
class Wishes:
    """What she wants of every night.

    `detail`: short says only what to do. `unwanted` are steps left out now, `later` those left out from the
    next night on, in the order she named them. `voice` counts the changes of voice. `quiet` is the level she
    last turned the sound down to tonight, in dB.
    """

    detail: Literal["full", "short"] = "full"
    unwanted: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    voice: int = 0
    quiet: float | None = None
    background: str = ""
    """One of SOUNDS, or none."""
    last_background: str = ""
    """The one that "music on" brings back."""
    breathe_in: float = 4.0
    breathe_out: float = 6.0
    """Seconds of a breath paced by tones: out longer than in, as the breathing lines ask for. Our choice."""


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
    extras: tuple[str, ...] = ()
    wishes: Wishes = Wishes()
    names: dict[str, str] = field(default_factory=dict)
    told_names: dict[str, str] = field(default_factory=dict)
    heard_name: tuple[str, str] | None = None
