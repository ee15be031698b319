"""What is to be done, read off from the difference between two sessions."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.events import (
    Action,
    Background,
    Breathe,
    Command,
    DeviceLost,
    Duck,
    Earcon,
    Ended,
    Event,
    Heard,
    Hush,
    Listen,
    Quit,
    Save,
    Say,
    Show,
    SpeechDone,
    Volume,
    WakeAt,
)
from voice.guide.model import Guide
from voice.guide.progress import KEEP_EVERY, next_due
from voice.guide.relaxing import background_now, breath_now
from voice.guide.session import Session
from voice.guide.showing import listening_for, view
from voice.guide.timing import CLOSE
from voice.guide.words import CRISES, FLAGS

SILENT = frozenset(
    {"stop", "stay_silent", "pause", "pain", "too_hot", "helper", "feeling", "apart", *CRISES, *FLAGS}
)
"""Commands that silence her guide at once, whatever comes after; they get no sign of their own."""


def actions(
    guide: Guide, before: Session, after: Session, event: Event
) -> tuple[Session, tuple[Action, ...]]:
    """The session to keep and the actions, in the order they are to be done: silence first."""
    done: list[Action] = []
    says = after.speech.token != before.speech.token
    if _hushes(before, after, event):
        done.append(Hush(_speech_only(after, event)))
    if before.speech.ducked != after.speech.ducked:
        done.append(Duck(after.speech.ducked))
    if after.signs_missed > before.signs_missed:
        done.append(Earcon("missed"))
    elif after.steps_done > before.steps_done:
        done.append(Earcon("done"))
    elif isinstance(event, Heard) and event.intent not in SILENT and not says:
        done.append(Earcon("heard"))
    if _begins(before, after) or before.level != after.level:
        done.append(Volume(after.level))
    done += _under_the_voice(guide, before, after, whole_hush=Hush() in done)
    if says and after.speech.now is not None:
        now = after.speech.now
        said = (after.speech.token, now.line, now.sentences, now.first)
        done.append(Say(*said, after.rate, now.gain, after.wishes.voice))
    if _begins(before, after) or listening_for(before) != listening_for(after):
        done.append(Listen(listening_for(after)))
    if _worth_keeping(before, after, event):
        after = replace(after, saved_at=after.at)
        done.append(Save())
    done += [WakeAt(next_due(guide, after)), Show(view(guide, after))]
    if after.ended and (not before.ended or isinstance(event, Quit)):
        done.append(Ended(after.ended))
    return after, tuple(done)


def _hushes(before: Session, after: Session, event: Event) -> bool:
    if isinstance(event, DeviceLost | Quit):
        return True
    if isinstance(event, Heard | Command) and event.intent in SILENT:
        return True
    over = isinstance(event, SpeechDone) and event.say == before.speech.token
    speaking = before.speech.now is not None and not over
    return speaking and (after.speech.now is None or after.speech.token != before.speech.token)


def _speech_only(after: Session, event: Event) -> bool:
    """Words are replaced or hushed, and the guide goes on: what sounds under them need not end."""
    if isinstance(event, DeviceLost | Quit) or after.ended or after.held or after.silenced:
        return False
    named = event.intent if isinstance(event, Heard | Command) else ""
    return named == "stay_silent" or named not in SILENT


def _under_the_voice(guide: Guide, before: Session, after: Session, whole_hush: bool) -> list[Action]:
    """Background and breathing tones, where they change or a hush has ended them."""
    found: list[Action] = []
    kind, breath = background_now(after), breath_now(guide, after)
    if kind != background_now(before) or (whole_hush and kind):
        found.append(Background(kind))
    if breath != breath_now(guide, before) or (whole_hush and breath):
        found.append(Breathe(True, *breath) if breath else Breathe(False))
    return found


def _begins(before: Session, after: Session) -> bool:
    """The first event of a run that leads anywhere: level and set of commands are not known yet."""
    started = before.mode == "idle" or before.returning
    return started and not (after.mode == "idle" or after.returning)


def _worth_keeping(before: Session, after: Session, event: Event) -> bool:
    if isinstance(event, Quit):
        return True
    if after.running and after.at - after.saved_at >= KEEP_EVERY - CLOSE:
        return True
    return _kept(before) != _kept(after)


def _kept(session: Session) -> Session:
    """What has to be written down when it changes; time alone is written down now and then."""
    place = replace(session.place, elapsed=0.0, side_elapsed=0.0)
    speech = replace(
        session.speech, starts_at=0.0, quiet_since=0.0, restarted_at=0.0, ducked=False, restarts=0
    )
    return replace(
        session,
        at=0.0,
        saved_at=0.0,
        expressed=0.0,
        warmed=0.0,
        with_baby=0.0,
        place=place,
        speech=speech,
        misses=0,
        missed_at=0.0,
        turned_away=None,
        helped_at=None,
        nearly=None,
        nearly_at=None,
        signs_missed=0,
        asks=0,
        lost=(),
        silenced=False,
    )
