"""What holds after any events in any order, on the real guide."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.guide.storms import GUIDE, WARMING, Plan, begun, intents, nights, plans, played, under_way
from voice.guide.events import (
    Action,
    Command,
    Heard,
    Hush,
    Listen,
    Quit,
    Rejected,
    Say,
    Show,
    SpeechDone,
    Spoke,
    Tick,
    WakeAt,
)
from voice.guide.plan import gate_open
from voice.guide.session import Session, from_json, resumed, to_json
from voice.guide.showing import SETS
from voice.guide.step import FLAG_HANDLERS, step
from voice.guide.view import View
from voice.guide.words import FLAGS

some = settings(max_examples=30, deadline=None)


def the_view(actions: tuple[Action, ...]) -> View:
    (shown,) = [action.view for action in actions if isinstance(action, Show)]
    return shown


@some
@given(nights, st.booleans())
def test_time_is_never_negative_and_never_goes_back(plan_list: list[Plan], last: bool) -> None:
    for before, _, after, actions in [*begun(plan_list, last), *under_way(plan_list)]:
        assert after.at >= before.at
        view = the_view(actions)
        assert view.remaining is None or view.remaining >= 0
        assert view.whole_remaining is None or view.whole_remaining >= 0
        assert after.place.elapsed >= 0
        for action in actions:
            if isinstance(action, WakeAt) and action.at is not None:
                assert action.at >= after.at


@some
@given(nights)
def test_never_two_lines_at_once(plan_list: list[Plan]) -> None:
    for before, event, _, actions in under_way(plan_list):
        says = [action for action in actions if isinstance(action, Say)]
        assert len(says) <= 1
        if says:
            speaking = before.speech.now is not None
            ended = isinstance(event, SpeechDone) and event.say == before.speech.token
            assert not speaking or ended or isinstance(actions[0], Hush)
            assert 0 <= says[0].first < len(says[0].sentences)
            assert not set("<>{}") & set(" ".join(says[0].sentences))


@some
@given(nights, plans, st.booleans())
def test_stop_silences_until_she_asks_for_more(before: list[Plan], then: list[Plan], early: bool) -> None:
    history = begun(before) if early else under_way(before)
    session, actions = step(GUIDE, history[-1][2], Heard(history[-1][2].at, "stop"))
    assert isinstance(actions[0], Hush)
    assert not [action for action in actions if isinstance(action, Say)]
    for _, event, _, done in played(then, session):
        if isinstance(event, Heard | Command):
            break
        assert not [action for action in done if isinstance(action, Say)]


@some
@given(nights)
def test_stop_keeps_the_place(plan_list: list[Plan]) -> None:
    before = under_way(plan_list)[-1][2]
    after, _ = step(GUIDE, before, Heard(before.at, "stop"))
    later, _ = step(GUIDE, after, Tick(before.at + 5000))
    assert later.place == before.place


@some
@given(nights)
def test_no_red_flag_and_no_open_question_leads_to_warmth_or_massage(plan_list: list[Plan]) -> None:
    for _, _, after, actions in [*begun(plan_list), *under_way(plan_list)]:
        if gate_open(after):
            continue
        assert after.mode != "guiding" or after.step is None or not GUIDE.step(after.step).gated
        assert not [action for action in actions if isinstance(action, Say) and action.line in WARMING]


@some
@given(nights, st.sampled_from(FLAGS), plans)
def test_a_red_flag_is_never_taken_back(before: list[Plan], flag: str, then: list[Plan]) -> None:
    history = under_way([*before, Plan("heard", 1.0, flag)])
    assert isinstance(history[-1][3][0], Hush)
    for _, _, after, actions in played(then, history[-1][2]):
        assert flag in after.flags
        assert not [action for action in actions if isinstance(action, Say) and action.line in WARMING]


@some
@given(nights)
def test_only_her_answer_opens_the_gate(plan_list: list[Plan]) -> None:
    for before, event, after, _ in [*begun(plan_list), *under_way(plan_list)]:
        if gate_open(after) and not gate_open(before):
            assert isinstance(event, Heard | Command)
            assert event.intent in ("none", "no")


@some
@given(plans, st.lists(st.floats(0, 900), min_size=2, max_size=6))
def test_expressing_never_passes_its_cap(plan_list: list[Plan], stretches: list[float]) -> None:
    opening = [Plan("heard", 1.0, "milk_coming"), *[Plan("done", 4.0), Plan("tick", 1.0)] * 4]
    long = [item for stretch in stretches for item in (Plan("tick", stretch), Plan("suspected", stretch))]
    for _, _, after, _ in under_way([*opening, *long, *plan_list, *long]):
        assert after.expressed <= GUIDE.express_cap + 1e-6


@some
@given(nights, plans, st.integers(0, 60))
def test_a_saved_session_goes_on_just_the_same(before: list[Plan], then: list[Plan], cut: int) -> None:
    session = under_way(before)[min(cut, len(before))][2]
    again = from_json(to_json(session), GUIDE)
    assert again == session
    straight, saved = played(then, session), played(then, again)
    assert [row[2:] for row in straight] == [row[2:] for row in saved]


@some
@given(nights, plans)
def test_a_session_taken_up_in_a_new_run_waits_and_then_obeys(before: list[Plan], then: list[Plan]) -> None:
    saved = from_json(to_json(under_way(before)[-1][2]), GUIDE)
    again = resumed(saved, at=7.0)
    quiet, actions = step(GUIDE, again, Tick(1000.0))
    assert not [action for action in actions if isinstance(action, Say)]
    assert quiet.place == again.place
    for _, _, after, _ in played([Plan("command", 0.0, "begin"), *then], again):
        assert after.mode in ("asking", "guiding", "paused", "idle", "ended")


@some
@given(nights, st.booleans())
def test_the_ear_always_listens_for_what_answers(plan_list: list[Plan], last: bool) -> None:
    listening = None
    for _, _, after, actions in begun(plan_list, last):
        for action in actions:
            if isinstance(action, Listen):
                listening = action.commands
        assert listening == the_view(actions).listening_for
        if after.question in SETS:
            assert listening == SETS[after.question]


def signature(session: Session) -> tuple[object, ...]:
    return session.mode, session.question, session.step, session.ended, session.closing


WAYS_OUT = {
    "idle": ["start"],
    "guiding": ["next", "back", "finish", "pause", "milk_coming"],
    "paused": ["resume", "next"],
    "asking": ["next", "yes", "no", "resume", "choose", "none", "finish", "pause"],
}


@some
@given(nights, st.booleans())
def test_every_state_can_be_left_by_voice(plan_list: list[Plan], last: bool) -> None:
    for _, _, session, _ in [*begun(plan_list, last), *under_way(plan_list)]:
        if session.ended or session.closing:
            continue
        found = []
        for intent in WAYS_OUT[session.mode]:
            after, _ = step(GUIDE, session, Heard(session.at, intent))
            found.append(signature(after) != signature(session))
        assert any(found), (session.mode, session.question, session.step)


@some
@given(nights)
def test_quitting_always_ends_and_keeps_the_place(plan_list: list[Plan]) -> None:
    before = under_way(plan_list)[-1][2]
    after, actions = step(GUIDE, before, Quit(before.at))
    assert isinstance(actions[0], Hush)
    assert after.ended
    assert type(actions[-1]).__name__ == "Ended"
    if before.step and after.ended == "left":
        assert resumed(after, at=0.0).step == before.step


@some
@given(st.one_of(st.floats(), st.integers()), intents)
def test_odd_clocks_are_no_error(at: float, intent: str) -> None:
    session = under_way([])[-1][2]
    late = (Spoke(at, -1, -1), SpeechDone(at, 10**9), Rejected(at, "x", "", at, at))
    for event in (Tick(at), Heard(at, intent), *late):
        after, _ = step(GUIDE, session, event)
        assert after.at >= session.at
        assert after.at < float("inf")


def test_every_red_flag_has_its_command() -> None:
    assert set(FLAG_HANDLERS) == set(FLAGS)
