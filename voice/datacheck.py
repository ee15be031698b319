"""Checks every data file against the others: `python -m voice.datacheck [MODEL]`. Exit code 1: a finding."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voice.data import DATA
from voice.ear.models import ModelReport, check_model, find_model
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.guide.model import Guide
from voice.language.commands import FILE, Commands
from voice.language.lint import Finding, lint
from voice.language.prose import check_prose, load_bans, narration_reading
from voice.runtime.ghosthunt import known_ghosts, told
from voice.runtime.settings import Settings

HEARD = "en"
"""The language whose recogniser comes with Lull; words of the others can be looked up once it is here."""


@dataclass(frozen=True)
class Language:
    """What is said and heard in one language, for every guide."""

    name: str
    folder: Path
    guides: tuple[Guide, ...]
    commands: Commands


def check(data: Path = DATA, model: str | None = None) -> tuple[list[Finding], str]:
    """Every finding, and a summary of what was looked at. `model` is a folder or name; None: the one in use.

    Raises DataError for a file that cannot be used at all, LullError for a missing or broken model.
    """
    found: dict[Finding, None] = {}
    summary: list[str] = []
    for language in languages(data):
        heard = "no recogniser looked at"
        unknown: frozenset[str] = frozenset()
        if language.name == HEARD:
            report = check_model(find_model(model), language.commands.words())
            unknown, heard = frozenset(report.unknown), f"model {report.name}"
            heard += _names_heard(language.commands, report)
        found |= dict.fromkeys(_findings(language, unknown))
        summary.append(f"{language.name}: {_counted(language)}; {heard}")
    return list(found), ". ".join(summary)


def languages(data: Path = DATA) -> Iterator[Language]:
    """Every language that has commands. Raises DataError for the first broken file."""
    names = [path.stem for path in sorted((data / "guides").glob("*.yaml"))]
    for folder in sorted((data / "locale").iterdir()):
        if (folder / FILE).is_file():
            guides = tuple(load_guide(data, name, folder.name) for name in names)
            yield Language(folder.name, folder, guides, Commands.load(folder))


def _names_heard(commands: Commands, model: ModelReport) -> str:
    """First names the model lacks are not offered; that is no finding, but it is said."""
    lacking = model.lacking(commands.optional_words())
    offered = len(commands.offering(lacking).values("names", "name"))
    missing = f", not {', '.join(lacking[:12])}{' ...' if len(lacking) > 12 else ''}" if lacking else ""
    return f" with {offered} of {len(commands.values('names', 'name'))} first names{missing}"


def _findings(language: Language, unknown: frozenset[str]) -> Iterator[Finding]:
    bans = load_bans(language.folder)
    for guide in language.guides:
        yield from lint(language.commands, guide, lambda word: word not in unknown)
        yield from check_prose(guide, bans, language.name)


def _counted(language: Language) -> str:
    commands = language.commands
    phrases = ", ".join(f"{name} {len(commands.phrases(name))}" for name in commands.sets())
    guide = language.guides[0]
    reading = narration_reading(guide)
    read = f", reading grade {reading.grade:.1f} over {reading.words} words" if language.name == HEARD else ""
    return f"{len(guide.steps)} steps, {len(guide.lines)} lines{read}; phrases: {phrases}"


def _ghosts() -> list[str]:
    """For information: what is known of commands heard in the guide's own sentences, as the default voice
    says them."""
    try:
        return told(known_ghosts(Settings()))
    except LullError as error:
        return [f"Ghosts were not looked at: {error}"]


def main(arguments: Sequence[str]) -> int:
    """Print each finding as `file:line: rule`, or one line when all is well. Returns the exit code."""
    try:
        findings, summary = check(model=arguments[0] if arguments else None)
    except LullError as error:
        print(error)
        return 1
    for finding in findings:
        print(finding)
    if not findings:
        print(f"Data is sound: {summary}.")
    for line in _ghosts():
        print(line)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
