"""The sequence objective: the right text against what a grammar would rather hear, all paths of each counted.

For every clip a handful of texts compete: the phrases that sound most like it, a few others, silence, and the
any-phone word. The loss is the negative logarithm of the share that the right ones have (maximum mutual
information over a sampled grammar). So taking a command and leaving everything else alone are trained
together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from recipe.lexicon import Lexicon, spoken, words_of
from recipe.paths import NOWHERE, Path, path_of
from recipe.phones import ANY, OUTPUT

NEVER = -1e4  # a logarithm of no probability that stays finite in sums


@dataclass(frozen=True)
class Contest:
    """Texts that compete for one clip; ``right`` says which of them would do no harm."""

    paths: tuple[Path, ...]
    right: tuple[bool, ...]


class Contests:
    """Who competes: drawn anew each time, the nearest phrases always."""

    def __init__(self, phrases: Sequence[str], lexicon: Lexicon, near: int = 5, others: int = 3) -> None:
        self._lexicon = lexicon
        self._live = [phrase for phrase in dict.fromkeys(phrases) if spoken(phrase, lexicon)]
        self._set = set(self._live)
        self._sounds = [_sounds(phrase, lexicon) for phrase in self._live]
        self._near, self._others = near, others
        self._nearest: dict[str, list[str]] = {}
        self._paths: dict[str, Path] = {}

    def contest(self, text: str, rng: np.random.Generator) -> Contest:
        """``text`` empty: nobody speaks."""
        rivals = dict.fromkeys(self._rivals(text))
        rivals |= dict.fromkeys(self._live[rng.integers(len(self._live))] for _ in range(self._others))
        rivals.pop(text, None)
        command = text in self._set
        texts = [
            "",
            ANY,
            *([text, f"{text} {ANY}", f"{ANY} {text}"] if command else [text] if text else []),
            *rivals,
        ]
        harmless = [
            one == text if command else one in ("", ANY, text) if not text else one in (ANY, text)
            for one in texts
        ]
        return Contest(tuple(self._path(one) for one in texts), tuple(harmless))

    def knows(self, text: str | None) -> bool:
        return text is not None and spoken(text, self._lexicon) is not None

    def _rivals(self, text: str) -> list[str]:
        if text not in self._nearest:
            own = _sounds(text, self._lexicon) if text else []
            apart = [_distance(own, sounds) for sounds in self._sounds]
            ranked = sorted(range(len(self._live)), key=apart.__getitem__)
            # What sounds the same is the same to any recogniser, and no rival.
            self._nearest[text] = [self._live[index] for index in ranked if apart[index]][: self._near]
        return self._nearest[text]

    def _path(self, text: str) -> Path:
        if text not in self._paths:
            words: list[tuple[str, ...]] = []
            for part in text.split():
                words += [(ANY,)] if part == ANY else [self._lexicon[word] for word in words_of(part)]
            self._paths[text] = path_of(words)
        return self._paths[text]


def _sounds(text: str, lexicon: Lexicon) -> list[str]:
    return " ".join(lexicon[word][0] for word in words_of(text)).split()


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Phones to put in, leave out or exchange."""
    row = list(range(len(other) + 1))
    for number, phone in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, wanted in enumerate(other, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (phone != wanted)),
            )
    return row[-1]


@dataclass(frozen=True)
class _Stacked:
    """Paths of equal size: (batch, rivals, states[, most])."""

    outputs: Tensor
    before: Tensor
    blocked: Tensor
    starts: Tensor
    ends: Tensor
    right: Tensor  # (batch, rivals) logarithms: 0 or NEVER
    present: Tensor

    def on(self, device: torch.device) -> "_Stacked":
        return _Stacked(*(getattr(self, each.name).to(device) for each in fields(self)))


def _stacked(contests: Sequence[Contest]) -> _Stacked:
    rivals = max(len(contest.paths) for contest in contests)
    states = max(len(path.outputs) for contest in contests for path in contest.paths)
    most = max(path.before.shape[1] for contest in contests for path in contest.paths)
    shape = len(contests), rivals, states
    outputs, before = np.zeros(shape, np.int64), np.full((*shape, most), NOWHERE)
    starts, ends = np.full(shape, NEVER, np.float32), np.full(shape, NEVER, np.float32)
    right, present = np.full(shape[:2], NEVER, np.float32), np.full(shape[:2], NEVER, np.float32)
    for row, contest in enumerate(contests):
        for place, (path, harmless) in enumerate(zip(contest.paths, contest.right, strict=True)):
            count, width = path.before.shape
            outputs[row, place, :count] = path.outputs
            before[row, place, :count, :width] = path.before
            starts[row, place, :count][path.starts] = 0
            ends[row, place, :count][path.ends] = 0
            present[row, place] = 0
            right[row, place] = 0 if harmless else NEVER
    return _Stacked(
        torch.from_numpy(outputs),
        torch.from_numpy(np.maximum(before, 0)),
        torch.from_numpy(before == NOWHERE),
        torch.from_numpy(starts),
        torch.from_numpy(ends),
        torch.from_numpy(right),
        torch.from_numpy(present),
    )


def path_scores(logs: Tensor, lengths: Tensor, stacked: _Stacked) -> Tensor:
    """(batch, time, outputs) log-probabilities -> (batch, rivals): the sum over all ways along each path."""
    batch, rivals, states = stacked.outputs.shape
    seen = logs.gather(2, stacked.outputs.reshape(batch, 1, -1).expand(-1, logs.shape[1], -1))
    seen = seen.reshape(batch, logs.shape[1], rivals, states)
    flat = stacked.before.reshape(batch, rivals, -1)
    state = (stacked.starts + seen[:, 0]).clamp(min=NEVER)
    for frame in range(1, logs.shape[1]):
        came = state.gather(2, flat).reshape(stacked.before.shape).masked_fill(stacked.blocked, NEVER)
        moved = (torch.logsumexp(came, -1) + seen[:, frame]).clamp(min=NEVER)
        state = torch.where((lengths > frame)[:, None, None], moved, state)
    return torch.logsumexp(state + stacked.ends, -1)


def sequence_loss(
    logits: Tensor, lengths: Tensor, contests: Sequence[Contest], scale: float = 0.6, bonus: float = 0.8
) -> Tensor:
    """Mean over clips. ``scale``: the decoder's acoustic scale; ``bonus``: what its garbage word gains a
    frame.
    """
    logs = torch.log_softmax(logits, -1) * scale
    raised = logs.new_zeros(logs.shape[-1])
    raised[OUTPUT[ANY]] = bonus
    stacked = _stacked(contests).on(logits.device)
    scores = path_scores(logs + raised, lengths, stacked)
    everything = torch.logsumexp(scores + stacked.present, 1)
    return (everything - torch.logsumexp(scores + stacked.right, 1)).clamp(max=30.0).mean()
