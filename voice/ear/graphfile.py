"""Reads what a recogniser's graph files say about themselves, without loading the recogniser.

Format: OpenFst binary files (openfst.org, `fst/fst.h` and `fst/symbol-table.cc`): a header, up to two symbol
tables, then the graph.
A cut graph makes the recogniser crash the whole program, so a file is measured against its own header first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FST_MAGIC = 2125659606
SYMBOLS_MAGIC = 2125658996
CONST_STATE_BYTES = 20  # one state of a "const" graph: weight, first arc, three counts
CONST_ARC_BYTES = 16  # one arc: two labels, weight, next state
LONGEST_NAME = 4096  # no type name or word is longer; more means the bytes are not a graph
NESTED_HEADER_WITHIN = 4096  # a look-ahead graph holds a second, plain graph this near its beginning


class GraphError(Exception):
    """The bytes are no whole graph; the text says why, ready to follow the file's name ("is cut short")."""


@dataclass(frozen=True)
class Header:
    """`states` and `arcs` are counts, or -1 when the writer did not know; `after` is where it ends."""

    kind: str
    inputs: bool
    outputs: bool
    states: int
    arcs: int
    after: int


class _Cursor:
    """Little-endian values out of `data`, one after another; running off the end is a GraphError."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def number(self, code: Literal["i", "q", "Q"]) -> int:
        shape = struct.Struct("<" + code)
        if self.at + shape.size > len(self.data):
            raise GraphError("is cut short")
        (value,) = shape.unpack_from(self.data, self.at)
        self.at += shape.size
        return int(value)

    def text(self) -> str:
        length = self.number("i")
        if not 0 <= length <= LONGEST_NAME:
            raise GraphError("is damaged")
        if self.at + length > len(self.data):
            raise GraphError("is cut short")
        raw = self.data[self.at : self.at + length]
        self.at += length
        return raw.decode("utf-8", errors="replace")


def read_header(data: bytes, at: int = 0) -> Header:
    """The header that starts at byte `at`. Raises GraphError."""
    cursor = _Cursor(data, at)
    if not data:
        raise GraphError("is empty")
    if cursor.number("i") != FST_MAGIC:
        raise GraphError("is not a recogniser graph")
    kind = cursor.text()
    cursor.text()  # kind of arc
    cursor.number("i")  # version
    flags = cursor.number("i")
    cursor.number("Q")  # properties
    cursor.number("q")  # start state
    states, arcs = cursor.number("q"), cursor.number("q")
    return Header(kind, bool(flags & 1), bool(flags & 2), states, arcs, cursor.at)


def check_length(path: Path) -> None:
    """Raises GraphError when `path` is no graph, or shorter than the states and arcs its header promises."""
    data = path.read_bytes()
    header = read_header(data)
    if header.kind == "olabel_lookahead":
        second = data.find(struct.pack("<i", FST_MAGIC), header.after, NESTED_HEADER_WITHIN)
        if second < 0:
            raise GraphError("is cut short" if len(data) < NESTED_HEADER_WITHIN else "is damaged")
        header = read_header(data, second)
    if header.kind != "const" or header.states < 0 or header.arcs < 0:
        return
    cursor = _Cursor(data, header.after)
    for present in (header.inputs, header.outputs):
        if present:
            _table(cursor)
    needed = cursor.at + header.states * CONST_STATE_BYTES + header.arcs * CONST_ARC_BYTES
    if len(data) < needed:
        raise GraphError(f"is cut short ({len(data):,} of at least {needed:,} bytes)")


def read_words(path: Path) -> frozenset[str] | None:
    """The words a graph can put out, or None when it carries no table of them. Raises GraphError."""
    data = path.read_bytes()
    header = read_header(data)
    if not header.outputs:
        return None
    cursor = _Cursor(data, header.after)
    if header.inputs:
        _table(cursor)
    return frozenset(_table(cursor))


def _table(cursor: _Cursor) -> list[str]:
    if cursor.number("i") != SYMBOLS_MAGIC:
        raise GraphError("is damaged")
    cursor.text()  # where the table came from
    cursor.number("q")  # next free number
    count = cursor.number("q")
    words = []
    for _ in range(count):
        words.append(cursor.text())
        cursor.number("q")
    return words
