"""No red flag, in any phase and from any state, leads to warmth, massage or praise."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.guide.mother import at, checked
from tests.guide.storms import GUIDE, WARMING, Plan, nights, plans, played, under_way
from voice.guide.events import Hush, Say
from voice.guide.words import CRISES, FLAGS

TOUCH = re.compile(
    r"\b(stroke|stroking|rub|glide|roll it|circles?|massage (?!stay|come|unsafe)|warm (cloth|water|it)|tuck"
    r"|lay it over|dip the cloth|spread it|fingertips)\b",
    re.IGNORECASE,
)
"""Words that lead to warmth or massage, in lines to her or to her helper."""

PRAISE = re.compile(r"\b(well done|great|good job|perfect|lovely|wonderful|bravo|so much)\b", re.IGNORECASE)

NAMES = {"where", "help_now", "read_back", "carry_on_offer", "about"}
"""Lines that only name a step, a command, or what the guide is."""


@pytest.mark.parametrize("flag", [flag for flag in FLAGS if flag != "pregnant"])
@pytest.mark.parametrize("place", ["prep_wash", "relax_photo", "warm", "massage_stroke", "express_hand"])
def test_each_red_flag_in_each_phase_refers_waits_and_leads_to_no_touch(flag: str, place: str) -> None:
    session = at(place)
    actions = session.says(flag)
    assert isinstance(actions[0], Hush)
    assert session.lines[-1] == f"refer_{flag}"
    assert session.view.mode == "paused"
    mark = len(session.done)
    for _ in range(14):
        if session.ended:
            break
        session.says("resume" if session.view.mode == "paused" else "next")
        session.wait(30)
    said = [action for _, action in session.done[mark:] if isinstance(action, Say)]
    found = [
        (s.line, text) for s in said for text in s.sentences if s.line not in NAMES and TOUCH.search(text)
    ]
    assert found == []


MOVES: list[tuple[str, dict[str, str]]] = [
    *[("resume", {})] * 6,
    *[("next", {})] * 5,
    *[("none", {})] * 3,
    *[("undo", {})] * 3,
    *[("back", {})] * 2,
    *(
        (word, {})
        for word in ("ready", "restart", "yes", "no", "repeat", "start", "mild", "more_time", "slower")
    ),
    *(("go_to", {"part": part}) for part in ("warm", "massage", "massage_back", "express")),
    *(("put_back", {"part": part}) for part in ("warm", "massage", "massage_roll")),
    *(("choose", {"company": company}) for company in ("alone", "helper")),
    ("choose", {"length": "short"}),
    *(("ask_about", {"topic": topic}) for topic in ("how_hot", "hands", "why", "right")),
    *(("nothing_yet", {"what": what}) for what in ("", "drops", "cannot")),
    *(("helper", {"what": what}) for what in ("where", "lighter")),
    ("milk_coming", {}),
]
"""What she may say to get on, or back, after a red flag: none of it leads to warmth or massage."""

moves = st.lists(
    st.tuples(st.sampled_from(MOVES), st.sampled_from([0.5, 3.0, 25.0, 130.0])), min_size=8, max_size=24
)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 14), st.sampled_from(["alone", "helper"]), st.sampled_from([*FLAGS, *CRISES]), moves)
def test_however_she_goes_on_a_red_flag_leads_to_no_warmth_massage_or_praise(
    steps: int, company: str, flag: str, moves: list[tuple[tuple[str, dict[str, str]], float]]
) -> None:
    session = checked(company=company)
    for _ in range(steps):
        session.says("next")
    session.wait(4.0)
    session.says(flag)
    mark = len(session.done)
    for (word, slots), seconds in moves:
        if session.ended:
            break
        session.says(word, **slots)
        session.wait(seconds)
        assert not session.session.running or not GUIDE.step(session.step or "").gated
    for said in (action for _, action in session.done[mark:] if isinstance(action, Say)):
        assert said.line not in WARMING
        for sentence in said.sentences:
            assert said.line in NAMES or not TOUCH.search(sentence), (said.line, sentence)
            assert not PRAISE.search(sentence), (said.line, sentence)


@settings(max_examples=30, deadline=None)
@given(nights, st.sampled_from([*FLAGS, *CRISES]), plans)
def test_from_no_state_does_a_red_flag_lead_to_warmth_massage_or_praise(
    before: list[Plan], flag: str, then: list[Plan]
) -> None:
    history = under_way([*before, Plan("heard", 1.0, flag)])
    for _, _, after, actions in played(then, history[-1][2]):
        assert flag in after.flags
        assert not after.running or not GUIDE.step(after.step or "").gated
        for action in actions:
            if isinstance(action, Say):
                assert action.line not in WARMING
                for sentence in action.sentences:
                    assert action.line in NAMES or not TOUCH.search(sentence), (action.line, sentence)
                    assert not PRAISE.search(sentence), (action.line, sentence)


def test_comfort_after_a_red_flag_says_nothing_of_stroking() -> None:
    session = at("express_hand")
    session.quiet()
    session.says("fever")
    session.says("resume")
    for what in ("", "drops", "cannot"):
        session.says("nothing_yet", what=what)
        assert session.lines[-1].endswith("_closed")
    session.wait_until(lambda: session.session.running)
    session.wait_for("express_slow_closed")


def test_comfort_with_an_open_gate_strokes_and_tries_again() -> None:
    session = at("express_hand")
    session.wait_until(lambda: session.session.running)
    session.says("nothing_yet")
    assert session.playing is not None
    assert "troke" in " ".join(session.playing.sentences)
    began = session.now
    session.wait_for("nothing_yet_again")
    assert session.now - began == pytest.approx(60, abs=5)
    assert session.view.mode == "guiding"


def test_a_line_that_waits_is_worded_anew_when_the_gate_closes() -> None:
    session = checked()
    while session.step != "prep_wash":
        session.says("next")
    session.wait_for("prep_wash")
    session.says("lump")
    session.says("resume")
    session.wait_for("prep_wash_closed")
