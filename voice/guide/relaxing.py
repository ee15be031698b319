"""What sounds under the voice and how much is said: background, breathing tones, and her wish for silence."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.events import Slots
from voice.guide.going import resume
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.parts import SOUNDS, Wishes
from voice.guide.plan import guests
from voice.guide.session import Session
from voice.guide.speaking import answer, drop

SHORTEST_IN, LONGEST_IN = 2.5, 7.0
SHORTEST_OUT, LONGEST_OUT = 3.5, 10.0
"""Seconds of a breath that is still easy. Our choice."""

BREATH_STEP = 0.5, 1.0
"""Seconds that one "longer breaths" adds to breathing in and out: out grows more, as it calms."""


def background_now(session: Session) -> str | None:
    """The background that sounds now. A pause of any kind silences it, whatever the reason."""
    hushed = (
        session.held or session.silenced or session.asking_pain or session.offering or bool(session.crisis)
    )
    if hushed or session.ended or session.closing not in (None, "finished") or session.mode == "idle":
        return None
    return session.wishes.background or None


def breath_now(guide: Guide, session: Session) -> tuple[float, float] | None:
    """Seconds in and out that tones pace now, in a step that has them; they begin after its opening words."""
    if not session.running or session.step is None:
        return None
    step = guide.step(session.step)
    if not any(part.tones for part in (step, *guests(guide, session, step))):
        return None
    return session.wishes.breathe_in, session.wishes.breathe_out


def sounds(guide: Guide, session: Session) -> bool:
    """Something sounds under the voice."""
    return background_now(session) is not None or breath_now(guide, session) is not None


def background(guide: Guide, session: Session, slots: Slots) -> Session:
    """Another background, none, or (`on`) the last one she had; without one, which there are."""
    kind, wishes = slots.get("kind", ""), session.wishes
    if kind == "on":
        kind = wishes.background or wishes.last_background
        if not kind:
            return answer(guide, session, "which_sound", "reply")
    if kind == "none":
        gone = replace(wishes, background="", last_background=wishes.background or wishes.last_background)
        return answer(guide, replace(session, wishes=gone), "sound_none")
    if kind not in SOUNDS:
        return missed(session)
    chosen = replace(wishes, background=kind, last_background=kind)
    return answer(guide, replace(session, wishes=chosen), f"sound_{kind}")


def breaths(guide: Guide, session: Session, slots: Slots) -> Session:
    """Longer or shorter breaths, from the next breath on."""
    longer = slots.get("breath") == "longer"
    sign = 1 if longer else -1
    wishes = with_breath(
        session.wishes,
        session.wishes.breathe_in + sign * BREATH_STEP[0],
        session.wishes.breathe_out + sign * BREATH_STEP[1],
    )
    if wishes == session.wishes:
        return answer(guide, session, "longest_breaths" if longer else "shortest_breaths")
    return answer(
        guide, replace(session, wishes=wishes), "ok_longer_breaths" if longer else "ok_shorter_breaths"
    )


def with_breath(wishes: Wishes, breathe_in: float, breathe_out: float) -> Wishes:
    """The wishes with this breath, in seconds, kept within what is easy."""
    return replace(
        wishes,
        breathe_in=min(LONGEST_IN, max(SHORTEST_IN, breathe_in)),
        breathe_out=min(LONGEST_OUT, max(SHORTEST_OUT, breathe_out)),
    )


def stay_silent(guide: Guide, session: Session, slots: Slots) -> Session:
    """Silence at once; time goes on, and only what changes is said. For a running session."""
    return replace(drop(session), wordless=True)


def talk(guide: Guide, session: Session, slots: Slots) -> Session:
    """The voice speaks as usual again."""
    session = replace(session, wordless=False)
    return resume(guide, session, slots) if session.held else answer(guide, session, "ok_talk")
