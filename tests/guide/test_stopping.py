"""Stop, pause, carry on, and what an interruption does to the narration."""

from __future__ import annotations

import pytest

from tests.guide.mother import Night, at, checked, night, real_guide
from voice.guide.events import (
    Cleared,
    Command,
    Duck,
    Earcon,
    Ended,
    Hush,
    Quit,
    Rejected,
    Save,
    Say,
    SpeechDone,
    Spoke,
    Suspected,
)
from voice.guide.listening import HELP_EVERY
from voice.guide.session import from_json, new_session, resumed, to_json


def test_stop_is_silent_at_once_and_keeps_the_sentence() -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 2)
    actions = session.says("stop")
    assert isinstance(actions[0], Hush)
    assert not [a for a in actions if isinstance(a, Say | Earcon)]
    assert Save() in actions
    session.wait(600)
    assert session.view.mode == "paused"
    session.says("resume")
    assert session.lines[-1] == "ok_resume"
    session.wait_for("warm")
    assert session.playing is not None
    assert session.playing.first == 2


def test_pause_says_so_and_time_stands_still() -> None:
    session = at("warm")
    session.quiet()
    session.wait(100)
    session.says("pause")
    assert session.lines[-1] == "pause_warm"
    session.wait(1000)
    assert session.view.remaining == pytest.approx(200)
    session.says("resume")
    session.wait_for("massage_stroke")
    assert session.now == pytest.approx(session.said_at("ok_resume")[-1] + 200, abs=0.1)


@pytest.mark.parametrize("word", ["resume", "ready", "start"])
def test_any_word_for_going_on_ends_a_pause(word: str) -> None:
    session = at("relax_breathe")
    session.says("stop")
    session.says(word)
    assert session.view.mode == "guiding"


@pytest.mark.parametrize("word", ["time_left", "louder", "help", "where", "slower", "more_time", "resume"])
def test_a_reply_interrupts_and_the_sentence_is_taken_up_again(word: str) -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 1)
    actions = session.says(word)
    assert isinstance(actions[0], Hush)
    session.wait_for("warm")
    assert session.playing is not None
    assert session.playing.first == 1


def test_a_reply_in_a_pause_does_not_end_it() -> None:
    session = at("warm")
    session.says("pause")
    session.says("time_left")
    session.quiet()
    session.wait(100)
    assert session.view.mode == "paused"
    assert session.lines[-1] == "time_left"
    session.says("resume")
    session.wait_for("warm")


def test_stop_in_the_questions_waits_and_carrying_on_asks_again() -> None:
    session = night()
    session.wait_for("ask_length")
    session.says("stop")
    session.wait(600)
    assert session.lines[-1] == "ask_length"
    session.says("resume")
    session.quiet()
    assert session.session.question == "length"
    assert session.lines[-1] == "ask_length"


def test_stop_closes_the_question_about_finishing() -> None:
    session = at("warm")
    session.says("finish")
    session.says("stop")
    assert session.view.mode == "paused"
    assert session.session.question is None


def test_stop_before_anything_began_changes_nothing() -> None:
    session = Night(new_session(real_guide(), at=0.0))
    session.says("stop")
    assert session.view.mode == "idle"
    session.says("start")
    assert session.lines == ["greet"]


def test_suspected_speech_ducks_and_a_false_alarm_restores() -> None:
    session = at("warm")
    assert Duck(True) in session.send(Suspected(session.now))
    actions = session.send(Cleared(session.now, 0.2))
    assert Duck(False) in actions
    assert not [a for a in actions if isinstance(a, Say)]


def test_nothing_is_ducked_while_nothing_is_said() -> None:
    session = at("warm")
    session.quiet()
    assert not [a for a in session.send(Suspected(session.now)) if isinstance(a, Duck)]


def test_a_drowned_sentence_is_said_again_but_not_for_ever() -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 1)
    again = 0
    for _ in range(6):
        session.now += 2
        actions = session.send(Cleared(session.now, 1.0))
        again += len([a for a in actions if isinstance(a, Say) and a.first == 1])
    assert again == 2


def test_one_noise_reported_twice_restarts_the_sentence_once() -> None:
    session = at("warm")
    first = session.send(Rejected(session.now, "unknown_words", "", 0.0, 1.0))
    second = session.send(Cleared(session.now + 0.3, 1.0))
    assert [a for a in first if isinstance(a, Say)]
    assert not [a for a in second if isinstance(a, Say)]


def test_news_of_a_line_that_was_silenced_is_ignored() -> None:
    session = at("warm")
    old = session.session.speech.token
    session.says("where")
    for event in (Spoke(session.now, old, 0), SpeechDone(session.now, old)):
        actions = session.send(event)
        assert not [a for a in actions if isinstance(a, Say | Hush)]
    session.wait_for("warm")


def test_its_own_voice_changes_nothing() -> None:
    session = at("warm")
    for _ in range(4):
        actions = session.send(Rejected(session.now, "own_voice", "", 0.0, 2.0))
        assert not [a for a in actions if isinstance(a, Say | Hush | Earcon)]


def test_two_tries_that_were_not_understood_get_help_once() -> None:
    session = at("warm")
    session.quiet()

    def tries() -> None:
        for _ in range(2):
            session.send(Rejected(session.now, "not_a_command", "hm", session.now - 1.0, session.now))
            session.wait(8)

    tries()
    tries()
    assert session.lines.count("not_caught_help") == 1
    assert [a for _, a in session.done].count(Earcon("missed")) == 2


def test_the_help_comes_again_after_a_good_while() -> None:
    session = at("warm")
    session.quiet()
    for _ in range(2):
        for _ in range(2):
            session.send(Rejected(session.now, "not_a_command", "hm", session.now - 1.0, session.now))
            session.wait(2)
        session.key("pause")
        session.wait(HELP_EVERY)
        session.key("resume")
        session.quiet()
    assert session.lines.count("not_caught_help") == 2


def test_talk_and_what_is_not_hers_are_no_tries() -> None:
    session = at("warm")
    session.quiet()
    for reason, length in (("not_a_command", 4.0), ("own_voice", 1.0), ("too_quiet", 1.0)):
        for _ in range(3):
            session.send(Rejected(session.now, reason, "hm", session.now - length, session.now))
            session.wait(4)
    assert "not_caught_help" not in session.lines


@pytest.mark.parametrize("lengths", [(1.0, 0.8), (4.0, 0.5, 0.5)])
def test_talk_that_is_turned_away_in_pieces_is_one_try_at_most(lengths: tuple[float, ...]) -> None:
    session = at("warm")
    session.quiet()
    for length in lengths:
        session.wait(length)
        session.send(Rejected(session.now, "unknown_words", "hm", session.now - length, session.now))
    assert "not_caught_help" not in session.lines
    session.wait(3)
    session.send(Rejected(session.now, "not_a_command", "hm", session.now - 1.0, session.now))
    assert ("not_caught_help" in session.lines) == (len(lengths) == 2)


def test_asking_what_over_and_over_changes_neither_pace_nor_loudness() -> None:
    session = at("warm")
    before = (session.session.rate, session.session.level, session.session.place.step)
    for _ in range(6):
        session.says("repeat")
        session.wait(3)
    assert (session.session.rate, session.session.level, session.session.place.step) == before


def test_two_tries_far_apart_get_no_help() -> None:
    session = at("warm")
    session.quiet()
    for _ in range(3):
        session.send(Rejected(session.now, "not_a_command", "hm", session.now - 1.0, session.now))
        session.wait(30)
    assert "not_caught_help" not in session.lines


def test_quitting_keeps_the_place_and_the_next_run_offers_to_carry_on() -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 1)
    actions = session.send(Quit(session.now))
    assert Save() in actions
    assert Ended("left") in actions
    again = at("finish")
    again.session = resumed(from_json(to_json(session.session), session.guide), at=again.now)
    again.send(Command(again.now, "begin"))
    assert again.lines[-1] == "carry_on_offer"
    again.says("yes")
    again.wait_for("warm")
    assert again.playing is not None
    assert again.playing.first == 1


def test_after_a_power_cut_no_begins_afresh() -> None:
    session = at("warm")
    again = at("finish")
    again.session = resumed(from_json(to_json(session.session), session.guide), at=again.now)
    again.send(Command(again.now, "begin"))
    again.says("no")
    assert again.lines[-1] == "carry_on_fresh"
    assert again.session.question == "same_as_last"
    assert again.session.safety == "unasked"


def test_an_offer_without_an_answer_waits_in_silence() -> None:
    session = at("warm")
    session.session = resumed(session.session, at=session.now)
    session.playing = None
    session.send(Command(session.now, "begin"))
    mark = len(session.done)
    session.wait(3600)
    assert session.since(mark) == ["carry_on_offer"]


def test_goodbye_keeps_the_place() -> None:
    session = checked()
    session.says("quit")
    session.wait(10)
    assert session.lines[-1] == "left_saved"
    assert session.ended == "left"
    assert resumed(session.session, at=0.0).step == session.step
