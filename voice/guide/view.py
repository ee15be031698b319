"""What any display shows: nothing in it has to be worked out again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """A picture of the moment. Times are seconds; None where no timer runs or no end is known."""

    caption: str
    mode: str
    phase: str
    step: str
    step_number: int
    step_count: int
    picture: str | None
    remaining: float | None
    whole_remaining: float | None
    choices: dict[str, str]
    listening_for: str
    question: str | None
