"""Weights are learnt from what was said, and tried on speakers they were not learnt from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.hearing.recordings import read_folder
from bench.hearing.weighing import Learnt, crossed, learn, report
from bench.hearing.witness import hear, plan
from voice.data import DATA
from voice.ear.evidence import Evidence
from voice.ear.second_policy import SecondPolicy
from voice.language.commands import Commands

AUDIO = Path(__file__).parent.parent / "audio"


def rows(count: int) -> list[Learnt]:
    """Each nat of lead is worth one, agreeing three, and one has to be made up for."""
    rng, found = np.random.default_rng(1), []
    for number in range(count):
        lead, agrees = float(rng.normal(0, 3)), float(rng.random() < 0.5)
        odds = lead + 3 * agrees - 1
        said = bool(rng.random() < 1 / (1 + np.exp(-odds)))
        found.append(Learnt(f"speaker {number % 20}", Evidence(0.0, 0.0, lead, agrees, 0.0, 0.0), said))
    return found


def test_weights_are_found_again_and_what_never_differs_counts_nothing() -> None:
    weights = learn(rows(4000), decay=1e-6)
    assert weights.each.lead == pytest.approx(1.0, abs=0.15)
    assert weights.each.agrees == pytest.approx(3.0, abs=0.4)
    assert weights.constant == pytest.approx(-1.0, abs=0.3)
    assert (weights.each.shortfall, weights.each.behind) == (0.0, 0.0)


def test_the_surer_it_has_to_be_the_more_is_missed_and_the_less_wrongly_taken() -> None:
    missed, taken = zip(*(crossed(rows(800), sure) for sure in (-2.0, 0.0, 2.0)), strict=True)
    assert missed[0] < missed[1] < missed[2]
    assert taken[0] > taken[1] > taken[2]


def test_the_real_ear_tells_what_spoke_for_a_command() -> None:
    commands = Commands.load(DATA / "locale" / "en")
    recordings = read_folder(AUDIO, commands)
    pairs = plan(recordings)
    assert not {clip.speaker for _, clip in pairs} & recordings.reported
    core = next(pair for pair in pairs if pair[0] == "quiet" and pair[1].core)
    talk = next(pair for pair in pairs if pair[0] == "talk nearby" and pair[1].intent is None)
    cases = hear(AUDIO, [core, talk])
    assert [case.right for case in cases][:1] == [True]
    assert not any(case.right for case in cases[1:])
    assert cases[0].phones.lead > 0.0
    assert "BY_WORDS = Weights(" in report([*cases, *cases], SecondPolicy(open_from=-99.0, open_to=99.0))
