"""Writes Kaldi's binary ``final.mdl``: a transition model of one-state phones and an nnet3 network.

What Vosk 0.3.45 needs and what may be left out: learning-rate tags must be there, statistics of the non-
linearities may be empty, dropout is left out of the network, and a BatchNorm carries mean and variance
themselves with TestMode on.
"""

import math
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from recipe.phones import Pair


def token(name: str) -> bytes:
    return name.encode("ascii") + b" "


def whole(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def real(value: float) -> bytes:
    return b"\x04" + struct.pack("<f", value)


def double(value: float) -> bytes:
    return b"\x08" + struct.pack("<d", value)


def wholes(values: Sequence[int]) -> bytes:
    return whole(len(values)) + np.asarray(values, "<i4").tobytes()


def vector(values: ArrayLike) -> bytes:
    plain = np.asarray(values, "<f4")
    return token("FV") + whole(len(plain)) + plain.tobytes()


def matrix(values: ArrayLike) -> bytes:
    """Sixteen bits a value over the range of the whole matrix, which Kaldi reads wherever it expects a
    matrix.
    """
    plain = np.asarray(values, "<f4")
    rows, columns = plain.shape
    low = float(plain.min())
    extent = float(plain.max()) - low or 1e-6
    grid = np.clip(np.rint((plain.astype("f8") - low) / extent * 65535), 0, 65535).astype("<u2")
    return token("CM2") + struct.pack("<ffii", low, extent, rows, columns) + grid.tobytes()


def transition_model(pairs: Sequence[Pair], stay: float = 0.5) -> bytes:
    """One topology for all phones: a state with a self-loop of probability ``stay``, then the end.

    Self-loop and arc have outputs of their own class, which the -1 before the number of topologies says.
    """
    count = max(pair.phone for pair in pairs)
    data = token("<TransitionModel>") + token("<Topology>")
    data += wholes(range(1, count + 1)) + wholes([-1] + [0] * count)
    data += whole(-1) + whole(1) + whole(2)
    data += whole(0) + whole(1) + whole(2) + whole(0) + real(stay) + whole(1) + real(1 - stay)
    data += whole(-1) + whole(-1) + whole(0) + token("</Topology>")
    data += token("<Tuples>") + whole(len(pairs))
    for pair in sorted(pairs):
        data += whole(pair.phone) + whole(0) + whole(pair.forward) + whole(pair.loop)
    data += token("</Tuples>")
    logs = [0.0] + [math.log(stay), math.log(1 - stay)] * len(pairs)
    return data + token("<LogProbs>") + vector(logs) + token("</LogProbs>") + token("</TransitionModel>")


def _named(name: str, kind: str, body: bytes, rate: bool = True) -> bytes:
    head = token("<ComponentName>") + token(name) + token(f"<{kind}>")
    learning = token("<LearningRate>") + real(0.001) if rate else b""
    return head + learning + body + token(f"</{kind}>")


def _tagged(tag: str, body: bytes) -> bytes:
    return token(f"<{tag}>") + body


def affine(name: str, weights: ArrayLike, bias: ArrayLike) -> bytes:
    body = _tagged("LinearParams", matrix(weights)) + _tagged("BiasParams", vector(bias))
    body += _tagged("RankIn", whole(20)) + _tagged("RankOut", whole(80)) + _tagged("UpdatePeriod", whole(4))
    body += _tagged("NumSamplesHistory", real(2000)) + _tagged("Alpha", real(4))
    return _named(name, "NaturalGradientAffineComponent", body)


def linear(name: str, weights: ArrayLike) -> bytes:
    body = _tagged("Params", matrix(weights)) + _tagged("OrthonormalConstraint", real(0))
    body += _tagged("UseNaturalGradient", b"T") + _tagged("RankInOut", whole(20) + whole(80))
    body += (
        _tagged("Alpha", real(4))
        + _tagged("NumSamplesHistory", real(2000))
        + _tagged("UpdatePeriod", whole(4))
    )
    return _named(name, "LinearComponent", body)


def tdnn(name: str, offsets: Sequence[int], weights: ArrayLike, bias: ArrayLike) -> bytes:
    """``weights`` has one block of input columns an offset, in their order; a linear one has an empty
    ``bias``.
    """
    body = _tagged("TimeOffsets", wholes(offsets)) + _tagged("LinearParams", matrix(weights))
    body += _tagged("BiasParams", vector(bias)) + _tagged("OrthonormalConstraint", real(0))
    body += _tagged("UseNaturalGradient", b"T") + _tagged("NumSamplesHistory", real(2000))
    body += _tagged("AlphaInOut", real(4) + real(4)) + _tagged("RankInOut", whole(20) + whole(80))
    return _named(name, "TdnnComponent", body)


def _statistics(size: int) -> bytes:
    body = _tagged("Dim", whole(size)) + _tagged("ValueAvg", vector([])) + _tagged("DerivAvg", vector([]))
    body += _tagged("Count", double(0)) + _tagged("OderivRms", vector([])) + _tagged("OderivCount", double(0))
    return body + _tagged("NumDimsSelfRepaired", double(0)) + _tagged("NumDimsProcessed", double(0))


def relu(name: str, size: int) -> bytes:
    body = _statistics(size) + _tagged("SelfRepairScale", real(1e-5))
    return _named(name, "RectifiedLinearComponent", body, rate=False)


def log_softmax(name: str, size: int) -> bytes:
    return _named(name, "LogSoftmaxComponent", _statistics(size), rate=False)


def batch_norm(name: str, mean: ArrayLike, variance: ArrayLike) -> bytes:
    size = len(np.asarray(mean))
    body = _tagged("Dim", whole(size)) + _tagged("BlockDim", whole(size)) + _tagged("Epsilon", real(1e-3))
    body += _tagged("TargetRms", real(1)) + _tagged("TestMode", b"T") + _tagged("Count", double(1e5))
    body += _tagged("StatsMean", vector(mean)) + _tagged("StatsVar", vector(variance))
    return _named(name, "BatchNormComponent", body, rate=False)


def no_op(name: str, size: int) -> bytes:
    return _named(
        name, "NoOpComponent", _tagged("Dim", whole(size)) + _tagged("BackpropScale", real(1)), rate=False
    )


def network(
    nodes: Sequence[str], components: Sequence[bytes], left: int, right: int, priors: ArrayLike = ()
) -> bytes:
    """``<Nnet3>`` to ``<Priors>``. ``left`` and ``right``: context in frames of 10 ms; no priors: none are
    divided out.
    """
    data = b"<Nnet3> \n" + "\n".join(nodes).encode("ascii") + b"\n\n"
    data += token("<NumComponents>") + whole(len(components)) + b"".join(components) + token("</Nnet3>")
    data += _tagged("LeftContext", whole(left)) + _tagged("RightContext", whole(right))
    return data + _tagged("Priors", vector(priors))


def model(transitions: bytes, net: bytes) -> bytes:
    return b"\0B" + transitions + net
