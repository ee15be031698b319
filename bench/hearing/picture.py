"""The results as a picture. Needs matplotlib, which the dependency group `bench` has."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.hearing import conditions, echo
from bench.hearing.jobs import Results
from bench.hearing.listeners import BARE, EAR, LISTED, NAIVE, PREVIOUS, SPHINX
from bench.hearing.noises import KINDS
from bench.hearing.scoring import tally
from bench.hearing.tables import Picked

STYLES = {
    EAR: {"color": "#0b5fa5", "linewidth": 2.6, "marker": "o", "markersize": 6, "zorder": 5},
    PREVIOUS: {"color": "#0b5fa5", "linewidth": 1.4, "marker": "o", "linestyle": "--", "markersize": 4},
    BARE: {"color": "#3f9c6d", "linewidth": 1.4, "marker": "s", "markersize": 4},
    LISTED: {"color": "#8a6fb0", "linewidth": 1.4, "marker": "^", "markersize": 4},
    NAIVE: {"color": "#c07a1c", "linewidth": 1.4, "marker": "v", "markersize": 4},
    SPHINX: {"color": "#8c8c8c", "linewidth": 1.4, "marker": "D", "markersize": 4},
}
TARGET = 97
Axes = Any
"""An axes object of matplotlib, which is not there when types are checked."""


def draw(results: Results, path: Path, title: str) -> bool:
    """Write the PNG; False where matplotlib is not installed."""
    if importlib.util.find_spec("matplotlib") is None:
        return False
    importlib.import_module("matplotlib").use("Agg")
    plots = importlib.import_module("matplotlib.pyplot")
    picked = Picked(results.outcomes)
    figure, grid = plots.subplots(3, 3, figsize=(12, 10.5), sharey=True, constrained_layout=True)
    for axes, kind in zip(grid[:2].flat, KINDS, strict=True):
        names = [f"{kind} {ratio} dB" for ratio in conditions.RATIOS]
        _panel(
            axes, picked, kind, names, [str(ratio) for ratio in conditions.RATIOS], "speech over noise, dB"
        )
    softer = [conditions.QUIET.name, *(f"{by} dB softer" for by in conditions.SOFTER if by)]
    labels = ["usual", *(f"-{by}" for by in conditions.SOFTER if by)]
    _panel(grid[2][0], picked, "soft speech", softer, labels, "her level, dB")
    metres = [f"{each:g} m away" for each in conditions.METRES]
    _panel(
        grid[2][1],
        picked,
        "distance",
        metres,
        [f"{each:g}" for each in conditions.METRES],
        "metres, in a room",
    )
    levels = [each for each in echo.conditions()[:4]]
    _panel(
        grid[2][2],
        picked,
        "over the guide's own voice",
        [each.name for each in levels],
        [f"{each.over:+.0f}" for each in levels],
        "guide's voice over hers, dB",
    )
    handles = [plots.Line2D([], [], label=name, **STYLES[name]) for name in picked.listeners()]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False)
    figure.suptitle(title, fontsize=13)
    figure.savefig(path, dpi=110)
    plots.close(figure)
    return True


def _panel(
    axes: Axes, picked: Picked, title: str, names: Sequence[str], labels: Sequence[str], under: str
) -> None:
    places = list(range(len(names)))
    axes.axhline(TARGET, color="#0b5fa5", linewidth=0.8, linestyle=":")
    for listener in picked.listeners():
        counts = [tally(picked.of(listener, [name])) for name in names]
        there = [(place, count) for place, count in zip(places, counts, strict=True) if count.clips]
        if not there:
            continue
        x = [place for place, _ in there]
        axes.plot(x, [100 * count.share for _, count in there], **STYLES[listener])
        if listener == EAR:
            low, high = zip(*(count.interval for _, count in there), strict=True)
            axes.fill_between(
                x, [100 * v for v in low], [100 * v for v in high], color="#0b5fa5", alpha=0.13, linewidth=0
            )
    axes.set_title(title, fontsize=11)
    axes.set_xticks(places, labels)
    axes.set_xlabel(under, fontsize=9)
    axes.set_ylim(0, 102)
    axes.set_xlim(-0.25, len(names) - 0.75)
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if axes.get_subplotspec().is_first_col():
        axes.set_ylabel("core commands accepted, %", fontsize=9)
