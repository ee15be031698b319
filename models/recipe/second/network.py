"""What is learnt, in PyTorch: the head, convolutions over the encoder's rows and which phone each row is;
under it the encoder's own layers, unless they stay as published; and under those, beside a GPU, its stem.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from recipe.phones import ARPABET
from recipe.reading import ConfigError
from recipe.second.encoder import Layers, layers_with
from recipe.second.stem import Stem, stem_with

OUTPUTS = len(ARPABET) + 1  # output 0 is the blank of CTC; phones are numbered as in phones.OUTPUT


class Head(nn.Module):
    """``inputs``: width of a row of the encoder. Each layer sees ``kernel`` rows and adds to what came in."""

    def __init__(self, inputs: int, width: int = 192, layers: int = 3, kernel: int = 5) -> None:
        super().__init__()
        self.inp, self.ln = nn.Linear(inputs, width), nn.LayerNorm(width)
        self.convs = nn.ModuleList(
            nn.Conv1d(width, width, kernel, padding=kernel // 2) for _ in range(layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(layers))
        self.out = nn.Linear(width, OUTPUTS)

    def forward(self, rows: Tensor, drop: float = 0.0) -> Tensor:
        """(batch, time, inputs) -> (batch, time, OUTPUTS) log-probabilities."""
        hidden = functional.gelu(self.ln(self.inp(functional.dropout(rows, drop, self.training))))
        for conv, norm in zip(self.convs, self.norms, strict=True):
            seen = norm(conv(hidden.transpose(1, 2)).transpose(1, 2))
            hidden = hidden + functional.dropout(functional.gelu(seen), drop, self.training)
        return torch.log_softmax(self.out(hidden), -1)


class Network(nn.Module):
    """``layers``: None where the encoder is kept whole, and its own rows are what comes in. ``stem``: None
    where its rows are what comes in, not sound.
    """

    def __init__(self, layers: Layers | None, head: Head, stem: Stem | None = None) -> None:
        super().__init__()
        self.layers, self.head, self.stem = layers, head, stem

    def forward(self, given: Tensor, lengths: Tensor, drop: float = 0.0) -> Tensor:
        """(batch, time, inputs) rows, or (batch, n) samples for the stem; (batch,) of them in each clip ->
        (batch, time, OUTPUTS) log-probabilities.
        """
        rows = given
        if self.stem is not None:
            rows = self.stem(given, lengths)
        if self.layers is not None:
            rows = self.layers(rows, self.times(lengths), drop)
        logs: Tensor = self.head(rows, drop)
        return logs

    def times(self, lengths: Tensor) -> Tensor:
        """(batch,) rows of clips that have so many rows or samples."""
        return lengths if self.stem is None else self.stem.times(lengths)


def trained(checkpoint: Path) -> Network:
    """The running mean of a run's weights, ready to use. ConfigError when there is no such run."""
    if not checkpoint.exists():
        raise ConfigError(f"{checkpoint} is missing; run the stage learn first.")
    return network_of(torch.load(checkpoint, weights_only=True, map_location="cpu")["mean"])


def network_of(weights: Mapping[str, Tensor]) -> Network:
    """A network of the sizes that its weights have."""
    layers, stem = _below("layers.", weights), _below("stem.", weights)
    whole = Network(
        layers_with(layers) if layers else None,
        head_of(_below("head.", weights)),
        stem_with(stem) if stem else None,
    )
    return whole.to(next(iter(weights.values())).device).eval()


def _below(start: str, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(start): value for name, value in weights.items() if name.startswith(start)}


def head_of(weights: Mapping[str, Tensor]) -> Head:
    """A head of the sizes that its weights have."""
    width, inputs = weights["inp.weight"].shape
    layers = sum(name.startswith("convs.") and name.endswith(".weight") for name in weights)
    kernel = weights["convs.0.weight"].shape[2] if layers else 1
    head = Head(inputs, width, layers, kernel)
    head.load_state_dict(dict(weights))
    return head.eval()
