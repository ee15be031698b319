"""With her baby in her arms: is she awake? And the limits of warmth."""

from __future__ import annotations

import pytest

from tests.guide.mother import Night, at, checked
from voice.guide.events import Say
from voice.guide.safety_awake import EVERY, LOUDER


def holding() -> Night:
    session = at("relax_baby", company="helper", cue="baby")
    session.wait_until(lambda: session.session.running)
    return session


def asked() -> Night:
    session = holding()
    session.wait_for("awake_ask")
    return session


def test_she_is_asked_every_two_minutes_while_she_holds_her_baby() -> None:
    session = holding()
    began = session.now
    session.says("more_time", minutes="5")
    session.wait_for("awake_ask")
    assert session.now - began == pytest.approx(EVERY, abs=1.0)
    assert session.view.listening_for == "still_awake"
    session.says("yes")
    assert "ok_awake" in session.lines
    again = session.now
    session.wait_for("awake_ask")
    assert session.now - again == pytest.approx(EVERY, abs=5.0)


@pytest.mark.parametrize("word", ["yes", "ready", "resume", "louder", "repeat", "time_left"])
def test_any_word_shows_that_she_is_awake(word: str) -> None:
    session = asked()
    session.says(word)
    assert session.session.question is None
    session.wait(100)
    assert "awake_cot" not in session.lines


def test_no_answer_is_asked_again_louder_and_then_her_baby_belongs_in_the_cot() -> None:
    session = asked()
    session.quiet()
    session.wait(60)
    says = [action for _, action in session.done if isinstance(action, Say)]
    gains = [action.gain for action in says if action.line in ("awake_ask", "awake_cot")]
    assert gains == [0.0, LOUDER, LOUDER]
    assert session.lines[-1] == "awake_cot"
    assert session.view.mode == "paused"
    session.wait(3600)
    assert session.lines[-1] == "awake_cot"
    session.says("resume")
    assert session.view.mode == "guiding"


@pytest.mark.parametrize("word", ["no", "feeling"])
def test_who_is_sleepy_is_sent_to_rest_at_once(word: str) -> None:
    session = asked()
    session.says(word, what="sleepy")
    assert session.lines[-1] == "awake_cot"
    assert session.view.mode == "paused"


def test_without_her_baby_she_is_not_asked() -> None:
    session = at("relax_photo", company="helper", cue="photo")
    session.says("more_time", minutes="10")
    session.wait(500)
    assert "awake_ask" not in session.lines


def test_stop_ends_the_question() -> None:
    session = asked()
    session.says("stop")
    session.wait(600)
    assert session.view.mode == "paused"
    assert session.lines[-1] == "awake_ask"


def test_warmth_ends_after_ten_minutes_however_much_is_added() -> None:
    session = at("warm")
    for _ in range(3):
        session.says("more_time", minutes="10")
    session.wait_until(lambda: session.session.running)
    began = session.now
    session.wait_until(lambda: session.step != "warm", most=900)
    assert session.now - began <= 601
    session.says("back")
    assert session.step != "warm"
    assert session.lines[-1] == "warm_cap" or "warm_cap" in [u.line for u in session.session.speech.waiting]


def test_a_pause_under_the_cloth_says_to_lift_it() -> None:
    session = at("warm")
    session.says("pause", why="door")
    assert session.lines[-1] == "pause_warm"


def test_feelings_wait_for_her() -> None:
    session = checked()
    for what in ("dread", "sad", "tired", "crying", "anxious"):
        session.says("feeling", what=what)
        assert session.lines[-1] == f"feeling_{what}"
        assert session.view.mode == "paused"
        session.says("resume")
