"""The network learns to write down phones: CTC (Graves et al., 2006) on rows of what stays frozen, or beside
a GPU on sound, of which other processes make new clips for ever.

A checkpoint every minute holds everything needed to go on. The first file of features, or stream of clips, is
never learnt from; the share of its phones that come out wrong is told beside the loss. Its clips are those of
the training, spoilt otherwise, so it tells how far the learning is, and nothing of other people.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from recipe.feeding import fed
from recipe.reading import ConfigError
from recipe.second.config import Learn, SecondConfig
from recipe.second.encoder import layers_of
from recipe.second.encoding import Piece, batches_of_sound, features, held_sounds, read_pieces
from recipe.second.export import read_encoder
from recipe.second.network import Head, Network, network_of
from recipe.second.stem import stem_of
from recipe.stages import spent, where
from recipe.train import CORES, follow, save_whole

TOGETHER = 8  # files read at a time
WARM = 200  # steps until the rate is whole
LAST = 0.01  # added to the cosine, so that the end is not lost
DECAY = 1e-3  # of weights, by AdamW
STEEPEST = 1.0  # norm of a gradient
FEWEST = 3  # phones by which a clip's loss is divided at least


@dataclass(frozen=True)
class Batch:
    """(batch, time, width) rows or (batch, n) samples with zeros past a clip's end; (batch,) of them in each;
    all phones end to end; (batch,) phones of each.
    """

    rows: Tensor
    lengths: Tensor
    phones: Tensor
    counts: Tensor

    def on(self, device: torch.device) -> "Batch":
        """The same batch where the network is."""
        return Batch(*(getattr(self, each.name).to(device) for each in fields(self)))


@dataclass(frozen=True)
class Progress:
    """``loss``: mean since about the last report; ``wrong``: phones of the held file, by the mean weights."""

    seconds: float
    step: int
    loss: float
    wrong: float


def batch_of(pieces: Sequence[Piece]) -> Batch:
    lengths, counts = [len(piece.rows) for piece in pieces], [len(piece.phones) for piece in pieces]
    rows = np.zeros((len(pieces), max(lengths), *pieces[0].rows.shape[1:]), np.float32)
    for place, piece in enumerate(pieces):
        rows[place, : lengths[place]] = piece.rows
    phones = np.concatenate([piece.phones for piece in pieces])
    return Batch(
        torch.from_numpy(rows), torch.tensor(lengths), torch.from_numpy(phones), torch.tensor(counts)
    )


def batches(files: Sequence[Path], size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """For ever, in another order each time; clips of like length together."""
    while True:
        order = [files[place] for place in rng.permutation(len(files))]
        for start in range(0, len(order), TOGETHER):
            pieces = [piece for file in order[start : start + TOGETHER] for piece in read_pieces(file)]
            pieces.sort(key=lambda piece: len(piece.rows) + rng.random() * 8)
            for place in rng.permutation(-(-len(pieces) // size)):
                yield batch_of(pieces[place * size : (place + 1) * size])


def loss_of(logs: Tensor, times: Tensor, batch: Batch) -> Tensor:
    """Mean over clips of the loss a phone. ``times``: (batch,) rows of ``logs`` that count."""
    losses = functional.ctc_loss(
        logs.transpose(0, 1), batch.phones, times, batch.counts, reduction="none", zero_infinity=True
    )
    return (losses / batch.counts.clamp(min=FEWEST)).mean()


class Trainer:
    """One run, or what is left of it."""

    def __init__(self, network: Network, plan: Learn, checkpoint: Path, device: torch.device = CORES) -> None:
        self.network, self.plan, self.checkpoint = network.to(device).train(), plan, checkpoint
        self.device = device
        groups = [{"params": network.head.parameters(), "whole": plan.rate}]
        if network.layers is not None:
            groups.append({"params": network.layers.parameters(), "whole": plan.layers_rate})
        if network.stem is not None:
            groups.append({"params": network.stem.parameters(), "whole": plan.stem_rate})
        self._optimiser = torch.optim.AdamW(groups, lr=plan.rate, weight_decay=DECAY)
        self.mean = {name: value.clone() for name, value in network.state_dict().items()}
        self.step, self.spent = 0, 0.0
        if checkpoint.exists():
            self._load()

    def run(self, given: Iterator[Batch], held: Sequence[Piece], report: float = 60.0) -> Iterator[Progress]:
        """Learn until the plan's minutes are spent, saving and telling about every ``report`` seconds."""
        before, started, told = self.spent, time.monotonic(), time.monotonic()
        losses: list[float] = []
        while self.spent < self.plan.minutes * 60:
            losses.append(self._learn(next(given).on(self.device)))
            self.spent = before + time.monotonic() - started
            if time.monotonic() - told > report:
                told = time.monotonic()
                self.save()
                wrong = error_rate(network_of(self.mean), held)
                yield Progress(self.spent, self.step, float(np.mean(losses[-300:])), wrong)
        self.save()

    def _learn(self, batch: Batch) -> float:
        begun = self.spent >= self.plan.alone * 60
        for part, rate in (
            (self.network.layers, self.plan.layers_rate),
            (self.network.stem, self.plan.stem_rate),
        ):
            if part is not None:
                part.requires_grad_(begun and rate > 0)
        share = min(1.0, self.spent / (self.plan.minutes * 60))
        decay = 0.5 * (1 + math.cos(math.pi * share)) + LAST
        for group in self._optimiser.param_groups:
            group["lr"] = group["whole"] * decay * min(1.0, (self.step + 1) / WARM)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device != CORES):
            logs = self.network(batch.rows, batch.lengths, self.plan.drop)
        loss = loss_of(logs.float(), self.network.times(batch.lengths), batch)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), STEEPEST)
        self._optimiser.step()
        self.step += 1
        follow(self.mean, self.network, self.plan.average, self.step)
        return float(loss.detach())

    def save(self) -> None:
        """The old checkpoint stays until the new one is whole."""
        state = {
            "network": self.network.state_dict(), "mean": self.mean,
            "optimiser": self._optimiser.state_dict(), "step": self.step, "spent": self.spent,
        }  # fmt: skip
        save_whole(state, self.checkpoint)

    def _load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.device)
        try:
            self.network.load_state_dict(state["network"])
        except RuntimeError as error:
            raise ConfigError(f"{self.checkpoint} holds a network of other sizes; remove it.") from error
        self._optimiser.load_state_dict(state["optimiser"])
        self.mean = state["mean"]
        self.step, self.spent = int(state["step"]), float(state["spent"])


def error_rate(network: Network, held: Sequence[Piece]) -> float:
    """Phones missed, made up or mistaken, for each one spoken; the likeliest output of every row counts."""
    wrong = spoken = 0
    device = next(network.parameters()).device
    with torch.inference_mode():
        for piece in held:
            one = batch_of([piece]).on(device)
            outputs = network(one.rows, one.lengths)[0].argmax(1)
            heard = [output for output, _ in groupby(outputs.tolist()) if output]
            wrong += distance(heard, piece.phones)
            spoken += len(piece.phones)
    return wrong / max(1, spoken)


def distance(heard: Sequence[int], wanted: NDArray[np.int64]) -> int:
    """Levenshtein's."""
    row = list(range(len(heard) + 1))
    for count, phone in enumerate(wanted.tolist(), 1):
        above, row = row, [count]
        for place, other in enumerate(heard):
            row.append(min(above[place] + (other != phone), above[place + 1] + 1, row[place] + 1))
    return row[-1]


def learn(config: SecondConfig) -> None:
    """Run the training, or what is left of it; the checkpoint holds the result."""
    if spent(config.checkpoint) >= config.learn.minutes * 60:
        return
    torch.manual_seed(config.seed)
    device = where(config.run)
    if device == CORES:
        _on_cores(config)
    else:
        beside_a_gpu(config, device)


def _on_cores(config: SecondConfig) -> None:
    plan, files = config.learn, features(config)
    if len(files) < 2:
        raise ConfigError(
            f"{config.work} holds {len(files)} files of features, 2 are needed; run encode first."
        )
    torch.set_num_threads(plan.threads)
    held = read_pieces(files[0])
    layers = layers_of(read_encoder(config.published.encoder)) if plan.deep else None
    trainer = Trainer(Network(layers, _head(plan, held[0].rows.shape[1])), plan, config.checkpoint)
    _tell(trainer, batches(files[1:], plan.batch, np.random.default_rng([config.seed, trainer.step])), held)


def beside_a_gpu(config: SecondConfig, device: torch.device) -> None:
    """Stem and layers run where the head learns, whether they learn or not."""
    encoder, held = read_encoder(config.published.encoder), held_sounds(config)
    layers = layers_of(encoder)
    network = Network(layers, _head(config.learn, layers.layer_norm.weight.shape[0]), stem_of(encoder))
    trainer = Trainer(network, config.learn, config.checkpoint, device)
    with fed(partial(batches_of_sound, config, trainer.step), config.processes) as sent:
        _tell(trainer, map(batch_of, sent), held)


def _head(plan: Learn, inputs: int) -> Head:
    return Head(inputs, plan.width, plan.layers, plan.kernel)


def _tell(trainer: Trainer, given: Iterator[Batch], held: Sequence[Piece]) -> None:
    for told in trainer.run(given, held):
        print(
            f"{time.strftime('%H:%M:%S')} {told.seconds / 60:.1f} min, step {told.step}, "
            f"loss {told.loss:.3f}, phones wrong {told.wrong:.3f}",
            flush=True,
        )
    wrong = error_rate(network_of(trainer.mean), held)
    print(f"{trainer.step} steps of {trainer.plan.batch} clips, phones wrong {wrong:.3f}", flush=True)
