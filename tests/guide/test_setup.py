"""The questions at the start."""

from __future__ import annotations

from tests.guide.mother import night
from voice.guide.events import Earcon, Listen, Say, Volume

LAST = {"length": "short", "company": "helper", "cue": "baby", "method": "pump"}


def test_the_first_night_greets_and_asks_one_question_after_the_other() -> None:
    first = night()
    assert first.lines == ["greet"]
    first.wait_for("ask_length")
    assert first.lines == ["greet", "disclaimer", "ask_length"]
    first.says("choose", length="short")
    first.wait_for("ask_company")
    first.says("choose", company="helper")
    first.wait_for("ask_cue")
    first.says("choose", cue="baby")
    first.wait_for("ask_method")
    first.says("choose", method="pump")
    first.wait_for("read_back")
    assert first.session.choices == LAST
    assert first.step == "safe_check"


def test_who_knows_the_guide_is_not_told_again_that_it_is_no_nurse() -> None:
    again = night(last=LAST, number=1)
    again.wait_for("ask_same_as_last")
    assert again.lines == ["greet", "ask_same_as_last"]


def test_the_level_and_the_set_of_commands_are_known_from_the_start() -> None:
    actions = night().last
    assert Volume(-6.0) in actions
    assert Listen("choices") in actions


def test_an_answer_interrupts_the_question_and_is_confirmed_by_its_name() -> None:
    first = night()
    actions = first.says("choose", length="short")
    assert [action.line for action in actions if isinstance(action, Say)] == ["choice_short"]


def test_last_choices_are_offered_first_and_one_yes_starts() -> None:
    again = night(last=LAST)
    again.wait_for("ask_same_as_last")
    assert "pump" in " ".join(again.playing.sentences) if again.playing else False
    again.says("yes")
    assert again.session.choices == LAST
    assert again.step == "safe_check"


def test_no_to_the_last_choices_asks_each_question() -> None:
    again = night(last=LAST)
    again.says("no")
    assert again.session.question == "length"


def test_naming_one_change_keeps_the_rest_of_last_time() -> None:
    again = night(last=LAST)
    again.says("choose", method="hand")
    assert again.session.choices == {**LAST, "method": "hand"}
    again.wait_for("read_back")


def test_next_takes_what_was_chosen_last_time() -> None:
    again = night(last=LAST)
    again.says("no")
    again.says("next")
    assert again.session.choices["length"] == "short"
    assert again.session.question == "company"


def test_silence_repeats_the_question_once_and_then_takes_the_usual_answer() -> None:
    first = night()
    first.wait_for("ask_length")
    first.quiet()
    first.wait(19)
    assert first.lines.count("ask_length") == 1
    first.wait(3)
    assert first.lines.count("ask_length") == 2
    first.quiet()
    first.wait(26)
    assert "default_taken" in first.lines
    assert first.session.question == "company"
    assert first.session.choices["length"] == "standard"


def test_silence_all_through_the_questions_still_leads_to_the_guide() -> None:
    first = night()
    first.wait_for("safe_check")
    assert first.session.choices == {q.id: q.default for q in first.guide.questions}


def test_a_choice_for_another_question_is_taken_and_the_open_one_asked_again() -> None:
    first = night()
    first.says("choose", method="pump")
    first.wait_for("ask_length")
    first.says("choose", length="short")
    first.says("choose", company="alone")
    first.says("choose", cue="photo")
    assert first.step == "safe_check"
    assert first.session.choices["method"] == "pump"


def test_back_opens_the_question_before() -> None:
    first = night()
    first.says("choose", length="short")
    first.says("back")
    assert first.session.question == "length"
    first.says("choose", length="standard")
    assert first.session.choices["length"] == "standard"


def test_back_at_the_first_question_says_so_and_asks_it_again() -> None:
    first = night()
    first.says("back")
    assert first.lines[-1] == "at_first"
    assert first.session.question == "length"


def test_no_to_a_question_with_two_answers_says_how_to_answer() -> None:
    first = night()
    first.says("no")
    first.wait_for("ask_length")
    assert "ask_again_hint" in first.lines


def test_an_unknown_choice_changes_nothing() -> None:
    first = night()
    actions = first.says("choose", length="endless")
    assert Earcon("missed") in actions
    assert first.session.question == "length"


def test_start_with_a_length_counts_as_a_choice() -> None:
    first = night()
    first.says("stop")
    first.says("start", length="short")
    assert first.session.question == "length"


def test_repeat_asks_the_open_question_again() -> None:
    first = night()
    first.wait_for("ask_length")
    first.wait(1)
    first.says("repeat")
    first.wait(0.5)
    assert first.lines.count("ask_length") == 2
