"""One event in; the next session and what is to be done out. Total: any event in any state, no exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from voice.guide import (
    answering,
    going,
    nearly,
    relaxing,
    safety,
    safety_awake,
    safety_crisis,
    tuning,
    wishes,
)
from voice.guide.asking import begin
from voice.guide.caring import AWAKE, CALLS, CARE, CARE_AFTER_THE_END, IN_CRISIS
from voice.guide.events import (
    Action,
    Cleared,
    Command,
    DeviceBack,
    DeviceLost,
    Event,
    Heard,
    Quit,
    Rejected,
    Slots,
    SpeechDone,
    Spoke,
    Suspected,
)
from voice.guide.listening import cleared, device_back, device_lost, rejected, suspected
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.moves import realigned
from voice.guide.outcome import actions
from voice.guide.progress import pass_time, progress
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, hold, line_over, sentence_over
from voice.guide.undo import remembered
from voice.guide.words import FLAGS

Handler = Callable[[Guide, Session, Slots], Session]


def step(guide: Guide, session: Session, event: Event) -> tuple[Session, tuple[Action, ...]]:
    """Handle one event. The clock of the session never goes back."""
    before = session
    session = pass_time(guide, session, event.at)
    session = _handled(guide, session, event)
    if session.mode == "guiding":
        session = realigned(guide, session)
    session = progress(guide, session)
    if session.speech.ducked and session.speech.now is None and not relaxing.sounds(guide, session):
        session = replace(session, speech=replace(session.speech, ducked=False))
    return actions(guide, before, session, event)


def _handled(guide: Guide, session: Session, event: Event) -> Session:
    match event:
        case Heard() | Command():
            return _order(guide, session, event.intent, event.slots)
        case Spoke():
            return sentence_over(session, event.say, event.sentence)
        case SpeechDone():
            return line_over(session, event.say)
        case Rejected():
            return rejected(guide, session, event)
        case Suspected():
            return suspected(guide, session)
        case Cleared():
            return cleared(session, event)
        case DeviceLost():
            return device_lost(guide, session, event)
        case DeviceBack():
            return device_back(guide, session, event)
        case Quit():
            return _quit(session)
        case _:
            return session


def _order(guide: Guide, before: Session, intent: str, slots: Slots) -> Session:
    if before.nearly is not None:
        if intent == "no":
            return nearly.let_go(before)
        intent, slots = nearly.meant(before.nearly, intent, slots)
        before = replace(before, nearly=None)
    handler = _table(before).get(intent, safety_crisis.again if before.crisis else None)
    session = replace(before, speech=replace(before.speech, ducked=False), silenced=False, misses=0)
    if before.awake:
        session, handler = safety_awake.heard(session), AWAKE.get(intent, handler)
    if handler is None:
        return missed(session)
    after = handler(guide, session, slots)
    return remembered(session, after) if intent in UNDOABLE else after


def _table(session: Session) -> Mapping[str, Handler]:
    if session.closing == "referred":
        return AFTER_REFERRAL
    if session.ended:
        return AFTER_THE_END
    if session.unbegun:
        return CALLED_WHILE_WAITING
    return CRISIS if session.crisis else ANY_TIME


def _begin(guide: Guide, session: Session, slots: Slots) -> Session:
    if session.returning or session.held:
        return going.resume(guide, session, slots)
    return begin(guide, session) if session.mode == "idle" else session


def _stop(guide: Guide, session: Session, slots: Slots) -> Session:
    """Silence. Nothing is said until she wants it; her place is kept."""
    if session.ended:
        return drop(session)
    if session.closing is not None:
        return replace(hold(session), ended=session.closing, closing=None, ask=None)
    session = safety_crisis.waiting_again(session)
    session = replace(hold(session), silenced=True, finishing=False, offering=False, asking_pain=False)
    session = replace(session, crisis="")
    return session if session.mode == "idle" else replace(session, held=True)


def _stay_silent(guide: Guide, session: Session, slots: Slots) -> Session:
    """No more talk: while she is being guided time goes on; anywhere else it is a stop."""
    if session.mode != "guiding" or session.closing is not None:
        return _stop(guide, session, slots)
    return relaxing.stay_silent(guide, session, slots)


def _pause(guide: Guide, session: Session, slots: Slots) -> Session:
    if session.closing is not None or session.mode == "idle":
        return _stop(guide, session, slots)
    session = replace(hold(session), held=True, finishing=False, offering=False, crisis="")
    if session.step is not None and guide.step(session.step).phase == "warm":
        return answer(guide, session, "pause_warm", "reply")
    line = f"pause_{slots.get('why', '')}"
    return answer(guide, session, line if line in guide.lines else "ok_pause")


def _quit(session: Session) -> Session:
    return replace(hold(session), ended=session.ended or session.closing or "left", closing=None)


def _pain(guide: Guide, session: Session, slots: Slots) -> Session:
    return safety.pain(guide, session)


def _too_hot(guide: Guide, session: Session, slots: Slots) -> Session:
    return safety.too_hot(guide, session)


def _flag(flag: str) -> Handler:
    def handler(guide: Guide, session: Session, slots: Slots) -> Session:
        return safety.red_flag(guide, session, flag)

    return handler


FLAG_HANDLERS: Mapping[str, Handler] = {flag: _flag(flag) for flag in FLAGS}

CRISIS: Mapping[str, Handler] = {
    **FLAG_HANDLERS,
    **IN_CRISIS,
    "stop": _stop,
    "stay_silent": _stop,
    "pause": _pause,
}
"""Intent -> what it does while she is told to call for help; anything else says that once more."""

CALLED_WHILE_WAITING: Mapping[str, Handler] = {
    **IN_CRISIS,
    **dict.fromkeys(("stop", "stay_silent", "pause", "finish", "quit"), _stop),
}
"""The same when there is no session under it: to end it is to wait in silence again."""

ANY_TIME: Mapping[str, Handler] = {
    **FLAG_HANDLERS,
    **CARE,
    "begin": _begin,
    "stop": _stop,
    "stay_silent": _stay_silent,
    "talk": relaxing.talk,
    "background": relaxing.background,
    "breaths": relaxing.breaths,
    "pause": _pause,
    "pain": _pain,
    "too_hot": _too_hot,
    "start": going.start,
    "resume": going.resume,
    "ready": going.ready,
    "next": going.skip,
    "back": going.back,
    "repeat": going.repeat,
    "restart": going.restart,
    "milk_coming": going.milk_coming,
    "skip_phase": going.skip_phase,
    "go_to": going.go_to,
    "yes": answering.yes,
    "no": answering.no,
    "none": answering.none,
    "mild": answering.mild,
    "strong": answering.strong,
    "choose": answering.choose,
    "finish": answering.finish,
    "quit": answering.leave,
    "time_left": tuning.time_left,
    "more_time": tuning.more_time,
    "less_time": tuning.less_time,
    "slower": tuning.slower,
    "faster": tuning.faster,
    "louder": tuning.louder,
    "quieter": tuning.quieter,
    "swap_sides": tuning.swap_sides,
    "where": tuning.where,
    "help": tuning.help_now,
    "detail": wishes.detail,
    "other_voice": wishes.other_voice,
    "leave_out": wishes.leave_out,
    "put_back": wishes.put_back,
    "about": tuning.about,
}
"""Intent -> what it does while a session is not over."""

AFTER_THE_END: Mapping[str, Handler] = {
    **FLAG_HANDLERS,
    **CARE_AFTER_THE_END,
    "stop": _stop,
    "stay_silent": _stop,
    "pause": _stop,
    "begin": going.start_again,
    "start": going.start_again,
    "restart": going.start_again,
    "resume": going.start_again,
    "repeat": going.repeat,
    "louder": tuning.louder,
    "quieter": tuning.quieter,
    "slower": tuning.slower,
    "faster": tuning.faster,
    "help": tuning.help_now,
    "about": tuning.about,
}
"""Intent -> what it does when the session is over."""

AFTER_REFERRAL: Mapping[str, Handler] = {
    **FLAG_HANDLERS,
    **CALLS,
    "stop": _stop,
    "stay_silent": _stop,
    "pause": _stop,
    "repeat": going.repeat,
    "louder": tuning.louder,
    "quieter": tuning.quieter,
    "slower": tuning.slower,
    "faster": tuning.faster,
}
"""Intent -> what it does while she is told that this guide is not for her today."""

UNDOABLE = frozenset(
    {"background", "breaths"}
    | {
        "start",
        "resume",
        "ready",
        "next",
        "back",
        "restart",
        "milk_coming",
        "skip_phase",
        "yes",
        "no",
        "none",
    }
    | {"choose", "finish", "more_time", "less_time", "slower", "faster", "louder", "quieter", "swap_sides"}
    | {"detail", "leave_out", "put_back", "other_voice", "name", "names", "go_to"}
)
"""Commands that `undo` takes back."""
