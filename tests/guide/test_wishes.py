"""What she wants of every night: kept, taken back, and never in the way of safety."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.guide.mother import Night, at, real_guide
from voice.guide.events import Say
from voice.guide.parts import Wishes
from voice.guide.session import from_json, new_session, to_json
from voice.guide.wishes import next_night, night_level
from voice.runtime.bookmarks import bookmark, open_session
from voice.runtime.journal import Journal


def test_the_check_hygiene_expressing_and_the_end_cannot_be_left_out() -> None:
    kept = {step.id for step in real_guide().steps if step.keep}
    assert kept == {"safe_check", "prep_wash", "express_hand", "express_pump", "finish"}
    session = at("prep_wash")
    session.says("leave_out", part="this", when="now")
    assert session.lines[-1] == "part_stays"
    session.says("leave_out", part="express", when="later")
    assert session.session.wishes.later == ()


def test_a_whole_phase_can_be_left_out() -> None:
    session = at("massage_stroke")
    session.says("leave_out", part="massage", when="now")
    session.quiet()
    assert session.session.step == "express_hand"
    assert "massage_nipple" in session.session.wishes.unwanted


def test_leaving_the_check_s_answer_open_is_not_changed_by_wishes() -> None:
    """A step put in does not open the gate."""
    session = at("relax_photo")
    session.says("fever")
    session.says("put_back", part="massage_roll")
    session.says("resume")
    for _ in range(8):
        session.says("next")
        assert session.view.phase not in ("warm", "massage")


def test_another_voice_where_there_is_one_and_taken_back() -> None:
    session = at("warm")
    session.says("other_voice")
    assert session.lines[-1] == "one_voice"
    session.guide = replace(session.guide, voices=3)
    session.says("other_voice")
    assert [each.voice for each in session.last if isinstance(each, Say)] == [1]
    session.says("undo")
    assert [each.voice for each in session.last if isinstance(each, Say)] == [0]


def test_later_means_the_next_night() -> None:
    session = at("prep_place")
    session.says("leave_out", part="warm", when="later")
    assert session.session.wishes.unwanted == ()
    tomorrow = next_night(session.guide, session.session.wishes)
    assert tomorrow.unwanted == tomorrow.later == ("warm",)


def test_a_wish_for_a_step_that_is_gone_is_dropped() -> None:
    assert next_night(real_guide(), Wishes(later=("gone", "finish", "warm"))).unwanted == ("warm",)


@pytest.mark.parametrize(
    ("said", "level"), [(["quieter", "louder", "louder"], -9.0), (["louder"], -3.0), ([], -6.0)]
)
def test_a_night_begins_at_the_last_quiet_volume(said: list[str], level: float) -> None:
    session = at("warm")
    for word in said:
        session.says(word)
    assert night_level(session.session.level, session.session.wishes) == level


def test_wishes_survive_saving_and_an_older_session_without_them_loads() -> None:
    session = at("warm")
    session.says("detail", level="short")
    text = to_json(session.session)
    assert from_json(text, session.guide) == session.session
    older = text.replace('"wishes":', '"unknown":')
    assert from_json(older, session.guide).wishes == Wishes()


def test_the_journal_hands_wishes_and_added_parts_to_the_next_night() -> None:
    guide, journal = real_guide(), Journal.memory()
    wishes = Wishes(detail="short", later=("prep_drink",), quiet=-12.0)
    past = new_session(guide, at=0.0, level=-3.0, extras=("massage_roll",), wishes=wishes)
    journal.begin(guide.id, guide.version, replace(bookmark(past), choices=past.choices))
    journal.end("finished")
    session, notice = open_session(guide, journal, 0.0, 12.0, 1.0, -6.0)
    assert notice == ""
    assert session.level == -12.0
    assert session.extras == ("massage_roll",)
    assert session.wishes == Wishes(detail="short", unwanted=("prep_drink",), later=("prep_drink",))


def test_a_journal_of_an_older_lull_leaves_no_wishes() -> None:
    guide, journal = real_guide(), Journal.memory()
    mark = replace(
        bookmark(new_session(guide, at=0.0)), state='{"wishes": {"detail": 7}}', choices={"length": "short"}
    )
    journal.begin(guide.id, guide.version, mark)
    journal.end("finished")
    session, _ = open_session(guide, journal, 0.0, 12.0, 1.0, -6.0)
    assert session.wishes == Wishes()


def test_idle_it_says_what_it_is_and_waits_again() -> None:
    session = Night(new_session(real_guide(), at=0.0))
    session.says("about")
    assert session.view.listening_for == "awake"
    session.quiet()
    assert session.view.listening_for == "idle"
    assert session.view.mode == "idle"
