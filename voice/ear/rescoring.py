"""How likely a phrase is beside what a network that writes English would write down of the same sound.

The second pass knows phones; this knows words. Its encoder and decoder are Moonshine's (Jeffries et al.,
2024, arXiv 2410.15608), which heard many people talk: "again" in "try again" fits the phones, and falls far
behind what it writes itself. This is attention rescoring, as in two-pass recognisers (Sainath et al., 2019).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.ear.frames import Samples
from voice.ear.network import Floats, Network, open_network
from voice.errors import LullError

ENCODER, DECODER = "encoder.onnx", "decoder.onnx"
PIECES = "pieces.tsv"
"""Words as the decoder's pieces of text: the word, its pieces in small letters, those with a capital."""

START, END = 1, 2
"""Pieces that begin and end every text."""

MARKS = ".!?"
"""What a text that begins with a capital may end with; each has a line among the words."""

LINES = re.compile(r"^(\S+)\t(\d[\d ]*)\t(\d[\d ]*)$", re.MULTILINE)

LONGEST = 20
"""Pieces of a text of its own; what is longer is no command anyway."""

PAST = "past_key_values"

Pieces = tuple[int, ...]
Words = Mapping[str, tuple[str, str]]


class Rescorer:
    """Encoder, decoder and words of a folder. Construction loads nothing; used from one thread only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._networks: tuple[Network, Network] | None = None
        self._nothing_before: dict[str, Floats] = {}
        self._words: Words = {}

    def load(self) -> None:
        """Raises LullError when a file is missing or spoilt."""
        if self._networks is not None:
            return
        self._words = read_pieces(self.folder / PIECES)
        encoder, decoder = (open_network(self.folder / name, optimised=False) for name in (ENCODER, DECODER))
        shapes = {each.name: each.shape for each in decoder.get_inputs() if each.name.startswith(PAST)}
        self._nothing_before = {
            name: np.zeros((0, int(heads), 1, int(width)), np.float32)
            for name, (_, heads, _, width) in shapes.items()
        }
        self._networks = encoder, decoder

    def behind(self, sound: Samples, phrases: Sequence[str]) -> Mapping[str, float]:
        """Nats by which each phrase falls behind the likeliest text, of the decoder's own and of the phrases.

        `sound`: (n,) float32 at EAR_RATE. A phrase with a word that is not in the file of pieces is left out.
        """
        if self._networks is None:
            raise LullError("The rescorer was used before its networks were opened; call load() first.")
        texts = {phrase: spellings(phrase, self._words) for phrase in phrases}
        known = {phrase: forms for phrase, forms in texts.items() if forms}
        if not known:
            return {}
        encoder, decoder = self._networks
        (given,) = encoder.get_inputs()
        rows = encoder.run(None, {given.name: sound[None]})[0]
        likely = self._likely(decoder, rows, [form for forms in known.values() for form in forms])
        found, place = {}, 0
        for phrase, forms in known.items():
            found[phrase] = float(np.logaddexp.reduce(likely[place : place + len(forms)]))
            place += len(forms)
        best = max(found.values())
        best = max(best, self._own(decoder, rows, best))
        return {phrase: best - each for phrase, each in found.items()}

    def _likely(self, decoder: Network, rows: Floats, texts: Sequence[Pieces]) -> Floats:
        """(texts,) log-probability of each text as a whole."""
        lengths = np.array([len(text) + 1 for text in texts])
        wanted = np.full((len(texts), lengths.max()), END)
        for number, text in enumerate(texts):
            wanted[number, : len(text)] = text
        given = np.concatenate([np.full((len(texts), 1), START), wanted[:, :-1]], axis=1)
        nothing = {
            name: np.zeros((len(texts), *array.shape[1:]), np.float32)
            for name, array in self._nothing_before.items()
        }
        logits, *_ = _decoded(decoder, given, np.repeat(rows, len(texts), axis=0), nothing, first=True)
        each = np.take_along_axis(_log_softmax(logits), wanted[:, :, None], axis=2)[:, :, 0]
        inside = np.arange(wanted.shape[1]) < lengths[:, None]
        total: Floats = np.where(inside, each, 0.0).sum(axis=1)
        return total

    def _own(self, decoder: Network, rows: Floats, enough: float) -> float:
        """Log-probability of the text it would write itself, of one piece at least; no more is written once
        that is below `enough`."""
        past, given, total = dict(self._nothing_before), START, 0.0
        for count in range(LONGEST):
            piece = np.array([[given]])
            logits, *present = _decoded(decoder, piece, rows, past, first=count == 0)
            likely = _log_softmax(logits)[0, -1]
            if count == 0:
                likely[END] = -np.inf
            given = int(likely.argmax())
            total += float(likely[given])
            if given == END or total < enough:
                break
            for name, array in zip(past, present, strict=True):
                if count == 0 or "decoder" in name:  # what it keeps of the sound does not change
                    past[name] = array
        return total


def spellings(phrase: str, words: Words) -> list[Pieces]:
    """Every way the phrase may be written down, as pieces; none when a word is not known."""
    known = [words.get(word) for word in phrase.split()]
    rest = [pieces for pieces in known if pieces is not None]
    if len(rest) < len(known) or not rest:
        return []
    followed = tuple(piece for small, _ in rest[1:] for piece in _numbers(small))
    small, capital = map(_numbers, rest[0])
    ends = [*(_numbers(words[mark][0]) for mark in MARKS), ()]
    begun = [capital + followed + end for end in ends]
    return begun if small == capital else [*begun, small + followed]


def read_pieces(file: Path) -> Words:
    """Word -> its pieces in small letters and with a capital, numbers with spaces between them.
    Raises LullError."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise LullError(f"{file} cannot be read; restore it from the repository.") from trouble
    words = {word: (small, capital) for word, small, capital in LINES.findall(text)}
    if len(words) < text.count("\n") or not words.keys() >= set(MARKS):
        raise LullError(f"{file} cannot be read; restore it from the repository.")
    return MappingProxyType(words)


def _numbers(text: str) -> Pieces:
    return tuple(map(int, text.split()))


def _decoded(
    decoder: Network, given: NDArray[np.int64], rows: Floats, past: Mapping[str, Floats], first: bool
) -> list[Floats]:
    """Logits (texts, pieces, vocabulary), and what to hand in as `past` with the next piece."""
    inputs: dict[str, NDArray[Any]] = {
        "input_ids": given,
        "encoder_hidden_states": rows,
        "use_cache_branch": np.array([not first]),
    }
    return decoder.run(None, inputs | dict(past))


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs
