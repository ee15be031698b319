"""The guide as data: steps, questions and lines, frozen. Times are seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

Wording = tuple[str, ...]

FIRST, CLOSED, APART = "_first", "_closed", "_apart"
"""Endings of lines that stand for another: on the first night, while warmth and massage are closed to her,
and when her baby died or is very ill."""


@dataclass(frozen=True)
class Line:
    """One thing that can be said. Each wording is a list of sentences, still with `<marks>` and `{slots}`."""

    id: str
    source: tuple[str, ...]
    to: Literal["mother", "helper"]
    wordings: tuple[Wording, ...]
    where: str
    """`file:line` of its definition."""


Lines = Mapping[str, Line]


@dataclass(frozen=True)
class Times:
    """How a length of time is said; `minutes` holds the slot {n}, `numbers` its words."""

    few_seconds: str
    half_minute: str
    one_minute: str
    minutes: str
    numbers: Mapping[int, str]


@dataclass(frozen=True)
class Source:
    """Where a fact comes from."""

    title: str
    where: str


@dataclass(frozen=True)
class Question:
    """Asked at the start; `default` is taken when she does not answer."""

    id: str
    line: str
    default: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Cue:
    """A line spoken `at` seconds into the step. When milk comes before: `now` at once, or `never`."""

    at: float
    line: str
    with_milk: Literal["now", "never"] | None = None
    always: bool = False
    """Said even when she wants silence: it keeps her or her baby safe."""


@dataclass(frozen=True)
class Reminder:
    """A line spoken once, `after` seconds of waiting for her."""

    after: float
    line: str


@dataclass(frozen=True)
class Step:
    """One step. `seconds[length]`: None waits without a timer, 0 is only spoken, no entry leaves it out."""

    id: str
    phase: str
    line: str
    seconds: Mapping[str, float | None]
    advance: Literal["auto", "ready"]
    remind: Reminder | None = None
    half: str | None = None
    near_end: str | None = None
    cues: tuple[Cue, ...] = ()
    sides: bool = False
    side_seconds: float | None = None
    cap: float | None = None
    """Longest time of this step, however much time she adds."""
    hands: int = 0
    helper: Literal["none", "optional", "needed"] = "none"
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    off_by_default: bool = False
    keep: bool = False
    """She cannot leave it out for good: safety, hygiene, and what the guide is for."""
    alongside: Mapping[str, str | None] = field(default_factory=dict)
    gated: bool = False
    asks: Literal["safety"] | None = None
    notes: tuple[str, ...] = ()
    holds_baby: bool = False
    """Her baby is in her arms: she is asked now and then whether she is awake."""
    pictures_baby: bool = False
    """Left out when her baby died or is very ill."""
    tones: bool = False
    """Soft tones pace her breath in this step, after its opening words."""
    picture: str | None = None
    sources: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Every line id that belongs to this step."""
        own = [self.line, *self.notes, *(cue.line for cue in self.cues)]
        extra = [self.half, self.near_end, self.remind.line if self.remind else None]
        return (*own, *(line for line in extra if line))


@dataclass(frozen=True)
class Unit:
    """How an amount in one unit is said; `many` holds the slot {n}."""

    one: str
    many: str
    half: str = ""


@dataclass(frozen=True)
class Amounts:
    """Words to read back what she tells: units by "ml" or "oz", sides, numbers and times of day."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Guide:
    """A whole guide with its words in one language."""

    id: str
    version: str
    express_cap: float
    phases: tuple[str, ...]
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
    lines: Lines
    times: Times
    sources: Mapping[str, Source]
    amounts: Amounts = field(default_factory=Amounts)
    help_names: Mapping[str, str] = field(default_factory=dict)
    """Intent -> how `help` names it. An intent without a name is not offered."""
    voices: int = 1
    """How many voices can speak it on this machine."""

    def with_help(self, names: Mapping[str, str]) -> Guide:
        """The same guide, knowing how each command is called."""
        return replace(self, help_names=dict(names))

    def step(self, step_id: str) -> Step:
        """The step of that id. Raises KeyError for an unknown one."""
        return self.by_id[step_id]

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        """Step id -> step."""
        return {step.id: step for step in self.steps}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Step id -> place in the order (0-based)."""
        return {step.id: number for number, step in enumerate(self.steps)}

    @cached_property
    def question_ids(self) -> tuple[str, ...]:
        """The questions in the order they are asked."""
        return tuple(question.id for question in self.questions)

    @cached_property
    def by_question(self) -> Mapping[str, Question]:
        """Question id -> question."""
        return {question.id: question for question in self.questions}

    @cached_property
    def gated_lines(self) -> frozenset[str]:
        """Lines that lead to warmth or massage: never spoken while the gate is closed.

        Those of gated steps alone, and those that have another wording for a closed gate.
        """
        gated = {line for step in self.steps if step.gated for line in step.lines()}
        gated -= {line for step in self.steps if not step.gated for line in step.lines()}
        return frozenset(gated | {line.removesuffix(CLOSED) for line in self.lines if line.endswith(CLOSED)})

    @cached_property
    def heat_cap(self) -> float:
        """The most seconds of warmth in a session."""
        return min(
            (step.cap for step in self.steps if step.phase == "warm" and step.cap), default=float("inf")
        )
