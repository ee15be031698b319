"""What the ear hears: commands in noise, rooms and under the guide's own voice, and what is no command.

    scripts/bench --recordings FOLDER hearing [--only quiet | talk | narration | noise] [--quick N]
        [--model FOLDER]

The peers and the picture need the dependency group `bench` (see pyproject.toml); without it they are left
out and the table says so. Figures are given on the half of the speakers settings are not chosen on.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench.figures import HOME, write
from bench.hearing import alone, picture, quiet, tables
from bench.hearing.jobs import (
    Job,
    Results,
    Setup,
    narration_plan,
    noise_plan,
    plan,
    quiet_plan,
    render,
    run,
    talk_plan,
)
from bench.hearing.noises import noises_of
from bench.hearing.recordings import Recordings, read_folder
from voice.ear.models import find_model
from voice.errors import LullError
from voice.runtime.assembly import load_commands
from voice.runtime.settings import Settings

HOW = (
    "Percent accepted for what was said and for nothing else, in brackets the 95 % interval. A core command "
    "is the word itself or a longer phrase with it that means the same. Everybody hears the same samples; "
    "'model alone' has the ear's phrases, decoys and garbage word and takes exact phrases, the phrase list "
    "lacks the last two, 'substring' is open dictation in which a phrase is looked for, and PocketSphinx is "
    "told where she speaks. Over the guide's voice only Lull knows what the loudspeaker plays, and lowers it."
)
NARRATED = "The sentences of every guide, nobody else speaking."
NO_PICTURE = "No picture: matplotlib is not installed."
QUICK_HOME = Path("build/bench")
"""Quick runs leave the figures on file alone."""
NARRATION_IN_QUICK = 40
"""Sentences of the narration in a quick run."""


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench hearing", description="The real ear under conditions"
    )
    parser.add_argument("folder", type=Path, help="recordings: voices/, real/, talk/ (see recordings.py)")
    parser.add_argument("--quick", type=int, default=0, metavar="N", help="N recordings of each condition")
    parser.add_argument(
        "--only",
        choices=["quiet", "talk", "narration", "noise"],
        help="only recordings as they are, or speech not meant for it (no peers), or the guide's own voice, "
        "or noise alone",
    )
    parser.add_argument("--processes", type=int, default=2, help="at once; the figures do not depend on it")
    parser.add_argument("--model", type=Path, help="folder of another model to compare with")
    parser.add_argument("--seed", type=int, default=1, help="of noises, rooms and places; fixed unless told")
    parser.add_argument("--out", type=Path, help="folder to write to; bench/, or build/bench when quick")
    return parser.parse_args()


def report(setup: Setup, recordings: Recordings, results: Results, asked: argparse.Namespace) -> Path:
    """Write figures, tables and picture of what was asked for; the page they are on."""
    home: Path = asked.out or (QUICK_HOME if asked.quick else HOME)
    model = find_model(setup.settings.model or None, setup.settings.locale).name
    if asked.only == "narration":
        return _report_narration(results, f"Model {model}; seed {setup.seed}. {NARRATED}", home)
    about = (
        f"Model {model}; {len(recordings.reported)} of {len({c.speaker for c in recordings.clips})} speakers "
        f"reported, the others are for choosing settings; seed {setup.seed}"
        f"{f'; quick, {asked.quick} recordings of each condition' if asked.quick else ''}. "
        f"{setup.noises.about()}"
    )
    if asked.only == "quiet":
        return _report_quiet(results, about, home)
    if asked.only == "talk":
        return _report_talk(results, about, home)
    if asked.only == "noise":
        return _report_noise(results, about, home)
    return _report_all(results, model, about, home)


def _report_narration(results: Results, about: str, home: Path) -> Path:
    text = f"{about}\n\n{tables.triggers(results)}"
    found = tables.own_voice(results)
    return write("hearing_narration", "The guide's own voice in its ear", found, text, {}, home)


def _report_quiet(results: Results, about: str, home: Path) -> Path:
    text = f"{about}\n\n{quiet.rows(results.quiet)}"
    found = quiet.figures(results.quiet)
    return write("hearing_quiet", "What the ear hears in quiet", found, text, {}, home)


def _report_talk(results: Results, about: str, home: Path) -> Path:
    text = "\n\n".join([about, tables.talk_table(results), tables.mistaken_table(results)])
    title = "Speech that is not meant for the ear"
    return write("hearing_talk", title, tables.false_accepts(results), text, {}, home)


def _report_noise(results: Results, about: str, home: Path) -> Path:
    text = f"{about}\n\n{alone.rows(results.alone)}"
    return write("hearing_noise", "Noise with nobody speaking", alone.figures(results.alone), text, {}, home)


def _report_all(results: Results, model: str, about: str, home: Path) -> Path:
    (home / "figures").mkdir(parents=True, exist_ok=True)
    drawn = picture.draw(results, home / "figures" / "hearing.png", f"What the ear hears ({model})")
    parts = [
        about,
        "![Acceptance by condition](figures/hearing.png)" if drawn else NO_PICTURE,
        HOW,
        tables.overview(results),
        tables.talk_table(results),
        tables.mistaken_table(results),
        alone.rows(results.alone),
        tables.triggers(results),
        "Where it is lost, on the same recordings:",
        tables.stages(results),
        tables.reasons(results),
        "Lull by command, taken of said (95 % interval, %):",
        tables.by_command(results),
        "Recordings as they are, by phrase:",
        quiet.rows(results.quiet),
    ]
    found = [*tables.figures(results), *alone.figures(results.alone), *quiet.figures(results.quiet)]
    extra = {"cells": tables.cells(results)}
    return write("hearing", "What the ear hears", found, "\n\n".join(parts), extra, home)


def _jobs(setup: Setup, recordings: Recordings, asked: argparse.Namespace) -> list[Job]:
    if asked.only == "quiet":
        return quiet_plan(setup, recordings, asked.quick)
    if asked.only == "talk":
        return talk_plan(setup, recordings, asked.quick)
    if asked.only == "noise":
        return noise_plan(setup, asked.quick)
    sentences = render(setup, NARRATION_IN_QUICK if asked.quick else 0)
    if asked.only == "narration":
        return narration_plan(setup, sentences)
    return plan(setup, recordings, sentences, asked.quick)


def main() -> int:
    """Run everything and write the figures. 1 when the recordings or the model cannot be used."""
    asked = arguments()
    began = time.monotonic()
    settings = Settings()
    try:
        recordings = read_folder(asked.folder, load_commands(settings))
        setup = Setup(settings, noises_of(recordings), asked.seed, asked.model, peers=asked.only != "talk")
        results = run(_jobs(setup, recordings, asked), asked.processes)
    except LullError as error:
        print(error, file=sys.stderr)
        return 1
    print(report(setup, recordings, results, asked))
    print(f"Took {(time.monotonic() - began) / 60:.0f} minutes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
