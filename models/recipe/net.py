"""The network in PyTorch: a factored time-delay network (TDNN-F) as Kaldi has it, with its normalisation
folded in fixed.

One output every third frame of 10 ms. Each layer sees a frame to the left and, unless it is one-sided, a
frame to the right; the sum of the right ones is the delay a listener waits for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

COEFFICIENTS = 40  # of one frame
WIDTH = 768
NECK = 64
EPSILON = 1e-3  # of the BatchNorms
SKIP = 0.66  # share of a layer's input added to its output
STRIDE = 3  # frames of 10 ms for one output
STRIDED = 2  # index of the layer from which on only every third frame is computed


@dataclass(frozen=True)
class Shape:
    """Frames of 10 ms each layer looks to the left and to the right; a layer with 0, 0 sees one frame."""

    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def left_context(self) -> int:
        return 1 + sum(self.left)

    @property
    def right_context(self) -> int:
        return 1 + sum(self.right)

    @property
    def seconds_ahead(self) -> float:
        return self.right_context / 100


def symmetric(layers: int) -> Shape:
    """The trunk of the small Korean model cut after ``layers`` of its layers (the first, which is no TDNN-F,
    counts).
    """
    offsets = tuple(0 if number == 5 else 1 if number < 5 else 3 for number in range(2, layers + 1))
    return Shape(offsets, offsets)


def one_sided(shape: Shape, last: int) -> Shape:
    """The last ``last`` layers that look ahead no longer do."""
    right = list(shape.right)
    for index in [i for i, ahead in enumerate(right) if ahead][len([a for a in right if a]) - last :]:
        right[index] = 0
    return Shape(shape.left, tuple(right))


class Layer(nn.Module):
    """Linear to the neck over (t - left, t), affine back over (t, t + right), ReLU, normalisation, skip
    connection.
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, left: int, right: int) -> None:
        super().__init__()
        self.left, self.right = left, right
        self.linear = nn.Parameter(torch.zeros(NECK, WIDTH * (2 if left else 1)))
        self.affine = nn.Parameter(torch.zeros(WIDTH, NECK * (2 if right else 1)))
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.register_buffer("mean", torch.zeros(WIDTH))
        self.register_buffer("variance", torch.ones(WIDTH))

    def forward(self, frames: Tensor, left: int, right: int, stride: int = 1) -> Tensor:
        """(batch, time, WIDTH) -> (batch, shorter time, WIDTH); ``left`` and ``right`` in steps of the
        input's rate.
        """
        if left:
            both = functional.linear(frames, torch.cat(torch.split(self.linear, WIDTH, 1)))
            neck = both[:, :-left, :NECK] + both[:, left:, NECK:]
        else:
            neck = functional.linear(frames, self.linear)
        middle = frames[:, left : frames.shape[1] - right]
        if right:
            parts = neck[:, :-right], neck[:, right:]
            neck = torch.cat([part[:, ::stride] for part in parts], -1)
        else:
            neck = neck[:, ::stride]
        lifted = torch.relu(functional.linear(neck, self.affine, self.bias))
        scale = torch.rsqrt(self.variance + EPSILON)
        return torch.addcmul(torch.add(-self.mean * scale, middle[:, ::stride], alpha=SKIP), lifted, scale)


class Net(nn.Module):
    """Frames in, logits of the outputs out."""

    first_mean: Tensor
    first_variance: Tensor
    last_mean: Tensor
    last_variance: Tensor

    def __init__(self, shape: Shape, outputs: int) -> None:
        super().__init__()
        self.shape = shape
        self.first = nn.Parameter(torch.zeros(WIDTH, 3 * COEFFICIENTS))
        self.first_bias = nn.Parameter(torch.zeros(WIDTH))
        self.register_buffer("first_mean", torch.zeros(WIDTH))
        self.register_buffer("first_variance", torch.ones(WIDTH))
        self.layers = nn.ModuleList(
            Layer(left, right) for left, right in zip(shape.left, shape.right, strict=True)
        )
        self.neck = nn.Parameter(torch.zeros(NECK, WIDTH))
        self.last = nn.Parameter(torch.zeros(WIDTH, NECK))
        self.last_bias = nn.Parameter(torch.zeros(WIDTH))
        self.register_buffer("last_mean", torch.zeros(WIDTH))
        self.register_buffer("last_variance", torch.ones(WIDTH))
        self.head = nn.Parameter(torch.zeros(outputs, WIDTH))
        self.head_bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, frames: Tensor, drop: float = 0.0) -> Tensor:
        """(batch, time + contexts, 40) -> (batch, time / 3 rounded up, outputs): logits."""
        spliced = torch.cat([frames[:, :-2], frames[:, 1:-1], frames[:, 2:]], -1)
        hidden = torch.relu(functional.linear(spliced, self.first, self.first_bias))
        hidden = _normal(hidden, self.first_mean, self.first_variance)
        step = 1
        for index, layer in enumerate(self.layers):
            stride = STRIDE if index == STRIDED else 1
            hidden = layer(hidden, self.shape.left[index] // step, self.shape.right[index] // step, stride)
            step *= stride
            if drop and self.training and index > STRIDED:
                hidden = functional.dropout(hidden, drop)
        hidden = torch.relu(
            functional.linear(functional.linear(hidden, self.neck), self.last, self.last_bias)
        )
        return functional.linear(
            _normal(hidden, self.last_mean, self.last_variance), self.head, self.head_bias
        )

    def padded(self, frames: Tensor, length: int | None = None) -> Tensor:
        """(time, 40) with its contexts, first and last frame repeated as Kaldi does; ``length``: time to fill
        up to.
        """
        fill = (length or len(frames)) - len(frames) + self.shape.right_context
        return torch.cat(
            [frames[:1].expand(self.shape.left_context, -1), frames, frames[-1:].expand(fill, -1)]
        )

    def head_parameters(self) -> Sequence[nn.Parameter]:
        return [self.head, self.head_bias, self.neck, self.last, self.last_bias]

    def trunk_parameters(self) -> Sequence[nn.Parameter]:
        heads = {id(parameter) for parameter in self.head_parameters()}
        return [parameter for parameter in self.parameters() if id(parameter) not in heads]


def _normal(hidden: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
    scale = torch.rsqrt(variance + EPSILON)
    return hidden * scale - mean * scale
