"""Saving her place, and how a length of time is said."""

from __future__ import annotations

import json

import pytest

from tests.guide.mother import at, checked, real_guide
from voice.errors import LullError
from voice.guide.session import from_json, new_session, resumed, to_json
from voice.guide.showing import view, view_at
from voice.guide.timing import human


def changed(**fields: object) -> str:
    return json.dumps({**json.loads(to_json(at("warm").session)), **fields})


def test_a_session_comes_back_as_it_was() -> None:
    session = at("express_hand")
    session.says("louder")
    session.says("pause")
    assert from_json(to_json(session.session), session.guide) == session.session


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "damaged"),
        ("{}", "damaged"),
        ("[1, 2]", "damaged"),
        ('{"guide": "letdown"', "damaged"),
        (changed(at="soon"), r"damaged \(at\)"),
        (changed(safety="perhaps"), r"damaged \(safety"),
        (changed(guide="other"), "guide 'other'"),
        (changed(place={"step": "sauna"}), "unknown step 'sauna'"),
        (changed(left_out=["sauna"]), "unknown step 'sauna'"),
        (changed(ask="weather"), "unknown question 'weather'"),
        (changed(choices={"length": "short"}), "unknown choices"),
        (changed(last_choices={"length": "endless"}), "unknown choices"),
        (
            changed(speech={"waiting": [{"line": "warm", "sentences": [], "kind": "narration"}]}),
            "without sentences",
        ),
    ],
)
def test_a_damaged_or_foreign_session_is_refused_in_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(LullError, match=reason) as caught:
        from_json(text, real_guide())
    assert "start a new one." in str(caught.value)


def test_a_session_that_was_over_begins_afresh_with_the_same_choices() -> None:
    session = at("finish", method="pump")
    session.wait(60)
    again = resumed(session.session, at=0.0)
    assert again.mode == "idle"
    assert again.choices["method"] == "pump"
    assert again.step is None


def test_old_choices_that_no_longer_exist_are_dropped() -> None:
    made = new_session(
        real_guide(), at=0.0, last_choices={"length": "endless", "pet": "cat", "method": "pump"}
    )
    assert made.choices == {"length": "standard", "company": "alone", "cue": "photo", "method": "pump"}
    assert new_session(real_guide(), at=0.0, last_choices={"pet": "cat"}).last_choices is None


def test_pace_and_loudness_from_outside_are_bounded() -> None:
    made = new_session(real_guide(), at=0.0, rate=9.0, level=50.0)
    assert (made.rate, made.level) == (1.3, 0.0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "a few seconds"),
        (19.0, "a few seconds"),
        (20.0, "about half a minute"),
        (44.0, "about half a minute"),
        (45.0, "about a minute"),
        (89.0, "about a minute"),
        (90.0, "about two minutes"),
        (149.0, "about two minutes"),
        (151.0, "about three minutes"),
        (1800.0, "about thirty minutes"),
        (99999.0, "about ninety-nine minutes"),
    ],
)
def test_time_is_said_the_way_people_say_it(seconds: float, said: str) -> None:
    assert human(real_guide().times, seconds) == said


def test_a_display_can_count_along() -> None:
    session = at("warm")
    session.quiet()
    later = view_at(session.guide, session.session, session.now + 100)
    assert later.remaining == pytest.approx(200)
    assert view(session.guide, session.session).remaining == pytest.approx(300)


def test_the_view_says_all_a_display_needs() -> None:
    session = checked()
    while session.step != "warm":
        session.says("next")
    session.wait_for("warm")
    shown = session.view
    assert shown.caption == session.playing.sentences[0] if session.playing else False
    assert (shown.mode, shown.phase, shown.step, shown.listening_for) == (
        "guiding",
        "warm",
        "warm",
        "guiding",
    )
    assert (shown.step_number, shown.step_count) == (11, 16)
    session.wait_until(lambda: session.sentence == 1)
    assert session.playing is not None
    assert session.view.caption == session.playing.sentences[1]
