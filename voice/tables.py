"""What the command line prints as tables: past sessions, settings, the state of the machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from voice.runtime.doctor import Finding
from voice.runtime.history import Past
from voice.runtime.settings import Effective

COLUMNS = ("began", "minutes", "ended", "last step", "choices", "milk", "milk at")


def _row(past: Past) -> tuple[str, ...]:
    began = past.began.astimezone().strftime("%Y-%m-%d %H:%M")
    choices = " ".join(f"{name}={chosen}" for name, chosen in past.choices.items())
    milk = ", ".join(f"{amount.said:g} {amount.unit} {amount.side}".rstrip() for amount in past.amounts)
    return began, f"{past.minutes:.1f}", past.how, past.step, choices, milk, past.expressed_at


def history_csv(sessions: Sequence[Past]) -> str:
    """One line a session, times in local time, with a heading."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(past) for past in sessions)
    return text.getvalue()


def print_history(sessions: Sequence[Past]) -> None:
    """A table of past sessions, or one line when there are none."""
    console = Console()
    if not sessions:
        console.print("No session yet.")
        return
    table = Table(*COLUMNS, box=None)
    for past in sessions:
        table.add_row(*_row(past))
    console.print(table)


def print_settings(effective: Effective) -> None:
    """Every key with its value, where the value comes from, and what it does."""
    console = Console()
    table = Table("setting", "value", "from", "what it does", box=None)
    for key, field in type(effective.settings).model_fields.items():
        source = effective.sources[key]
        place = f"{source.kind} {source.where}".strip()
        table.add_row(key, str(getattr(effective.settings, key)) or "-", place, field.description or "")
    console.print(table)
    console.print(f"Write your own to {effective.path}", soft_wrap=True)


def print_findings(findings: Sequence[Finding]) -> None:
    """One line for each thing looked at; what is wrong says what to do."""
    console = Console()
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = "[green]good[/]" if finding.state == "good" else "[yellow]look[/]"
        table.add_row(mark, finding.what, finding.found)
    console.print(table)
