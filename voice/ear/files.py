"""The ear over recordings, for `lull hear`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice.ear.ear import Ear, Hearing
from voice.ear.frames import Source
from voice.ear.sources import WavSource
from voice.guide.events import Heard, Rejected


@dataclass(frozen=True)
class Record:
    """One Heard (`reason` None) or Rejected (`intent` None). Times in seconds of the recording."""

    file: str
    intent: str | None
    slots: dict[str, str]
    text: str
    reason: str | None
    began: float
    ended: float
    decided: float


def hear_file(path: Path, ear_factory: Callable[[], Ear], listen: str) -> Iterator[Record]:
    """Everything the ear makes of a recording, in which no guide speaks. Raises LullError for one that cannot
    be read.

    `ear_factory`: gives a fresh, loaded ear (they may share one recogniser). `listen`: the set of commands.
    """
    source = WavSource(path)
    ear = ear_factory()
    ear.listen(listen)
    for events in hear_alone(ear, source):
        for event in events:
            if isinstance(event, Heard | Rejected):
                yield _record(path, event)


def hear_alone(ear: Ear, source: Source) -> Iterator[list[Hearing]]:
    """What the ear makes of sound in which no guide speaks: of each frame, then of its end."""
    for frame in source.frames():
        yield ear.hear(frame, np.zeros(len(frame.samples), np.float32))
    yield ear.finish()


def _record(path: Path, event: Heard | Rejected) -> Record:
    intent, slots = (event.intent, event.slots) if isinstance(event, Heard) else (None, {})
    reason = event.reason if isinstance(event, Rejected) else None
    began, ended, decided = (round(time, 3) for time in (event.began, event.ended, event.at))
    return Record(str(path), intent, slots, event.text, reason, began, ended, decided)
