"""Where figures go: one JSON file a bench, with the machine and the date, and one page for people."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

HOME = Path(__file__).parent
"""Where the figures on file are: `figures/` and `FIGURES.md`."""


@dataclass(frozen=True)
class Figure:
    """One measured number. `target`: what was promised, if anything was; `note`: how it was measured."""

    name: str
    value: float | str
    unit: str
    target: str = ""
    note: str = ""


def machine() -> str:
    """Processor, cores, system and Python in one line."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    system = f"{platform.system()} {platform.machine()}"
    return f"{model}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def median_and_p95(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in the unit of the values."""
    return float(np.median(values)), float(np.percentile(values, 95))


def write(
    bench: str,
    title: str,
    figures: Sequence[Figure],
    table: str = "",
    extra: Mapping[str, object] | None = None,
    home: Path = HOME,
) -> Path:
    """Write `figures/<bench>.json` under `home` and its page anew from all that are there."""
    folder = home / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "bench": bench,
        "title": title,
        "machine": machine(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "figures": [figure.__dict__ for figure in figures],
        "table": table,
        **(extra or {}),
    }
    path = folder / f"{bench}.json"
    temporary = path.with_suffix(".json.part")
    temporary.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    temporary.replace(path)
    (home / "FIGURES.md").write_text(page(folder))
    return path


def page(folder: Path) -> str:
    """All figures of a folder as one Markdown page."""
    parts = ["# Figures\n\nMeasured by `scripts/bench`; each table names its machine and date.\n"]
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text())
        parts.append(f"\n## {record['title']}\n\n{record['machine']}; {record['date']}.\n")
        if record["figures"]:
            rows = [
                f"| {f['name']} | {_number(f['value'])} {f['unit']} | {f['target']} | {f['note']} |"
                for f in record["figures"]
            ]
            parts.append("\n| what | measured | target | how |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
        if record["table"]:
            parts.append("\n" + record["table"].strip() + "\n")
    return "".join(parts)


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"
