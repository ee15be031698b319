"""What the player tells about what was played."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SentencePlayed:
    """Sentence `sentence` of saying `token` was played to its end at `at_sample` of the player's stream."""

    token: int
    sentence: int
    at_sample: int


@dataclass(frozen=True)
class Finished:
    """Saying `token` was played to its end at `at_sample` of the player's stream; not sent after a hush."""

    token: int
    at_sample: int


@dataclass(frozen=True)
class Playing:
    """The sentence being played, and how many seconds of it have been."""

    text: str
    played: float


@dataclass(frozen=True)
class Position:
    """The place being played: `sample` (at the player's rate) of sentence `sentence` of saying `token`."""

    token: int
    sentence: int
    sample: int
