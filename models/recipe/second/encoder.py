"""The encoder's layers in PyTorch: read from the published eight-bit network, and written back into it.

The network is Moonshine's (Jeffries et al., 2024, arXiv 2410.15608): convolutions, here called the stem, that
turn sound into rows, then layers of attention with rotary positions. The stem stays as published.
"""

import re
from collections.abc import Iterator, Mapping

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from onnx.utils import Extractor
from torch import Tensor, nn
from torch.nn import functional

from recipe.reading import ConfigError

STEM = "/Transpose_output_0"  # the stem's rows in the published network
HEADS = 8  # of attention
EPSILON = 1e-5  # of LayerNorm, as published
TOP = 255  # of an unsigned eight-bit weight
MATRIX = re.compile(r"^/(layers\.\d+/(?:self_attn|mlp)/\w+)/MatMul_quant$")
VECTOR = re.compile(r"^(layers\.\d+\..*(?:layernorm\.weight|fc\d\.bias)|layer_norm\.weight)$")
FREQUENCIES = "/rotary_emb/Cast_1_output_0"
EIGHT_BITS, SCALE, ZERO = "_quantized", "_scale", "_zero_point"  # ends of the names of a matrix's parts
FOREIGN = "The encoder is not Moonshine tiny's eight-bit one; see README.md."


class Attention(nn.Module):
    """Every row looks at every row of its clip."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_proj, self.k_proj = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.v_proj, self.dense = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)

    def forward(self, rows: Tensor, turn: tuple[Tensor, Tensor], seen: Tensor) -> Tensor:
        """``turn``: cosines and sines (time, turned); ``seen``: (batch, 1, 1, time), True where a clip is."""
        split = rows.shape[0], rows.shape[1], HEADS, -1
        queries = turned(self.q_proj(rows).view(split).transpose(1, 2), *turn)
        keys = turned(self.k_proj(rows).view(split).transpose(1, 2), *turn)
        values = self.v_proj(rows).view(split).transpose(1, 2)
        queries, keys = queries.to(values.dtype), keys.to(values.dtype)  # angles are of full precision
        found = functional.scaled_dot_product_attention(queries, keys, values, seen)
        out: Tensor = self.dense(found.transpose(1, 2).reshape(rows.shape))
        return out


class Layer(nn.Module):
    """Attention and two linear layers, each added to what came in."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.input_layernorm = nn.LayerNorm(width, EPSILON, bias=False)
        self.post_attention_layernorm = nn.LayerNorm(width, EPSILON, bias=False)
        self.self_attn = Attention(width)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, inner), "fc2": nn.Linear(inner, width)})

    def forward(self, rows: Tensor, turn: tuple[Tensor, Tensor], seen: Tensor, drop: float) -> Tensor:
        found = self.self_attn(self.input_layernorm(rows), turn, seen)
        rows = rows + functional.dropout(found, drop, self.training)
        inner = functional.gelu(self.mlp["fc1"](self.post_attention_layernorm(rows)))
        return rows + functional.dropout(self.mlp["fc2"](inner), drop, self.training)


class Layers(nn.Module):
    """The encoder after its stem. ``frequencies``: (turned / 2,) of the rotary positions, radians a row."""

    frequencies: Tensor

    def __init__(self, width: int, inner: int, count: int, frequencies: Tensor) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(width, inner) for _ in range(count))
        self.layer_norm = nn.LayerNorm(width, EPSILON, bias=False)
        self.register_buffer("frequencies", frequencies)

    def forward(self, rows: Tensor, times: Tensor, drop: float = 0.0) -> Tensor:
        """(batch, time, width) rows of the stem, (batch,) of them in each clip -> rows of the encoder."""
        places = torch.arange(rows.shape[1], device=rows.device)
        angles = (places[:, None] * self.frequencies).repeat_interleave(2, 1)
        turn, seen = (angles.cos(), angles.sin()), (places < times[:, None])[:, None, None]
        for layer in self.layers:
            rows = layer(rows, turn, seen, drop)
        found: Tensor = self.layer_norm(rows)
        return found


def turned(rows: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Rotary positions on pairs of neighbours; what is past the angles stays."""
    some = rows[..., : cosines.shape[1]]
    across = torch.stack((-some[..., 1::2], some[..., ::2]), -1).flatten(-2)
    return torch.cat((some * cosines + across * sines, rows[..., cosines.shape[1] :]), -1)


def stem_graph(encoder: onnx.ModelProto) -> onnx.ModelProto:
    """The convolutions alone. ConfigError for a network of another build."""
    try:
        return Extractor(encoder).extract_model([encoder.graph.input[0].name], [STEM])
    except Exception as error:  # onnx raises its own kinds
        raise ConfigError(FOREIGN) from error


def layers_of(encoder: onnx.ModelProto) -> Layers:
    """The published weights. ConfigError for a network of another build."""
    arrays = arrays_of(encoder)
    state = {name: torch.from_numpy(_whole(arrays, held).T.copy()) for name, held in _matrices(encoder)}
    state |= {name: _tensor(arrays[name]) for name in arrays if VECTOR.match(name)}
    try:
        return layers_with({**state, "frequencies": _tensor(arrays[FREQUENCIES]).ravel()})
    except (KeyError, RuntimeError) as error:
        raise ConfigError(FOREIGN) from error


def layers_with(state: Mapping[str, Tensor]) -> Layers:
    """Layers of the sizes that the weights have. KeyError or RuntimeError when some are missing."""
    inner, width = state["layers.0.mlp.fc1.weight"].shape
    count = len({name.split(".")[1] for name in state if name.startswith("layers.")})
    layers = Layers(width, inner, count, state["frequencies"])
    layers.load_state_dict(dict(state))
    return layers.eval()


def with_layers(encoder: onnx.ModelProto, layers: Layers) -> onnx.ModelProto:
    """The network with these weights, in eight bits again."""
    state = {name: value.detach().numpy() for name, value in layers.state_dict().items()}
    new: dict[str, NDArray[np.float32]] = {name: state[name] for name in state if VECTOR.match(name)}
    for name, held in _matrices(encoder):
        new |= _eight_bits(state[name].T, held)
    return with_arrays(encoder, new)


def _matrices(encoder: onnx.ModelProto) -> Iterator[tuple[str, str]]:
    """(name in PyTorch, start of the names in the network) of each."""
    for node in encoder.graph.node:
        found = MATRIX.match(node.name)
        if found:
            yield found[1].replace("/", ".") + ".weight", node.input[1].removesuffix(EIGHT_BITS)


def arrays_of(encoder: onnx.ModelProto) -> dict[str, NDArray[np.float32]]:
    """Every array that the network holds, by name, of whatever numbers it is."""
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in encoder.graph.initializer}


def with_arrays(encoder: onnx.ModelProto, new: Mapping[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The network with other numbers in some of its arrays; shapes and types stay."""
    changed = onnx.ModelProto()
    changed.CopyFrom(encoder)
    for tensor in changed.graph.initializer:
        if tensor.name in new:
            was = numpy_helper.to_array(tensor)
            values = new[tensor.name].astype(was.dtype).reshape(was.shape)
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    return changed


def _tensor(array: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(array.astype(np.float32))


def _whole(arrays: Mapping[str, NDArray[np.float32]], held: str) -> NDArray[np.float32]:
    """A matrix out of its eight bits: one scale and one zero for all of it."""
    steps = arrays[held + EIGHT_BITS].astype(np.float32) - arrays[held + ZERO].astype(np.float32)
    return np.asarray(steps * arrays[held + SCALE], np.float32)


def _eight_bits(matrix: NDArray[np.float32], held: str) -> dict[str, NDArray[np.float32]]:
    """What ``_whole`` reads. Zero stays zero."""
    low, high = min(0.0, float(matrix.min())), max(0.0, float(matrix.max()))
    scale = (high - low) / TOP or 1.0
    zero = round(-low / scale)
    steps = np.clip(np.round(matrix / scale) + zero, 0, TOP)
    values = {EIGHT_BITS: steps, SCALE: scale, ZERO: zero}
    return {held + end: np.asarray(value, np.float32) for end, value in values.items()}
