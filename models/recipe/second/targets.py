"""Which phones a clip holds, where its words have several pronunciations: those the alignment chose."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from recipe.augment import Labels
from recipe.lexicon import Lexicon, spoken
from recipe.phones import ARPABET, OUTPUT

Phones = tuple[int, ...]  # numbered as in ``phones.OUTPUT``, without silence


def targets(text: str, labels: Labels, lexicon: Lexicon) -> Phones | None:
    """Phones of ``text`` as they are spoken in a clip aligned so: ``labels``, an output for every 10 ms.

    Where the alignment follows no pronunciation, as in a clip whose end was lost, the first of each word.
    None when a word is not in the lexicon, or has a sound without an output.
    """
    words = spoken(text, lexicon)
    if words is None or any(phone not in ARPABET for word in words for one in word for phone in one.split()):
        return None
    numbered = [[tuple(OUTPUT[phone] for phone in one.split()) for one in word] for word in words]
    heard = _merged(labels[labels > 0].tolist())
    return next(_ways(numbered, (), heard), tuple(phone for word in numbered for phone in word[0]))


def _ways(words: Sequence[Sequence[Phones]], said: Phones, heard: Phones) -> Iterator[Phones]:
    """Every way to say the words after those already ``said`` that sounds like what was ``heard``."""
    merged = _merged(said)
    if merged != heard[: len(merged)]:
        return
    if words:
        for variant in words[0]:
            yield from _ways(words[1:], said + variant, heard)
    elif merged == heard:
        yield said


def _merged(phones: Sequence[int]) -> Phones:
    """The same phone twice in a row is one: an alignment cannot tell."""
    return tuple(phone for phone, _ in groupby(phones))
