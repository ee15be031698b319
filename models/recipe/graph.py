"""The search graph of a Vosk model with run-time grammars: HCLr.fst, Gr.fst and two small tables, without
Kaldi.

The lexicon is a prefix tree written in transition-ids. Debian's OpenFst tools (packages libfst-tools and
libfst22-plugins-base) compile it and convert it to the look-ahead form, which renumbers the words; Vosk takes
the new numbers from Gr.fst's own symbol table, so that table carries them.
"""

import math
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recipe.lexicon import Lexicon
from recipe.phones import ANY, KALDI_PHONES, PHONE_ID, SILENCE, TRANSITIONS, forward, loop, positioned

EPSILON = "<eps>"
SPLIT = 0.5  # negative logarithm of the probability of silence, and of none, between two words
LIBRARIES = Path("/usr/lib")


@dataclass(frozen=True)
class Garbage:
    """A word for anything at all: ``cost`` is added for each of its phones; a negative one rejects more."""

    word: str
    cost: float


# "[unk]" is the one grammars use by default; the others let a grammar choose how greedily to reject.
GARBAGE = (
    Garbage("[unk]", -0.8),
    Garbage("[unk1]", -0.5),
    Garbage("[unk2]", -1.0),
    Garbage("[unk3]", -1.5),
    Garbage("[unk4]", 0.0),
)


@dataclass
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)  # all words that pass here
    last: dict[str, set[str]] = field(default_factory=dict)  # final phone -> words that end with it


class _Tree:
    """Collects arcs: from, to, transition-id, word number, cost. The word is put out where it is no longer in
    doubt.
    """

    def __init__(self, lexicon: Lexicon, garbage: tuple[Garbage, ...], numbers: Mapping[str, int]) -> None:
        self.arcs: list[tuple[int, int, int, int, float]] = []
        self._states = 0
        self._numbers = numbers
        self._ends: dict[str, int] = {}
        start, self.words, self._silence = self._state(), self._state(), self._state()
        self._between(start)
        self._arc(self._silence, self._silence, loop(SILENCE))
        self._arc(self._silence, self.words, 0)
        self._walk(_prefixes(lexicon), self.words, False)
        for one in garbage:
            self._anything(one)

    def _state(self) -> int:
        self._states += 1
        return self._states - 1

    def _arc(self, source: int, target: int, transition: int, word: int = 0, cost: float = 0.0) -> None:
        self.arcs.append((source, target, transition, word, cost))

    def _between(self, state: int) -> None:
        self._arc(state, self.words, 0, 0, SPLIT)
        self._arc(state, self._silence, forward(SILENCE), 0, SPLIT)

    def _end(self, phone: str) -> int:
        """All words that end with a phone share the state behind it."""
        if phone not in self._ends:
            state = self._ends[phone] = self._state()
            self._arc(state, state, loop(phone))
            self._between(state)
        return self._ends[phone]

    def _walk(self, node: _Node, state: int, told: bool) -> None:
        for phone, child in sorted(node.children.items()):
            target = self._state()
            alone = not told and len(child.words) == 1
            self._arc(state, target, forward(phone), self._numbers[next(iter(child.words))] if alone else 0)
            self._arc(target, target, loop(phone))
            self._walk(child, target, told or alone)
        for phone, words in sorted(node.last.items()):
            for word in [EPSILON] if told else sorted(words):
                self._arc(state, self._end(phone), forward(phone), self._numbers[word])

    def _anything(self, garbage: Garbage) -> None:
        """One or more of the any-phone unit, as a word of its own."""
        begin, middle, inside = self._state(), self._state(), self._state()
        word, first, more, last, alone = (
            self._numbers[garbage.word],
            *(f"{ANY}_{place}" for place in "BIES"),
        )
        self._arc(self.words, begin, forward(first), word, garbage.cost)
        self._arc(begin, begin, loop(first))
        self._arc(begin, middle, 0)
        self._arc(middle, inside, forward(more), 0, garbage.cost)
        self._arc(inside, inside, loop(more))
        self._arc(inside, middle, 0)
        self._arc(middle, self._end(last), forward(last), 0, garbage.cost)
        self._arc(self.words, self._end(alone), forward(alone), word, garbage.cost)

    def text(self) -> Iterator[str]:
        """OpenFst's text form."""
        for source, target, transition, word, cost in sorted(self.arcs):
            yield f"{source} {target} {transition} {word} {cost:.4f}\n"
        yield f"{self.words} 0\n"


def _prefixes(lexicon: Lexicon) -> _Node:
    root = _Node()
    for word, variants in lexicon.items():
        for variant in variants:
            node = root
            phones = positioned(variant.split())
            for phone in phones[:-1]:
                node = node.children.setdefault(phone, _Node())
                node.words.add(word)
            node.last.setdefault(phones[-1], set()).add(word)
    return root


def _tool_environment() -> dict[str, str]:
    """Debian keeps the look-ahead plugin in a folder of its own, which the loader has to be told."""
    folders = [*map(str, sorted(LIBRARIES.glob("*/fst/22"))), *map(str, sorted(LIBRARIES.glob("*/fst")))]
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}


def _piped(steps: list[list[str]], source: Path, target: Path) -> None:
    """Run tools one into the next. FileNotFoundError without OpenFst, CalledProcessError when one fails."""
    data = source.read_bytes()
    for step in steps:
        data = subprocess.run(
            step, input=data, stdout=subprocess.PIPE, check=True, env=_tool_environment()
        ).stdout
    target.write_bytes(data)


def build_graph(folder: Path, lexicon: Lexicon, garbage: tuple[Garbage, ...] = GARBAGE) -> None:
    """Write the graph folder of a Vosk model for ``lexicon`` and the garbage words."""
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    words = [EPSILON, *sorted(one.word for one in garbage), *sorted(lexicon)]
    numbers = {word: number for number, word in enumerate(words)}
    text, relabelled = folder / "graph.txt", folder / "relabel.txt"
    with text.open("w", encoding="ascii") as file:
        file.writelines(_Tree(lexicon, garbage, numbers).text())
    convert = ["fstconvert", "--fst_type=olabel_lookahead", f"--save_relabel_opairs={relabelled}"]
    _piped([["fstcompile"], ["fstarcsort", "--sort_type=olabel"], convert], text, folder / "HCLr.fst")
    pairs = (line.split() for line in relabelled.read_text(encoding="ascii").splitlines())
    moved = {int(before): int(after) for before, after in pairs}
    _write_grammar(
        folder, lexicon, {word: moved.get(number, number) for word, number in numbers.items()}, text
    )
    text.unlink()
    relabelled.unlink()
    _write_tables(folder)


def _write_grammar(folder: Path, lexicon: Lexicon, numbers: Mapping[str, int], text: Path) -> None:
    """A unigram in which every word is as likely as any other; grammars at run time replace it."""
    table = folder / "words.txt"
    rows = sorted(numbers.items(), key=lambda pair: pair[1])
    table.write_text("".join(f"{word} {number}\n" for word, number in rows), encoding="utf-8")
    cost = math.log(len(lexicon))
    loops = (f"0 0 {numbers[word]} {numbers[word]} {cost:.4f}\n" for word in lexicon)
    text.write_text("".join([*loops, "0 2.0\n"]), encoding="ascii")
    steps = [["fstcompile"], ["fstarcsort", "--sort_type=ilabel"], ["fstsymbols", f"--osymbols={table}"]]
    _piped([*steps, ["fstconvert", "--fst_type=const"]], text, folder / "Gr.fst")
    table.unlink()  # Vosk reads the symbols from Gr.fst


def _write_tables(folder: Path) -> None:
    kinds = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
    lines = (
        f"{number} {'nonword' if phone == SILENCE else kinds[phone[-1]]}\n"
        for phone, number in PHONE_ID.items()
    )
    (folder / "phones" / "word_boundary.int").write_text("".join(lines), encoding="ascii")
    (folder / "disambig_tid.int").write_text(f"{TRANSITIONS + 1}\n", encoding="ascii")
    phones = "".join(f"{phone} {number}\n" for phone, number in PHONE_ID.items())
    (folder / "phones.txt").write_text(f"{EPSILON} 0\n{phones}", encoding="ascii")
    assert len(KALDI_PHONES) == len(PHONE_ID)
