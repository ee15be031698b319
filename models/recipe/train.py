"""Frame training: every 30 ms of mixed speech is shown with the phone that sounds there.

On cores each process makes its own examples and gradients are averaged; on a GPU one process learns from
batches that others make. A checkpoint every minute holds everything needed to go on.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from recipe.feeding import UNKNOWN, Batch, Plan
from recipe.net import STRIDE, Net, Shape
from recipe.phones import ANY, OUTPUT, OUTPUTS
from recipe.sequence import Contests, sequence_loss

CORES = torch.device("cpu")
LONGEST_CONTEST = 84  # outputs (2.5 s): commands and what is taken for one are short, and long ones cost most


@dataclass(frozen=True)
class Progress:
    """Means since the last report."""

    seconds: float
    step: int
    loss: float
    speech_right: float  # share of speech frames whose phone is the likeliest
    audio_hours: float  # heard so far by all processes


def frame_loss(logits: Tensor, labels: Tensor, any_share: float) -> tuple[Tensor, float]:
    """Cross-entropy per frame, part of the target on the any-phone unit; and the share of speech frames
    recognised.
    """
    known = labels != UNKNOWN
    logs, right = torch.log_softmax(logits, -1)[known], labels[known]
    speech = (right > 0).float()
    share = any_share * speech
    phone = logs.gather(1, right[:, None])[:, 0]
    loss = -(phone * (1 - share) + logs[:, OUTPUT[ANY]] * share).mean()
    with torch.no_grad():
        hits = (logs[:, : OUTPUTS - 1].argmax(1) == right).float()
        return loss, float((hits * speech).sum() / speech.sum().clamp(min=1))


def teacher_loss(logits: Tensor, teacher: Tensor, labels: Tensor) -> Tensor:
    """Kullback-Leibler divergence from a teacher that may look further ahead."""
    known = labels != UNKNOWN
    ours, theirs = torch.log_softmax(logits, -1)[known], torch.log_softmax(teacher, -1)[known]
    return (theirs.exp() * (theirs - ours)).sum(-1).mean()


class Trainer:
    """One process's share of a run."""

    def __init__(
        self,
        net: Net,
        plan: Plan,
        checkpoint: Path,
        teacher: Net | None = None,
        contests: Contests | None = None,
        device: torch.device = CORES,
    ) -> None:
        self.net, self.plan, self.checkpoint = net.to(device).train(), plan, checkpoint
        self.teacher, self.contests = teacher.to(device) if teacher else None, contests
        self.device = device
        heads, trunk = list(net.head_parameters()), list(net.trunk_parameters())
        self._parameters = heads + trunk
        groups = [{"params": heads}, {"params": trunk}]
        self._optimiser = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-4)
        self.mean = {name: value.clone() for name, value in net.state_dict().items()}
        self.step, self.spent, self.hours = 0, 0.0, 0.0
        self._world = dist.get_world_size() if dist.is_initialized() else 1
        self._rank = dist.get_rank() if dist.is_initialized() else 0
        self._rng = np.random.default_rng([plan.seed, 7, self._rank])
        if checkpoint.exists():
            self._load()

    def run(self, batches: Iterator[Batch], report: float = 60.0) -> Iterator[Progress]:
        """Train until the plan's seconds are spent, saving and telling about every ``report`` seconds."""
        before, started, told = self.spent, time.monotonic(), time.monotonic()
        losses: list[tuple[float, float]] = []
        while True:
            self.spent = self._agreed(before + time.monotonic() - started)
            if self.spent >= self.plan.seconds:
                break
            batch = next(batches).on(self.device)
            losses.append(self._learn(batch))
            self.hours += batch.labels.numel() * STRIDE / 100 / 3600 * self._world
            if time.monotonic() - told > report:
                told = time.monotonic()
                self.save()
                loss, right = np.mean(losses[-200:], 0)
                yield Progress(self.spent, self.step, float(loss), float(right), self.hours)
        self.save()

    def _learn(self, batch: Batch) -> tuple[float, float]:
        plan = self.plan
        part = min(1.0, self.spent / plan.seconds)
        decay = 0.5 * (1 + math.cos(math.pi * part)) * (1 - plan.last) + plan.last
        for group, rate, warm in zip(
            self._optimiser.param_groups, (plan.head_rate, plan.trunk_rate), (60, 200), strict=True
        ):
            group["lr"] = rate * decay * min(1.0, (self.step + 1) / warm)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=plan.half):
            logits = self.net(batch.frames, plan.drop)
        logits = logits.float()
        loss, right = frame_loss(logits, batch.labels, plan.any_share)
        if self.teacher is not None and plan.teach:
            loss = (1 - plan.teach) * loss + plan.teach * self._taught(logits, batch)
        if self.contests is not None and plan.sequence:
            loss = loss + plan.sequence * self._contested(logits, batch, self.contests)
        self.update(loss)
        return float(loss.detach()), right

    def _taught(self, logits: Tensor, batch: Batch) -> Tensor:
        assert self.teacher is not None
        extra = self.teacher.shape.right_context - self.net.shape.right_context
        longer = torch.cat([batch.frames, batch.frames[:, -1:].expand(-1, extra, -1)], 1)
        with torch.no_grad(), torch.autocast(self.device.type, torch.bfloat16, enabled=self.plan.half):
            wanted = self.teacher(longer).float()
        return teacher_loss(logits, wanted, batch.labels)

    def _contested(self, logits: Tensor, batch: Batch, contests: Contests) -> Tensor:
        lengths = (batch.labels != UNKNOWN).sum(1)
        rows = [
            row
            for row, text in enumerate(batch.texts)
            if contests.knows(text) and lengths[row] <= LONGEST_CONTEST
        ]
        if not rows:
            return logits.new_zeros(())
        drawn = [contests.contest(batch.texts[row] or "", self._rng) for row in rows]
        return sequence_loss(logits[rows, : int(lengths[rows].max())], lengths[rows], drawn)

    def update(self, loss: Tensor) -> None:
        """One step of all processes together."""
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if self._world > 1:
            self._average_gradients()
        torch.nn.utils.clip_grad_norm_(self._parameters, 2.0)
        self._optimiser.step()
        self.step += 1
        follow(self.mean, self.net, self.plan.average, self.step)

    def _average_gradients(self) -> None:
        flat = torch.cat([_gradient(parameter).flatten() for parameter in self._parameters])
        dist.all_reduce(flat)
        flat /= self._world
        place = 0
        for parameter in self._parameters:
            count = parameter.numel()
            parameter.grad = flat[place : place + count].view_as(parameter).clone()
            place += count

    def _agreed(self, seconds: float) -> float:
        """The first process's clock is everybody's, so all stop at the same step."""
        if self._world == 1:
            return seconds
        shared = torch.tensor([seconds])
        dist.broadcast(shared, 0)
        return float(shared)

    def save(self) -> None:
        """Only the first process writes; the old checkpoint stays until the new one is whole."""
        if self._rank:
            return
        state = {
            "net": self.net.state_dict(), "mean": self.mean, "optimiser": self._optimiser.state_dict(),
            "step": self.step, "spent": self.spent, "hours": self.hours,
            "left": self.net.shape.left, "right": self.net.shape.right,
        }  # fmt: skip
        save_whole(state, self.checkpoint)

    def _load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.device)
        self.net.load_state_dict(state["net"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.mean = state["mean"]
        self.step, self.spent, self.hours = int(state["step"]), float(state["spent"]), float(state["hours"])


def trained(checkpoint: Path) -> Net:
    """The running mean of a run's weights, ready to use."""
    state = torch.load(checkpoint, weights_only=True, map_location=CORES)
    net = Net(Shape(tuple(state["left"]), tuple(state["right"])), OUTPUTS)
    net.load_state_dict(state["mean"])
    return net.eval()


def follow(mean: dict[str, Tensor], net: torch.nn.Module, average: float, step: int) -> None:
    """Move the running mean of weights after step number ``step``; over the first steps it is shorter."""
    keep = min(average, 1 - 1 / (step + 1) ** 0.75)
    with torch.no_grad():
        for name, value in net.state_dict().items():
            mean[name].mul_(keep).add_(value, alpha=1 - keep)


def save_whole(state: dict[str, object], checkpoint: Path) -> None:
    """The old checkpoint stays until the new one is whole."""
    part = checkpoint.with_suffix(".part")
    torch.save(state, part)
    part.replace(checkpoint)


def _gradient(parameter: torch.nn.Parameter) -> Tensor:
    return parameter.grad if parameter.grad is not None else torch.zeros_like(parameter)
