"""Which phone sounds when: by PocketSphinx for a first model, by an earlier network of ours for the next.

Alignments lie beside the speech: NAME.phones, a line a row: its start in the shard, a tab, and for every 10
ms an output as a character (chr(48 + output)). Rows that could not be aligned are missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from pocketsphinx import Decoder  # type: ignore[import-untyped]

from recipe.augment import Labels
from recipe.features import HOP, WINDOW, mfcc
from recipe.lexicon import Lexicon, spoken, words_of
from recipe.net import STRIDE, Net
from recipe.paths import path_of, viterbi
from recipe.phones import OUTPUT
from recipe.shards import Row, Shard

ZERO = 48  # the character of output 0
QUIET = 32768 * 10 ** (-30 / 20)  # RMS to align at; our networks are trained on speech of -48 to -14 dB
LOUD, DEAD = -24.0, -60.0  # dB against the loudest 10 ms: surely speech, surely none, in a clean clip
WORST = -2.5  # mean log-probability of a frame below which a text does not fit its sound


def loudness(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """dB of every 10 ms against the loudest 10 ms."""
    whole = samples[: len(samples) // HOP * HOP].reshape(-1, HOP).astype(np.float32)
    decibels = 10 * np.log10(np.square(whole).mean(1) + 1.0)
    return np.asarray(decibels - decibels.max(initial=0.0), np.float32)


def fits(samples: NDArray[np.int16], labels: Labels) -> bool:
    """Whether an alignment of a clean clip puts its words where the sound is."""
    level = loudness(samples)
    labels = labels[: len(level)]
    loud = level > LOUD
    unheard = float((labels[loud] == 0).mean()) if loud.any() else 1.0
    invented = float((level[labels > 0] < DEAD).mean()) if (labels > 0).any() else 1.0
    return unheard < 0.15 and invented < 0.3


class Aligner(Protocol):
    def align(self, samples: NDArray[np.int16], text: str) -> Labels | None:
        """An output for every 10 ms of ``samples``, or None when the text cannot be found in them."""


class PocketSphinxAligner:
    """Knows nothing of our networks, so a first model can be trained on what it says; 0.03 of real time."""

    def __init__(self) -> None:
        self._decoder = Decoder(samprate=16000, loglevel="FATAL", beam=1e-80, wbeam=1e-60, pbeam=1e-80)

    def align(self, samples: NDArray[np.int16], text: str) -> Labels | None:
        words = words_of(text)
        if any(self._decoder.lookup_word(word) is None for word in words):
            return None
        try:
            self._decoder.set_align_text(" ".join(words))
            self._listen(samples)
            if self._decoder.hyp() is None:
                return None
            # from words to phones; asking this search for a hypothesis would crash
            self._decoder.set_alignment()
            self._listen(samples)
            found = self._decoder.get_alignment()
        except RuntimeError:  # the words do not fit into the sound
            return None
        if found is None:
            return None
        labels = np.zeros(len(samples) // HOP + 1, np.int16)
        for phone in found.phones():
            labels[phone.start : phone.start + phone.duration] = OUTPUT.get(phone.name.rstrip("012"), 0)
        return labels

    def _listen(self, samples: NDArray[np.int16]) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), full_utt=True)
        self._decoder.end_utt()


class NetAligner:
    """A network of ours along the words of the text; 0.01 of real time. It says when a text does not fit."""

    def __init__(self, net: Net, lexicon: Lexicon) -> None:
        self._net = net.eval()
        self._lexicon = lexicon

    def align(self, samples: NDArray[np.int16], text: str) -> Labels | None:
        words = spoken(text, self._lexicon)
        if words is None or len(samples) < WINDOW:
            return None
        with torch.inference_mode():
            gain = QUIET / (float(np.sqrt(np.square(samples.astype(np.float32)).mean())) + 1.0)
            sound = torch.from_numpy(samples.astype(np.float32) * gain)
            features = mfcc(sound, dither=4.0, generator=torch.Generator().manual_seed(1))
            logits = self._net(self._net.padded(features)[None])[0]
            logits[:, -1] = -20.0  # the any-phone unit is no phone of a word
            scores = torch.log_softmax(logits, -1).numpy()
        level = loudness(samples)[::STRIDE][: len(scores)]
        scores[: len(level), 0] -= np.where(level > LOUD, 8.0, 0.0)
        scores[: len(level), 1:] -= np.where(level < DEAD, 8.0, 0.0)[:, None]
        found = viterbi(scores, path_of(words))
        if found is None or found[1] / len(scores) < WORST:
            return None
        labels = np.zeros(len(samples) // HOP + 1, np.int16)
        steps = np.repeat(found[0], STRIDE)[: len(labels)]
        labels[: len(steps)] = steps
        return labels


class FirstThatFits:
    """The first of several aligners whose alignment puts the words where the sound is."""

    def __init__(self, *aligners: Aligner) -> None:
        self._aligners = aligners

    def align(self, samples: NDArray[np.int16], text: str) -> Labels | None:
        for aligner in self._aligners:
            labels = aligner.align(samples, text)
            if labels is not None and fits(samples, labels):
                return labels
        return None


def align_shard(folder: Path, shard: Shard, aligner: Aligner) -> tuple[int, int]:
    """Align into ``folder`` the rows that are not yet aligned; rows done in all, and
    rows aligned this time.
    """
    table = folder / f"{shard.name}.phones"
    table.touch()
    seen = {int(line.split("\t")[0]) for line in table.read_text().splitlines() if "\t" in line}
    last, added = max(seen, default=-1), 0
    with table.open("a", encoding="ascii") as file:
        for row in shard.rows:
            if row.start > last:
                samples = np.array(shard.samples(row))
                labels = aligner.align(samples, row.text)
                if labels is not None and fits(samples, labels):
                    file.write(f"{row.start}\t{(labels + ZERO).astype(np.uint8).tobytes().decode('ascii')}\n")
                    added += 1
    return len(seen) + added, added


def read_alignments(folder: Path, shard: Shard) -> Iterator[tuple[Row, Labels]]:
    """Every aligned row of a shard with its labels."""
    rows = {row.start: row for row in shard.rows}
    for line in (folder / f"{shard.name}.phones").read_text(encoding="ascii").splitlines():
        start, _, letters = line.partition("\t")
        row = rows.get(int(start))
        if row is not None and len(letters) == row.samples // HOP + 1:
            yield row, np.frombuffer(letters.encode("ascii"), np.uint8).astype(np.int16) - ZERO
