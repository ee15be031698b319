"""What holds after any events in any order, on the real guide."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from voice.guide.events import (
    Action,
    Cleared,
    Command,
    DeviceBack,
    DeviceLost,
    Event,
    Heard,
    Hush,
    Listen,
    Quit,
    Rejected,
    Say,
    Show,
    SpeechDone,
    Spoke,
    Suspected,
    Tick,
    WakeAt,
)
from voice.guide.load import load_guide
from voice.guide.plan import gate_open
from voice.guide.session import Session, from_json, new_session, resumed, to_json
from voice.guide.showing import SETS
from voice.guide.step import ANY_TIME, FLAG_HANDLERS, step
from voice.guide.view import View
from voice.guide.words import FLAGS

GUIDE = load_guide().with_help({"next": "next", "none": "none", "yes": "yes", "start": "start", "resume": "carry on"})
WARMING = {line for part in GUIDE.steps if part.gated for line in part.lines()} - {"remind_ready", "swap_sides_now"}

slots = st.one_of(
    st.just({}),
    st.sampled_from(
        [{q.id: option} for q in GUIDE.questions for option in q.options]
        + [{"minutes": m} for m in ("1", "10", "x", "-3")]
        + [{"scope": scope} for scope in ("step", "whole", "both", "")]
        + [{"phase": phase} for phase in ("warm", "massage", "nonsense")]
    ),
)
intents = st.sampled_from([*ANY_TIME, *["next", "none", "ready", "resume"] * 4, "unheard_of", ""])


@dataclass(frozen=True)
class Plan:
    """An event that still needs to know the moment: `kind`, seconds after the one before, its details."""

    kind: str
    after: float
    intent: str = ""
    slots: tuple[tuple[str, str], ...] = ()
    number: float = 0.0
    word: str = ""


delays = st.one_of(st.floats(0, 5), st.floats(0, 400))
orders = st.builds(
    lambda after, intent, said, command: Plan(
        "command" if command else "heard", after, intent, tuple(said.items())
    ),
    delays, intents, slots, st.booleans(),
)
speech = st.builds(lambda kind, after: Plan(kind, after), st.sampled_from(["spoke", "done"]), st.floats(0, 8))
others = st.one_of(
    st.builds(lambda after: Plan("tick", after), delays),
    st.builds(lambda after: Plan("wake", after), st.just(0.0)),
    st.builds(lambda number: Plan("stale", 1.0, number=number), st.integers(0, 50)),
    st.builds(lambda after: Plan("suspected", after), st.floats(0, 5)),
    st.builds(lambda after, spoke: Plan("cleared", after, number=spoke), st.floats(0, 5), st.floats(0, 3)),
    st.builds(lambda long, word: Plan("rejected", 1.0, number=long, word=word), st.floats(0, 2),
              st.sampled_from(["not_a_command", "own_voice", "unknown_words"])),
    st.builds(lambda word, back: Plan("back" if back else "lost", 1.0, word=word),
              st.sampled_from(["microphone", "speaker"]), st.booleans()),
)
plans = st.lists(st.one_of(orders, speech, speech, others), max_size=60)


def event_of(plan: Plan, session: Session, wake: float | None) -> Event:
    at = session.at + plan.after
    say, sentence = session.speech.token, session.speech.sentence
    match plan.kind:
        case "heard":
            return Heard(at, plan.intent, dict(plan.slots))
        case "command":
            return Command(at, plan.intent, dict(plan.slots))
        case "spoke":
            return Spoke(at, say, sentence)
        case "done":
            return SpeechDone(at, say)
        case "stale":
            return SpeechDone(at, int(plan.number))
        case "suspected":
            return Suspected(at)
        case "cleared":
            return Cleared(at, plan.number)
        case "rejected":
            return Rejected(at, plan.word, "", 0.0, plan.number)
        case "lost" | "back":
            device = "microphone" if plan.word == "microphone" else "speaker"
            return DeviceLost(at, device) if plan.kind == "lost" else DeviceBack(at, device)
        case "wake":
            return Tick(session.at if wake is None else max(session.at, wake))
        case _:
            return Tick(at)


def played(plan_list: list[Plan], session: Session) -> list[tuple[Session, Event, Session, tuple[Action, ...]]]:
    wake: float | None = None
    history = []
    for plan in plan_list:
        event = event_of(plan, session, wake)
        after, actions = step(GUIDE, session, event)
        wake = next((action.at for action in actions if isinstance(action, WakeAt)), None)
        history.append((session, event, after, actions))
        session = after
    return history


def fresh(last: bool = False) -> Session:
    choices = {"length": "short", "company": "helper", "cue": "baby", "method": "pump"}
    return new_session(GUIDE, at=0.0, last_choices=choices if last else None)


def begun(plan_list: list[Plan], last: bool = False) -> list[tuple[Session, Event, Session, tuple[Action, ...]]]:
    return played([Plan("command", 0.0, "begin"), *plan_list], fresh(last))


def under_way(plan_list: list[Plan]) -> list[tuple[Session, Event, Session, tuple[Action, ...]]]:
    """Past the set-up and a clear safety check, where most of a session happens."""
    opening = [Plan("command", 0.0, "begin"), *[Plan("heard", 1.0, "next")] * 4, Plan("heard", 1.0, "none")]
    return played([*opening, *plan_list], fresh())


some = settings(max_examples=60, deadline=None)


def the_view(actions: tuple[Action, ...]) -> View:
    (shown,) = [action.view for action in actions if isinstance(action, Show)]
    return shown


@some
@given(plans, st.booleans())
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
@given(plans)
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
@given(plans, plans, st.sampled_from([begun, under_way]))
def test_stop_silences_until_she_asks_for_more(before: list[Plan], then: list[Plan], opening: object) -> None:
    history = begun(before) if opening is begun else under_way(before)
    session, actions = step(GUIDE, history[-1][2], Heard(history[-1][2].at, "stop"))
    assert isinstance(actions[0], Hush)
    assert not [action for action in actions if isinstance(action, Say)]
    for _, event, _, done in played(then, session):
        if isinstance(event, Heard | Command):
            break
        assert not [action for action in done if isinstance(action, Say)]


@some
@given(plans)
def test_stop_keeps_the_place(plan_list: list[Plan]) -> None:
    before = under_way(plan_list)[-1][2]
    after, _ = step(GUIDE, before, Heard(before.at, "stop"))
    later, _ = step(GUIDE, after, Tick(before.at + 5000))
    assert replace(later.place) == before.place


@some
@given(plans)
def test_no_red_flag_and_no_open_question_leads_to_warmth_or_massage(plan_list: list[Plan]) -> None:
    for _, _, after, actions in [*begun(plan_list), *under_way(plan_list)]:
        if gate_open(after):
            continue
        assert after.mode != "guiding" or after.step is None or not GUIDE.step(after.step).gated
        assert not [action for action in actions if isinstance(action, Say) and action.line in WARMING]


@some
@given(plans, st.sampled_from(FLAGS), plans)
def test_a_red_flag_is_never_taken_back(before: list[Plan], flag: str, then: list[Plan]) -> None:
    history = under_way([*before, Plan("heard", 1.0, flag)])
    assert isinstance(history[-1][3][0], Hush)
    for _, _, after, actions in played(then, history[-1][2]):
        assert flag in after.flags
        assert not [action for action in actions if isinstance(action, Say) and action.line in WARMING]


@some
@given(plans)
def test_only_her_answer_opens_the_gate(plan_list: list[Plan]) -> None:
    for before, event, after, _ in [*begun(plan_list), *under_way(plan_list)]:
        if gate_open(after) and not gate_open(before):
            assert isinstance(event, Heard | Command)
            assert event.intent in ("none", "no")


@some
@given(plans)
def test_expressing_never_passes_its_cap(plan_list: list[Plan]) -> None:
    opening = [Plan("heard", 1.0, "milk_coming"), Plan("done", 4.0), Plan("done", 9.0), Plan("done", 9.0)]
    stretched = [item for plan in plan_list for item in (plan, Plan("tick", 120.0), Plan("done", 1.0))]
    for _, _, after, _ in under_way([*opening, *stretched]):
        assert after.expressed <= GUIDE.express_cap + 1e-6


@some
@given(plans, plans, st.integers(0, 60))
def test_a_saved_session_goes_on_just_the_same(before: list[Plan], then: list[Plan], cut: int) -> None:
    session = under_way(before)[min(cut, len(before))][2]
    again = from_json(to_json(session), GUIDE)
    assert again == session
    straight, saved = played(then, session), played(then, again)
    assert [row[2:] for row in straight] == [row[2:] for row in saved]


@some
@given(plans, plans)
def test_a_session_taken_up_in_a_new_run_waits_and_then_obeys(before: list[Plan], then: list[Plan]) -> None:
    saved = from_json(to_json(under_way(before)[-1][2]), GUIDE)
    again = resumed(saved, at=7.0)
    quiet, actions = step(GUIDE, again, Tick(1000.0))
    assert not [action for action in actions if isinstance(action, Say)]
    assert quiet.place == again.place
    for _, _, after, _ in played([Plan("command", 0.0, "begin"), *then], again):
        assert after.mode in ("asking", "guiding", "paused", "idle", "ended")


@some
@given(plans, st.booleans())
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
@given(plans, st.booleans())
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
@given(plans)
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
    for event in (Tick(at), Heard(at, intent), Spoke(at, -1, -1), SpeechDone(at, 10**9), Rejected(at, "x", "", at, at)):
        after, _ = step(GUIDE, session, event)
        assert after.at >= session.at
        assert after.at < float("inf")


def test_every_red_flag_has_its_command() -> None:
    assert set(FLAG_HANDLERS) == set(FLAGS)
