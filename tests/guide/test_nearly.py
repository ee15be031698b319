"""A command that was nearly understood: asked about once, answered by yes or no, let go by silence."""

from __future__ import annotations

import pytest

from tests.guide.mother import Night, at, night
from voice.guide.events import Hush, Listen, Rejected, Say, Tick
from voice.guide.nearly import EVERY
from voice.guide.progress import marks
from voice.guide.session import from_json, to_json
from voice.guide.timing import NEARLY_PATIENCE


def nearly(her: Night, intent: str = "next", phrase: str = "skip this step", **slots: str) -> None:
    her.send(Rejected(her.now, "unknown_words", "[unk]", her.now - 1.0, her.now, intent, slots, phrase))


def asked(her: Night) -> int:
    return her.lines.count("did_you_say")


def listening(her: Night) -> str:
    return [a for _, a in her.done if isinstance(a, Listen)][-1].commands


def test_she_is_asked_in_her_words_and_yes_does_it() -> None:
    her = at("warm")
    nearly(her)
    (said,) = [a for a in her.last if isinstance(a, Say)]
    assert said.sentences == ("Did you say skip this step?",)
    assert listening(her) == "nearly"
    her.wait(3.0)
    her.says("yes")
    assert her.session.step != "warm"
    assert listening(her) == "guiding"


def test_yes_keeps_what_was_meant_by_it() -> None:
    her = at("warm")
    her.quiet()
    before = her.session.place.added
    nearly(her, "more_time", "two more minutes", minutes="2")
    her.wait(3.0)
    her.says("yes")
    assert her.session.place.added == before + 120


def test_no_and_silence_let_it_go_and_time_has_gone_on() -> None:
    for answer in ("no", None):
        her = at("warm")
        her.quiet()
        elapsed = her.session.place.elapsed
        nearly(her)
        her.wait(3.0)
        if answer:
            her.says(answer)
        her.wait(NEARLY_PATIENCE + 3.0)
        her.send(Tick(her.now))
        assert her.session.step == "warm"
        assert her.session.nearly is None
        assert listening(her) == "guiding"
        assert her.session.place.elapsed >= elapsed + 6.0


def test_the_narration_waits_for_her_answer_and_then_goes_on() -> None:
    her = at("warm")
    her.wait_until(lambda: her.sentence == 1)
    nearly(her)
    her.wait_until(lambda: her.playing is None)
    ended = her.now
    her.wait_until(lambda: her.playing is not None)
    assert her.now == pytest.approx(ended + NEARLY_PATIENCE, abs=0.1)
    assert her.playing is not None
    assert her.playing.line == "warm"


def test_another_command_is_taken_as_it_is() -> None:
    her = at("warm")
    nearly(her)
    assert Hush() in her.says("stop")
    assert her.session.held
    her.says("yes")
    assert her.session.held


@pytest.mark.parametrize(
    "intent", ["stop", "pause", "pain", "too_hot", "fever", "emergency", "harm", "apart"]
)
def test_what_acts_at_once_is_never_asked_about(intent: str) -> None:
    her = at("warm")
    nearly(her, intent, "anything")
    assert not asked(her)


def test_nothing_is_asked_while_something_else_is_open() -> None:
    paused = at("warm")
    paused.says("pause")
    pained = at("warm")
    pained.says("pain")
    finishing = at("warm")
    finishing.says("finish")
    silent = at("warm")
    silent.says("stay_silent")
    crisis = at("warm")
    crisis.says("emergency")
    for one in (paused, pained, finishing, silent, crisis, night()):
        nearly(one)
        assert not asked(one)


def test_a_room_full_of_talk_is_not_questioned_all_the_time() -> None:
    her = at("warm")
    for _ in range(5):
        nearly(her)
        her.wait(EVERY / 6)
    assert asked(her) == 1
    her.wait(EVERY)
    nearly(her)
    assert asked(her) == 2


def test_a_question_open_when_the_power_failed_is_readable() -> None:
    her = at("warm")
    nearly(her)
    assert from_json(to_json(her.session), her.guide) == her.session
    assert marks(her.guide, her.session, her.guide.step("warm"))
