"""Reads Kaldi's binary ``final.mdl``: a transition model, then an nnet3 network. No Kaldi program is needed.

Written from the layout of the files themselves. Every object is a token and a space, then its parts; numbers
carry their size in one byte before them; see ``kaldi_write`` for the opposite direction.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Value = Floats | NDArray[np.int32] | float | int | bool | list[float] | list[int]
WHITE = b" \n\t"
WHOLE_NUMBERS = frozenset(["RankIn", "RankOut", "UpdatePeriod", "Dim", "BlockDim", "TimePeriod"])
MATRIX = (b"FM ", b"FV ", b"CM ", b"DM ", b"DV ", b"CM2", b"CM3")


class ModelFormatError(Exception):
    """The file is no model of the kind this reader knows; says at which byte."""


@dataclass(frozen=True)
class Component:
    """One part of the network: its type ("LinearComponent") and its tags ("Params") with their values."""

    name: str
    kind: str
    values: dict[str, Value]

    def matrix(self, tag: str) -> Floats:
        """A copy of the matrix or vector under ``tag``; KeyError when there is none."""
        return np.array(self.values[tag], np.float32)


@dataclass(frozen=True)
class Acoustic:
    """A network as read. ``config`` has one line a node; contexts are frames of 10 ms; ``priors`` may be
    empty.
    """

    config: str
    components: dict[str, Component]
    left: int
    right: int
    priors: Floats


class Reader:
    """A position in the bytes of a file."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data = data
        self.place = place

    def ahead(self, count: int) -> bytes:
        return self.data[self.place : self.place + count]

    def fail(self, expected: str) -> ModelFormatError:
        return ModelFormatError(f"{expected} expected at byte {self.place}, found {self.ahead(20)!r}.")

    def token(self) -> str:
        """The characters up to the next white space, which is taken too."""
        end = self.place
        while end < len(self.data) and self.data[end] not in WHITE:
            end += 1
        found = self.data[self.place : end].decode("latin-1")
        self.place = end + 1
        return found

    def expect(self, token: str) -> None:
        if (found := self.token()) != token:
            raise ModelFormatError(f"{token} expected before byte {self.place}, found {found!r}.")

    def _sized(self, layout: str, size: int) -> float:
        if self.ahead(1) != bytes([size]):
            raise self.fail(f"A number of {size} bytes")
        (value,) = struct.unpack_from(layout, self.data, self.place + 1)
        self.place += 1 + size
        return float(value)

    def whole(self) -> int:
        return int(self._sized("<i", 4))

    def real(self) -> float:
        """Single or double precision, whichever the size byte says."""
        return self._sized("<d", 8) if self.ahead(1) == b"\x08" else self._sized("<f", 4)

    def flag(self) -> bool:
        found = self.ahead(1)
        if found not in (b"T", b"F"):
            raise self.fail("T or F")
        self.place += 1
        return found == b"T"

    def array(self, layout: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, layout, count, self.place)
        self.place += found.nbytes
        return found

    def wholes(self) -> NDArray[np.int32]:
        return self.array("<i4", self.whole()).astype(np.int32)

    def matrix(self) -> Floats:
        """(rows, columns) or (n,): plain, double or one of the three compressed forms."""
        kind = self.token()
        if kind in ("FM", "DM"):
            rows, columns = self.whole(), self.whole()
            return (
                self.array("<f4" if kind == "FM" else "<f8", rows * columns)
                .reshape(rows, columns)
                .astype("f4")
            )
        if kind in ("FV", "DV"):
            return self.array("<f4" if kind == "FV" else "<f8", self.whole()).astype("f4")
        if kind in ("CM", "CM2", "CM3"):
            return self._compressed(kind)
        raise self.fail("A matrix")

    def _compressed(self, kind: str) -> Floats:
        low, extent, rows, columns = struct.unpack_from("<ffii", self.data, self.place)
        self.place += 16
        if kind in ("CM2", "CM3"):
            layout, steps = ("<u2", 65535.0) if kind == "CM2" else ("u1", 255.0)
            grid = self.array(layout, rows * columns).reshape(rows, columns)
            return np.asarray(low + extent / steps * grid.astype("f8"), np.float32)
        # One byte a value, each column with four marks of its own: least, quarter, three quarters, greatest.
        marks = self.array("<u2", 4 * columns).reshape(columns, 4).astype("f8") * extent / 65535.0 + low
        steps_ = self.array("u1", rows * columns).reshape(columns, rows).astype("f8")
        least, quarter, three, most = (marks[:, i : i + 1] for i in range(4))
        values = np.where(
            steps_ <= 64,
            least + (quarter - least) * steps_ / 64,
            np.where(
                steps_ <= 192,
                quarter + (three - quarter) * (steps_ - 64) / 128,
                three + (most - three) * (steps_ - 192) / 63,
            ),
        )
        return np.asarray(values.T, np.float32)

    def value(self, tag: str) -> Value:
        """The value that follows ``<tag>``, its form guessed from the tag and from the first bytes."""
        start = self.ahead(3)
        if start in MATRIX:
            return self.matrix()
        if tag == "TimeOffsets":
            return self.wholes()
        if tag == "AlphaInOut":
            return [self.real(), self.real()]
        if tag == "RankInOut":
            return [self.whole(), self.whole()]
        if start[:1] in (b"T", b"F"):
            return self.flag()
        return self.whole() if tag in WHOLE_NUMBERS else self.real()


def read_model(path: Path) -> Acoustic:
    """The network of a ``final.mdl``. The transition model before it is passed over. ModelFormatError."""
    data = path.read_bytes()
    start, components = data.find(b"<Nnet3>"), data.find(b"<NumComponents>")
    if start < 0 or components < 0:
        raise ModelFormatError(f"{path} holds no nnet3 network.")
    reader = Reader(data, components)
    reader.expect("<NumComponents>")
    parts = {part.name: part for part in (_component(reader) for _ in range(reader.whole()))}
    reader.expect("</Nnet3>")
    reader.expect("<LeftContext>")
    left = reader.whole()
    reader.expect("<RightContext>")
    right = reader.whole()
    reader.expect("<Priors>")
    return Acoustic(data[start + 7 : components].decode("latin-1"), parts, left, right, reader.matrix())


def _component(reader: Reader) -> Component:
    reader.expect("<ComponentName>")
    name, kind = reader.token(), reader.token()[1:-1]
    values: dict[str, Value] = {}
    while (tag := reader.token()[1:-1]) != f"/{kind}":
        values[tag] = True if tag == "Continuous" else reader.value(tag)
    return Component(name, kind, values)
