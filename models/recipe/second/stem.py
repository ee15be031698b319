"""The encoder's stem in PyTorch: the three convolutions that turn sound into rows, as Moonshine has them
(Jeffries et al., 2024, arXiv 2410.15608). Beside a GPU they run there, on whole batches, and may learn too.
"""

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from recipe.reading import ConfigError
from recipe.second.encoder import FOREIGN, arrays_of, with_arrays

CONVOLUTIONS = ("conv1", "conv2", "conv3")
STRIDES = (64, 3, 2)  # samples, then rows of the convolution before
NORM = "/groupnorm/Mul", "/groupnorm/Add"  # whose second input is the weight, the bias
EPSILON = 1e-5  # of the norm, as published
LOW, HIGH = -128, 127  # of a signed eight-bit weight
STEPS, SCALE, OFFSET = "weight_quantized", "weight_scale", "weight_zero_point"  # of a convolution's weight


class Stem(nn.Module):
    """``kernels``: samples or rows that each convolution sees."""

    def __init__(self, width: int, inner: int, kernels: tuple[int, int, int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(1, width, kernels[0], STRIDES[0], bias=False)
        self.weight, self.bias = nn.Parameter(torch.ones(width, 1)), nn.Parameter(torch.zeros(width, 1))
        self.conv2 = nn.Conv1d(width, inner, kernels[1], STRIDES[1])
        self.conv3 = nn.Conv1d(inner, width, kernels[2], STRIDES[2])

    def forward(self, samples: Tensor, lengths: Tensor) -> Tensor:
        """(batch, n) samples of full scale 1, (batch,) of them in each clip -> (batch, time, width). Rows
        past ``times`` of a clip mean nothing.
        """
        with torch.autocast(samples.device.type, enabled=False):  # sound has more than eight bits to lose
            waves = torch.tanh(self.conv1(samples[:, None]))
            hidden = functional.gelu(self.conv2(self._normal(waves, _after(lengths, self.conv1))))
            return functional.gelu(self.conv3(hidden)).transpose(1, 2)

    def times(self, lengths: Tensor) -> Tensor:
        """(batch,) rows of clips so many samples long."""
        for convolution in (self.conv1, self.conv2, self.conv3):
            lengths = _after(lengths, convolution)
        return lengths

    def _normal(self, waves: Tensor, counts: Tensor) -> Tensor:
        """Mean and variance over all of a clip and nothing past its end."""
        inside = (torch.arange(waves.shape[2], device=waves.device) < counts[:, None])[:, None]
        size = counts[:, None, None] * waves.shape[1]
        mean = (waves * inside).sum((1, 2), keepdim=True) / size
        off = (waves - mean) * inside
        scale = torch.rsqrt(off.square().sum((1, 2), keepdim=True) / size + EPSILON)
        return (waves - mean) * scale * self.weight + self.bias


def _after(lengths: Tensor, convolution: nn.Conv1d) -> Tensor:
    return (lengths - convolution.kernel_size[0]) // convolution.stride[0] + 1


def stem_of(encoder: onnx.ModelProto) -> Stem:
    """The published weights. ConfigError for a network of another build."""
    arrays = arrays_of(encoder)
    try:
        state = {f"{name}.weight": _whole(arrays, name) for name in CONVOLUTIONS}
        state |= {f"{name}.bias": arrays[f"{name}.bias"] for name in CONVOLUTIONS[1:]}
        state |= dict(zip(("weight", "bias"), (arrays[name] for name in _norm_names(encoder)), strict=True))
        return stem_with({name: torch.from_numpy(np.array(value)) for name, value in state.items()})
    except (KeyError, RuntimeError) as error:
        raise ConfigError(FOREIGN) from error


def with_stem(encoder: onnx.ModelProto, stem: Stem) -> onnx.ModelProto:
    """The network with these weights, in eight bits again."""
    state = {name: value.detach().cpu().numpy() for name, value in stem.state_dict().items()}
    weight, bias = _norm_names(encoder)
    new = {f"{name}.bias": state[f"{name}.bias"] for name in CONVOLUTIONS[1:]}
    new |= {weight: state["weight"], bias: state["bias"]}
    for name in CONVOLUTIONS:
        new |= _eight_bits(state[f"{name}.weight"], name)
    return with_arrays(encoder, new)


def stem_with(state: dict[str, Tensor]) -> Stem:
    """A stem of the sizes that the weights have."""
    inner, width, _ = state["conv2.weight"].shape
    first, second, third = (state[f"{name}.weight"].shape[2] for name in CONVOLUTIONS)
    stem = Stem(width, inner, (first, second, third))
    stem.load_state_dict(state)
    return stem.eval()


def _norm_names(encoder: onnx.ModelProto) -> list[str]:
    """Of the norm's weight and bias, in that order."""
    found = {node.name: node.input[1] for node in encoder.graph.node if node.name in NORM}
    return [found[name] for name in NORM]


def _whole(arrays: dict[str, NDArray[np.float32]], name: str) -> NDArray[np.float32]:
    """A kernel out of its eight bits: one scale for all of it, and a number added."""
    steps, scale, offset = (arrays[f"{name}.{part}"] for part in (STEPS, SCALE, OFFSET))
    return np.asarray(steps.astype(np.float32) * scale + offset, np.float32)


def _eight_bits(kernel: NDArray[np.float32], name: str) -> dict[str, NDArray[np.float32]]:
    """What ``_whole`` reads."""
    low, high = float(kernel.min()), float(kernel.max())
    scale = (high - low) / (HIGH - LOW) or 1.0
    offset = low - LOW * scale
    steps = np.clip(np.round((kernel - offset) / scale), LOW, HIGH)
    values = {STEPS: steps, SCALE: scale, OFFSET: offset}
    return {f"{name}.{part}": np.asarray(value, np.float32) for part, value in values.items()}
