"""A network in ONNX, operator by operator."""

import math

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper


class Graph:
    """Nodes in their order, each with one result, and the arrays they use. ``prefix``: of every name that is
    not given.
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.nodes: list[onnx.NodeProto] = []
        self.arrays: list[onnx.TensorProto] = []

    def array(self, values: NDArray[np.generic], name: str = "") -> str:
        """Its name."""
        name = name or f"{self.prefix}array{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(values, name))
        return name

    def number(self, value: float) -> str:
        return self.array(np.array([value], np.float32))

    def add(
        self, operator: str, *inputs: str, result: str = "", **attributes: int | float | list[int]
    ) -> str:
        """Name of the result."""
        result = result or f"{self.prefix}{len(self.nodes)}"
        node = helper.make_node(operator, inputs, [result], name=result)
        node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self.nodes.append(node)
        return result


def gelu(graph: Graph, rows: str) -> str:
    """The exact one: x / 2 (1 + erf(x / sqrt 2))."""
    bent = graph.add("Erf", graph.add("Div", rows, graph.number(math.sqrt(2))))
    half = graph.add("Mul", rows, graph.number(0.5))
    return graph.add("Mul", half, graph.add("Add", bent, graph.number(1.0)))
