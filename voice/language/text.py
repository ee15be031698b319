"""One spelling for everything that is said: in templates, by the recogniser, in the narration."""

import re
from collections.abc import Mapping

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})
_NOT_A_WORD = re.compile(r"[^\w']+|_|\B'|'\B")


def normalise(text: str) -> str:
    """Lower case, words with single spaces between them; apostrophes inside words stay, other signs go."""
    return " ".join(_NOT_A_WORD.sub(" ", text.lower().translate(_APOSTROPHES)).split())


def respell(text: str, spellings: Mapping[str, str]) -> str:
    """Put the model's spelling in place of words it knows only by a homophone (`partner's` as `partners`)."""
    return " ".join(spellings.get(word, word) for word in text.split())
