"""A second, slower listener that hears a finished sound as a whole: a network trained on many people's speech
writes down phones, and the phrases that are live are held against them."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np

from voice.ear.frames import EAR_RATE, Samples
from voice.ear.network import Floats, Network, open_network
from voice.ear.phrase_tree import Fit, PhraseTree
from voice.ear.rescoring import Rescorer
from voice.errors import LullError

FOLDER = "second"
"""Where a model folder keeps what this pass needs. One that has no such folder is used without it."""

NETWORK = "network.onnx"
LEXICON = "lexicon.tsv"

LOUDNESS = 0.06
"""RMS of full scale to which every sound is brought: the network was trained on that."""

SHORTEST = EAR_RATE // 2
"""Samples. Shorter sounds are filled up with silence."""

MOST_PRONUNCIATIONS = 6
"""Of one phrase: its words' variants multiply."""

BEST = 40
"""How many phrases are told."""

MOST_TREES = 6
"""Lists of phrases that are kept ready."""

RESCORED = 6
"""How many of the likeliest phrases are held against what the decoder would write."""

BEHIND_SHARE = 0.5
"""What a nat behind counts beside one of shortfall, when they are put in order again. Measured."""


class SecondPass(Protocol):
    """Judges whole sounds. Used from one thread only."""

    def load(self) -> None:
        """Open the network. Raises LullError."""

    def judge(self, samples: Samples, phrases: Sequence[str]) -> tuple[Fit, ...]:
        """Which of `phrases` the sound as a whole is, the likeliest first; empty when none can be.

        `samples`: (n,) float32 at EAR_RATE, a few tenths of a second of the room on both sides of the words.
        """

    def rescored(self, samples: Samples, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        """The likeliest of the fits, with how far they fall behind what the decoder would write, in order
        anew; slower.

        `samples`, `fits`: those of `judge`.
        """


def second_pass_of(model: Path) -> OnnxSecondPass | None:
    """That of a model folder; None where it has none, or where onnxruntime has no package for the machine."""
    folder = model / FOLDER
    usable = folder.is_dir() and importlib.util.find_spec("onnxruntime") is not None
    return OnnxSecondPass(folder) if usable else None


class OnnxSecondPass:
    """The network of a model folder, on one core. Construction loads nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run: Network | None = None
        self._rescorer = Rescorer(folder)
        self._numbers: Mapping[str, int] = {}
        self._lexicon: Mapping[str, tuple[str, ...]] = {}
        self._tree = lru_cache(MOST_TREES)(self._plant)

    def load(self) -> None:
        if self._run is not None:
            return
        file = self.folder / NETWORK
        self._run = open_network(file)
        phones = self._run.get_modelmeta().custom_metadata_map.get("phones", "").split()
        if not phones:
            raise LullError(f"{file} does not name its phones; restore it from the repository.")
        self._numbers = {phone: number for number, phone in enumerate(phones, 1)}
        self._lexicon = read_lexicon(self.folder / LEXICON)
        self._rescorer.load()

    def judge(self, samples: Samples, phrases: Sequence[str]) -> tuple[Fit, ...]:
        return self._tree(tuple(phrases)).best(self.write_down(samples), BEST)

    def rescored(self, samples: Samples, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        best = fits[:RESCORED]
        behind = self._rescorer.behind(levelled(samples), [fit.phrase for fit in best])
        return _in_order(best, behind)

    def write_down(self, samples: Samples) -> Floats:
        """(time, phones + 1) log-probabilities, one row every 24 ms."""
        if self._run is None:
            raise LullError("The second pass was used before its network was opened; call load() first.")
        logs: Floats = self._run.run(None, {"samples": levelled(samples)[None]})[0][0]
        return logs

    def _plant(self, phrases: tuple[str, ...]) -> PhraseTree:
        said = {phrase: pronunciations(phrase, self._lexicon) for phrase in phrases}
        return PhraseTree(
            {p: [[self._numbers[x] for x in one] for one in variants] for p, variants in said.items()}
        )


def levelled(samples: Samples) -> Samples:
    """As loud and as long as the network has every sound, in training and in use."""
    level = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    sound = np.clip(samples * (LOUDNESS / (level + 3e-8)), -1.0, 1.0).astype(np.float32)
    return np.pad(sound, (0, max(0, SHORTEST - len(sound))))


def pronunciations(phrase: str, lexicon: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Phones of every way to say the phrase, the usual one first; none when a word is not in the lexicon."""
    words = [lexicon.get(word, ()) for word in phrase.split()]
    ways = itertools.islice(itertools.product(*words), MOST_PRONUNCIATIONS)
    return [tuple(phone for word in way for phone in word.split()) for way in ways]


def read_lexicon(file: Path) -> Mapping[str, tuple[str, ...]]:
    """Word -> its pronunciations, phones with spaces between. A line of the file: word, tab, pronunciation,
    and a tab before every other one. Raises LullError."""
    try:
        rows = [line.split("\t") for line in file.read_text("utf-8").splitlines() if line]
    except (OSError, UnicodeDecodeError) as trouble:
        raise LullError(f"{file} cannot be read; restore it from the repository.") from trouble
    return MappingProxyType({word: tuple(variants) for word, *variants in rows})


class ScriptedSecondPass:
    """The twin: has one answer, whatever the samples hold, as far as its phrases are live. `behind`: nats by
    which phrases fall behind what its decoder would write."""

    def __init__(self, fits: Sequence[Fit] = (), behind: Mapping[str, float] | None = None) -> None:
        self._fits = tuple(fits)
        self._behind = behind or {}

    def load(self) -> None:
        """Nothing to open."""

    def judge(self, samples: Samples, phrases: Sequence[str]) -> tuple[Fit, ...]:
        return tuple(fit for fit in self._fits if fit.phrase in phrases)

    def rescored(self, samples: Samples, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        return _in_order(fits, self._behind)


def _in_order(fits: Sequence[Fit], behind: Mapping[str, float]) -> tuple[Fit, ...]:
    rescored = (replace(fit, behind=behind.get(fit.phrase, 0.0)) for fit in fits)
    return tuple(sorted(rescored, key=lambda fit: fit.shortfall + BEHIND_SHARE * fit.behind))
