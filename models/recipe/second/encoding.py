"""Spoilt speech as what stays frozen sees it, written to disk once, so that the rest learns in minutes; or,
for a GPU, as sound, new clips for ever.

features/NNNN.npz in the work folder: the rows of all its clips end to end, and their phones. File number n
holds the same clips in every run with the same config, whichever process makes it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.multiprocessing.spawn import start_processes

from recipe.config import Config
from recipe.feeding import Feeder, Plan, Source
from recipe.material import Material, gather_material
from recipe.reading import ConfigError
from recipe.second.config import SecondConfig
from recipe.second.encoder import stem_graph
from recipe.second.export import read_encoder
from recipe.second.targets import targets
from recipe.stages import load_sources, make_augmenter, where
from recipe.train import CORES
from voice.ear.network import open_network
from voice.ear.second_pass import levelled

FULL = np.float32(32768)  # full scale of the recipe's samples; the encoder's is 1
DENSEST = (
    0.7 / 384
)  # phones a sample, of which a row has 384; CTC needs a row for each, and one between two alike
TOGETHER = 8  # batches sorted by length together
STREAMS = 1_000_000  # streams of clips that one process may draw in all its starts
Floats = NDArray[np.float32]
See = Callable[[Floats], NDArray[np.float16]]


@dataclass(frozen=True)
class Piece:
    """One clip: (time, width) rows of the encoder or of its stem, one every 24 ms, or (n,) samples where the
    stem is yet to see them; and its phones (0 is never among them).
    """

    rows: NDArray[np.float16]
    phones: NDArray[np.int64]


class Encoder:
    """What stays as published, on one core: all of it, or its stem."""

    def __init__(self, file: Path, stem: bool = False) -> None:
        model = read_encoder(file)  # says what is wrong in a sentence
        self._session = open_network((stem_graph(model) if stem else model).SerializeToString())
        self._input = self._session.get_inputs()[0].name

    def rows(self, samples: Floats) -> NDArray[np.float16]:
        """(n,) samples in the scale of 16-bit integers -> (time, width)."""
        found = self._session.run(None, {self._input: levelled(samples / FULL)[None]})[0][0]
        return np.asarray(found, np.float16)


def sound_of(samples: Floats) -> NDArray[np.float16]:
    """(n,) samples in the scale of 16-bit integers -> as loud and as long as the network has them."""
    return levelled(samples / FULL).astype(np.float16)


def features(config: SecondConfig) -> list[Path]:
    """The files made so far, in order."""
    return sorted((config.work / "features").glob("[0-9]*.npz"))


def encode(config: SecondConfig) -> None:
    """Make the files that are missing; beside a GPU nothing: there the clips are made while it learns."""
    if where(config.run) != CORES:
        return
    folder = config.work / "features"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in range(config.encode.shards) if not (folder / f"{n:04d}.npz").exists()]
    if not missing:
        return
    read_encoder(config.published.encoder)
    spoken(config)  # what is missing is said here, not by a process
    if config.processes == 1:
        _worker(0, config, missing)
        return
    start_processes(  # type: ignore[no-untyped-call]
        _worker, (config, missing), config.processes, start_method="spawn"
    )


def drawn(config: SecondConfig) -> Config:
    """The first pass's run, its sources drawn as the second pass wants them."""
    run = config.run
    return run.model_copy(update={"speech": run.speech.model_copy(update={"weights": config.encode.weights})})


def spoken(config: SecondConfig, short: Collection[str] = ()) -> list[Source]:
    """What clips are drawn from; ``short``: phrases that may be favoured. ConfigError when there is none."""
    run = drawn(config)
    found = load_sources(run, -1, short)
    if not found:
        raise ConfigError(
            f"{run.work} holds no aligned speech; run speak, noise and align of {config.first}."
        )
    return found


def _worker(rank: int, config: SecondConfig, missing: Sequence[int]) -> None:
    torch.set_num_threads(1)
    maker = Maker(config, Encoder(config.published.encoder, stem=config.learn.deep).rows)
    for number in missing[rank :: config.processes]:
        pieces = maker.pieces(number)
        write_pieces(config.work / "features" / f"{number:04d}.npz", pieces)
        hours = sum(len(piece.rows) for piece in pieces) * 0.024 / 3600
        print(f"features {number:04d}: {len(pieces)} clips, {hours:.2f} h", flush=True)


class Maker:
    """What a process needs to make pieces. ``see``: what of a sound is kept."""

    def __init__(self, config: SecondConfig, see: See) -> None:
        run = drawn(config)
        self._config, self._run, self._see = config, run, see
        self._material: Material = gather_material(run)
        self._sources = spoken(config, frozenset(self._material.texts.phrases))
        self._augmenter = make_augmenter(run)

    def pieces(self, number: int) -> list[Piece]:
        """Those of one file of features."""
        return list(islice(self.stream(number), self._config.encode.clips))

    def stream(self, number: int) -> Iterator[Piece]:
        """For ever; the same for the same number."""
        plan = Plan(seconds=0.0, favoured=self._config.encode.favoured, seed=self._config.seed)
        feeder = Feeder(self._sources, self._augmenter, self._run.network.shape(), plan, number)
        while True:
            piece = self._piece(feeder)
            if piece is not None:
                yield piece

    def _piece(self, feeder: Feeder) -> Piece | None:
        """None for a clip that holds no whole text."""
        example = feeder.example()
        if example.text is None:
            return None
        phones = targets(example.text, example.labels, self._material.lexicon)
        if phones is None or len(phones) > DENSEST * len(example.samples):
            return None
        return Piece(self._see(example.samples), np.array(phones, np.int64))


def batches_of_sound(config: SecondConfig, step: int, rank: int) -> Iterator[list[Piece]]:
    """For ever, in one process: clips of like length together, others after each restart."""
    rng = np.random.default_rng([config.seed, step, rank])
    stream = Maker(config, sound_of).stream(1 + rank * STREAMS + step)  # 0 is held
    size = config.learn.batch
    while True:
        pieces = sorted(islice(stream, TOGETHER * size), key=lambda piece: len(piece.rows))
        for place in rng.permutation(TOGETHER):
            yield pieces[place * size : (place + 1) * size]


def held_sounds(config: SecondConfig) -> list[Piece]:
    """Clips that no process learns from."""
    return list(islice(Maker(config, sound_of).stream(0), config.learn.held))


def write_pieces(path: Path, pieces: Sequence[Piece]) -> None:
    """The file appears when it is whole."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(
            file,
            rows=np.concatenate([piece.rows for piece in pieces]),
            phones=np.concatenate([piece.phones for piece in pieces]).astype(np.int8),
            times=[len(piece.rows) for piece in pieces],
            counts=[len(piece.phones) for piece in pieces],
        )
    part.replace(path)


def read_pieces(path: Path) -> list[Piece]:
    with np.load(path) as held:
        rows = np.split(held["rows"], np.cumsum(held["times"])[:-1])
        phones = np.split(held["phones"].astype(np.int64), np.cumsum(held["counts"])[:-1])
    return [Piece(*pair) for pair in zip(rows, phones, strict=True)]
