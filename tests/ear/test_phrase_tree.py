"""The search through phrases against what a network wrote down."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.ear.phrase_tree import BLANK, PhraseTree

STOP, STOPS, GO = (1, 2, 3), (1, 2, 3, 1), (4,)
WORDS: dict[str, list[tuple[int, ...]]] = {"stop": [STOP], "stops": [STOPS], "go": [GO]}


def written(*outputs: int, sure: float = 0.98, among: int = 6) -> NDArray[np.float32]:
    """Log-probabilities of a network that is `sure` of one output a frame."""
    logs = np.full((len(outputs), among), np.log((1 - sure) / (among - 1)), np.float32)
    logs[np.arange(len(outputs)), outputs] = np.log(sure)
    return logs


def test_what_was_written_down_fits_perfectly_and_nothing_else_does() -> None:
    best = PhraseTree(WORDS).best(written(0, 1, 1, 0, 2, 3, 3, 0), 3)
    assert (best[0].phrase, best[0].phones) == ("stop", 3)
    assert best[0].shortfall == pytest.approx(0.0, abs=1e-3)
    assert {fit.phrase for fit in best[1:]} == {"stops", "go"}
    assert all(fit.shortfall > 3.0 for fit in best[1:])


def test_a_word_said_twice_in_a_row_needs_a_blank_between_its_equal_phones() -> None:
    twice: dict[str, list[tuple[int, ...]]] = {"no": [(5,)], "no no": [(5, 5)]}
    tree = PhraseTree(twice)
    assert tree.best(written(5, 5, 5), 1)[0].phrase == "no"
    assert tree.best(written(5, BLANK, 5), 1)[0].phrase == "no no"


def test_sound_around_a_phrase_costs_it() -> None:
    tree = PhraseTree(WORDS)
    alone, followed = tree.best(written(4, 0), 1)[0], tree.best(written(4, 0, 5, 5), 1)[0]
    assert alone.phrase == followed.phrase == "go"
    assert followed.shortfall > alone.shortfall + 6.0


def test_of_several_pronunciations_the_best_counts_and_the_phrase_is_told_once() -> None:
    tree = PhraseTree({"either": [(1, 2), (3, 2)], "other": [(4, 2)]})
    best = tree.best(written(3, 2), 5)
    assert [fit.phrase for fit in best] == ["either", "other"]
    assert best[0].shortfall == pytest.approx(0.0, abs=1e-3)


def test_the_search_finds_the_best_path_there_is() -> None:
    """Against every path of four frames, one by one."""
    rng = np.random.default_rng(4)
    logs = np.log(rng.dirichlet(np.ones(4), 4)).astype(np.float32)
    phrases: dict[str, list[tuple[int, ...]]] = {
        "a": [(1,)],
        "ab": [(1, 2)],
        "aa": [(1, 1)],
        "abc": [(1, 2, 3)],
    }
    best: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(4), repeat=4):
        merged = tuple(key for key, _ in itertools.groupby(path) if key != BLANK)
        score = float(sum(logs[place, output] for place, output in enumerate(path)))
        best[merged] = max(best.get(merged, -np.inf), score)
    free = float(logs.max(1).sum())
    for fit in PhraseTree(phrases).best(logs, 4):
        assert fit.shortfall == pytest.approx(free - best[phrases[fit.phrase][0]], abs=1e-4)


def test_no_phrases_and_no_sound_fit_nothing() -> None:
    assert PhraseTree({}).best(written(1, 2), 3) == ()
    assert PhraseTree(WORDS).best(written(), 3) == ()


def test_how_unsure_the_network_is_counts_where_it_writes_phones() -> None:
    """Long silence around a word, of which it is always sure, does not make the word any surer."""
    tree = PhraseTree(WORDS)
    quiet = written(*[BLANK] * 20)
    told = [
        tree.best(np.concatenate([quiet, written(1, 2, 3, sure=sure), quiet]), 1)[0] for sure in (0.98, 0.5)
    ]
    assert [fit.unsure for fit in told] == pytest.approx([-np.log(0.98), -np.log(0.5)], abs=1e-5)
    assert tree.best(quiet, 1)[0].unsure == 0.0
