"""The results as a picture. Needs matplotlib, which the dependency group `bench` has."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.hearing import conditions, echo
from bench.hearing.jobs import Results
from bench.hearing.listeners import BARE, EAR, LISTED, NAIVE, PREVIOUS, SPHINX
from bench.hearing.noises import KINDS
from bench.hearing.scoring import tally
from bench.hearing.tables import Picked, talk_rate

BLUE = "#0b5fa5"
STYLES = {
    EAR: {"color": BLUE, "linewidth": 2.6, "marker": "o", "markersize": 6, "zorder": 5},
    PREVIOUS: {"color": BLUE, "linewidth": 1.4, "marker": "o", "linestyle": "--", "markersize": 4},
    BARE: {"color": "#3f9c6d", "linewidth": 1.4, "marker": "s", "markersize": 4},
    LISTED: {"color": "#8a6fb0", "linewidth": 1.4, "marker": "^", "markersize": 4},
    NAIVE: {"color": "#c07a1c", "linewidth": 1.4, "marker": "v", "markersize": 4},
    SPHINX: {"color": "#8c8c8c", "linewidth": 1.4, "marker": "D", "markersize": 4},
}
TARGET = 97
SIDE = 0.03
"""How far apart the listeners' points are drawn, so that none hides another."""
Axes = Any
"""An axes object of matplotlib, which is not there when types are checked."""


@dataclass(frozen=True)
class Panel:
    """Conditions from left to right, what stands below each, and what the numbers are."""

    title: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    under: str


def panels() -> list[Panel]:
    """Nine: six kinds of noise, soft speech, distance, and the guide's own voice."""
    ratios = tuple(map(str, conditions.RATIOS))
    softer = tuple(by for by in conditions.SOFTER if by)
    levels = echo.conditions()[: len(echo.LEVELS)]
    return [
        *(
            Panel(kind, tuple(f"{kind} {each} dB" for each in ratios), ratios, "speech over noise, dB")
            for kind in KINDS
        ),
        Panel(
            "soft speech",
            (conditions.QUIET.name, *(f"{by} dB softer" for by in softer)),
            ("usual", *(f"-{by}" for by in softer)),
            "her level, dB",
        ),
        Panel(
            "distance",
            tuple(f"{each:g} m away" for each in conditions.METRES),
            tuple(f"{each:g}" for each in conditions.METRES),
            "metres, in a room",
        ),
        Panel(
            "over the guide's own voice",
            tuple(each.name for each in levels),
            tuple(echo.signed(each.over) for each in levels),
            "guide's voice over hers, dB",
        ),
    ]


def draw(results: Results, path: Path, title: str) -> bool:
    """Write the PNG; False where matplotlib is not installed."""
    if importlib.util.find_spec("matplotlib") is None:
        return False
    importlib.import_module("matplotlib").use("Agg")
    plots = importlib.import_module("matplotlib.pyplot")
    picked = Picked(results.outcomes)
    figure, grid = plots.subplots(3, 3, figsize=(12, 10.5), sharey=True, constrained_layout=True)
    for axes, panel in zip(grid.flat, panels(), strict=True):
        _curves(axes, picked, panel)
        _frame(axes, panel)
    handles = [
        plots.Line2D([], [], label=_label(picked, name), **STYLES[name]) for name in picked.listeners()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False)
    figure.suptitle(title, fontsize=13)
    figure.savefig(path, dpi=110, bbox_inches="tight")  # the line of listeners may be wider than the plots
    plots.close(figure)
    return True


def _label(picked: Picked, listener: str) -> str:
    """The name, and below it what hearing so much costs."""
    rate = talk_rate(picked, listener, [each.name for each in conditions.for_talk()])
    return listener if rate is None else f"{listener}\n{rate:.0f} false accepts an hour"


def _curves(axes: Axes, picked: Picked, panel: Panel) -> None:
    listeners = picked.listeners()
    for number, listener in enumerate(listeners):
        counts = [tally(picked.of(listener, [name])) for name in panel.names]
        aside = SIDE * (number - (len(listeners) - 1) / 2)
        there = [(place + aside, count) for place, count in enumerate(counts) if count.clips]
        if not there:
            continue
        x = [place for place, _ in there]
        axes.plot(x, [100 * count.share for _, count in there], clip_on=False, **STYLES[listener])
        if listener == EAR:
            low, high = zip(*(count.interval for _, count in there), strict=True)
            axes.fill_between(
                x, [100 * v for v in low], [100 * v for v in high], color=BLUE, alpha=0.13, linewidth=0
            )


def _frame(axes: Axes, panel: Panel) -> None:
    axes.axhline(TARGET, color=BLUE, linewidth=0.8, linestyle=":")
    axes.set_title(panel.title, fontsize=11)
    axes.set_xticks(range(len(panel.names)), panel.labels)
    axes.set_xlabel(panel.under, fontsize=9)
    axes.set_ylim(0, 102)
    axes.set_xlim(-0.25, len(panel.names) - 0.75)
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if axes.get_subplotspec().is_first_col():
        axes.set_ylabel("core commands accepted, %", fontsize=9)
