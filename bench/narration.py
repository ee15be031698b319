"""Everything the guide can say, as it is spoken: every wording of every line, slots filled with examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.guide.timing import human
from voice.guide.wording import MARKS, choices_text, filled, name_of, step_name
from voice.language.commands import Commands


@dataclass(frozen=True)
class Wording:
    """One wording of a line as it is spoken."""

    line: str
    sentences: tuple[str, ...]


def guides(commands: Commands, locale: str = "en") -> Iterator[Guide]:
    """Every guide there is, ready to be spoken."""
    for path in sorted((DATA / "guides").glob("*.yaml")):
        yield load_guide(DATA, path.stem, locale).with_help(commands.help_names())


def narration(guide: Guide) -> list[Wording]:
    """Every wording of every line, marks taken off and slots filled with examples."""
    examples = _examples(guide)
    return [
        Wording(line.id, filled(tuple(MARKS.sub("", sentence) for sentence in wording), examples))
        for line in guide.lines.values()
        for wording in line.wordings
    ]


def _examples(guide: Guide) -> dict[str, str]:
    choices = {question.id: question.default for question in guide.questions}
    return {
        "step": human(guide.times, 240.0),
        "whole": human(guide.times, 900.0),
        "choices": choices_text(guide, choices),
        "choice": name_of(guide, f"choice_{choices['length']}"),
        "step_name": step_name(guide, guide.steps[-1].id),
        "commands": ", ".join(list(guide.help_names.values())[:5]),
    }
