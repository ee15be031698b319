"""A network built like Moonshine's published one, small and of chance weights."""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from recipe.second.encoder import FREQUENCIES, HEADS, STEM
from recipe.second.operators import Graph, gelu
from recipe.second.stem import NORM, STRIDES

WIDTH, INNER, TURNED = HEADS * 6, 24, 4  # of a head's six places four are turned
KERNELS = (127, 7, 3)  # samples, then rows, that a convolution of the stem sees


class Chance(Graph):
    """Weights are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.rng = np.random.default_rng(1)

    def whole(self, *numbers: int) -> str:
        return self.array(np.array(numbers, np.int64))

    def chance(self, *shape: int) -> NDArray[np.float32]:
        return self.rng.standard_normal(shape).astype(np.float32)

    def matrix(self, rows: str, inputs: int, outputs: int, name: str) -> str:
        """In eight bits, as a tool for that leaves it."""
        held = f"onnx::MatMul_{len(self.arrays)}"
        weights = self.array(self.rng.integers(0, 256, (inputs, outputs), np.uint8), f"{held}_quantized")
        scale = self.array(np.array(0.004, np.float32), f"{held}_scale")
        zero = self.array(np.array(120, np.uint8), f"{held}_zero_point")
        parts = [f"{held}_{part}" for part in ("steps", "steps_scale", "steps_zero")]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [rows], parts))
        product = self.add("MatMulInteger", parts[0], weights, parts[2], zero, result=f"{name}/MatMul_quant")
        scaled = self.add("Mul", self.add("Cast", product, to=int(TensorProto.FLOAT)), parts[1])
        return self.add("Mul", scaled, scale)

    def norm(self, rows: str, name: str) -> str:
        weights = self.array(1 + 0.1 * self.chance(WIDTH), f"{name}.weight")
        return self.add("LayerNormalization", rows, weights, axis=-1, epsilon=1e-5)


def write_moonshine(path: Path, layers: int = 2) -> None:
    """``audio`` (1, n) -> ``rows`` (1, about n / 384, WIDTH)."""
    graph = Chance()
    rows = graph.add("Transpose", stem(graph), perm=[0, 2, 1], result=STEM)
    turn = angles(graph, rows)
    for number in range(layers):
        rows = layer(graph, rows, f"layers.{number}", turn)
    graph.add("Identity", graph.norm(rows, "layer_norm"), result="rows")
    given = helper.make_tensor_value_info("audio", TensorProto.FLOAT, [1, "n"])
    found = helper.make_tensor_value_info("rows", TensorProto.FLOAT, [1, "time", WIDTH])
    whole = helper.make_graph(graph.nodes, "moonshine", [given], [found], graph.arrays)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(onnx.shape_inference.infer_shapes(model), path)


def stem(graph: Chance) -> str:
    """Three convolutions, after the first of which a clip is brought to mean 0 and variance 1 as a whole."""
    one = graph.add("Unsqueeze", "audio", graph.whole(1))
    waves = graph.add("Tanh", convolution(graph, one, 0, (WIDTH, 1)))
    flat = graph.add("Reshape", waves, graph.whole(0, 1, -1))
    plain = graph.array(np.ones(1, np.float32)), graph.array(np.zeros(1, np.float32))
    normal = graph.add("InstanceNormalization", flat, *plain, epsilon=1e-5)
    back = graph.add("Reshape", normal, graph.add("Shape", waves))
    weight, bias = graph.array(1 + 0.1 * graph.chance(WIDTH, 1)), graph.array(0.1 * graph.chance(WIDTH, 1))
    scaled = graph.add("Mul", back, weight)
    graph.nodes[-1].name = NORM[0]
    moved = graph.add("Add", scaled, bias)
    graph.nodes[-1].name = NORM[1]
    hidden = gelu(graph, convolution(graph, moved, 1, (2 * WIDTH, WIDTH)))
    return gelu(graph, convolution(graph, hidden, 2, (WIDTH, 2 * WIDTH)))


def convolution(graph: Chance, given: str, number: int, sizes: tuple[int, int]) -> str:
    """Its weights in eight bits, as a tool for that leaves them; the first has no bias."""
    name, shape = f"conv{number + 1}", (*sizes, KERNELS[number])
    steps = graph.array(graph.rng.integers(-128, 128, shape, np.int8), f"{name}.weight_quantized")
    scale = graph.array(np.array([0.03 / np.prod(shape[1:]) ** 0.5], np.float32), f"{name}.weight_scale")
    offset = graph.array(np.array([0.001], np.float32), f"{name}.weight_zero_point")
    float_steps = graph.add("Cast", steps, to=int(TensorProto.FLOAT))
    kernel = graph.add("Add", graph.add("Mul", float_steps, scale), offset)
    bias = [graph.array(0.1 * graph.chance(sizes[0]), f"{name}.bias")] if number else []
    return graph.add("Conv", given, kernel, *bias, strides=[STRIDES[number]])


def angles(graph: Chance, rows: str) -> tuple[str, str]:
    """Cosines and sines, (time, TURNED), each angle for two neighbours."""
    frequencies = graph.array(np.array([[[1.0], [0.1]]], np.float32), FREQUENCIES)
    count = graph.add("Gather", graph.add("Shape", rows), graph.array(np.array(1)), axis=0)
    places = graph.add("Range", graph.array(np.array(0)), count, graph.array(np.array(1)))
    row = graph.add("Unsqueeze", graph.add("Cast", places, to=int(TensorProto.FLOAT)), graph.whole(0, 1))
    turned = graph.add("Transpose", graph.add("MatMul", frequencies, row), perm=[0, 2, 1])
    twice = graph.add("Concat", *[graph.add("Unsqueeze", turned, graph.whole(3))] * 2, axis=-1)
    flat = graph.add("Reshape", twice, graph.whole(-1, TURNED))
    return graph.add("Cos", flat), graph.add("Sin", flat)


def layer(graph: Chance, rows: str, name: str, turn: tuple[str, str]) -> str:
    normal, start = graph.norm(rows, f"{name}.input_layernorm"), f"/{name}/self_attn"
    queries, keys, values = (
        graph.add(
            "Transpose",
            graph.add(
                "Reshape",
                graph.matrix(normal, WIDTH, WIDTH, f"{start}/{part}_proj"),
                graph.whole(0, 0, HEADS, -1),
            ),
            perm=[0, 2, 1, 3],
        )
        for part in "qkv"
    )
    across = graph.add("Transpose", turned(graph, keys, turn), perm=[0, 1, 3, 2])
    likeness = graph.add("MatMul", turned(graph, queries, turn), across)
    scale = graph.array(np.array((WIDTH / HEADS) ** -0.5, np.float32))
    shares = graph.add("Softmax", graph.add("Mul", likeness, scale), axis=-1)
    found = graph.add("Transpose", graph.add("MatMul", shares, values), perm=[0, 2, 1, 3])
    flat = graph.add("Reshape", found, graph.whole(0, 0, -1))
    rows = graph.add("Add", rows, graph.matrix(flat, WIDTH, WIDTH, f"{start}/dense"))
    normal = graph.norm(rows, f"{name}.post_attention_layernorm")
    inner = gelu(graph, linear(graph, normal, WIDTH, INNER, f"{name}/mlp/fc1"))
    return graph.add("Add", rows, linear(graph, inner, INNER, WIDTH, f"{name}/mlp/fc2"))


def linear(graph: Chance, rows: str, inputs: int, outputs: int, name: str) -> str:
    bias = graph.array(graph.chance(outputs), f"{name.replace('/', '.')}.bias")
    return graph.add("Add", graph.matrix(rows, inputs, outputs, f"/{name}"), bias)


def turned(graph: Chance, rows: str, turn: tuple[str, str]) -> str:
    """Neighbours turned by their angle, the rest of each head as it was."""

    def part(first: int, end: int, step: int, of: str) -> str:
        return graph.add("Slice", of, *(graph.whole(number) for number in (first, end, -1, step)))

    some, rest = part(0, TURNED, 1, rows), part(TURNED, 99, 1, rows)
    odd, even = part(1, TURNED, 2, some), part(0, TURNED, 2, some)
    pair = [graph.add("Unsqueeze", one, graph.whole(4)) for one in (graph.add("Neg", odd), even)]
    shape = graph.add("Shape", some)
    across = graph.add("Reshape", graph.add("Concat", *pair, axis=-1), shape)
    cosines, sines = turn
    whole = graph.add("Add", graph.add("Mul", some, cosines), graph.add("Mul", across, sines))
    return graph.add("Concat", whole, rest, axis=-1)
