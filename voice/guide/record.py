"""The record: what she tells at the end is read back in a few words, kept, and can be taken back."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from voice.guide import amounts
from voice.guide.events import Slots
from voice.guide.missing import missed
from voice.guide.model import Guide
from voice.guide.moves import enter
from voice.guide.parts import Amount
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, then

MOST_ENTRIES = 8
"""Amounts of one session; more would be a misunderstanding."""

MOST: dict[Literal["ml", "oz"], float] = {"ml": 1000.0, "oz": 35.0}
"""An amount beyond this is a misunderstanding."""


def record(guide: Guide, session: Session, slots: Slots) -> Session:
    """An amount, or the time of day: kept and read back. Only while she is asked."""
    if session.question != "amount":
        return missed(session)
    if "time" in slots:
        return _time(guide, session, slots["time"])
    if "value" not in slots and session.amounts and slots.get("side") in guide.amounts.sides:
        return _side(guide, session, slots["side"])
    amount = _amount(slots)
    if amount is None or amount.unit not in guide.amounts.units or len(session.amounts) >= MOST_ENTRIES:
        return missed(session)
    kept = replace(session, amounts=(*session.amounts, amount), asks=0)
    kept = answer(guide, kept, "ok_amount", "ack", amount=amounts.spoken(guide, amount))
    return kept if session.counts.get("if_misheard") else then(guide, kept, "if_misheard", "ack")


def over(guide: Guide, session: Session) -> Session:
    """Nothing more to write down: the session ends. She is not asked again."""
    return enter(guide, drop(replace(session, ask=None, amount_asked=True)), None)


def wrong(guide: Guide, session: Session) -> Session:
    """What was read back is not what she said: once more. With nothing told: she wants no record."""
    without = taken_back(guide, session)
    return over(guide, session) if without is None else answer(guide, without, "ask_amount_again", "reply")


def right(guide: Guide, session: Session) -> Session:
    """What was read back is right, or she has something to tell: is there any more?"""
    told = session.amounts or session.expressed_at
    return answer(guide, session, "ask_amount_more" if told else "ask_amount", "reply")


def taken_back(guide: Guide, session: Session) -> Session | None:
    """Without what she told last, while she is asked; None when there is nothing of it."""
    if session.question != "amount" or not (session.amounts or session.expressed_at):
        return None
    if session.amounts:
        session = replace(session, amounts=session.amounts[:-1], asks=0)
    else:
        session = replace(session, expressed_at="", asks=0)
    return answer(guide, session, "ok_undo")


def _side(guide: Guide, session: Session, side: str) -> Session:
    """The side of the amount she told before."""
    amount = replace(session.amounts[-1], side=side)
    kept = replace(session, amounts=(*session.amounts[:-1], amount), asks=0)
    return answer(guide, kept, "ok_amount", "ack", amount=amounts.spoken(guide, amount))


def _time(guide: Guide, session: Session, time: str) -> Session:
    if time not in guide.amounts.times:
        return missed(session)
    kept = replace(session, expressed_at=time, asks=0)
    return answer(guide, kept, "ok_amount_time", "ack", time=guide.amounts.times[time])


def _amount(slots: Slots) -> Amount | None:
    unit: Literal["ml", "oz"] = "oz" if slots.get("unit") == "oz" else "ml"
    try:
        said = float(slots.get("value", ""))
    except ValueError:
        return None
    if not math.isfinite(said) or not 0 <= said <= MOST[unit]:
        return None
    side = slots.get("side", "")
    return Amount(said, unit, side if side in ("left", "right", "both") else "")
