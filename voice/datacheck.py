"""Checks every data file against the others: `python -m voice.datacheck [MODEL]`. Exit code 1: a finding."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from voice.data import DATA
from voice.ear.models import check_model, find_model
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.language.lint import Finding, lint


def check(data: Path = DATA, model: str | None = None) -> tuple[list[Finding], str]:
    """Every finding, and a summary of what was looked at. `model` is a folder or name; None: the one in use.

    Raises DataError for a file that cannot be used at all, LullError for a missing or broken model.
    """
    guides = [load_guide(data, path.stem) for path in sorted((data / "guides").glob("*.yaml"))]
    commands = Commands.load(data / "locale" / "en")
    report = check_model(find_model(model), commands.words())
    unknown = frozenset(report.unknown)
    found: dict[Finding, None] = {}
    for guide in guides:
        found |= dict.fromkeys(lint(commands, guide, lambda word: word not in unknown))
    phrases = ", ".join(f"{name} {len(commands.phrases(name))}" for name in commands.sets())
    steps, lines = sum(len(guide.steps) for guide in guides), len(guides[0].lines) if guides else 0
    return list(found), f"{steps} steps, {lines} lines; phrases: {phrases}; model {report.name}"


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
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
