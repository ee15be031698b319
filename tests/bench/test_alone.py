"""Noise with nobody speaking: what is heard, and how it is told."""

from __future__ import annotations

import numpy as np
import pytest

from bench.hearing import alone
from bench.hearing.conditions import Trial
from bench.hearing.listeners import Answer, Taken
from bench.hearing.noises import Noises
from voice.ear.frames import EAR_RATE, Samples

MADE = Noises((), ())


class Taking:
    """Takes every sound louder than her voice for a "stop"."""

    def hear(self, trial: Trial, listen: str) -> Answer:
        loud = np.std(trial.samples) > 10 ** (-28 / 20)
        return Answer((Taken("stop", 1.0),) if loud else ())


class Keeping:
    """Takes nothing, and keeps what it hears."""

    def __init__(self) -> None:
        self.sounds: list[Samples] = []

    def hear(self, trial: Trial, listen: str) -> Answer:
        self.sounds.append(trial.samples)
        return Answer(())


def test_each_noise_is_heard_louder_and_softer_than_her_and_in_both_sets() -> None:
    crying = [each for each in alone.passages(MADE, 1) if each.kind == "crying"]
    assert {(each.over, each.listen) for each in crying} == {
        (over, listen) for over in alone.OVER for listen in alone.SETS
    }
    taken = {each.over: alone.heard(each, MADE, Taking(), 1).taken for each in crying}
    assert taken == {6.0: ("stop",), -6.0: ()}


def test_the_same_seed_makes_the_same_sound() -> None:
    keeping = Keeping()
    passage = next(alone.passages(MADE, 1))
    for seed in (1, 1, 2):
        alone.heard(passage, MADE, keeping, seed)
    one, again, other = keeping.sounds
    assert len(one) == alone.SECONDS * EAR_RATE
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_what_was_taken_is_told_by_kind_and_by_the_hour() -> None:
    found = [alone.Alone("pump", ())] * 60 + [alone.Alone("crying", ("stop", "yes", "stop"))] * 60
    (figure,) = alone.figures(found)
    assert figure.value == pytest.approx(180.0)
    assert "180 in 60 minutes" in figure.note
    assert "| pump | 30 | nothing |" in alone.rows(found)
    assert "| crying | 30 | stop 120, yes 60 |" in alone.rows(found)
    assert alone.figures([]) == []
