"""Commands beyond the way through the steps: questions, feelings, her helper, the record, calls for help."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voice.guide import (
    answering,
    naming,
    questions,
    record,
    safety,
    safety_awake,
    safety_crisis,
    safety_mood,
    tuning,
)
from voice.guide.events import Slots
from voice.guide.model import Guide
from voice.guide.session import Session
from voice.guide.undo import undo

Handler = Callable[[Guide, Session, Slots], Session]


def helper(guide: Guide, session: Session, slots: Slots) -> Session:
    """She speaks to her helper through the guide: where the hands go, to press less, or to stop."""
    what = slots.get("what")
    if what == "where":
        return questions.to_helper(guide, session, slots)
    return safety.helper_off(guide, session, "helper_lighter" if what == "lighter" else "helper_stop")


def take_back(guide: Guide, session: Session, slots: Slots) -> Session:
    """The last thing she told for the record, or else the last command."""
    return record.taken_back(guide, session) or undo(guide, session, slots)


def _emergency(guide: Guide, session: Session, slots: Slots) -> Session:
    return safety_crisis.crisis(guide, session, "emergency")


def _harm(guide: Guide, session: Session, slots: Slots) -> Session:
    return safety_crisis.crisis(guide, session, "harm")


CALLS: Mapping[str, Handler] = {"emergency": _emergency, "harm": _harm}
"""Words that call for help, in any state."""

CARE: Mapping[str, Handler] = {
    **CALLS,
    "ask_about": questions.ask_about,
    "nothing_yet": questions.nothing_yet,
    "feeling": safety_mood.feeling,
    "apart": safety_mood.apart,
    "helper": helper,
    "record": record.record,
    "name": naming.name,
    "names": naming.ask_for,
    "undo": take_back,
}
"""Intent -> what it does while a session is not over."""

CARE_AFTER_THE_END: Mapping[str, Handler] = {
    **CALLS,
    "ask_about": questions.ask_about,
    "feeling": safety_mood.feeling,
}
"""Intent -> what it does when the session is over."""

IN_CRISIS: Mapping[str, Handler] = {
    **CALLS,
    "resume": safety_crisis.passed,
    "finish": answering.leave,
    "quit": answering.leave,
    "louder": tuning.louder,
    "quieter": tuning.quieter,
    "slower": tuning.slower,
    "faster": tuning.faster,
}
"""Intent -> what it does while she is told to call for help; stop and the red flags come on top of it."""

AWAKE: Mapping[str, Handler] = {
    "yes": safety_awake.yes,
    "ready": safety_awake.yes,
    "resume": safety_awake.yes,
    "no": safety_awake.no,
}
"""Intent -> what it does when she was asked whether she is awake; any other word shows it as well."""
