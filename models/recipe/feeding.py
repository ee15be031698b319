"""From aligned clips to batches of spoilt speech, in the process that learns or in others beside a GPU."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing import Queue, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recipe.align import read_alignments
from recipe.augment import Augmenter, Clip, Example, Settings
from recipe.features import mfcc
from recipe.net import STRIDE, Net, Shape
from recipe.shards import Shard

UNKNOWN = -1  # a label that counts for nothing
WAITING = 4  # batches a process may have ready
LOOK = 5.0  # seconds without a batch after which it is looked whether all processes live

Packed = tuple[NDArray[np.float32], NDArray[np.int64], tuple[str | None, ...]]
Sent = TypeVar("Sent")  # what processes make


@dataclass(frozen=True)
class Plan:
    """A training run. Rates are of AdamW; seconds are of the clock and add up over restarts."""

    seconds: float
    trunk_rate: float = 2e-4
    head_rate: float = 6e-4
    batch: int = 24
    gather: int = 4  # batches sorted by length together
    any_share: float = 0.12  # of the target that goes to the any-phone unit, on every frame of speech
    drop: float = 0.0  # so small a network is short of room, not of discipline
    favoured: float = 0.0  # chance that a clip is drawn among the short phrases of its source
    average: float = 0.99  # of the running mean of weights, which is what is kept: about a hundred steps
    last: float = 0.03  # share of the rate left at the end of the cosine
    half: bool = True  # multiply in bfloat16
    teach: float = 0.0  # share of the loss from a teacher's outputs
    sequence: float = 0.0  # weight of the sequence objective beside the frames'
    seed: int = 1
    augment: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class Source:
    """Aligned clips of one shard and how often it is drawn."""

    name: str
    clips: Sequence[Clip]
    weight: float
    short: tuple[int, ...] = ()  # places of the clips that are a short phrase

    def hours(self) -> float:
        return sum(len(clip.samples) for clip in self.clips) / 16_000 / 3600


@dataclass(frozen=True)
class Batch:
    """(batch, time + contexts, 40) frames, (batch, outputs in time) labels, UNKNOWN past a clip's end, and
    the texts.
    """

    frames: Tensor
    labels: Tensor
    texts: tuple[str | None, ...]

    def on(self, device: torch.device) -> "Batch":
        """The same batch where the network is."""
        return Batch(self.frames.to(device), self.labels.to(device), self.texts)


def load_source(folder: Path, shard: Shard, weight: float, short_phrases: Collection[str]) -> Source:
    clips = [
        Clip(np.array(shard.samples(row)), labels, row.text) for row, labels in read_alignments(folder, shard)
    ]
    short = tuple(place for place, clip in enumerate(clips) if clip.text in short_phrases)
    return Source(shard.name, clips, weight, short)


class Feeder:
    """Draws clips by the weights of their sources and makes batches of them."""

    def __init__(
        self, sources: Sequence[Source], augmenter: Augmenter, shape: Shape, plan: Plan, stream: int
    ) -> None:
        self._sources = [source for source in sources if source.clips]
        weights = np.array([source.weight for source in self._sources])
        self._weights = weights / weights.sum()
        self._augmenter, self._plan = augmenter, plan
        self._padder = Net(shape, 1)
        self._rng = np.random.default_rng([plan.seed, stream])
        self._torch = torch.Generator().manual_seed(plan.seed * 1000 + stream % 1000)

    def example(self) -> Example:
        rng = self._rng
        if rng.random() < self._augmenter.settings.only_noise:
            return self._augmenter.silence(rng)
        source = self._sources[rng.choice(len(self._sources), p=self._weights)]
        if source.short and rng.random() < self._plan.favoured:
            place = source.short[int(rng.integers(len(source.short)))]
        else:
            place = int(rng.integers(len(source.clips)))
        return self._augmenter.example(source.clips[place], rng)

    def batches(self) -> Iterator[Batch]:
        """For ever; clips of like length together, in random order of batches."""
        size = self._plan.batch
        while True:
            examples = []
            for _ in range(size * self._plan.gather):
                example = self.example()
                frames = mfcc(torch.from_numpy(example.samples), generator=self._torch)
                examples.append((frames, example))
            examples.sort(key=lambda pair: len(pair[0]))
            for place in self._rng.permutation(self._plan.gather):
                yield self._stack(examples[place * size : (place + 1) * size])

    def _stack(self, examples: Sequence[tuple[Tensor, Example]]) -> Batch:
        longest = max(len(frames) for frames, _ in examples)
        labels = torch.full((len(examples), -(-longest // STRIDE)), UNKNOWN)
        for row, (frames, example) in enumerate(examples):
            known = example.labels
            places = np.minimum(np.arange(-(-len(frames) // STRIDE)) * STRIDE + 1, len(known) - 1)
            labels[row, : len(places)] = torch.from_numpy(known[places].astype(np.int64))
        frames = torch.stack([self._padder.padded(one, longest) for one, _ in examples])
        return Batch(frames, labels, tuple(example.text for _, example in examples))


def packed(batch: Batch) -> Packed:
    """As it travels from one process to another."""
    return batch.frames.numpy(), batch.labels.numpy(), batch.texts


def unpacked(batch: Packed) -> Batch:
    frames, labels, texts = batch
    return Batch(torch.from_numpy(frames), torch.from_numpy(labels), texts)


@contextmanager
def fed(feed: Callable[[int], Iterator[Sent]], count: int) -> Iterator[Iterator[Sent]]:
    """What ``count`` processes make; in each of them ``feed`` is called with its number. No tensors: those
    travel by open files. The first is waited for here, so that no clock of the caller's runs while the
    processes load. RuntimeError when one of them has ended.
    """
    context = get_context("spawn")
    ready: Queue[Sent] = context.Queue(WAITING * count)
    workers = [context.Process(target=_feed, args=(feed, n, ready), daemon=True) for n in range(count)]
    for worker in workers:
        worker.start()
    try:
        received = _received(ready, workers)
        yield chain([next(received)], received)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _feed(feed: Callable[[int], Iterator[Sent]], number: int, ready: "Queue[Sent]") -> None:
    torch.set_num_threads(1)
    for one in feed(number):
        ready.put(one)


def _received(ready: "Queue[Sent]", workers: Sequence[BaseProcess]) -> Iterator[Sent]:
    while True:
        try:
            one = ready.get(timeout=LOOK)
        except Empty:
            if not all(worker.is_alive() for worker in workers):
                raise RuntimeError("A process that makes examples ended; what it printed says why.") from None
            continue
        yield one
