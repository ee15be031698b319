"""Rules that hold between what she can say, what the guide says, and what the model knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from voice.guide.model import Guide, Line
from voice.language.commands import Commands
from voice.language.schema import ALL
from voice.language.text import normalise

MARK = re.compile(r"<([^<>]*)>")
SLOT = re.compile(r"\{[^{}]*\}")
GUIDING = "guiding"
REPLY_SETS: Mapping[str, tuple[str, ...]] = {
    "about": ("awake", "idle"),
    "greet": ("choices", "yes_no"),
    "disclaimer": ("choices", "yes_no"),
    "ask_same_as_last": ("yes_no",),
    "ask_again_hint": ("choices",),
    "default_taken": ("choices",),
    "carry_on_offer": ("yes_no",),
    "confirm_finish": ("yes_no",),
    "safety_which": ("safety",),
    "safety_unanswered": ("safety",),
    "pain_pause": ("pain",),
    "pain_wait": ("pain",),
    "refer_emergency": ("crisis",),
    "refer_harm": ("crisis",),
    "refer_harm_apart": ("crisis",),
    "did_you_say": ("nearly",),
    "awake_ask": ("still_awake",),
    "ask_helper_name": ("names",),
    "ask_mother_name": ("names",),
    "ask_name_again": ("names",),
    "name_right": ("yes_no",),
    "ask_amount": ("amount",),
    "ask_amount_again": ("amount",),
    "ask_amount_more": ("amount",),
    "if_misheard": ("amount",),
    "ok_amount": ("amount",),
    "ok_amount_time": ("amount",),
}
"""Lines spoken while an answer is awaited, and the sets that can be live then. Any other reply: guiding."""


@dataclass(frozen=True)
class Finding:
    """A broken rule and where to mend it."""

    file: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}"


def lint(commands: Commands, guide: Guide, known_word: Callable[[str], bool]) -> list[Finding]:
    """Every broken rule, commands first. `known_word` says whether the model knows a word."""
    return [
        *_unknown_words(commands, known_word),
        *_decoys(commands, known_word),
        *_intents(commands),
        *_narration(commands, guide),
    ]


def _unknown_words(commands: Commands, known_word: Callable[[str], bool]) -> Iterator[Finding]:
    found: dict[tuple[int, str], str] = {}
    for phrase in commands.phrases(ALL):
        for word in phrase.split():
            if not known_word(word):
                found.setdefault((commands.line(phrase), word), phrase)
    for (line, word), phrase in sorted(found.items()):
        rule = f"the model does not know '{word}' of '{phrase}'; say it otherwise or add a spelling."
        yield Finding(str(commands.path), line, rule)


def _decoys(commands: Commands, known_word: Callable[[str], bool]) -> Iterator[Finding]:
    seen: set[str] = set()
    for decoy in commands.decoys:
        faults = {
            "is a command": decoy in commands.phrases(ALL),
            "is there twice": decoy in seen,
            "is no single word in lower case": decoy != normalise(decoy) or " " in decoy,
            "is not known to the model": not known_word(decoy),
        }
        seen.add(decoy)
        for fault in (fault for fault, holds in faults.items() if holds):
            yield Finding(str(commands.path), commands.line(decoy), f"decoy '{decoy}' {fault}; remove it.")


def _intents(commands: Commands) -> Iterator[Finding]:
    for intent, rule in commands.rules.items():
        line = commands.intent_line(intent)
        if not any(intent in commands.intents(listen) for listen in commands.sets()):
            fault = f"'{intent}' is in no set, so it is never heard; list it under 'always' or 'listen'."
            yield Finding(str(commands.path), line, fault)
        elif rule.help is not None and intent not in _meanings(commands, rule.help):
            fault = (
                f"'{intent}' is called '{rule.help}' in the help, which is no phrase of it; use one that is."
            )
            yield Finding(str(commands.path), line, fault)


def _meanings(commands: Commands, text: str) -> set[str]:
    matches = (commands.match(text, listen) for listen in commands.sets())
    return {match.intent for match in matches if match is not None}


def _narration(commands: Commands, guide: Guide) -> Iterator[Finding]:
    sets = sets_of_lines(guide)
    for line in guide.lines.values():
        file, number = line.where.rsplit(":", 1)
        for rule in _rules_of_line(commands, line, sets.get(line.id)):
            yield Finding(file, int(number), rule)


def sets_of_lines(guide: Guide) -> dict[str, tuple[str, ...]]:
    """Line id -> the sets that are live while it is spoken. A reply not in here may come in any state."""
    found = dict(REPLY_SETS)
    for question in guide.questions:
        found[question.line] = ("choices",)
    for step in guide.steps:
        for line in step.lines():
            found[line] = (step.asks or GUIDING,)
    return found


def _rules_of_line(commands: Commands, line: Line, sets: tuple[str, ...] | None) -> Iterator[str]:
    live = {phrase: listen for listen in sets or (GUIDING,) for phrase in commands.phrases(listen)}
    may_mark = live if sets else commands.phrases(ALL)
    for sentence in (sentence for wording in line.wordings for sentence in wording):
        for marked in MARK.findall(sentence):
            if normalise(marked) not in may_mark:
                yield f"line '{line.id}' marks <{marked}>, which she cannot say then; take off the mark."
        for phrase in spoken_phrases(sentence, live):
            yield (
                f"line '{line.id}' says '{phrase}', a command that is live in '{live[phrase]}'; "
                f"word it otherwise, or mark it <{phrase}> if it is said on purpose."
            )


def spoken_phrases(sentence: str, live: Mapping[str, object]) -> list[str]:
    """The live phrases among a sentence's contiguous words, outside its marks; the longest at each place."""
    found: list[str] = []
    for part in SLOT.sub("|", MARK.sub("|", sentence)).split("|"):
        words = normalise(part).split()
        start = 0
        while start < len(words):
            ends = [end for end in range(len(words), start, -1) if " ".join(words[start:end]) in live]
            if ends:
                found.append(" ".join(words[start : ends[0]]))
            start = ends[0] if ends else start + 1
    return found
