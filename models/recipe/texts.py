"""What the voices say: her phrases, what is nearly one of them, and ordinary running speech."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recipe.lexicon import Lexicon, words_of
from voice.data.reading import read_yaml
from voice.guide.wording import MARKS

LINES = ".yaml"  # a file of the product's lines, not of plain text


@dataclass(frozen=True)
class Texts:
    """Everything there is to say, each list without doubles, all of it in the lexicon."""

    phrases: tuple[str, ...]  # commands, whole
    near: tuple[str, ...]  # not commands, and close to one
    sentences: tuple[str, ...]  # running speech
    words: tuple[str, ...]  # common words, for strings of them


@dataclass(frozen=True)
class Shares:
    """How often each kind is drawn; the rest are strings of one to six common words."""

    phrases: float = 0.45
    near: float = 0.2
    sentences: float = 0.2


def draw(texts: Texts, shares: Shares, rng: np.random.Generator) -> str:
    """One text. Short commands are drawn as often as long ones, though there are fewer of them."""
    chance = rng.random()
    if chance < shares.phrases:
        short = [phrase for phrase in texts.phrases if " " not in phrase]
        pool: Sequence[str] = short if rng.random() < 0.35 and short else texts.phrases
        return pool[int(rng.integers(len(pool)))]
    if chance < shares.phrases + shares.near and texts.near:
        return texts.near[int(rng.integers(len(texts.near)))]
    if chance < shares.phrases + shares.near + shares.sentences and texts.sentences:
        return texts.sentences[int(rng.integers(len(texts.sentences)))]
    count = int(rng.integers(1, 7))
    return " ".join(texts.words[rng.integers(len(texts.words))] for _ in range(count))


def prose_of(file: Path) -> str:
    """Plain text as it is; of the product's lines all wordings, cut where something is put in at run time."""
    if file.suffix != LINES:
        return file.read_text(encoding="utf-8", errors="ignore")
    lines = read_yaml(file).value["lines"].values()
    said = (text for line in lines for wording in line["wordings"] for text in wording)
    return MARKS.sub("", re.sub(r"\{[^}]*\}", ";", "\n".join(said)))


def sentences_of(files: Iterable[Path], lexicon: Lexicon, longest: int = 12) -> list[str]:
    """Clauses of 3 to ``longest`` words from files of prose, every word of them in the lexicon."""
    found: dict[str, None] = {}
    for file in files:
        for clause in re.split(r"[.;:!?,\"()\[\]%]+|--", prose_of(file).replace("\n", " ")):
            words = words_of(clause)
            if 3 <= len(words) <= longest and all(word in lexicon for word in words):
                found[" ".join(words)] = None
    return list(found)


def near_misses(
    phrases: Sequence[str], lexicon: Lexicon, words: Iterable[str], seed: int, most: int = 1500
) -> list[str]:
    """What a recogniser takes for a command: single words one phone away, phrases with a word exchanged, cut
    or put on.
    """
    rng = np.random.default_rng(seed)
    commands = set(phrases)
    pool = sorted(set(words))
    single = sorted({word for phrase in phrases for word in words_of(phrase)})
    close = {word: _one_phone_away(word, lexicon, pool) for word in single if word in lexicon}
    found = {near for phrase in phrases for near in close.get(phrase, ())}
    for _ in range(20 * most):
        if len(found) >= most:
            break
        phrase = words_of(phrases[int(rng.integers(len(phrases)))])
        place = int(rng.integers(len(phrase)))
        other = close.get(phrase[place]) or pool
        kind = rng.random()
        if kind < 0.5:
            phrase[place] = other[rng.integers(len(other))]
        elif kind < 0.7 and len(phrase) > 1:
            del phrase[place]
        else:
            phrase.insert(place + int(rng.integers(2)), pool[rng.integers(len(pool))])
        found.add(" ".join(phrase))
    return sorted(found - commands)


def _one_phone_away(word: str, lexicon: Lexicon, pool: Sequence[str]) -> list[str]:
    own = [variant.split() for variant in lexicon[word]]
    return [
        other
        for other in pool
        if other != word and any(_is_close(a, b.split()) for a in own for b in lexicon.get(other, ()))
    ]


def _is_close(one: Sequence[str], other: Sequence[str]) -> bool:
    """At most one phone put in, left out or exchanged, and not the same sounds."""
    if abs(len(one) - len(other)) > 1 or list(one) == list(other):
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return max(len(one), len(other)) - start - end <= 1


def gather(
    phrases: Iterable[str], prose: Iterable[Path], lexicon: Lexicon, common: Iterable[str], seed: int
) -> Texts:
    """All texts, ready to draw from. Phrases with a word that has no pronunciation are left out."""
    known = {phrase: None for phrase in phrases if words_of(phrase) and _known(phrase, lexicon)}
    words = tuple(sorted(word for word in common if word in lexicon))
    commands = tuple(known)
    near = near_misses(commands, lexicon, words, seed)
    return Texts(commands, tuple(near), tuple(sentences_of(prose, lexicon)), words)


def _known(phrase: str, lexicon: Mapping[str, tuple[str, ...]]) -> bool:
    return all(word in lexicon for word in words_of(phrase))
