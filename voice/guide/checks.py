"""Rules between parts of the data files that no single field can show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from voice.data.reading import Document, Key
from voice.guide.model import Guide, Line, Source, Step
from voice.guide.words import REPLIES, ROLES, SLOTS

LONGEST_SENTENCE = 14
"""Words in a sentence she hears: one idea, one breath."""

Broken = tuple[str, tuple[Key, ...]]
"""What is wrong and what to do; where in the document."""


def check_guide(guide: Guide, document: Document) -> None:
    """Raises DataError for the first rule the guide breaks."""
    checks = (_questions, _names, _lines_exist, _replies, _sources, _times, _choices, _alongside, _safety)
    for check in checks:
        for rule, where in check(guide):
            raise document.error(rule, *where)


def check_lines(document: Document, lines: Mapping[str, Line], sources: Mapping[str, Source]) -> None:
    """Raises DataError for the first line of `document` with an unknown source or a malformed sentence."""
    for name in document.value["lines"]:
        line = lines[name]
        for number, key in enumerate(line.source):
            if key not in sources:
                rule = f"line '{name}' names the unknown source '{key}'; add it to sources.yaml."
                raise document.error(rule, "lines", name, "source", number)
        for number, wording in enumerate(line.wordings):
            for place, sentence in enumerate(wording):
                rule = _sentence(name, sentence)
                if rule:
                    raise document.error(rule, "lines", name, "wordings", number, place)


def _sentence(name: str, sentence: str) -> str:
    if not re.fullmatch(r"[^<>]*(<[^<>]+>[^<>]*)*", sentence):
        return f"line '{name}' has a < without its >; close the mark."
    if not re.fullmatch(r"[^{}]*(\{\w+\}[^{}]*)*", sentence):
        return f"line '{name}' has a malformed slot; write it as {{name}}."
    for slot in re.findall(r"\{(\w+)\}", sentence):
        if slot not in SLOTS.get(name, ()) and slot not in ROLES:
            known = ", ".join(sorted(SLOTS.get(name, ()))) or "none"
            return f"line '{name}' has the slot {{{slot}}} that nothing fills; slots here: {known}."
    if len(sentence.split()) > LONGEST_SENTENCE:
        return f"line '{name}' has a sentence of more than {LONGEST_SENTENCE} words; split it."
    return ""


def _questions(guide: Guide) -> Iterator[Broken]:
    seen: set[str] = set()
    for number, question in enumerate(guide.questions):
        here: tuple[Key, ...] = ("questions", number)
        if question.id in seen:
            yield f"question '{question.id}' is there twice; rename or remove one.", (*here, "id")
        seen.add(question.id)
        if question.default not in question.options:
            yield f"default '{question.default}' is none of its options; choose one.", (*here, "default")
        if question.line not in guide.lines:
            yield _unknown_line(question.id, question.line), (*here, "line")
        for place, option in enumerate(question.options):
            if f"choice_{option}" not in guide.lines:
                rule = f"option '{option}' has no line 'choice_{option}'; add it to the locale."
                yield rule, (*here, "options", place)
    if "length" not in guide.question_ids:
        yield "no question has the id 'length'; the steps' seconds need it.", ("questions",)


def _names(guide: Guide) -> Iterator[Broken]:
    seen: set[str] = set()
    for number, step in enumerate(guide.steps):
        if step.id in seen:
            yield f"step id '{step.id}' is there twice; rename one.", ("steps", number, "id")
        seen.add(step.id)
        if step.phase not in guide.phases:
            known = ", ".join(guide.phases)
            rule = f"step '{step.id}' is in the unknown phase '{step.phase}'; use one of {known}."
            yield rule, ("steps", number, "phase")
    if not any(step.phase == "express" for step in guide.steps):
        yield "no step is in the phase 'express'; there is nothing to guide to.", ("steps",)


def _lines_exist(guide: Guide) -> Iterator[Broken]:
    for number, step in enumerate(guide.steps):
        for line, where in _named_lines(step):
            if line not in guide.lines:
                yield _unknown_line(step.id, line), ("steps", number, *where)
        if f"step_name_{step.id}" not in guide.lines:
            rule = f"step '{step.id}' has no line 'step_name_{step.id}'; add it to the locale."
            yield rule, ("steps", number, "id")


def _named_lines(step: Step) -> Iterator[tuple[str, tuple[Key, ...]]]:
    yield step.line, ("line",)
    if step.half:
        yield step.half, ("half",)
    if step.near_end:
        yield step.near_end, ("near_end",)
    if step.remind:
        yield step.remind.line, ("remind", "line")
    for number, cue in enumerate(step.cues):
        yield cue.line, ("cues", number, "line")
    for number, note in enumerate(step.notes):
        yield note, ("notes", number)


def _unknown_line(who: str, line: str) -> str:
    return f"'{who}' names the unknown line '{line}'; add it to lines*.yaml or correct it."


def _replies(guide: Guide) -> Iterator[Broken]:
    for line in REPLIES:
        if line not in guide.lines:
            yield f"the guide speaks the line '{line}', which no lines*.yaml has; add it there.", ("guide",)


def _sources(guide: Guide) -> Iterator[Broken]:
    for number, step in enumerate(guide.steps):
        for place, key in enumerate(step.sources):
            if key not in guide.sources:
                rule = f"step '{step.id}' names the unknown source '{key}'; add it to sources.yaml."
                yield rule, ("steps", number, "sources", place)


def _times(guide: Guide) -> Iterator[Broken]:
    lengths = guide.by_question["length"].options
    for number, step in enumerate(guide.steps):
        here: tuple[Key, ...] = ("steps", number)
        for length in step.seconds:
            if length not in lengths:
                rule = f"step '{step.id}' has seconds for the unknown length '{length}'; correct it."
                yield rule, (*here, "seconds", length)
        longest = max((seconds or 0.0 for seconds in step.seconds.values()), default=0.0)
        for place, cue in enumerate(step.cues):
            if cue.at >= longest:
                rule = f"step '{step.id}' has a cue at {cue.at:g} s but lasts {longest:g} s; move the cue."
                yield rule, (*here, "cues", place, "at")
        if step.side_seconds is not None and not step.sides:
            yield f"step '{step.id}' has side_seconds but not sides; set sides.", (*here, "side_seconds")
        if step.cap is not None and step.cap < longest:
            yield f"step '{step.id}' lasts longer than its cap; raise the cap or shorten it.", (*here, "cap")
        if step.phase == "express" and longest > guide.express_cap:
            yield f"step '{step.id}' lasts longer than express_cap; shorten it.", (*here, "seconds")


def _choices(guide: Guide) -> Iterator[Broken]:
    for number, step in enumerate(guide.steps):
        for question, options in step.when.items():
            here: tuple[Key, ...] = ("steps", number, "when", question)
            if question not in guide.by_question:
                yield f"step '{step.id}' depends on the unknown choice '{question}'; correct it.", here
                continue
            for option in options:
                if option not in guide.by_question[question].options:
                    yield f"step '{step.id}' depends on '{option}', which is no {question}; correct it.", here


def _alongside(guide: Guide) -> Iterator[Broken]:
    lengths = guide.by_question["length"].options
    for number, step in enumerate(guide.steps):
        for length, host in step.alongside.items():
            here: tuple[Key, ...] = ("steps", number, "alongside", length)
            if length not in lengths:
                yield f"step '{step.id}' runs alongside in the unknown length '{length}'.", here
            if host is None:
                continue
            if host not in guide.by_id or host == step.id:
                yield f"step '{step.id}' runs alongside the unknown step '{host}'; name another step.", here
            elif length not in guide.by_id[host].seconds:
                yield f"step '{step.id}' runs alongside '{host}', which is not in '{length}'.", here
            elif guide.by_id[host].alongside.get(length):
                yield f"step '{step.id}' runs alongside '{host}', which itself runs alongside another.", here
            elif guide.by_id[host].asks:
                yield f"step '{step.id}' runs alongside the question '{host}'; name another step.", here


def _safety(guide: Guide) -> Iterator[Broken]:
    lengths = guide.by_question["length"].options
    asked: set[str] = set()
    for number, step in enumerate(guide.steps):
        if step.asks == "safety":
            always = not step.when and not step.off_by_default and not step.gated
            asked |= {length for length in step.seconds if always and not step.alongside.get(length)}
        if not step.gated:
            continue
        for length in lengths:
            if length in step.seconds and length not in asked:
                rule = f"step '{step.id}' is gated but no earlier step of '{length}' asks safety; move it."
                yield rule, ("steps", number, "gated")
