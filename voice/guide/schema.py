"""What the guide's files may contain; turned into the frozen types of `model`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Seconds = Annotated[float, Field(ge=0, le=7200, allow_inf_nan=False)]
Some = Annotated[float, Field(gt=0, le=7200, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Unknown fields and wrong types are errors, so that a typing mistake is seen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class QuestionPart(Part):
    id: Name
    line: Name
    default: Name
    options: Annotated[list[Name], Field(min_length=2)]


class CuePart(Part):
    at: Seconds
    line: Name
    with_milk: Literal["now", "never"] | None = None
    always: bool = False


class ReminderPart(Part):
    after: Some
    line: Name


class StepPart(Part):
    id: Name
    phase: Name
    line: Name
    seconds: Annotated[dict[Name, Seconds | None], Field(min_length=1)]
    advance: Literal["auto", "ready"]
    remind: ReminderPart | None = None
    half: Name | None = None
    near_end: Name | None = None
    cues: list[CuePart] = []
    sides: bool = False
    side_seconds: Some | None = None
    cap: Some | None = None
    hands: Annotated[int, Field(ge=0, le=2)] = 0
    helper: Literal["none", "optional", "needed"] = "none"
    when: dict[Name, Annotated[list[Name], Field(min_length=1)]] = {}
    off_by_default: bool = False
    keep: bool = False
    alongside: dict[Name, Name | None] = {}
    gated: bool = False
    asks: Literal["safety"] | None = None
    notes: list[Name] = []
    holds_baby: bool = False
    pictures_baby: bool = False
    tones: bool = False
    picture: str | None = None
    sources: Annotated[list[str], Field(min_length=1)]


class GuidePart(Part):
    guide: Name
    version: Text
    express_cap: Some
    phases: Annotated[list[Name], Field(min_length=1)]
    questions: Annotated[list[QuestionPart], Field(min_length=1)]
    steps: Annotated[list[StepPart], Field(min_length=1)]


class LinePart(Part):
    source: Annotated[list[str], Field(min_length=1)]
    to: Literal["mother", "helper"] = "mother"
    wordings: Annotated[list[Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]


class LinesPart(Part):
    lines: dict[Name, LinePart]


class SourcePart(Part):
    title: Text
    where: Text


class SourcesPart(Part):
    sources: dict[str, SourcePart]


class UnitPart(Part):
    one: Text
    many: Annotated[str, Field(pattern=r"\{n\}")]
    half: str = ""


class AmountsPart(Part):
    """Amounts and times of day: the value of a slot -> how it is said. Other units are never heard."""

    units: dict[Literal["ml", "oz"], UnitPart]
    sides: dict[Literal["left", "right", "both"], Text]
    numbers: dict[Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")], Text]
    times: dict[Annotated[str, Field(pattern=r"^(1[0-2]|[1-9]):[0-5]\d$")], Text]


class PhonePart(Part):
    """How the numbers of a country are said. `where` tells where they were seen."""

    emergency: Text
    crisis: Text | None = None
    where: Text


class PhonesPart(Part):
    """`otherwise` is said where no country is set, or one that is not listed."""

    otherwise: PhonePart
    countries: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], PhonePart]


class TimesPart(Part):
    few_seconds: Text
    half_minute: Text
    one_minute: Text
    minutes: Text
    numbers: dict[int, Text]

    @field_validator("minutes")
    @classmethod
    def has_its_number(cls, text: str) -> str:
        """`minutes` says how many."""
        if "{n}" not in text:
            raise ValueError("it has no {n}; write it where the number is said.")
        return text

    @field_validator("numbers")
    @classmethod
    def holds_a_session(cls, numbers: dict[int, str]) -> dict[int, str]:
        """Every minute of a session has its word."""
        missing = [number for number in range(2, LONGEST_MINUTES + 1) if number not in numbers]
        if missing:
            raise ValueError(f"the word for {missing[0]} is missing; numbers go from 2 to {LONGEST_MINUTES}.")
        return numbers


LONGEST_MINUTES = 60
