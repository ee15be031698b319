"""The guide on one page for a lactation professional: `python -m voice.guidebook > docs/content.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.model import Guide, Line, Step, Wording
from voice.guide.wording import MARKS
from voice.language.prose import Ban, load_bans

CHARACTERS_A_SECOND = 14.0
"""Pace of the narrating voice, measured over its lines; a wording's length in seconds follows from it."""
SENTENCE_GAP = 0.35
"""Seconds of silence after each sentence."""
SPOKEN_STEP_PAUSE = 2.0
"""Seconds after a step that is only spoken."""

INTRODUCTION = """\
# What Lull says, and why

This page is made from the data files by `python -m voice.guidebook > docs/content.md`; correct the files,
not the page. It is for a lactation professional who reads the script before it is used. No such review has
taken place yet.

Lull is a voice guide for a mother's let-down reflex before and while expressing. It may help her relax. It
promises no milk, sets no target, treats nothing and gives no advice on illness: for every sign of illness it
names who to call.

Two to four wordings of a line take turns. Times run from the end of the opening words and stop while she
pauses. She can pause, go back, leave out or lengthen every step by voice, and silence never ends a session.
{mother} and {helper} stand for names where they were given, and else for "her" and "you".
Sources in brackets are listed at the end; [ours] marks a choice that rests on no source.
"""


def seconds_to_say(line: Line) -> float:
    """Mean length of the line's wordings in seconds."""
    return sum(map(_wording_seconds, line.wordings)) / len(line.wordings)


def _wording_seconds(wording: Wording) -> float:
    return sum(len(MARKS.sub("", sentence)) / CHARACTERS_A_SECOND + SENTENCE_GAP for sentence in wording)


def combinations(guide: Guide) -> Iterator[dict[str, str]]:
    """Every combination of answers to the questions at the start."""
    for options in product(*(question.options for question in guide.questions)):
        yield dict(zip(guide.question_ids, options, strict=True))


def lead_in_steps(guide: Guide, choices: Mapping[str, str]) -> list[Step]:
    """The steps before expressing, without those that are off unless asked for."""
    found = [step for step in guide.steps if _is_in(step, choices) and not step.off_by_default]
    return found[: next(number for number, step in enumerate(found) if step.phase == "express")]


def lead_in(guide: Guide, choices: Mapping[str, str]) -> float:
    """Seconds from the first step to expressing, if she answers at once: words, then timers."""
    steps = lead_in_steps(guide, choices)
    here = {step.id for step in steps}
    total = 0.0
    for step in steps:
        total += sum(seconds_to_say(guide.lines[name]) for name in (step.line, *step.notes))
        if step.alongside.get(choices["length"]) in here:
            continue
        timer = step.seconds[choices["length"]]
        total += SPOKEN_STEP_PAUSE if timer == 0 else timer or 0.0
    return total


def _is_in(step: Step, choices: Mapping[str, str]) -> bool:
    return choices["length"] in step.seconds and all(choices[key] in step.when[key] for key in step.when)


CARE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("When nothing comes", ("nothing_yet", "milk_here")),
    ("Her questions", ("answer_",)),
    ("Feelings", ("feeling_",)),
    ("A baby who died or is very ill", ("told_",)),
    ("With her baby in her arms", ("awake_", "ok_awake", "sleepy_")),
    ("When life comes between", ("pause_", "warm_cap")),
    ("To her helper", ("helper_",)),
    ("The record", ("ask_amount", "ok_amount", "if_misheard")),
    ("Names", ("ask_helper_name", "ask_mother_name", "ask_name_again", "name_", "ok_name", "ok_no_names")),
    (
        "Other words: on the first night, while warmth is closed, without her baby",
        (
            *("safe_check_first", "prep_wash_closed", "express_slow_closed"),
            *("note_drowsy_apart", "note_drink_apart", "note_warm_apart", "note_unit_apart"),
            *("relax_confidence_apart", "relax_breathe_apart", "massage_stroke_apart"),
        ),
    ),
)
"""Groups of lines beyond the steps: title, and how their names begin."""


def page(guide: Guide, bans: Mapping[str, Ban]) -> str:
    """The whole page in Markdown."""
    parts = [INTRODUCTION, *_overview(guide), *_durations(guide), "## The steps and their words\n"]
    for number, step in enumerate(guide.steps, start=1):
        parts += _step(guide, step, number)
    parts += _group(guide, "The disclaimer, once", ["disclaimer"])
    parts += _group(guide, "The safety check", [name for name in guide.lines if name.startswith("safety_")])
    parts += _group(guide, "Who to call", [name for name in guide.lines if name.startswith("refer_")])
    pained = [name for name in guide.lines if name.startswith(("pain_", "too_hot"))]
    parts += _group(guide, "Pain and heat", pained)
    parts += _group(guide, "While expressing", ["milk_coming", "swap_sides_now", "express_cap"])
    for title, beginnings in CARE:
        parts += _group(guide, title, [name for name in guide.lines if name.startswith(beginnings)])
    parts += _bans(bans)
    parts += _sources(guide)
    return "\n".join(parts)


def _overview(guide: Guide) -> Iterator[str]:
    yield "## The order\n"
    titles = ("", "step", "standard, s", "short, s", "when", "hands", "other person", "gated", "sources")
    yield f"| {' | '.join(titles)} |"
    yield "|---" * len(titles) + "|"
    for number, step in enumerate(guide.steps, start=1):
        standard, short = (_timer(guide, step, length) for length in ("standard", "short"))
        gate = "yes" if step.gated else ""
        row = (str(number), step.id, standard, short, _when(step), str(step.hands), step.helper, gate)
        yield f"| {' | '.join(row)} | {_keys(step.sources)} |"
    yield "\nHands: how many of hers are busy. A gated step is never reached while the safety check is open"
    yield "or any sign of illness was named.\n"


def _timer(guide: Guide, step: Step, length: str) -> str:
    if length not in step.seconds:
        return "-"
    host = step.alongside.get(length)
    if host:
        return f"with {host}"
    seconds = step.seconds[length]
    if seconds is None:
        return "waits"
    timer = "spoken" if seconds == 0 else f"{seconds:g}"
    return f"{timer}, waits" if step.advance == "ready" else timer


def _when(step: Step) -> str:
    wanted = [" or ".join(options) for options in step.when.values()]
    return ", ".join([*wanted, *(["on request"] if step.off_by_default else [])])


def _durations(guide: Guide) -> Iterator[str]:
    yield "## How long it takes up to expressing\n"
    yield "Words and timers, in minutes, if she answers at once.\n"
    yield "| " + " | ".join(guide.question_ids) + " | minutes |"
    yield "|---" * (len(guide.questions) + 1) + "|"
    for choices in combinations(guide):
        yield f"| {' | '.join(choices.values())} | {lead_in(guide, choices) / 60:.1f} |"
    yield ""


def _step(guide: Guide, step: Step, number: int) -> Iterator[str]:
    yield f"### {number}. {step.id}\n"
    yield "| when | words | to | sources |\n|---|---|---|---|"
    yield _row("opening", guide.lines[step.line])
    for name in step.notes:
        yield _row("then", guide.lines[name])
    for cue in step.cues:
        yield _row(f"at {cue.at:g} s", guide.lines[cue.line])
    if step.half:
        yield _row("half time", guide.lines[step.half])
    if step.near_end:
        yield _row("near the end", guide.lines[step.near_end])
    if step.remind:
        yield _row(f"after {step.remind.after:g} s of waiting", guide.lines[step.remind.line])
    if step.side_seconds:
        yield _row(f"every {step.side_seconds:g} s", guide.lines["swap_sides_now"])
    if step.tones:
        yield "\nSoft tones pace her breath after the opening words: 4 s in, 6 s out unless she changes it."
    if step.cap:
        yield f"\nAt most {step.cap:g} s, however much time she adds."
    if step.phase == "express":
        yield f"\nExpressing as a whole: at most {guide.express_cap:g} s."
    yield ""


def _row(when: str, line: Line) -> str:
    words = "<br>".join(MARKS.sub("", " ".join(wording)) for wording in line.wordings)
    return f"| {when} | {words} | {line.to} | {_keys(line.source)} |"


def _group(guide: Guide, title: str, names: Iterable[str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| line | words | to | sources |\n|---|---|---|---|"
    for name in names:
        yield _row(name, guide.lines[name])
    yield ""


def _bans(bans: Mapping[str, Ban]) -> Iterator[str]:
    yield "## What is never said\n"
    for ban in bans.values():
        yield f"- {', '.join(ban.words)}: {ban.reason}."
    yield ""


def _sources(guide: Guide) -> Iterator[str]:
    yield "## Sources\n"
    for key, source in guide.sources.items():
        yield f"- [{key}] {source.title}: {source.where}"
    yield ""


def _keys(keys: Iterable[str]) -> str:
    return "".join(f"[{key}]" for key in keys)


if __name__ == "__main__":
    sys.stdout.write(page(load_guide(), load_bans(DATA / "locale" / "en")))
