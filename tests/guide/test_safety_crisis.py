"""Emergency words, words of harm, and a baby who is not with her."""

from __future__ import annotations

import re

import pytest

from tests.guide.mother import Night, at, checked, night
from voice.guide.events import Hush, Say
from voice.guide.load import load_guide
from voice.guide.plan import gate_open
from voice.guide.words import CRISES

PLACES = ("safe_check", "prep_wash", "relax_breathe", "warm", "massage_stroke", "express_hand", "finish")


def there(place: str) -> Night:
    if place == "safe_check":
        session = night()
        session.wait_for("safe_check")
        return session
    if place == "finish":
        session = at("express_hand")
        session.says("finish")
        session.says("yes")
        session.wait_for("finish")
        return session
    return at(place)


@pytest.mark.parametrize("kind", CRISES)
@pytest.mark.parametrize("place", PLACES)
def test_a_call_for_help_silences_and_nothing_goes_on_by_itself(kind: str, place: str) -> None:
    session = there(place)
    actions = session.says(kind)
    assert isinstance(actions[0], Hush)
    assert session.lines[-1] == f"refer_{kind}"
    assert session.view.question == "crisis"
    mark = len(session.done)
    session.wait(3600)
    assert set(session.since(mark)) == {f"refer_{kind}"}
    assert session.ended is None


@pytest.mark.parametrize(
    "word", ["next", "ready", "milk_coming", "undo", "back", "pain", "none", "no", "choose"]
)
def test_any_other_word_says_again_whom_to_call(word: str) -> None:
    session = at("warm")
    session.says("emergency")
    session.says(word)
    assert session.lines[-1] == "refer_emergency"
    assert session.session.question == "crisis"


@pytest.mark.parametrize("kind", CRISES)
def test_only_her_word_goes_on_and_then_without_touch(kind: str) -> None:
    session = at("warm")
    session.says(kind)
    session.says("resume")
    assert session.step == "express_hand"
    assert not gate_open(session.session)


def test_stop_is_silence_in_an_emergency_too() -> None:
    session = at("warm")
    session.says("emergency")
    mark = len(session.done)
    session.says("stop")
    session.wait(3600)
    assert session.since(mark) == []


def test_before_the_start_it_is_answered_too() -> None:
    early = night()
    early.says("emergency")
    assert early.lines[-1] == "refer_emergency"


def test_numbers_come_from_the_country_and_none_is_invented() -> None:
    def said(country: str, line: str) -> str:
        wordings = load_guide(country=country).lines[line].wordings
        return " ".join(sentence for wording in wordings for sentence in wording)

    assert "your local emergency number" in said("", "refer_emergency")
    assert "your local emergency number" in said("ZZ", "refer_emergency")
    assert "nine nine nine" in said("gb", "refer_emergency")
    assert "nine eight eight" in said("US", "refer_harm")
    assert "a crisis line" in said("IT", "refer_harm")
    assert "{" not in said("IT", "refer_harm")


@pytest.mark.parametrize("what", ["died", "ill"])
@pytest.mark.parametrize("company", ["alone", "helper"])
@pytest.mark.parametrize("length", ["standard", "short"])
def test_nothing_pictures_a_baby_who_is_not_there(what: str, company: str, length: str) -> None:
    session = checked(None, (), company=company, length=length, cue="photo")
    session.says("apart", what=what)
    assert session.lines[-1] == f"told_{what}"
    assert session.view.mode == "paused"
    session.says("resume")
    mark = len(session.done)
    for _ in range(60):
        if session.ended:
            break
        session.wait(240)
        session.says("ready" if session.session.question is None else "next")
    told = [action for _, action in session.done[mark:] if isinstance(action, Say)]
    words = " ".join(" ".join(action.sentences) for action in told).lower()
    assert session.ended == "finished"
    assert not re.search(r"\b(baby|baby's|babies|picture of|small face|held them|hold them)\b", words), words


def test_the_question_what_to_look_at_is_not_asked_after_a_loss() -> None:
    session = night()
    session.wait_for("ask_length")
    session.says("apart", what="died")
    session.says("resume")
    session.says("choose", length="short")
    session.says("choose", company="alone")
    session.wait_for("ask_method")
    session.says("choose", method="hand")
    session.wait_for("read_back")
    assert session.playing is not None
    assert "photo" not in " ".join(session.playing.sentences)


def test_a_baby_who_came_home_is_said_by_her() -> None:
    session = checked(None, (), company="helper")
    session.says("apart", what="ill")
    session.says("choose", cue="baby")
    assert session.session.apart == ""
