"""The table of figures in a model's card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.measure import LEVELS, TARGET_NOISES, Count, Counts
from voice.ear.second_pass import FOLDER


@dataclass(frozen=True)
class Result:
    """All figures of one recogniser. ``delays``: seconds, empty where not measured; ``ahead``: s, None if
    unknown.
    """

    name: str
    counts: Counts
    delays: NDArray[np.float64]
    load_seconds: float | None = None
    megabytes: float | None = None
    ahead: float | None = None


def total(counts: Counts, groups: Iterable[str], conditions: Iterable[str] | None = None) -> Count:
    """All trials of some groups, under some conditions or all, added up."""
    wanted, chosen = set(groups), set(conditions) if conditions is not None else None
    found = [
        count
        for (group, condition), count in counts.items()
        if group in wanted and (chosen is None or condition in chosen)
    ]
    return Count(
        sum(one.clips for one in found),
        sum(one.right for one in found),
        sum(one.wrong for one in found),
        sum(one.accepted for one in found),
        sum(one.seconds for one in found),
        sum(one.cpu for one in found),
    )


def right(counts: Counts, group: str, conditions: Sequence[str]) -> float:
    """Share of phrases understood, each condition counting alike."""
    shares = [one.right / one.clips for c in conditions if (one := total(counts, [group], [c])).clips]
    return float(np.mean(shares)) if shares else float("nan")


def score(counts: Counts) -> float:
    """One number to choose by: what is understood clean and in noise, less what is made up."""
    noisy = [f"{kind} {level}" for kind in TARGET_NOISES for level in LEVELS[:2]]
    heard = [
        right(counts, group, conditions) for group in ("real", "voices") for conditions in (["clean"], noisy)
    ]
    near, speech = total(counts, ["near"]), total(counts, ["speech", "noise"])
    spoken = total(counts, ["real", "voices"])
    made_up = 0.5 * _share(near.wrong, near.clips) + 2.0 * _share(spoken.wrong, spoken.clips)
    return float(np.nanmean(heard)) - made_up - 0.005 * _an_hour(speech)


def figures(result: Result) -> dict[str, str]:
    """Row by row, ready to print."""
    counts = result.counts
    rows = {}
    for group, title in (("real", "real words"), ("voices", "unseen voices")):
        rows[f"{title}, clean"] = _percent(right(counts, group, ["clean"]))
        for level in LEVELS:
            noisy = [f"{kind} {level}" for kind in TARGET_NOISES]
            rows[f"{title}, {level} dB (pump, crying, water)"] = _percent(right(counts, group, noisy))
        for kind in (*TARGET_NOISES, "rhythmic"):
            rows[f"{title}, {kind} at 6 dB"] = _percent(right(counts, group, [f"{kind} 6"]))
    spoken, near = total(counts, ["real", "voices"]), total(counts, ["near"])
    rows["wrong command"] = _percent(_share(spoken.wrong, spoken.clips), 1)
    rows["near-miss clips accepted"] = _percent(_share(near.wrong, near.clips), 1)
    rows["accepted in running speech, an hour"] = f"{_an_hour(total(counts, ['speech'])):.1f}"
    rows["accepted in noise alone, an hour"] = f"{_an_hour(total(counts, ['noise'])):.1f}"
    everything = total(counts, ["real", "voices", "near", "speech", "noise"])
    rows["CPU of real time"] = f"{_share(everything.cpu, everything.seconds):.3f}"
    rows["delay, median and 90 %, s"] = _delay(result.delays)
    rows["network looks ahead, s"] = _known(result.ahead, 2)
    rows["load, s of CPU"] = _known(result.load_seconds, 2)
    rows["size, MB"] = _known(result.megabytes, 1)
    return rows


def table(results: Sequence[Result]) -> str:
    """Plain text, one column a recogniser."""
    columns = [figures(result) for result in results]
    titles = list(columns[0])
    wide = max(map(len, titles))
    widths = [max(len(result.name), 12) for result in results]
    names = "  ".join(result.name.rjust(width) for result, width in zip(results, widths, strict=True))
    lines = [" " * wide + "  " + names]
    for title in titles:
        cells = (column[title].rjust(width) for column, width in zip(columns, widths, strict=True))
        lines.append(title.ljust(wide) + "  " + "  ".join(cells))
    return "\n".join(lines) + "\n"


def sizes(counts: Counts) -> Mapping[str, str]:
    """How much each group of trials rests on."""
    clean = {group: total(counts, [group]) for group in ("real", "voices", "near", "speech", "noise")}
    return {group: f"{count.clips} clips, {count.seconds / 60:.1f} min" for group, count in clean.items()}


def megabytes(folder: Path) -> float:
    """Of a folder, without what the second pass adds to it."""
    files = [file for file in folder.rglob("*") if FOLDER not in file.relative_to(folder).parts]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _an_hour(count: Count) -> float:
    return _share(count.accepted, count.seconds / 3600)


def _percent(share: float, digits: int = 0) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.{digits}f} %"


def _known(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _delay(waits: NDArray[np.float64]) -> str:
    return f"{np.median(waits):.2f} {np.quantile(waits, 0.9):.2f}" if len(waits) else "-"
