"""Time, pace, loudness, and the commands that only ask."""

from __future__ import annotations

import pytest

from tests.guide.mother import Night, at
from voice.guide.events import Say, Volume


def reply(session: Night) -> str:
    """The line that answered the last command."""
    (said,) = [action.line for action in session.last if isinstance(action, Say)]
    return said


def words(session: Night) -> str:
    assert session.playing is not None
    return " ".join(session.playing.sentences)


def test_time_left_is_said_the_human_way() -> None:
    session = at("warm")
    session.quiet()
    session.wait(60)
    session.says("time_left", scope="step")
    assert words(session) == "Here, about four minutes."
    session.says("time_left", scope="whole")
    assert reply(session) == "time_left_whole"
    session.says("time_left")
    assert reply(session) == "time_left"


def test_time_left_where_she_sets_the_pace_tells_the_whole() -> None:
    session = at("prep_place")
    session.says("time_left")
    assert reply(session) == "time_left_whole"
    session.says("time_left", scope="step")
    assert reply(session) == "no_timer"


def test_the_whole_time_is_what_it_takes() -> None:
    session = at("relax_confidence")
    told = session.view.whole_remaining
    began = session.now
    session.wait_for("ready_hint")
    rest = session.view.whole_remaining
    assert told is not None
    assert rest is not None
    assert session.now - began == pytest.approx(told - rest, rel=0.08)


def test_more_and_less_time() -> None:
    session = at("warm")
    session.quiet()
    session.says("more_time", minutes="2")
    assert reply(session) == "ok_more"
    assert session.view.remaining == pytest.approx(420)
    session.says("less_time", minutes="3")
    assert session.view.remaining == pytest.approx(240)


def test_less_time_than_is_left_ends_the_step() -> None:
    session = at("warm")
    session.quiet()
    session.says("less_time", minutes="10")
    assert session.view.remaining == 0
    session.wait_for("massage_stroke")


def test_the_end_is_announced_again_when_a_step_got_longer() -> None:
    session = at("warm")
    session.wait_for("warm_near_end")
    session.says("more_time", minutes="1")
    told = session.now
    session.wait_for("massage_stroke")
    assert len(session.said_at("warm_near_end")) == 2
    assert session.said_at("warm_near_end")[1] - told == pytest.approx(60, abs=0.1)


def test_more_time_never_passes_half_an_hour_of_expressing() -> None:
    session = at("express_hand")
    session.quiet()
    session.says("more_time", minutes="10")
    assert session.view.remaining == pytest.approx(1800)
    session.says("more_time", minutes="10")
    assert reply(session) == "time_left_step"
    assert session.view.remaining == pytest.approx(1800)


def test_a_step_without_a_timer_has_no_time_to_add() -> None:
    session = at("prep_place")
    session.says("more_time", minutes="2")
    assert reply(session) == "no_timer"


@pytest.mark.parametrize("minutes", ["", "many", "-5", "99"])
def test_odd_numbers_of_minutes_are_bounded(minutes: str) -> None:
    session = at("warm")
    session.quiet()
    session.says("more_time", minutes=minutes)
    assert 360 <= (session.view.remaining or 0) <= 900


def test_pace_changes_what_is_said_next_and_has_bounds() -> None:
    session = at("warm")
    session.says("slower")
    assert session.playing is not None
    assert session.playing.rate == pytest.approx(0.9)
    for _ in range(6):
        session.says("slower")
    assert reply(session) == "slowest"
    assert session.session.rate == pytest.approx(0.7)
    for _ in range(9):
        session.says("faster")
    assert reply(session) == "fastest"
    assert session.session.rate == pytest.approx(1.3)


def test_loudness_has_bounds() -> None:
    session = at("warm")
    assert Volume(-3.0) in session.says("louder")
    session.says("louder")
    assert not [a for a in session.says("louder") if isinstance(a, Volume)]
    assert reply(session) == "loudest"
    for _ in range(11):
        session.says("quieter")
    assert reply(session) == "quietest"


def test_where_names_the_step() -> None:
    session = at("warm")
    session.says("where")
    assert "warm cloth" in words(session)


def test_help_names_only_what_works_now() -> None:
    session = at("warm")
    session.says("help")
    assert words(session).endswith("pause, next.")
    session.says("pause")
    session.says("help")
    assert words(session).endswith("carry on, next.")
