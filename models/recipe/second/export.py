"""Encoder and head as the one file that the product runs, the decoder beside it, and the words they know."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, compose, helper

from recipe.lexicon import Lexicon
from recipe.phones import ARPABET
from recipe.reading import ConfigError
from recipe.second.config import Published
from recipe.second.encoder import layers_of, with_layers
from recipe.second.network import OUTPUTS, Head, Network
from recipe.second.operators import Graph, gelu
from recipe.second.pieces import open_tokenizer, pieces_table
from recipe.second.stem import stem_of, with_stem
from voice.ear.rescoring import DECODER, ENCODER, PIECES
from voice.ear.second_pass import LEXICON, NETWORK

OPSETS = range(13, 18)  # versions of the operators in which the head's mean below is written as it is
EPSILON = 1e-5  # of PyTorch's LayerNorm
PREFIX = "head/"  # of every name in the head's graph

Part = TypeVar("Part", bound=torch.nn.Module)  # of the encoder
Weights = Mapping[str, NDArray[np.float32]]


def export(folder: Path, published: Published, network: Network, lexicon: Lexicon, kept: float = 1.0) -> None:
    """Write all that the second pass needs. ConfigError when encoder and head do not fit.

    ``kept``: share of the way from the published weights of the encoder to those learnt. What lies between
    the two hears voices that are in no training better than either (WiSE-FT, Wortsman et al., 2022, arXiv
    2109.01903).
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = read_encoder(published.encoder)
    tokenizer = open_tokenizer(published.tokenizer)
    if network.layers is not None:
        model = with_layers(model, between(layers_of(model), network.layers, kept))
    if network.stem is not None:
        model = with_stem(model, between(stem_of(model), network.stem, kept))
    (folder / NETWORK).write_bytes(joined(model, network.head).SerializeToString(deterministic=True))
    lines = ("\t".join((word, *variants)) + "\n" for word, variants in sorted(lexicon.items()))
    (folder / LEXICON).write_text("".join(lines), encoding="utf-8")
    (folder / PIECES).write_text(pieces_table(lexicon, tokenizer), encoding="utf-8")
    copies = {ENCODER: published.encoder, DECODER: published.decoder, "LICENSE": published.licence}
    for name, file in copies.items():
        try:
            shutil.copyfile(file, folder / name)
        except OSError as error:
            raise ConfigError(f"{file} cannot be read: {error.strerror}.") from error


def between(published: Part, learnt: Part, kept: float) -> Part:
    """Every weight so far on the way from one to the other; all the way is the other itself."""
    if kept < 1.0:
        state = learnt.state_dict()
        ways = {name: torch.lerp(value, state[name], kept) for name, value in published.state_dict().items()}
        published.load_state_dict(ways)
        return published
    return learnt


def read_encoder(file: Path) -> onnx.ModelProto:
    """ConfigError unless it is a network from samples to rows that the head can be put on."""
    try:
        model = onnx.load_model_from_string(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; see README.md.") from error
    except Exception as error:  # protobuf's own, and a class of another module by release
        raise ConfigError(f"{file} is no ONNX file; unpack it anew.") from error
    version = opset_of(model)
    if len(model.graph.input) != 1 or len(model.graph.output) != 1:
        raise ConfigError(f"{file}: an encoder with one input and one output is needed.")
    if version not in OPSETS:
        raise ConfigError(f"{file}: its operators have version {version}, not {OPSETS[0]} to {OPSETS[-1]}.")
    return model


def opset_of(model: onnx.ModelProto) -> int:
    return max((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), default=0)


def joined(encoder: onnx.ModelProto, head: Head) -> onnx.ModelProto:
    """``samples`` (1, n) float32 at 16 kHz -> ``log_probs`` (1, time, OUTPUTS).

    The property ``phones`` names outputs 1 and up.
    """
    given, rows, width = encoder.graph.input[0].name, encoder.graph.output[0], head.inp.in_features
    if rows.type.tensor_type.shape.dim[-1].dim_value not in (0, width):
        raise ConfigError("The head was learnt for another encoder; start with an empty work folder.")
    top = _head_model(head, opset_of(encoder), encoder.ir_version)
    model = compose.merge_models(encoder, top, io_map=[(rows.name, PREFIX + "rows")])
    for node in model.graph.node:
        node.input[:] = ["samples" if name == given else name for name in node.input]
    del model.graph.input[:]
    model.graph.input.append(helper.make_tensor_value_info("samples", TensorProto.FLOAT, [1, "n"]))
    model.graph.name = "second pass"
    helper.set_model_props(model, {"phones": " ".join(ARPABET)})
    onnx.checker.check_model(model)
    return model


def _head_model(head: Head, opset: int, ir: int) -> onnx.ModelProto:
    """``Head.forward`` without dropout, operator by operator."""
    graph, weights = Graph(PREFIX), {name: value.numpy() for name, value in head.state_dict().items()}
    hidden = gelu(graph, _norm(graph, _linear(graph, PREFIX + "rows", weights, "inp"), weights, "ln"))
    for layer in range(len(head.convs)):
        seen = _norm(graph, _conv(graph, hidden, weights, f"convs.{layer}"), weights, f"norms.{layer}")
        hidden = graph.add("Add", hidden, gelu(graph, seen))
    graph.add("LogSoftmax", _linear(graph, hidden, weights, "out"), axis=-1)
    graph.nodes[-1].output[:] = ["log_probs"]
    rows = _rows(PREFIX + "rows", head.inp.in_features)
    whole = helper.make_graph(graph.nodes, "head", [rows], [_rows("log_probs", OUTPUTS)], graph.arrays)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)


def _rows(name: str, width: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "time", width])


def _linear(graph: Graph, rows: str, weights: Weights, name: str) -> str:
    product = graph.add("MatMul", rows, graph.array(weights[f"{name}.weight"].T))
    return graph.add("Add", product, graph.array(weights[f"{name}.bias"]))


def _conv(graph: Graph, rows: str, weights: Weights, name: str) -> str:
    """Over time, which is the last axis for the operator and the middle one here."""
    kernel = weights[f"{name}.weight"]
    arrays = graph.array(kernel), graph.array(weights[f"{name}.bias"])
    around = kernel.shape[2] // 2
    turned = graph.add("Transpose", rows, perm=[0, 2, 1])
    return graph.add("Transpose", graph.add("Conv", turned, *arrays, pads=[around, around]), perm=[0, 2, 1])


def _norm(graph: Graph, rows: str, weights: Weights, name: str) -> str:
    """LayerNorm; the operator of that name is younger than the encoder's."""
    off = graph.add("Sub", rows, graph.add("ReduceMean", rows, axes=[-1], keepdims=1))
    spread = graph.add("ReduceMean", graph.add("Mul", off, off), axes=[-1], keepdims=1)
    root = graph.add("Sqrt", graph.add("Add", spread, graph.number(EPSILON)))
    scaled = graph.add("Mul", graph.add("Div", off, root), graph.array(weights[f"{name}.weight"]))
    return graph.add("Add", scaled, graph.array(weights[f"{name}.bias"]))
