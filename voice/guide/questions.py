"""Her questions: one sentence from the data, then time and narration go on; and comfort when no milk comes.

A topic is answered by the line of her step, of its phase, or of the topic alone: `answer_why_warm`,
`answer_why_massage`, `answer_why`.
"""

from __future__ import annotations

from dataclasses import replace

from voice.guide import tuning
from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.plan import gate_open
from voice.guide.session import Session
from voice.guide.speaking import answer

SECOND_TRY_AFTER = 60.0
"""Seconds of rest, breathing and stroking before she is invited to try once more."""


def ask_about(guide: Guide, session: Session, slots: Slots) -> Session:
    """One sentence about what she asks; a pause stays a pause."""
    topic = slots.get("topic", "")
    step = guide.by_id.get(session.step or "")
    if topic == "enough" and step is not None and step.phase != "express":
        return tuning.time_left(guide, session, {"scope": "step"})
    if step is not None and step.gated and not gate_open(session):
        step = None
    places = (step.id, step.phase, "") if step else ("",)
    for place in places:
        line = f"answer_{topic}_{place}" if place else f"answer_{topic}"
        if line in guide.lines:
            return answer(guide, session, line, "reply")
    return missed(session)


def nothing_yet(guide: Guide, session: Session, slots: Slots) -> Session:
    """Nothing comes, or she cannot go on: comfort. While expressing: rest, breathe, stroke, a second try."""
    what = slots.get("what", "")
    line = f"nothing_yet_{what}" if f"nothing_yet_{what}" in guide.lines else "nothing_yet"
    step = guide.by_id.get(session.step or "")
    if step is None or step.phase != "express" or session.closing:
        return answer(guide, session, line, "reply")
    retry = session.place.elapsed + SECOND_TRY_AFTER
    session = replace(session, place=replace(session.place, retry_at=retry, milk=False))
    spoken = f"{line}_express" if f"{line}_express" in guide.lines else "nothing_yet_express"
    return answer(guide, session, spoken, "reply")


def to_helper(guide: Guide, session: Session, slots: Slots) -> Session:
    """Where the helper's hands go, told to the helper; nothing of it while massage is closed to her."""
    step = guide.by_id.get(session.step or "")
    if step is None or step.phase != "massage" or not gate_open(session):
        return tuning.where(guide, session, slots)
    return answer(guide, session, "helper_where", "reply")
