"""Networks in ONNX files, opened on one core."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError

Floats = NDArray[np.float32]


class _Meta(Protocol):
    custom_metadata_map: dict[str, str]


class _Input(Protocol):
    name: str
    shape: list[int | str]


class Network(Protocol):
    """The part of onnxruntime.InferenceSession that is used (it ships no types)."""

    def run(self, names: None, inputs: Mapping[str, NDArray[Any]]) -> list[Floats]: ...
    def get_modelmeta(self) -> _Meta: ...
    def get_inputs(self) -> list[_Input]: ...


def open_network(network: Path | bytes, optimised: bool = True) -> Network:
    """A network, from its file or from what is in one, on one core. Raises LullError when it is missing or
    spoilt.

    `optimised`: rewritten to run faster and with its memory kept, for networks that are run often; else it is
    opened sooner and gives its memory back.
    """
    from onnxruntime import (  # type: ignore[import-untyped]
        GraphOptimizationLevel,
        InferenceSession,
        SessionOptions,
    )

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not optimised:
        options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL
        options.enable_cpu_mem_arena = False
    held = network if isinstance(network, bytes) else str(network)
    try:
        session: Network = InferenceSession(held, options, providers=["CPUExecutionProvider"])
    except Exception as trouble:  # onnxruntime raises a dozen kinds
        named = "The network" if isinstance(network, bytes) else str(network)
        raise LullError(f"{named} cannot be opened; restore it from the repository.") from trouble
    return session
