"""Speech on disk: one file of samples and one table beside it, appended to and safe to cut off at any time.

NAME.i16   mono, 16 kHz, signed 16-bit, little-endian, utterances end to end
NAME.tsv   first sample, number of samples, voice, text; one row an utterance
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second, everywhere in the recipe
BYTES = 2  # of one sample


@dataclass(frozen=True)
class Row:
    """One utterance of a shard. ``start`` and ``samples`` count samples at 16 kHz."""

    start: int
    samples: int
    voice: str
    text: str


@dataclass(frozen=True)
class Shard:
    """A closed or growing shard, opened for reading. The samples are mapped, not loaded."""

    name: str
    rows: tuple[Row, ...]
    audio: NDArray[np.int16]

    def samples(self, row: Row) -> NDArray[np.int16]:
        """(n,) samples of one utterance."""
        return self.audio[row.start : row.start + row.samples]

    def hours(self) -> float:
        return sum(row.samples for row in self.rows) / RATE / 3600


def read_rows(table: Path) -> Iterator[Row]:
    """Every whole row; a last line cut off by a crash is left out."""
    for line in table.read_text(encoding="utf-8").splitlines(keepends=True):
        fields = line.rstrip("\n").split("\t")
        if line.endswith("\n") and len(fields) == 4:
            yield Row(int(fields[0]), int(fields[1]), fields[2], fields[3])


def open_shard(folder: Path, name: str) -> Shard:
    """FileNotFoundError when there is none."""
    samples = folder / f"{name}.i16"
    length = samples.stat().st_size // BYTES
    audio = np.memmap(samples, "<i2", "r", shape=(length,)) if length else np.zeros(0, np.int16)
    rows = [row for row in read_rows(folder / f"{name}.tsv") if row.start + row.samples <= length]
    return Shard(name, tuple(rows), audio)


def shards(folder: Path) -> list[Shard]:
    return [open_shard(folder, table.stem) for table in sorted(folder.glob("*.tsv"))]


class Writer:
    """Appends to a shard; what a crash left half-written is cut off when it is opened again."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        samples, table = folder / f"{name}.i16", folder / f"{name}.tsv"
        samples.touch()
        table.touch()
        kept = [
            row for row in read_rows(table) if (row.start + row.samples) * BYTES <= samples.stat().st_size
        ]
        self.rows = len(kept)
        self.end = kept[-1].start + kept[-1].samples if kept else 0
        table.write_text("".join(map(_line, kept)), encoding="utf-8")
        self._samples = samples.open("r+b")
        self._samples.truncate(self.end * BYTES)
        self._samples.seek(0, 2)
        self._table = table.open("a", encoding="utf-8")

    def add(self, samples: NDArray[np.int16], voice: str, text: str) -> None:
        """The samples reach the disk before their row does."""
        self._samples.write(samples.astype("<i2").tobytes())
        self._samples.flush()
        self._table.write(_line(Row(self.end, len(samples), voice, text)))
        self._table.flush()
        self.rows += 1
        self.end += len(samples)

    def hours(self) -> float:
        return self.end / RATE / 3600

    def close(self) -> None:
        self._samples.close()
        self._table.close()


def _line(row: Row) -> str:
    return f"{row.start}\t{row.samples}\t{row.voice}\t{row.text}\n"
