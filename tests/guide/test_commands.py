"""What each command does while the guide is under way."""

from __future__ import annotations

import pytest

from tests.guide.mother import Night, at, checked, night
from voice.guide.events import Command, Earcon, Hush, Listen, Quit, Say


def reply(session: Night) -> str:
    """The line that answered the last command."""
    (said,) = [action.line for action in session.last if isinstance(action, Say)]
    return said


def words(session: Night) -> str:
    assert session.playing is not None
    return " ".join(session.playing.sentences)


def test_next_and_back_go_to_the_start_of_a_step() -> None:
    session = at("relax_photo")
    session.says("next")
    assert reply(session) == "ok_next"
    assert session.step == "relax_breathe"
    session.wait_for("relax_breathe")
    session.says("back")
    assert session.step == "relax_photo"
    session.wait_for("relax_photo")


def test_back_in_the_first_step_says_so() -> None:
    session = night()
    session.wait_for("safe_check")
    session.says("back")
    assert reply(session) == "at_first"
    assert session.session.question == "safety"


def test_repeat_says_the_line_from_its_first_sentence_and_not_the_note() -> None:
    session = at("warm")
    session.quiet()
    session.says("repeat")
    assert reply(session) == "warm"
    assert session.playing is not None
    assert session.playing.first == 0


def test_repeat_in_the_middle_of_a_line_keeps_what_follows() -> None:
    session = at("warm")
    session.wait(4)
    session.says("repeat")
    session.quiet()
    assert session.lines[-2:] == ["warm", "note_warm"]
    assert session.view.remaining == pytest.approx(300)


def test_repeat_after_an_answer_says_the_answer_again() -> None:
    session = at("warm")
    session.quiet()
    session.says("time_left")
    session.quiet()
    session.says("louder")
    session.quiet()
    session.says("repeat")
    assert reply(session) == "time_left"


def test_repeat_just_after_a_move_does_not_go_back_to_the_old_step() -> None:
    session = at("relax_breathe")
    session.says("next")
    session.says("repeat")
    session.quiet()
    assert session.lines[-2:] == ["warm", "note_warm"]


def test_milk_is_coming_goes_to_expressing_from_anywhere() -> None:
    session = at("prep_place")
    session.says("milk_coming")
    assert reply(session) == "milk_coming"
    assert session.step == "express_hand"
    session.wait_for("express_hand")


def test_milk_is_coming_needs_no_safety_check_and_opens_nothing() -> None:
    session = night()
    session.wait_for("safe_check")
    session.says("milk_coming")
    assert session.step == "express_hand"
    session.says("back")
    assert session.step not in ("warm", "massage_stroke", "massage_nipple", "massage_shoulders")


def test_milk_is_coming_during_a_pause_goes_on() -> None:
    session = at("express_hand")
    session.says("pause")
    session.says("milk_coming")
    assert session.view.mode == "guiding"


def test_swap_sides_only_where_there_are_two() -> None:
    session = at("express_hand")
    session.says("swap_sides")
    assert reply(session) == "ok_swap"
    assert session.session.place.side == 1
    other = at("warm")
    other.says("swap_sides")
    assert reply(other) == "where"


def test_a_choice_can_change_in_the_middle_and_the_step_follows() -> None:
    session = at("express_pump", method="pump")
    session.says("choose", method="hand")
    assert session.step == "express_hand"
    session.wait_for("express_hand")
    session.says("choose", method="pump")
    assert session.step == "express_pump"
    photo = at("relax_photo")
    photo.says("choose", cue="baby")
    assert photo.session.choices["cue"] == "baby"
    assert photo.step == "relax_breathe", "being with the baby runs under the breathing"
    photo.wait_for("relax_baby")


def test_a_choice_for_later_changes_nothing_now() -> None:
    session = at("warm")
    session.wait(2)
    session.says("choose", method="pump")
    assert session.step == "warm"
    session.wait_for("warm")


def test_leaving_a_part_out() -> None:
    session = at("relax_breathe")
    session.says("skip_phase", phase="warm")
    assert reply(session) == "ok_skip"
    assert session.step == "relax_breathe"
    session.says("next")
    assert session.step == "massage_stroke"
    session.says("skip_phase", phase="massage")
    assert session.step == "express_hand"
    assert "blocked_step" not in session.lines


def test_expressing_cannot_be_left_out_as_a_part() -> None:
    session = at("warm")
    assert Earcon("missed") in session.says("skip_phase", phase="express")


def test_restart_goes_to_the_first_step_with_the_same_choices() -> None:
    session = at("warm", method="pump")
    session.says("restart")
    assert session.step == "safe_check"
    assert session.session.choices["method"] == "pump"


def test_finish_asks_once_and_no_carries_on_from_the_sentence() -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 1)
    session.says("finish")
    assert reply(session) == "confirm_finish"
    session.wait(2)
    session.says("no")
    assert reply(session) == "confirm_kept"
    session.wait_for("warm")
    assert session.playing is not None
    assert session.playing.first == 1


def test_finish_confirmed_speaks_of_the_milk_and_ends() -> None:
    session = at("express_hand")
    session.says("finish")
    session.says("yes")
    session.wait(60)
    assert session.lines[-1] == "finished"
    assert "finish" in session.lines
    assert session.ended == "finished"


def test_finish_without_an_answer_goes_on() -> None:
    session = at("warm")
    session.says("finish")
    session.wait(60)
    assert session.view.mode == "guiding"
    assert session.ended is None
    assert "confirm_kept" in session.lines


def test_finish_in_a_pause_and_no_stays_in_the_pause() -> None:
    session = at("warm")
    session.says("pause")
    session.says("finish")
    session.says("no")
    assert session.view.mode == "paused"


def test_undo_takes_back_only_what_the_command_changed() -> None:
    session = at("warm")
    session.quiet()
    session.says("louder")
    session.quiet()
    session.wait(100)
    session.says("undo")
    assert session.session.level == -6.0
    assert session.view.remaining is not None
    assert session.view.remaining < 200


def test_undo_of_next_comes_back_to_the_sentence() -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 2)
    session.says("next")
    session.says("undo")
    assert reply(session) == "ok_undo"
    assert session.step == "warm"
    session.wait_for("warm")
    assert session.playing is not None
    assert session.playing.first == 2


def test_undo_goes_back_five_commands_and_then_says_so() -> None:
    session = checked()
    for _ in range(7):
        session.says("louder" if session.session.level < -3 else "quieter")
    for _ in range(5):
        session.says("undo")
        assert reply(session) == "ok_undo"
    session.says("undo")
    assert reply(session) == "nothing_to_undo"


def test_undo_of_a_wrong_none_closes_the_gate_again() -> None:
    session = checked()
    session.says("undo")
    assert session.session.question == "safety"
    assert session.session.safety == "unasked"


def test_the_set_of_commands_follows_the_question() -> None:
    session = at("warm")
    assert Listen("yes_no") in session.says("finish")
    assert Listen("guiding") in session.says("no")
    assert Listen("pain") in session.says("pain")


def test_a_command_that_means_nothing_now_changes_nothing() -> None:
    session = at("warm")
    before = session.session.place
    for word in ("mild", "none", "yes", "unheard_of"):
        actions = session.says(word)
        assert Earcon("missed") in actions
        assert not [a for a in actions if isinstance(a, Say | Hush)]
    assert session.session.place == before


def test_a_key_does_the_same_as_a_word() -> None:
    session = at("warm")
    assert isinstance(session.send(Command(session.now, "stop", origin="page"))[0], Hush)


def test_when_it_is_over_it_can_begin_again() -> None:
    session = at("finish")
    session.wait(60)
    assert session.ended == "finished"
    session.says("start")
    assert reply(session) == "greet"
    assert session.session.question == "same_as_last"
    assert session.session.safety == "unasked"
    session.send(Quit(session.now))
    assert session.session.ended == "left"
