"""What she told, drawn as an SVG: one bar a session. No target, no sum, no judgement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from voice.errors import LullError
from voice.guide.parts import Amount
from voice.runtime.history import Past

OUNCE = 29.57
"""Millilitres in a fluid ounce of the United States."""

BAR, GAP, HEIGHT, MARGIN = 26, 14, 220, 46
"""Pixels: width of a bar, space between two, height of the tallest, space around."""

COLOURS = {"left": "#7a9cc6", "right": "#b58db6", "both": "#8fb8a2", "": "#a9a9a9"}
"""Fill of a bar by side; told apart by light as well as by hue."""


def write_chart(sessions: Sequence[Past], path: Path) -> str:
    """Draw the sessions with an amount into `path`; returns one sentence. Raises LullError when it cannot."""
    told = [past for past in sessions if past.amounts]
    if not told:
        return "No amount was told yet, so there is nothing to draw."
    try:
        path.write_text(chart(told), encoding="utf-8")
    except OSError as error:
        raise LullError(f"The chart cannot be written to {path} ({error}); give another file.") from error
    return f"{len(told)} sessions drawn to {path}"


def chart(sessions: Sequence[Past]) -> str:
    """The picture: a bar for each session, its sides stacked, the amount above and the day below."""
    tallest = max(sum(map(millilitres, past.amounts)) for past in sessions) or 1.0
    width = 2 * MARGIN + len(sessions) * (BAR + GAP)
    size = f'width="{max(width, 320)}" height="{HEIGHT + 2 * MARGIN + 20}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
        ' font-family="sans-serif" font-size="11" fill="#333">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        "<title>Milk as it was told, in millilitres</title>",
        f'<text x="{MARGIN}" y="18">Milk as it was told, in millilitres</text>',
    ]
    for number, past in enumerate(sessions):
        parts += _bar(past, MARGIN + number * (BAR + GAP), HEIGHT / tallest)
    parts += _key({amount.side for past in sessions for amount in past.amounts})
    return "\n".join([*parts, "</svg>"]) + "\n"


def millilitres(amount: Amount) -> float:
    """An amount in one unit, so that bars can stand side by side."""
    return amount.said * OUNCE if amount.unit == "oz" else amount.said


def _bar(past: Past, left: float, scale: float) -> Iterator[str]:
    floor = top = float(MARGIN + HEIGHT)
    for amount in past.amounts:
        tall = millilitres(amount) * scale
        top -= tall
        size = f'width="{BAR}" height="{tall:.1f}"'
        yield f'<rect x="{left}" y="{top:.1f}" {size} fill="{COLOURS[amount.side]}"/>'
    middle = left + BAR / 2
    whole = sum(map(millilitres, past.amounts))
    yield f'<text x="{middle}" y="{top - 5:.1f}" text-anchor="middle">{whole:.0f}</text>'
    began = past.began.astimezone()
    for line, text in enumerate((f"{began:%d.%m.}", past.expressed_at or f"{began:%H:%M}")):
        yield f'<text x="{middle}" y="{floor + 15 + 13 * line}" text-anchor="middle">{escape(text)}</text>'


def _key(sides: set[str]) -> Iterator[str]:
    left = MARGIN
    for side in [side for side in COLOURS if side and side in sides]:
        low = HEIGHT + 2 * MARGIN + 12
        yield f'<rect x="{left}" y="{low - 9}" width="10" height="10" fill="{COLOURS[side]}"/>'
        yield f'<text x="{left + 15}" y="{low}">{side}</text>'
        left += 70
