"""A decoder with the ends of Moonshine's, and a tokeniser: small, of chance weights, writing letters."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import Unigram

from recipe.second.operators import Graph

LETTERS = ".!?'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SPECIAL = "<unk>", "<s>", "</s>"
HEADS, PLACES, HIDDEN = 2, 3, 8


def write_tokenizer(path: Path) -> None:
    """Every letter is a piece."""
    pieces = [(name, 0.0) for name in SPECIAL] + [(letter, -1.0) for letter in LETTERS]
    Tokenizer(Unigram(pieces, 0, False)).save(str(path))


def write_decoder(path: Path, width: int) -> None:
    """What a piece is followed by depends on it and on the mean of the rows; the past is handed on as it is.

    `width`: of a row.
    """
    graph, rng = Graph(), np.random.default_rng(3)
    size = len(SPECIAL) + len(LETTERS)

    def chance(*shape: int) -> str:
        return graph.array(rng.standard_normal(shape).astype(np.float32))

    said = graph.add("Gather", chance(size, HIDDEN), "input_ids")
    mean = graph.add("ReduceMean", "encoder_hidden_states", axes=[1])
    heard = graph.add("MatMul", mean, chance(width, HIDDEN))
    graph.add("MatMul", graph.add("Add", said, heard), chance(HIDDEN, size), result="logits")
    sides = [f"0.{side}.{part}" for side in ("decoder", "encoder") for part in ("key", "value")]
    for side in sides:
        graph.add("Identity", f"past_key_values.{side}", result=f"present.{side}")
    past: list[int | str] = ["texts", HEADS, "past", PLACES]
    given = [
        helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "pieces"]),
        helper.make_tensor_value_info("encoder_hidden_states", TensorProto.FLOAT, ["texts", "time", width]),
        helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1]),
    ]
    given += [helper.make_tensor_value_info(f"past_key_values.{x}", TensorProto.FLOAT, past) for x in sides]
    found = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", "pieces", size])]
    found += [helper.make_tensor_value_info(f"present.{x}", TensorProto.FLOAT, past) for x in sides]
    whole = helper.make_graph(graph.nodes, "decoder", given, found, graph.arrays)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
