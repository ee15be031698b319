"""Random nights: any event, in any order, at any moment, on the real guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from voice.guide.events import (
    Action,
    Cleared,
    Command,
    DeviceBack,
    DeviceLost,
    Event,
    Heard,
    Rejected,
    SpeechDone,
    Spoke,
    Suspected,
    Tick,
    WakeAt,
)
from voice.guide.load import load_guide
from voice.guide.session import Session, new_session
from voice.guide.step import ANY_TIME, step

GUIDE = load_guide().with_help({"next": "next", "none": "none", "yes": "yes", "start": "start"})
SHARED = {"remind_ready", "swap_sides_now"}
WARMING = {line for part in GUIDE.steps if part.gated for line in part.lines()} - SHARED

slots: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.sampled_from(
        [{q.id: option} for q in GUIDE.questions for option in q.options]
        + [{"minutes": m} for m in ("1", "10", "x", "-3")]
        + [{"scope": scope} for scope in ("step", "whole", "both", "")]
        + [{"phase": phase} for phase in ("warm", "massage", "nonsense")]
        + [{"topic": topic} for topic in ("hands", "how_hot", "why", "enough", "nonsense")]
        + [
            {"what": what}
            for what in ("died", "ill", "dread", "sleepy", "cannot", "drops", "where", "lighter")
        ]
        + [{"why": why} for why in ("baby", "door", "nonsense")]
        + [{"value": value, "unit": "ml", "side": "left"} for value in ("60", "nan", "x", "1e9")]
        + [{"time": "2:30"}, {"time": "26:99"}, {"value": "2.5", "unit": "oz"}]
        + [{"kind": kind} for kind in ("waves", "none", "on", "nonsense")]
        + [{"breath": breath} for breath in ("longer", "shorter")]
        + [{"level": level} for level in ("short", "full", "nonsense")]
        + [{"part": part} for part in ("this", "warm", "massage", "massage_roll", "express", "nonsense")]
        + [{"name": "Tom"}, {"name": "Ana", "who": "mother"}, {"who": "helper"}, {"who": "none"}]
        + [{"part": part, "when": "later"} for part in ("this", "massage", "relax_photo")]
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
    delays,
    intents,
    slots,
    st.booleans(),
)
speech = st.builds(lambda kind, after: Plan(kind, after), st.sampled_from(["spoke", "done"]), st.floats(0, 8))
others = st.one_of(
    st.builds(lambda after: Plan("tick", after), delays),
    st.builds(lambda after: Plan("wake", after), st.just(0.0)),
    st.builds(lambda number: Plan("stale", 1.0, number=number), st.integers(0, 50)),
    st.builds(lambda after: Plan("suspected", after), st.floats(0, 5)),
    st.builds(lambda after, spoke: Plan("cleared", after, number=spoke), st.floats(0, 5), st.floats(0, 3)),
    st.builds(
        lambda long, word: Plan("rejected", 1.0, number=long, word=word),
        st.floats(0, 2),
        st.sampled_from(["not_a_command", "own_voice", "unknown_words"]),
    ),
    st.builds(
        lambda word, back: Plan("back" if back else "lost", 1.0, word=word),
        st.sampled_from(["microphone", "speaker"]),
        st.booleans(),
    ),
)
plans = st.lists(st.one_of(orders, speech, speech, others), max_size=60)


nights = st.builds(
    lambda steps, rest: [*[Plan("heard", 1.0, "next")] * steps, *rest], st.integers(0, 13), plans
)
"""Random events from any step on."""


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
            device: Literal["microphone", "speaker"] = (
                "microphone" if plan.word == "microphone" else "speaker"
            )
            return DeviceLost(at, device) if plan.kind == "lost" else DeviceBack(at, device)
        case "wake":
            return Tick(session.at if wake is None else max(session.at, wake))
        case _:
            return Tick(at)


Row = tuple[Session, Event, Session, tuple[Action, ...]]
"""Before, event, after, actions."""


def played(plan_list: list[Plan], session: Session) -> list[Row]:
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
    return new_session(GUIDE, at=0.0, last_choices=choices if last else None, asks_names=True)


def begun(plan_list: list[Plan], last: bool = False) -> list[Row]:
    return played([Plan("command", 0.0, "begin"), *plan_list], fresh(last))


def under_way(plan_list: list[Plan]) -> list[Row]:
    """Past the set-up and a clear safety check, where most of a session happens."""
    opening = [Plan("command", 0.0, "begin"), *[Plan("heard", 1.0, "next")] * 4, Plan("heard", 1.0, "none")]
    return played([*opening, *plan_list], fresh())
