"""Folders of transcribed recordings, whoever made them: one list of files with text and speaker.

Layouts: LibriSpeech (SPEAKER/CHAPTER/*.trans.txt), Speech Commands (WORD/SPEAKER_nohash_N.wav), Common Voice
(validated.tsv and clips/) and Lull's own development recordings (voices/VOICE/PHRASE.flac and real.tsv).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from recipe.lexicon import words_of
from recipe.voices.speaking import resampled, to_int16

Kind = Literal["words", "speech", "noise"]  # isolated words or phrases; running speech; no words at all


@dataclass(frozen=True)
class Recording:
    """``text`` in lower case without punctuation, empty where it is not known or nobody speaks."""

    path: Path
    text: str
    speaker: str
    kind: Kind
    made_up: bool = False  # spoken by a machine

    def samples(self) -> NDArray[np.int16]:
        """(n,) the first channel at 16 kHz."""
        audio, rate = soundfile.read(self.path, dtype="int16", always_2d=True)
        if rate == 16_000:
            return np.array(audio[:, 0])
        return to_int16(resampled(audio[:, 0].astype(np.float32), rate), 0.9)


def recordings(folder: Path) -> list[Recording]:
    """Whatever layout the folder has. ValueError when it has none of those known."""
    for layout in (_lull, _common_voice, _librispeech, _speech_commands):
        if found := list(layout(folder)):
            return found
    raise ValueError(
        f"{folder} has none of the layouts known: LibriSpeech, Speech Commands, Common Voice, Lull's own."
    )


def _plain(text: str) -> str:
    return " ".join(words_of(text))


def _librispeech(folder: Path) -> Iterator[Recording]:
    for table in sorted(folder.rglob("*.trans.txt")):
        for line in table.read_text(encoding="utf-8").splitlines():
            name, _, text = line.partition(" ")
            yield Recording(table.parent / f"{name}.flac", _plain(text), name.split("-")[0], "speech")


def _speech_commands(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.glob("*/*_nohash_*.wav")):
        yield Recording(path, _plain(path.parent.name), path.stem.split("_")[0], "words")
    for path in sorted(folder.glob("_background_noise_/*.wav")):
        yield Recording(path, "", path.stem, "noise")


def _common_voice(folder: Path) -> Iterator[Recording]:
    table = folder / "validated.tsv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                path = folder / "clips" / row["path"]
                yield Recording(path, _plain(row["sentence"]), row["client_id"], "speech")


def _lull(folder: Path) -> Iterator[Recording]:
    """In file names of ``voices`` an underscore stands for an apostrophe."""
    for path in sorted((folder / "voices").glob("*/*.flac")):
        yield Recording(path, _plain(path.stem.replace("_", "'")), path.parent.name, "words", True)
    table = folder / "real.tsv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield _lull_row(folder, row)


def _lull_row(folder: Path, row: dict[str, str]) -> Recording:
    path = folder / row["file"]
    if "/noise/" in row["file"]:
        return Recording(path, "", path.parent.name + "/" + path.stem, "noise")
    if "/speech_directed/" in row["file"]:
        return Recording(path, "", path.stem, "speech")  # nobody wrote down who spoke
    return Recording(path, _plain(row["note"]), row["speaker"], "words")
