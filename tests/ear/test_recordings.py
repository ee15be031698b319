"""Recordings through the real ear: `tests/audio/VOICE/TEXT.flac` has to be heard as TEXT, `oov_*` as
nothing."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from tests.ear.conftest import AUDIO, hear_all
from voice.data.reading import read_yaml
from voice.ear.ear import Ear
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.sources import read_sound
from voice.guide.events import Heard
from voice.language.commands import Commands, Match, normalise

RECORDINGS = sorted(AUDIO.glob("*/*.flac"))
_KNOWN = cast("dict[str, list[str]]", read_yaml(AUDIO / "known_misses.yaml").value)
MISSES, WAVERING = frozenset(_KNOWN["misses"]), frozenset(_KNOWN["wavering"])
OUTSIDE = "oov_"


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _in_quiet(samples: Samples) -> Samples:
    room = np.random.default_rng(0).normal(0.0, 1e-4, len(samples) + round(1.9 * EAR_RATE))
    room[EAR_RATE // 2 : EAR_RATE // 2 + len(samples)] += samples
    return room.astype(np.float32)


def _expected(path: Path, commands: Commands) -> tuple[str, Match | None]:
    """The first set of commands in which the text is live, and what it means there."""
    if path.stem.startswith(OUTSIDE):
        return "guiding", None
    text = normalise(path.stem.replace("_", "'"))
    sets = [
        name
        for name in ("guiding", "idle", "awake", "yes_no", "choices", "safety", "pain")
        if commands.match(text, name)
    ]
    assert sets, (
        f"{path}: no command is called '{text}'; rename the recording or begin its name with {OUTSIDE}"
    )
    return sets[0], commands.match(text, sets[0])


@pytest.mark.parametrize("path", RECORDINGS, ids=_name)
def test_a_recording_is_heard_as_its_name_says(path: Path, commands: Commands, ear: Ear) -> None:
    listen, wanted = _expected(path, commands)
    ear.listen(listen)
    events = hear_all(ear, _in_quiet(read_sound(path)[0]), silent=True)
    heard = [(event.intent, event.slots) for event in events if isinstance(event, Heard)]
    right = heard == ([(wanted.intent, wanted.slots)] if wanted else [])
    if _name(path) in MISSES:
        assert not right, f"{_name(path)} is understood now: take it off known_misses.yaml"
    else:
        assert right or (_name(path) in WAVERING and not heard), f"heard {heard}"


def test_known_misses_name_recordings_that_exist() -> None:
    assert {_name(path) for path in RECORDINGS} >= MISSES | WAVERING
