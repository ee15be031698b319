"""A scripted session as YAML: what happens when, and what must follow. Dialogues and rehearsals share it.

```yaml
about: what this session shows
remember: {choices: {length: short}}        # what earlier nights left
set_out: {choices: {cue: baby}, to: warm}   # talk through the set-up and on to a step first
script:
  - when: {saying: sentence 2 of warm}      # and then  after: 5  (seconds), or  at: "1:40"  (session time)
    hear: stop                              # what happens; then what must follow within `soon` seconds
    expect: {mode: paused, silent: true}
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from voice.data.reading import Document, parse, read_yaml
from voice.errors import DataError


def seconds_of(value: object) -> float:
    """Seconds, from a number or from minutes and seconds as "m:ss"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = re.fullmatch(r"(\d+):([0-5]\d)", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('times are seconds, or minutes and seconds in quotes like "4:20"')
    return int(found.group(1)) * 60.0 + int(found.group(2))


Seconds = Annotated[float, BeforeValidator(seconds_of)]


@dataclass(frozen=True)
class Place:
    """A line, and which of its sentences counted from 1 (0: any)."""

    line: str
    sentence: int = 0


def place_of(value: object) -> Place:
    """`warm`, or `sentence 3 of warm`."""
    found = re.fullmatch(r"(?:sentence (\d+) of )?(\w+)", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a line as  warm  or  sentence 3 of warm")
    return Place(found.group(2), int(found.group(1) or 0))


PlaceText = Annotated[Place, BeforeValidator(place_of)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Condition(_Part):
    """True of a moment; everything given must hold."""

    saying: PlaceText | None = None
    said: str | None = None
    silent: bool | None = None
    step: str | None = None
    phase: str | None = None
    mode: str | None = None
    question: str | None = None
    listening: str | None = None
    clock: Literal["running", "stopped"] | None = None
    ended: str | None = None
    sound: str | None = None
    breathing: str | None = None


class Expectation(Condition):
    """What must follow. Lines named here count from the moment the entry's deed began; `words` may also stand
    in the line that was begun last."""

    says: str | list[str] | None = None
    says_from: PlaceText | None = None
    words: str | None = None
    not_says: str | list[str] | None = None
    heard: str | None = None
    rejected: bool | str | None = None
    earcon: str | None = None
    remaining: Seconds | None = None
    whole: Seconds | None = None
    choices: dict[str, str] | None = None
    rate: float | None = None
    level: float | None = None
    quiet_for: Seconds | None = None
    silent_within: float | None = None


class Entry(_Part):
    """One row of a script."""

    at: Seconds | None = None
    after: Seconds | None = None
    when: Condition | None = None
    within: Seconds = 2700.0
    hear: str | None = None
    mother: str | None = None
    murmur: float | None = None
    press: str | None = None
    slots: dict[str, str] = Field(default_factory=dict)
    lose: Literal["microphone", "speaker"] | None = None
    back: Literal["microphone", "speaker"] | None = None
    muted: bool = False
    cut: bool = False
    quit: bool = False
    expect: Expectation | None = None
    soon: float | None = None


class Remember(_Part):
    """What earlier nights left."""

    night: int = 0
    choices: dict[str, str] | None = None


class SetOut(_Part):
    """Talk through the set-up with these choices (the others: the defaults), and go on to a step."""

    choices: dict[str, str] = Field(default_factory=dict)
    to: str | None = None
    safety: str = "none"


class RoomPart(_Part):
    """The simulated room: delay in seconds, levels in dB, a recording of noise beside the script."""

    delay: float = 0.06
    echo: float = -12.0
    noise: str | None = None
    noise_level: float = -20.0
    mother_level: float = 0.0


class ScriptPart(_Part):
    """`wait`: Lull waits in silence for a start phrase, and again when a session is over."""

    about: str
    wait: bool = False
    remember: Remember = Remember()
    set_out: SetOut | None = None
    room: RoomPart = RoomPart()
    voice: str = "mother"
    script: list[Entry]


@dataclass(frozen=True)
class Script:
    """A script and its file, so that a failed expectation can name its line."""

    part: ScriptPart
    document: Document

    def where(self, entry: int, key: str = "") -> str:
        """`file:line` of an entry, or of one of its expectations."""
        keys = ("script", entry, "expect", key) if key else ("script", entry)
        return self.document.where(*keys)


def read_script(path: Path) -> Script:
    """Read a script. Raises DataError with file, line and rule."""
    document = read_yaml(path)
    part = parse(document, ScriptPart)
    for number, entry in enumerate(part.script):
        if entry.at is not None and (entry.after is not None or entry.when is not None):
            raise DataError(document.where("script", number), "give at alone, or when and after")
    return Script(part, document)
