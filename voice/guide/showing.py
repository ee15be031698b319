"""What a display shows and what the ear listens for, from the session alone."""

from __future__ import annotations

from voice.guide.model import Guide
from voice.guide.plan import route
from voice.guide.progress import pass_time
from voice.guide.session import Session
from voice.guide.timing import step_left, whole_left
from voice.guide.view import View

SETS = {
    "same_as_last": "yes_no",
    "carry_on": "yes_no",
    "confirm_finish": "yes_no",
    "safety": "safety",
    "safety_which": "safety",
    "pain": "pain",
    "crisis": "crisis",
    "awake": "still_awake",
    "amount": "amount",
    "helper_name": "names",
    "mother_name": "names",
    "name_right": "yes_no",
}
"""Open question -> the set of commands that answer it; those of the set-up are `choices`."""


def listening_for(session: Session) -> str:
    """The set of commands that makes sense now."""
    if session.question is not None:
        return SETS.get(session.question, "choices")
    if session.nearly is not None:
        return "nearly"
    if session.ended:
        return "awake"
    if session.waiting:
        # What is being said can be stopped; a silent room is listened to for the start alone.
        return "idle" if session.speech.now is None else "awake"
    return "guiding"


def view_at(guide: Guide, session: Session, at: float) -> View:
    """What to show at the time `at`, for displays that count along between two events."""
    return view(guide, pass_time(guide, session, at))


def view(guide: Guide, session: Session) -> View:
    """What to show now."""
    step = guide.by_id.get(session.step or "")
    on_way = route(guide, session)
    return View(
        caption=_caption(session),
        mode=session.mode,
        phase=step.phase if step else "",
        step=step.id if step else "",
        step_number=on_way.index(step) + 1 if step else 0,
        step_count=len(on_way),
        picture=step.picture if step else None,
        remaining=step_left(guide, session),
        whole_remaining=whole_left(guide, session),
        choices=dict(session.choices),
        listening_for=listening_for(session),
        question=session.question,
    )


def _caption(session: Session) -> str:
    speech = session.speech
    if speech.now is None:
        return speech.shown.sentences[-1] if speech.shown else ""
    return speech.now.sentences[min(speech.sentence, len(speech.now.sentences) - 1)]
