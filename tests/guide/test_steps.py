"""How the guide goes through the steps by itself, and where it waits for her."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from tests.guide.mother import at, checked, night
from voice.guide.events import Earcon
from voice.guide.plan import route

STANDARD_ALONE = [
    "safe_check",
    "prep_place",
    "prep_company",
    "prep_wash",
    "prep_drink",
    "prep_comfort",
    "relax_confidence",
    "relax_scan",
    "relax_photo",
    "relax_breathe",
    "warm",
    "massage_stroke",
    "massage_nipple",
    "massage_shoulders",
    "express_hand",
    "finish",
]


def test_standard_alone_walks_the_steps_in_order() -> None:
    session = checked()
    assert [part.id for part in route(session.guide, session.session)] == STANDARD_ALONE


def test_choices_change_the_way() -> None:
    session = checked(company="helper", cue="baby", method="pump")
    way = [part.id for part in route(session.guide, session.session)]
    assert "massage_back" in way
    assert "express_pump" in way
    assert "relax_baby" in way
    assert not {"massage_shoulders", "express_hand", "relax_photo", "relax_breathe", "relax_scan"} & set(way)


def test_an_extra_step_only_when_she_wants_it() -> None:
    session = checked(None, ("massage_roll",))
    assert "massage_roll" in [part.id for part in route(session.guide, session.session)]


def test_the_timer_starts_when_the_opening_words_are_over() -> None:
    session = at("warm")
    assert not session.session.place.opened
    session.quiet()
    assert session.session.place.elapsed == 0
    assert session.view.remaining == pytest.approx(300)


def test_a_timed_step_speaks_on_its_way_and_moves_on_by_itself() -> None:
    session = at("warm")
    session.quiet()
    began = session.now
    session.wait_for("massage_stroke")
    assert session.now - began == pytest.approx(300, abs=0.1)
    assert session.said_at("warm_look")[0] - began == pytest.approx(120, abs=0.1)
    assert session.said_at("warm_near_end")[0] - began == pytest.approx(285, abs=0.1)
    assert Earcon("done") in session.last


def test_a_spoken_step_moves_on_after_a_breath() -> None:
    session = at("prep_company")
    session.quiet()
    began = session.now
    session.wait_for("prep_wash")
    assert session.now - began == pytest.approx(2.0, abs=0.1)


def test_a_step_that_waits_reminds_once_and_waits_for_as_long_as_she_likes() -> None:
    session = at("prep_place")
    session.wait(3600)
    assert session.step == "prep_place"
    assert session.lines.count("remind_ready") == 1
    session.says("ready")
    assert session.step == "prep_company"


def test_a_timed_step_that_waits_says_so_once_its_time_is_over() -> None:
    session = at("prep_wash")
    session.quiet()
    began = session.now
    session.wait_for("ready_hint")
    assert session.now - began == pytest.approx(20, abs=0.1)
    session.wait(3600)
    assert session.lines.count("ready_hint") == 1
    assert session.step == "prep_wash"


def test_half_time_changes_the_side() -> None:
    session = at("massage_stroke")
    session.quiet()
    began, side = session.now, session.session.place.side
    session.wait_for("massage_stroke_half")
    assert session.now - began == pytest.approx(60, abs=0.1)
    assert session.session.place.side != side


def test_expressing_changes_sides_every_five_minutes() -> None:
    session = at("express_hand")
    session.quiet()
    began = session.now
    session.wait(1150)
    turns = [moment - began for moment in session.said_at("swap_sides_now")]
    assert turns == pytest.approx([300, 600, 900], abs=0.2)


def test_changing_sides_by_word_starts_the_five_minutes_anew() -> None:
    session = at("express_hand")
    session.quiet()
    session.wait(200)
    session.says("swap_sides")
    began = session.now
    session.wait_for("swap_sides_now")
    assert session.now - began == pytest.approx(300, abs=1)


def test_in_the_short_guide_breathing_runs_under_the_warm_cloth() -> None:
    session = at("warm", length="short")
    session.wait_for("relax_breathe")
    session.quiet()
    began = session.now
    session.wait_for("relax_breathe_half")
    half = session.now - began
    session.wait_for("massage_stroke")
    assert half == pytest.approx((session.guide.step("relax_breathe").seconds["short"] or 0) / 2, abs=0.1)
    assert session.now - began == pytest.approx(session.guide.step("warm").seconds["short"], abs=0.1)


def test_a_timed_line_is_never_said_over_another_and_never_late() -> None:
    session = at("warm")
    session.quiet()
    session.wait(119)
    session.says("where")
    session.wait(1.5)
    session.says("time_left")
    session.wait(2)
    assert "warm_look" not in session.lines
    session.says("time_left")
    session.quiet()
    session.wait(60)
    assert "warm_look" not in session.lines


def test_a_whole_night_without_a_word_waits_at_the_check_and_never_ends() -> None:
    session = night()
    session.wait(7200)
    assert session.ended is None
    assert session.step == "safe_check"
    again = session.said_at("safety_unanswered")
    assert all(later - earlier > 120 for earlier, later in pairwise(again))


def test_the_end_says_goodbye_and_ends() -> None:
    session = at("finish")
    session.wait(60)
    assert session.lines[-1] == "finished"
    assert session.ended == "finished"


def test_expressing_stops_after_half_an_hour_whatever_is_said() -> None:
    session = at("express_hand")
    session.quiet()
    began = session.now
    session.wait_for("express_cap")
    assert session.now - began == pytest.approx(1800, abs=0.1)
    session.wait_for("finish")
    session.says("back")
    session.wait_for("finish")
    assert session.session.expressed <= 1800
    assert session.lines.count("express_cap") == 2


def test_forty_minutes_take_less_than_a_second() -> None:
    began = time.process_time()
    session = checked()
    while session.ended is None:
        session.wait(60)
        session.says("ready" if session.step in ("prep_place", "prep_wash") else "time_left")
    assert session.now > 2400
    assert time.process_time() - began < 1.0


def test_her_place_is_written_down_while_a_long_timer_runs() -> None:
    session = at("warm")
    session.quiet()
    saves = 0
    for _ in range(10):
        session.wait(10)
        saves += session.saved
    assert saves >= 3


def test_wordings_change_from_night_to_night_but_not_within_a_replay() -> None:
    assert at("warm").lines == at("warm").lines
    one, two = checked(), checked()
    assert one.done == two.done
