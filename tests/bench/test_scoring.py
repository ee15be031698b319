"""Shares, intervals and rates, and who is reported on."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bench.halves import reported
from bench.hearing.jobs import Results, run
from bench.hearing.listeners import EAR, Answer, Taken
from bench.hearing.narrated import Narrated
from bench.hearing.recordings import Clip, read_folder, sampled
from bench.hearing.scoring import Outcome, percentile, rate_interval, scored, tally, wilson
from bench.hearing.tables import false_accepts, mistaken_table
from bench.soak import Sample, slope
from voice.data import DATA
from voice.errors import LullError
from voice.language.commands import Commands
from voice.speech.soundio import write_sound

COMMANDS = Commands.load(DATA / "locale" / "en")
STOP = Clip(Path("ann/stop.flac"), "voices", "stop", "guiding", "stop", "ann", "stop")
TALK = Clip(Path("ann/hello.flac"), "voices", "hello", "guiding", None, "ann", None)


def outcome(clip: Clip, *taken: tuple[str, float], rejected: tuple[str, ...] = ()) -> Outcome:
    answer = Answer(tuple(Taken(intent, at) for intent, at in taken), rejected)
    return scored("ear", "quiet", clip, answer, ended=1.5, speech=0.5, sound=3.0)


def test_a_command_counts_when_it_alone_was_taken() -> None:
    right = outcome(STOP, ("stop", 1.8))
    assert right.right
    assert right.waited == pytest.approx(0.3)
    mixed = outcome(STOP, ("stop", 1.8), ("next", 2.0))
    assert (mixed.right, mixed.wrong, mixed.waited) == (False, 1, None)
    missed = outcome(STOP, rejected=("too_quiet",))
    assert (missed.right, missed.wrong, missed.reasons) == (False, 0, ("too_quiet",))
    counted = tally([right, mixed, missed])
    assert (counted.clips, counted.right, counted.wrong, counted.missed) == (3, 1, 1, 1)


def test_every_command_taken_from_talk_is_a_false_one() -> None:
    assert outcome(TALK, ("stop", 1.0), ("next", 2.0)).wrong == 2
    assert not outcome(TALK).right


def test_what_only_makes_the_guide_wait_is_told_apart_from_what_moves_it() -> None:
    said = replace(outcome(TALK, ("stop", 1.0), ("next", 2.0)), listener=EAR, condition="talk nearby")
    results = Results((said, replace(said, mistaken=()), replace(said, mistaken=("pause",))))
    every, moving = false_accepts(results)
    hours = 3 * 0.5 / 3600
    assert every.value == pytest.approx(3 / hours)
    assert moving.value == pytest.approx(1 / hours)
    assert mistaken_table(results).splitlines()[2:] == [
        "| stop | 1 | - | - | - | - |",
        "| next | 1 | - | - | - | - |",
        "| pause | 1 | - | - | - | - |",
    ]


def test_wilson_intervals_are_those_of_the_books() -> None:
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=0.001)
    assert wilson(0, 20) == pytest.approx((0.0, 0.161), abs=0.001)
    assert wilson(0, 0) == (0.0, 1.0)


def test_rates_carry_the_doubt_of_few_events() -> None:
    assert rate_interval(0, 2.0) == pytest.approx((0.0, 1.844), abs=0.001)
    assert rate_interval(10, 1.0) == pytest.approx((4.795, 18.39), abs=0.02)
    assert rate_interval(0, 0.0)[1] == math.inf


def test_percentiles_lie_between_the_nearest() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([0.0, 10.0], 95) == pytest.approx(9.5)
    assert math.isnan(percentile([], 50))


def test_halves_are_disjoint_even_and_the_same_every_time() -> None:
    speakers = [f"speaker {number}" for number in range(21)]
    half = reported(speakers)
    assert len(half) == 10
    assert half == reported(reversed(speakers))
    assert half < set(speakers)


def test_memory_that_grows_is_told_by_its_slope() -> None:
    warming = [Sample(hour / 10, 200.0 + 50 * min(hour, 8) / 8) for hour in range(81)]
    assert slope(warming) == pytest.approx(0.0, abs=0.1)
    assert slope([Sample(hour / 10, 200.0 + 3 * hour / 10) for hour in range(81)]) == pytest.approx(3.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = [
        f"voices/{voice}/{said}"
        for voice in "abcd"
        for said in ("stop please", "oov_stop it now", "i_m done")
    ]
    names += ["real/commands/yes/yes_1", "real/other_words/up_2", "real/noise/baby_crying/cry", "talk/news"]
    for name in names:
        path = tmp_path / f"{name}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sound(path, np.zeros(160, np.float32), 16_000)
    return tmp_path


def test_recordings_are_known_by_where_they_lie(folder: Path) -> None:
    found = read_folder(folder, COMMANDS)
    told = {clip.path.relative_to(folder).as_posix(): clip for clip in found.clips}
    stop, done = told["voices/a/stop please.flac"], told["voices/a/i_m done.flac"]
    assert (stop.intent, stop.core, stop.speaker) == ("stop", "stop", "a")
    assert (done.intent, done.core) == ("finish", None)
    assert told["voices/a/oov_stop it now.flac"].intent is None
    yes = told["real/commands/yes/yes_1.flac"]
    assert (yes.listen, yes.intent, yes.core) == ("question", "yes", "yes")
    assert told["real/other_words/up_2.flac"].intent is None
    assert told["talk/news.flac"].intent is None
    assert not any("noise" in name for name in told)
    assert [path.name for path in found.noises("baby_crying/*")] == ["cry.flac"]


def test_nobody_is_in_both_halves(folder: Path) -> None:
    found = read_folder(folder, COMMANDS)
    mine, theirs = ({clip.speaker for clip in found.others(half)} for half in (True, False))
    assert not mine & theirs
    assert len({clip.speaker for clip in found.core()} & set("abcd")) == 2


def test_a_sample_takes_every_command_in_turn() -> None:
    clips = [
        Clip(Path(f"{core}{n}"), "voices", core, "guiding", core, "a", core)
        for core in "xyz"
        for n in range(5)
    ]
    assert [clip.path.name for clip in sampled(clips, 4)] == ["x0", "y0", "z0", "x1"]
    assert sampled(clips, 0) == clips


def test_results_keep_their_order_with_several_processes() -> None:
    jobs = [
        partial(Results, narrated=(Narrated(0.0, "guiding", float(number), 0, ()),)) for number in range(5)
    ]
    assert run(jobs, 2) == run(jobs, 1)
    assert [each.seconds for each in run(jobs, 1).narrated] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_folder_without_recordings_is_named(tmp_path: Path) -> None:
    with pytest.raises(LullError, match="holds no recordings"):
        read_folder(tmp_path, COMMANDS)
