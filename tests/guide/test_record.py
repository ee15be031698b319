"""What she tells at the end: asked once, read back, kept, taken back; and comfort with a pump."""

from __future__ import annotations

import pytest

from tests.guide.mother import Night, at, night
from voice.guide.parts import Amount
from voice.guide.session import from_json, resumed, to_json


def asked() -> Night:
    session = at("express_hand")
    session.wait_until(lambda: session.session.running)
    session.wait(60)
    session.says("finish")
    session.says("yes")
    session.wait_for("ask_amount")
    return session


def test_amounts_with_and_without_a_side_are_read_back_and_kept() -> None:
    session = asked()
    session.says("record", unit="ml", value="60", side="left")
    assert session.playing is not None
    assert session.playing.sentences == ("sixty mils, left, noted.",)
    session.says("record", unit="oz", value="0.5")
    assert session.playing.sentences == ("half an ounce, noted.",)
    session.says("record", unit="oz", value="1")
    assert session.playing.sentences == ("one ounce, noted.",)
    session.says("record", time="2:30")
    assert session.playing.sentences == ("half past two, noted.",)
    assert session.session.amounts == (Amount(60, "ml", "left"), Amount(0.5, "oz"), Amount(1, "oz"))
    assert session.session.expressed_at == "2:30"
    again = from_json(to_json(session.session), session.guide)
    assert again.amounts == session.session.amounts


def test_a_side_alone_belongs_to_the_amount_before() -> None:
    session = asked()
    session.says("record", unit="ml", value="50")
    session.says("record", side="right")
    assert session.session.amounts == (Amount(50, "ml", "right"),)


def test_what_was_told_can_be_taken_back_one_by_one() -> None:
    session = asked()
    session.says("record", unit="ml", value="60")
    session.says("record", unit="ml", value="40")
    session.says("undo")
    assert session.session.amounts == (Amount(60, "ml"),)
    assert session.lines[-1] == "ok_undo"
    assert session.session.question == "amount"


@pytest.mark.parametrize("word", ["next", "no", "none", "ready", "finish"])
def test_any_word_for_going_on_ends_it_and_it_is_not_asked_again(word: str) -> None:
    session = asked()
    session.says(word)
    session.wait(60)
    assert session.ended == "finished"
    assert len(session.said_at("ask_amount")) == 1


def test_silence_ends_it() -> None:
    session = asked()
    session.wait(60)
    assert session.ended == "finished"
    assert len(session.said_at("ask_amount")) == 1


def test_nothing_is_asked_when_she_did_not_express() -> None:
    session = at("warm")
    session.says("finish")
    session.says("yes")
    session.wait(90)
    assert session.ended == "finished"
    assert "ask_amount" not in session.lines


@pytest.mark.parametrize(
    "slots", [{"value": "x"}, {"value": "nan"}, {"value": "1e9"}, {"value": "-3"}, {"time": "26:99"}, {}]
)
def test_nonsense_is_not_written_down(slots: dict[str, str]) -> None:
    session = asked()
    session.says("record", **slots)
    assert session.session.amounts == ()
    assert session.session.expressed_at == ""


def test_an_amount_at_another_time_is_no_command() -> None:
    session = at("express_hand")
    session.says("record", unit="ml", value="60")
    assert session.session.amounts == ()


def test_the_next_night_begins_with_an_empty_record() -> None:
    session = asked()
    session.says("record", unit="ml", value="60")
    session.says("next")
    session.wait(60)
    assert resumed(session.session, at=0.0).amounts == ()
    assert night().session.amounts == ()


def test_milk_brings_the_deeper_pull_at_once() -> None:
    session = at("express_pump", method="pump")
    session.wait_until(lambda: session.session.running)
    session.wait(20)
    session.says("milk_coming")
    session.wait_for("express_pump_deeper")
    session.quiet()
    session.wait(400)
    assert len(session.said_at("express_pump_deeper")) == 1
    assert "express_slow" not in session.lines
