"""`lull replay`: a journal through the guide of today, without sound; where would it differ?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from voice.data import DATA
from voice.errors import LullError
from voice.guide.events import Command, Heard, Rejected, Say, SpeechDone, Spoke, Tick
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.guide.session import from_json
from voice.guide.step import step
from voice.language.commands import Commands
from voice.runtime.bookmarks import bookmark
from voice.runtime.history import Recorded, Run, runs


def replay(path: Path, tell: Callable[[str], None] = print, locale: str = "en", country: str = "") -> int:
    """Tell every run of the journal at `path`; 0 when all went as they would today, 1 when one parts.

    Raises LullError for a file that is no journal.
    """
    names = Commands.load(DATA / "locale" / locale).help_names()
    found = runs(path)
    if not found:
        tell(f"{path} holds no sessions.")
    parted = 0
    for number, run in enumerate(found, 1):
        tell(f"Run {number} of {run.began.astimezone():%Y-%m-%d %H:%M}, {len(run.events)} events")
        guide = load_guide(DATA, run.guide, locale, country).with_help(names)
        trouble = _replay_run(run, guide, tell)
        if trouble:
            tell(f"  {trouble}")
            parted += 1
    tell(f"{len(found) - parted} of {len(found)} runs went as they would today.")
    return 1 if parted else 0


def _replay_run(run: Run, guide: Guide, tell: Callable[[str], None]) -> str:
    """Why the run cannot be followed to its end, or an empty text."""
    if not run.events:
        return ""
    try:
        session = from_json(run.first_state, guide)
    except LullError as error:
        return str(error)
    for number, recorded in enumerate(run.events, 1):
        session, actions = step(guide, session, recorded.event)
        _tell_event(recorded, tell)
        for action in actions:
            if isinstance(action, Say):
                text = " ".join(action.sentences[action.first :])
                tell(f"  {_time(recorded.event.at)}  {action.line}: {text}")
        if bookmark(session).digest() != recorded.after:
            other = (
                "" if guide.version == run.version else f" (guide {run.version} then, {guide.version} now)"
            )
            return f"parts from what happened at event {number}, {_time(recorded.event.at)}{other}"
    return ""


def _tell_event(recorded: Recorded, tell: Callable[[str], None]) -> None:
    event = recorded.event
    match event:
        case Heard() | Command():
            slots = " ".join(f"{key}={value}" for key, value in event.slots.items())
            tell(f"  {_time(event.at)}  she: {event.intent} {slots}".rstrip())
        case Rejected():
            tell(f"  {_time(event.at)}  rejected ({event.reason}): {event.text}")
        case Tick() | Spoke() | SpeechDone():
            pass
        case _:
            tell(f"  {_time(event.at)}  {type(event).__name__}")


def _time(at: float) -> str:
    return f"{int(at) // 60:3d}:{at % 60:04.1f}"
