"""The guide in its second language takes every command of the first one, and never lacks a line for it."""

from __future__ import annotations

import random

import pytest

from tests.guide.mother import Night
from voice.guide.load import load_guide
from voice.guide.session import new_session
from voice.guide.step import ANY_TIME

GUIDE = load_guide(locale="de")
SLOTS: list[dict[str, str]] = [
    {},
    *({question.id: option} for question in GUIDE.questions for option in question.options),
    *(
        {"what": what}
        for what in ("died", "ill", "dread", "sad", "sleepy", "cannot", "drops", "where", "lighter")
    ),
    *({"topic": topic} for topic in ("hands", "thumb", "how_hard", "how_hot", "why", "normal", "keep")),
    *({"why": why} for why in ("baby", "door", "loo", "spilled")),
    *({"part": part, "when": when} for part in ("this", "massage") for when in ("now", "later")),
    {"value": "60", "unit": "ml"},
    {"kind": "waves"},
    {"level": "short"},
]


@pytest.mark.parametrize("seed", range(12))
def test_any_command_at_any_moment_finds_its_words(seed: int) -> None:
    dice = random.Random(seed)
    session = Night(new_session(GUIDE, at=0.0, night=seed % 3), guide=GUIDE)
    session.key("begin")
    for _ in range(60):
        if session.ended is not None:
            break
        intent = dice.choice([*ANY_TIME, *["next", "none", "ready", "resume"] * 6])
        session.says(intent, **dice.choice(SLOTS))
        session.wait(dice.choice([0.5, 5.0, 40.0, 200.0]))
    assert "{" not in session.view.caption
