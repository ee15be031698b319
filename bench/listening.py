"""What an independent recogniser makes of spoken words, word by word: spelling evened out, then aligned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'"})
TOKEN = re.compile(r"\d+|[a-z]+(?:'[a-z]+)*")
SPELLINGS: Mapping[str, str] = {
    "let down": "letdown",
    "under way": "underway",
    "centre": "center",
    "all right": "alright",
    "any way": "anyway",
    "any more": "anymore",
    "finger tips": "fingertips",
    "for ever": "forever",
    "half way": "halfway",
    "help line": "helpline",
    "on to": "onto",
    "ok": "okay",
    "round": "around",
    "towards": "toward",
    "centimetre": "centimeter",
    "centimetres": "centimeters",
    "millilitre": "milliliter",
    "millilitres": "milliliters",
    "i'm": "i am",
    "i've": "i have",
    "i'll": "i will",
    "it's": "it is",
    "that's": "that is",
    "let's": "let us",
    "don't": "do not",
    "you've": "you have",
    "you're": "you are",
    "we're": "we are",
    "can't": "cannot",
    "can not": "cannot",
}
"""Two ways to write the same sound; nothing that sounds different is in here."""

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@dataclass(frozen=True)
class Miss:
    """A word that was not heard as spoken. `spoken` or `heard` is empty for a word added or dropped.

    `place` is the number of the reference word (0-based) at or before which it happened.
    """

    place: int
    spoken: str
    heard: str


def words(text: str) -> list[str]:
    """The words of `text`, with figures as words and one spelling for each sound."""
    found = " ".join(
        _number(int(token)) if token.isdigit() else token
        for token in TOKEN.findall(text.lower().translate(APOSTROPHES))
    )
    for written, evened in SPELLINGS.items():
        found = re.sub(rf"\b{re.escape(written)}\b", evened, found)
    return found.split()


def _number(value: int) -> str:
    if value < len(ONES):
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f" {ONES[value % 10]}" if value % 10 else "")
    return " ".join(ONES[int(digit)] for digit in str(value))


def misses(spoken: Sequence[str], heard: Sequence[str]) -> list[Miss]:
    """The fewest changes that turn `heard` into `spoken`: what was put in place of, left out, or added."""
    rows, columns = len(spoken) + 1, len(heard) + 1
    cost = [[row + column if not row * column else 0 for column in range(columns)] for row in range(rows)]
    for row in range(1, rows):
        for column in range(1, columns):
            same = cost[row - 1][column - 1] + (spoken[row - 1] != heard[column - 1])
            cost[row][column] = min(same, cost[row - 1][column] + 1, cost[row][column - 1] + 1)
    found: list[Miss] = []
    row, column = rows - 1, columns - 1
    while row or column:
        here = cost[row][column]
        if row and column and here == cost[row - 1][column - 1] + (spoken[row - 1] != heard[column - 1]):
            row, column = row - 1, column - 1
            if spoken[row] != heard[column]:
                found.append(Miss(row, spoken[row], heard[column]))
        elif row and here == cost[row - 1][column] + 1:
            row -= 1
            found.append(Miss(row, spoken[row], ""))
        else:
            column -= 1
            found.append(Miss(row, "", heard[column]))
    return found[::-1]
