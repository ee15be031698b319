"""What she hears, read as prose: sources, banned claims, words as they are spoken, and how easy it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from voice.data.reading import parse, read_yaml
from voice.guide.model import Guide, Line
from voice.guide.wording import MARKS
from voice.language.lint import MARK, SLOT, Finding

FILE = "banned.yaml"
HIGHEST_GRADE = 6.0
"""School grade of a line, and of the whole narration, at most: a tired child of eleven follows."""
FEWEST_WORDS = 12
"""Words a line needs for a grade of its own; with fewer, one long name decides everything."""
LONGEST_BREATH = 6.0
"""Seconds of a sentence at most: what a calm voice says in one breath. Our choice."""
CHARACTERS_A_SECOND = 14.0
"""Pace of the narrating voice, measured over the English lines."""
GRADED = "en"
"""The language the grade's formula is made for."""
FIGURE = re.compile(r"\d")
SIGN = re.compile(r"[°%/&+=#@*_€$]")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
VOWELS = re.compile(r"[aeiouy]+")


class Ban(BaseModel):
    """Words that must not be spoken, with the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(min_length=1)
    words: list[str] = Field(min_length=1)


class Bans(BaseModel):
    """The whole of banned.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    banned: dict[str, Ban]


@dataclass(frozen=True)
class Reading:
    """How easy a text reads: its school grade by Flesch and Kincaid, its words and its sentences."""

    grade: float
    words: int
    sentences: int


def load_bans(folder: Path) -> Mapping[str, Ban]:
    """Kind of claim -> its words and the reason, from a locale's folder. Raises DataError."""
    return parse(read_yaml(folder / FILE), Bans).banned


def check_prose(guide: Guide, bans: Mapping[str, Ban], language: str) -> Iterator[Finding]:
    """Every line without a source, with a banned claim, with what nobody says, or too hard to follow."""
    patterns = [(pattern(words), words, ban.reason) for ban in bans.values() for words in ban.words]
    for line in guide.lines.values():
        for rule in _faults(guide, line, patterns):
            yield _finding(line, rule)
        for sentence in _sentences(line) if language == GRADED else ():
            seconds = len(MARKS.sub("", SLOT.sub("", sentence))) / CHARACTERS_A_SECOND
            if seconds > LONGEST_BREATH:
                rule = f"line '{line.id}' has a sentence of {seconds:.1f} s, more than a breath; split it."
                yield _finding(line, rule)
        reading = line_reading(line) if language == GRADED else None
        if reading is not None and reading.grade > HIGHEST_GRADE:
            rule = f"line '{line.id}' reads at grade {reading.grade:.1f}; take shorter words or sentences."
            yield _finding(line, rule)


def pattern(words: str) -> re.Pattern[str]:
    """Banned words as whole words; a * at the end of a word stands for any ending."""
    return re.compile(rf"\b{re.escape(words)}\b".replace(r"\*", r"\w*"), re.IGNORECASE)


def narration_reading(guide: Guide) -> Reading:
    """How easy the whole narration reads: every wording of every line that has a full sentence."""
    return reading_of(sentence for line in guide.lines.values() for sentence in _sentences(line))


def line_reading(line: Line) -> Reading | None:
    """How easy all wordings of a line read together; None when they are too few words to tell."""
    reading = reading_of(_sentences(line))
    return reading if reading.words >= FEWEST_WORDS else None


def reading_of(sentences: Iterable[str]) -> Reading:
    """Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others, 1975).

    Names, which end without a full stop, and slots count as nothing.
    """
    full = [MARK.sub(r"\1", SLOT.sub("", each)) for each in sentences if each.rstrip()[-1:] in ".?!"]
    words = [word for sentence in full for word in WORD.findall(sentence)]
    if not words:
        return Reading(0.0, 0, 0)
    spoken = sum(syllables(word) for word in words)
    grade = 0.39 * len(words) / len(full) + 11.8 * spoken / len(words) - 15.59
    return Reading(grade, len(words), len(full))


def syllables(word: str) -> int:
    """Syllables of an English word by rule: groups of vowels, without the silent endings -e, -es and -ed.

    Spoken endings count: -le after a consonant (gentle), -ted (rested), -zes and the like (squeezes).
    """
    text = word.lower().replace("'", "")
    if re.search(r"[^aeiouy](le|les|led)$", text) or re.search(r"([td]ed|[sxz]es|[cs]hes|[cg]es)$", text):
        stem = text
    else:
        stem = re.sub(r"(?<=[^aeiouy])(e|es|ed)$", "", text)
    return max(1, len(VOWELS.findall(stem)))


def _sentences(line: Line) -> Iterator[str]:
    yield from (sentence for wording in line.wordings for sentence in wording)


def _faults(guide: Guide, line: Line, bans: list[tuple[re.Pattern[str], str, str]]) -> Iterator[str]:
    if not set(line.source) or not set(line.source) <= set(guide.sources):
        yield f"line '{line.id}' has no source; name one of sources.yaml, or ours."
    for sentence in _sentences(line):
        plain = SLOT.sub("", sentence)
        for banned, words, reason in bans:
            if banned.search(plain):
                yield f"line '{line.id}' says '{words}', which {reason}; word it otherwise."
        if FIGURE.search(plain):
            yield f"line '{line.id}' has a figure; write the number as it is said."
        if sign := SIGN.search(plain):
            yield f"line '{line.id}' has the sign {sign[0]}; write what is said for it."


def _finding(line: Line, rule: str) -> Finding:
    file, number = line.where.rsplit(":", 1)
    return Finding(file, int(number), rule)
