"""The safety check, red flags, pain and heat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.guide.mother import Night, at, checked, night
from voice.guide.events import DeviceBack, DeviceLost, Earcon, Hush, Say
from voice.guide.parts import Utterance
from voice.guide.plan import gate_open
from voice.guide.speaking import start_waiting
from voice.guide.words import FLAGS

GATED = {"warm", "massage_stroke", "massage_roll", "massage_nipple", "massage_back", "massage_shoulders"}


def asked() -> Night:
    session = night()
    session.wait_for("safe_check")
    return session


def steps_to_the_end(session: Night) -> set[str]:
    seen = set()
    for _ in range(40):
        if session.ended or session.session.closing:
            break
        session.says("next")
        seen.add(session.step or "")
    return seen


@pytest.mark.parametrize("word", ["none", "no"])
def test_none_opens_warmth_and_massage(word: str) -> None:
    session = asked()
    session.says(word)
    assert "safety_clear" in session.lines
    assert {"warm", "massage_stroke"} <= steps_to_the_end(session)


def test_yes_asks_which_and_naming_it_refers_and_leaves_both_out() -> None:
    session = asked()
    session.says("yes")
    assert session.session.question == "safety_which"
    session.says("red_patch")
    assert session.lines[-1] == "refer_red_patch"
    assert session.view.mode == "paused"
    session.says("resume")
    assert session.step == "prep_place"
    assert not GATED & steps_to_the_end(session)


def test_leaving_the_question_open_by_word_leaves_both_out() -> None:
    session = asked()
    session.says("next")
    assert session.lines[-1] == "safety_skipped"
    assert not GATED & steps_to_the_end(session)


def test_the_question_waits_and_is_repeated() -> None:
    session = asked()
    session.quiet()
    began = session.now
    session.wait(29)
    assert session.lines[-1] == "safe_check"
    session.wait(400)
    assert session.step == "safe_check"
    assert len(session.said_at("safe_check")) == 2
    assert session.said_at("safe_check")[1] - began == pytest.approx(30, abs=0.1)
    assert len(session.said_at("safety_unanswered")) >= 2


def test_another_word_does_not_pass_the_question() -> None:
    session = asked()
    for word in ("ready", "resume"):
        session.says(word)
        assert session.lines[-1] == "safety_unanswered"
    assert session.session.question == "safety"


@pytest.mark.parametrize("flag", [flag for flag in FLAGS if flag != "pregnant"])
def test_a_red_flag_under_the_warm_cloth_ends_warmth(flag: str) -> None:
    session = at("warm")
    actions = session.says(flag)
    assert isinstance(actions[0], Hush)
    assert session.lines[-1] == f"refer_{flag}"
    session.wait(600)
    assert session.view.mode == "paused"
    session.says("resume")
    assert session.step == "express_hand"
    session.wait_for("express_hand")
    assert "blocked_step" in session.lines
    session.says("back")
    assert session.step == "relax_breathe"


def test_a_red_flag_while_expressing_refers_and_she_may_go_on() -> None:
    session = at("express_hand")
    session.says("blood")
    session.says("resume")
    assert session.step == "express_hand"
    assert session.view.mode == "guiding"


def test_naming_it_again_refers_shorter() -> None:
    session = at("express_hand")
    session.says("blood")
    session.says("blood")
    assert session.lines[-1] == "refer_again"


def test_a_red_flag_before_the_start_is_kept() -> None:
    session = night()
    session.says("stop")
    session.says("fever")
    session.says("resume")
    session.wait_for("safe_check")
    session.says("none")
    assert session.lines[-1] == "refer_again"
    assert not GATED & steps_to_the_end(session)


@pytest.mark.parametrize("where", ["warm", "express_hand", "prep_place"])
def test_pregnant_refers_and_ends(where: str) -> None:
    session = at(where)
    session.says("pregnant")
    assert session.lines[-1] == "refer_pregnant"
    for word in ("resume", "next", "milk_coming", "undo"):
        session.says(word)
    session.wait(60)
    assert session.ended == "referred"
    session.says("start")
    assert session.lines[-1] == "refer_pregnant"
    assert session.view.mode == "ended"


@pytest.mark.parametrize(
    ("where", "advice"),
    [
        ("warm", "pain_mild_warm"),
        ("massage_stroke", "pain_mild_massage"),
        ("express_hand", "pain_mild_express"),
        ("relax_breathe", "pain_mild_other"),
    ],
)
def test_mild_pain_gets_advice_and_waits_for_her(where: str, advice: str) -> None:
    session = at(where)
    actions = session.says("pain")
    assert isinstance(actions[0], Hush)
    assert not [a for a in actions if isinstance(a, Earcon)]
    assert session.session.question == "pain"
    session.says("mild")
    assert session.lines[-1] == advice
    session.wait(900)
    assert session.view.mode == "paused"
    session.says("resume")
    assert session.step == where


@pytest.mark.parametrize(
    ("where", "then"),
    [
        ("massage_stroke", "express_hand"),
        ("warm", "massage_stroke"),
        ("express_hand", "finish"),
        ("relax_photo", "relax_breathe"),
    ],
)
def test_strong_pain_leaves_the_part(where: str, then: str) -> None:
    session = at(where)
    session.says("pain")
    session.says("strong")
    assert session.lines[-1] == "pain_strong"
    session.says("resume")
    assert session.step == then


def test_after_strong_pain_massage_stays_out() -> None:
    session = at("massage_stroke")
    session.says("pain")
    session.says("strong")
    session.says("resume")
    session.says("back")
    assert session.step == "warm"
    session.says("next")
    assert session.step == "express_hand"


def test_pain_without_an_answer_is_asked_once_more_and_waits() -> None:
    session = at("massage_stroke")
    session.says("pain")
    session.wait(3600)
    assert session.lines.count("pain_wait") == 1
    assert session.session.question == "pain"


def test_taking_back_a_yes_leaves_the_gate_closed_until_she_answers() -> None:
    session = checked()
    session.says("back")
    session.says("yes")
    session.says("undo")
    assert session.session.question == "safety"
    session.says("milk_coming")
    session.says("back")
    assert session.step not in GATED
    session.says("back")
    assert session.step not in GATED


def test_what_waits_for_warmth_is_not_said_once_the_gate_is_closed() -> None:
    session = at("warm")
    session.says("stop")
    closed = replace(session.session, held=False, flags=("fever",))
    warm = Utterance("warm", ("One.", "Two."), "narration")
    waiting = replace(closed, speech=replace(closed.speech, waiting=(warm,)))
    assert start_waiting(session.guide, waiting).speech.now is None
    assert not gate_open(replace(closed, safety="clear"))
    assert not gate_open(replace(closed, flags=(), safety="flagged"))


def test_undo_does_not_end_pain() -> None:
    session = at("massage_stroke")
    session.says("pain")
    session.says("undo")
    assert session.lines[-1] == "nothing_to_undo"
    assert session.session.question == "pain"


def test_pain_at_a_question_comes_back_to_the_question() -> None:
    session = asked()
    session.says("pain")
    session.says("mild")
    session.says("resume")
    assert session.session.question == "safety"


def test_too_hot_pauses_at_once() -> None:
    session = at("warm")
    session.quiet()
    session.wait(30)
    assert isinstance(session.says("too_hot")[0], Hush)
    session.wait(300)
    assert session.view.remaining == pytest.approx(270)
    session.says("resume")
    assert session.step == "warm"
    assert session.view.mode == "guiding"


def test_a_lost_microphone_is_told_and_the_place_kept() -> None:
    session = at("warm")
    session.wait_until(lambda: session.sentence == 1)
    actions = session.send(DeviceLost(session.now, "microphone"))
    assert isinstance(actions[0], Hush)
    assert session.lines[-1] == "device_lost_microphone"
    session.wait(100)
    session.send(DeviceBack(session.now, "microphone"))
    assert session.lines[-1] == "device_back_microphone"
    session.wait(100)
    assert session.view.mode == "paused"
    session.says("resume")
    session.wait_for("warm")
    assert session.playing is not None
    assert session.playing.first == 1


def test_a_lost_loudspeaker_is_silent() -> None:
    session = at("warm")
    actions = session.send(DeviceLost(session.now, "speaker"))
    assert not [a for a in actions if isinstance(a, Say)]
    session.send(DeviceBack(session.now, "speaker"))
    assert session.lines[-1] == "ok_pause"


def test_after_stop_not_even_a_device_speaks() -> None:
    session = checked()
    session.says("stop")
    mark = len(session.done)
    session.send(DeviceLost(session.now, "microphone"))
    session.send(DeviceBack(session.now, "microphone"))
    assert session.since(mark) == []
