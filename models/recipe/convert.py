"""Between Kaldi's components and our network: take weights over from a model file, and write one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from recipe import kaldi_write as write
from recipe.kaldi_read import Acoustic, Component, read_model
from recipe.net import COEFFICIENTS, NECK, SKIP, WIDTH, Layer, Net, Shape
from recipe.phones import OUTPUT, OUTPUTS, PAIRS


def from_korean(path: Path, shape: Shape) -> Net:
    """The trunk of the small Korean Vosk model, its i-vector input folded away, its output layer left at
    zero.

    Its first transform is a fixed affine over three frames and a 100-dimensional i-vector of mean zero, so
    the columns of the i-vector can go and the rest multiplies into the first layer. Layers beyond ``shape``
    are left out.
    """
    source = read_model(path)
    net = Net(shape, OUTPUTS)
    splice, first = source.components["lda"], source.components["tdnn1.affine"]
    weights, bias = first.matrix("LinearParams"), first.matrix("BiasParams")
    folded = weights @ splice.matrix("LinearParams")
    with torch.no_grad():
        net.first.copy_(_tensor(folded[:, : 3 * COEFFICIENTS]))
        net.first_bias.copy_(_tensor(weights @ splice.matrix("BiasParams") + bias))
        _take_trunk(net, source)
        _take(net.neck, source.components["prefinal-l"], "Params")
        _take_last(net, source, "prefinal-chain.affine", "prefinal-chain.batchnorm1")
    return net


def from_lull(path: Path, shape: Shape | None = None) -> Net:
    """A model this recipe wrote, whole. ``shape``: another one with the same layers, of which more or fewer
    are one-sided.
    """
    source = read_model(path)
    net = Net(shape or shape_of(source), OUTPUTS)
    with torch.no_grad():
        _take(net.first, source.components["tdnn1.affine"], "LinearParams")
        _take(net.first_bias, source.components["tdnn1.affine"], "BiasParams")
        _take_trunk(net, source)
        _take(net.neck, source.components["prefinal-l"], "Params")
        _take_last(net, source, "prefinal.affine", "prefinal.batchnorm")
        _take(net.head, source.components["output.affine"], "LinearParams")
        _take(net.head_bias, source.components["output.affine"], "BiasParams")
    return net


def with_slots(net: Net, starts: Mapping[str, str]) -> Net:
    """The network of one language made ready for another: outputs take over the weights of others.

    ``starts``: output -> the one whose weights it begins with, all as they were before.
    """
    into = [OUTPUT[phone] for phone in starts]
    out = [OUTPUT[phone] for phone in starts.values()]
    with torch.no_grad():
        net.head[into] = net.head[out].clone()
        net.head_bias[into] = net.head_bias[out].clone()
    return net


def shape_of(source: Acoustic) -> Shape:
    """Read from the time offsets of the layers."""
    left, right = [], []
    number = 2
    while f"tdnnf{number}.linear" in source.components:
        left.append(-int(np.min(source.components[f"tdnnf{number}.linear"].values["TimeOffsets"])))
        right.append(int(np.max(source.components[f"tdnnf{number}.affine"].values["TimeOffsets"])))
        number += 1
    return Shape(tuple(left), tuple(right))


def _tensor(values: ArrayLike) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))


def _take(target: Tensor, component: Component, tag: str) -> None:
    """A one-sided layer takes the columns of the frame it still sees, which come first; one that looks ahead
    anew begins with nothing to say about it.
    """
    values = _tensor(component.matrix(tag))
    shared = min(values.shape[-1], target.shape[-1])
    target.zero_()
    target[..., :shared] = values[..., :shared]


def _take_trunk(net: Net, source: Acoustic) -> None:
    _take(net.first_mean, source.components["tdnn1.batchnorm"], "StatsMean")
    _take(net.first_variance, source.components["tdnn1.batchnorm"], "StatsVar")
    for number, layer in enumerate(net.layers, 2):
        assert isinstance(layer, Layer)
        _take(
            layer.linear,
            source.components[f"tdnnf{number}.linear"],
            "LinearParams" if _is_tdnn(source, number) else "Params",
        )
        _take(layer.affine, source.components[f"tdnnf{number}.affine"], "LinearParams")
        _take(layer.bias, source.components[f"tdnnf{number}.affine"], "BiasParams")
        _take(layer.mean, source.components[f"tdnnf{number}.batchnorm"], "StatsMean")
        _take(layer.variance, source.components[f"tdnnf{number}.batchnorm"], "StatsVar")


def _is_tdnn(source: Acoustic, number: int) -> bool:
    return source.components[f"tdnnf{number}.linear"].kind == "TdnnComponent"


def _take_last(net: Net, source: Acoustic, affine: str, norm: str) -> None:
    _take(net.last, source.components[affine], "LinearParams")
    _take(net.last_bias, source.components[affine], "BiasParams")
    _take(net.last_mean, source.components[norm], "StatsMean")
    _take(net.last_variance, source.components[norm], "StatsVar")


class _Graph:
    """Nodes and components in the order they are computed."""

    def __init__(self) -> None:
        self.nodes = [f"input-node name=input dim={COEFFICIENTS}"]
        self.components: list[bytes] = []
        self.last = "input"

    def add(self, name: str, component: bytes, source: str | None = None) -> str:
        self.nodes.append(f"component-node name={name} component={name} input={source or self.last}")
        self.components.append(component)
        self.last = name
        return name


def model_bytes(net: Net, priors: Sequence[float] = ()) -> bytes:
    """A whole ``final.mdl``. ``priors``: (outputs,) probabilities the decoder divides by; empty: none."""
    graph = _Graph()
    splice = "Append(Offset(input, -1), input, Offset(input, 1))"
    graph.add("tdnn1.affine", write.affine("tdnn1.affine", _plain(net.first), _plain(net.first_bias)), splice)
    graph.add("tdnn1.relu", write.relu("tdnn1.relu", WIDTH))
    norm = write.batch_norm("tdnn1.batchnorm", _plain(net.first_mean), _plain(net.first_variance))
    graph.add("tdnn1.batchnorm", norm)
    for number, layer in enumerate(net.layers, 2):
        assert isinstance(layer, Layer)
        _add_layer(graph, f"tdnnf{number}", layer)
    graph.add("prefinal-l", write.linear("prefinal-l", _plain(net.neck)))
    graph.add("prefinal.affine", write.affine("prefinal.affine", _plain(net.last), _plain(net.last_bias)))
    graph.add("prefinal.relu", write.relu("prefinal.relu", WIDTH))
    norm = write.batch_norm("prefinal.batchnorm", _plain(net.last_mean), _plain(net.last_variance))
    graph.add("prefinal.batchnorm", norm)
    graph.add("output.affine", write.affine("output.affine", _plain(net.head), _plain(net.head_bias)))
    graph.add("output.logsoftmax", write.log_softmax("output.logsoftmax", OUTPUTS))
    graph.nodes.append(f"output-node name=output input={graph.last} objective=linear")
    shape = net.shape
    body = write.network(graph.nodes, graph.components, shape.left_context, shape.right_context, priors)
    return write.model(write.transition_model(PAIRS), body)


def _add_layer(graph: _Graph, name: str, layer: Layer) -> None:
    before = graph.last
    left = [-layer.left, 0] if layer.left else [0]
    right = [0, layer.right] if layer.right else [0]
    graph.add(f"{name}.linear", write.tdnn(f"{name}.linear", left, _plain(layer.linear), []))
    graph.add(f"{name}.affine", write.tdnn(f"{name}.affine", right, _plain(layer.affine), _plain(layer.bias)))
    graph.add(f"{name}.relu", write.relu(f"{name}.relu", WIDTH))
    norm = graph.add(
        f"{name}.batchnorm", write.batch_norm(f"{name}.batchnorm", _plain(layer.mean), _plain(layer.variance))
    )
    graph.add(f"{name}.noop", write.no_op(f"{name}.noop", WIDTH), f"Sum(Scale({SKIP}, {before}), {norm})")


def _plain(values: Tensor) -> ArrayLike:
    return values.detach().cpu().numpy()


__all__ = ["NECK", "from_korean", "from_lull", "model_bytes", "shape_of"]
