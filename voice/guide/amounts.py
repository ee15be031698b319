"""How much milk there was, when she cares to tell: asked once at the end. No sum, no judgement."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.model import Guide
from voice.guide.parts import Amount
from voice.guide.session import Session
from voice.guide.speaking import then


def wanted(guide: Guide, session: Session) -> bool:
    """She expressed, was not asked yet, and the language has words for amounts."""
    return session.expressed > 0 and not session.amount_asked and bool(guide.amounts.units)


def ask(guide: Guide, session: Session) -> Session:
    """Asks once whether she wants it written down."""
    session = replace(session, ask="amount", asks=0, amount_asked=True)
    return then(guide, session, "ask_amount")


def spoken(guide: Guide, amount: Amount) -> str:
    """An amount the way it is said: `sixty mils, left`."""
    words = guide.amounts
    number = words.numbers.get(f"{amount.said:g}", f"{amount.said:g}")
    unit = words.units[amount.unit]
    told = {0.5: unit.half, 1.0: unit.one}.get(amount.said) or unit.many
    text = told.replace("{n}", number)
    return f"{text}, {words.sides[amount.side]}" if amount.side in words.sides else text
