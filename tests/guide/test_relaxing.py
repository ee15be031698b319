"""Sound under the voice, breaths by tones, a wish for silence, and who is spoken to by which name."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.guide.mother import Night, at, checked, night
from tests.guide.storms import Plan, begun, nights, under_way
from voice.guide.events import (
    Action,
    Background,
    Breathe,
    DeviceLost,
    Duck,
    Heard,
    Hush,
    Quit,
    Rejected,
    Say,
    Suspected,
)
from voice.guide.parts import SOUNDS, Wishes
from voice.guide.relaxing import background_now, breath_now, with_breath
from voice.guide.session import from_json, to_json
from voice.guide.step import step

some = hypothesis_settings(max_examples=60, deadline=None, database=None)


class Speaker:
    """What a loudspeaker that only follows the actions would be playing under the voice."""

    def __init__(self) -> None:
        self.sound: str | None = None
        self.breath: tuple[float, float] | None = None

    def follow(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            if isinstance(action, Hush) and not action.speech_only:
                self.sound, self.breath = None, None
            elif isinstance(action, Background):
                self.sound = action.kind
            elif isinstance(action, Breathe):
                self.breath = (action.breathe_in, action.breathe_out) if action.on else None


def with_waves(made: Night) -> Night:
    made.says("background", kind="waves")
    made.quiet()
    return made


wild = st.builds(
    lambda intent, slots, rest: [Plan("heard", 1.0, intent, slots), *rest],
    st.sampled_from(["background", "breaths", "stay_silent"]),
    st.sampled_from(
        [*[(("kind", kind),) for kind in (*SOUNDS, "on", "none", "odd")], (("breath", "longer"),), ()]
    ),
    nights,
)


@some
@given(wild, st.booleans())
def test_the_loudspeaker_plays_under_the_voice_exactly_what_the_guide_wants(
    plan_list: list[Plan], late: bool
) -> None:
    speaker = Speaker()
    for _, _, after, actions in (under_way if late else begun)(plan_list):
        speaker.follow(actions)
        assert speaker.sound == background_now(after)
        assert speaker.breath == breath_now(night().guide, after)
        if after.mode in ("paused", "ended", "idle"):
            assert speaker.sound is None
            assert speaker.breath is None


@some
@given(wild)
def test_stop_silences_voice_and_sounds_from_every_state(plan_list: list[Plan]) -> None:
    for _, _, session, _ in under_way(plan_list):
        _, actions = step(night().guide, session, Heard(session.at, "stop"))
        speaker = Speaker()
        speaker.follow(actions)
        assert actions[0] == Hush()
        assert speaker.sound is None
        assert speaker.breath is None
        assert not any(isinstance(action, Say) for action in actions)


@pytest.mark.parametrize("intent", ["pause", "pain", "too_hot", "fever", "pregnant"])
def test_a_pause_of_any_kind_is_without_waves(intent: str) -> None:
    made = with_waves(at("relax_photo"))
    actions = made.says(intent)
    assert actions[0] == Hush()
    assert background_now(made.session) is None


def test_losing_the_microphone_or_leaving_ends_the_waves() -> None:
    for event in (DeviceLost(99.0, "microphone"), Quit(99.0)):
        made = with_waves(at("relax_photo"))
        actions = made.send(event)
        assert actions[0] == Hush()
        assert background_now(made.session) is None


def test_a_line_that_takes_the_place_of_another_leaves_the_waves_alone() -> None:
    made = with_waves(at("relax_photo"))
    made.says("repeat")
    actions = made.says("time_left")
    assert actions[0] == Hush(speech_only=True)
    assert not any(isinstance(action, Background) for action in actions)


def test_the_waves_alone_give_way_when_she_may_be_speaking() -> None:
    made = with_waves(at("relax_photo"))
    assert made.playing is None
    assert Duck(True) in made.send(Suspected(made.now))
    silent = at("relax_photo")
    silent.quiet()
    assert Duck(True) not in silent.send(Suspected(silent.now))


def test_they_are_kept_for_the_next_night_and_in_a_saved_session() -> None:
    made = with_waves(at("relax_photo"))
    made.says("breaths", breath="longer")
    again = from_json(to_json(made.session), made.guide)
    assert again.wishes.background == "waves"
    assert (again.wishes.breathe_in, again.wishes.breathe_out) == (4.5, 7.0)


def test_a_breath_stays_easy_whatever_is_wished_for() -> None:
    assert with_breath(Wishes(), 0.0, 99.0) == Wishes(breathe_in=2.5, breathe_out=10.0)


def test_tones_begin_after_the_opening_words_and_are_not_begun_anew_by_talk() -> None:
    made = at("relax_breathe")
    made.wait_until(lambda: bool([a for _, a in made.done if isinstance(a, Breathe)]))
    made.says("time_left")
    made.says("louder")
    made.wait(20)
    begun_at = [when for when, action in made.done if isinstance(action, Breathe)]
    assert len(begun_at) == 1
    said_at = made.said_at("note_low")[0]
    assert begun_at[0] > said_at


def test_in_silence_she_is_not_told_that_she_was_not_caught_and_nobody_urges_her() -> None:
    made = at("prep_wash")
    made.quiet()
    made.says("stay_silent")
    mark = len(made.done)
    for _ in range(3):
        made.wait(2)
        made.send(Rejected(made.now, "unknown_words", "", made.now - 1, made.now))
    made.wait(300)
    assert made.since(mark) == []
    assert made.session.mode == "guiding"
    assert made.events < 200, "waiting in silence must not spin"


def test_silence_keeps_the_words_that_keep_her_safe() -> None:
    made = at("warm")
    made.quiet()
    made.says("stay_silent")
    mark = len(made.done)
    made.wait_until(lambda: made.step != "warm")
    assert "warm_look" in made.since(mark)
    assert not {"warm_rest", "warm_drift_1", "warm_near_end"} & set(made.since(mark))


def test_a_red_flag_and_a_question_are_spoken_in_silence() -> None:
    made = at("relax_photo")
    made.says("stay_silent")
    made.says("fever")
    assert made.playing is not None
    assert made.playing.line == "refer_fever"


def test_each_is_spoken_to_by_name_or_by_role() -> None:
    nameless = checked(None, (), company="helper")
    named = checked(None, (), company="helper")
    named.session = replace(named.session, names={"mother": "Ana", "helper": "Tom"})
    said = []
    for made in (nameless, named):
        while made.step != "massage_back":
            made.says("next")
        made.wait_for("massage_back_helper")
        assert made.playing is not None
        said.append(" ".join(made.playing.sentences))
    assert "Now to you, behind her." in said[0]
    assert "Now to Tom, behind Ana." in said[1]


def test_the_rub_leaves_time_between_its_steps() -> None:
    made = at("massage_back", company="helper")
    made.wait_for("back_rub_circles")
    made.wait_for("massage_back_near_end")
    starts = [
        when
        for when, a in made.done
        if isinstance(a, Say) and a.line.startswith(("back_rub", "massage_back"))
    ]
    rub = starts[2:]
    assert all(later - earlier >= 10 for earlier, later in pairwise(rub))


@pytest.mark.parametrize(
    "line", ["relax_scan", *(f"relax_scan_{part}" for part in range(1, 5)), "warm_drift_1"]
)
def test_the_tenth_night_does_not_sound_like_the_first(line: str) -> None:
    wordings = night().guide.lines[line].wordings
    assert len(wordings) >= 4
    assert wordings[0] != wordings[9 % len(wordings)]
