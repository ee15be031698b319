"""Words cut into the pieces of text that Moonshine's decoder writes: the product needs no tokeniser."""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer

from recipe.reading import ConfigError
from voice.ear.rescoring import MARKS

PERSON = "i"  # the word that English writes with a capital wherever it stands


def open_tokenizer(file: Path) -> Tokenizer:
    """ConfigError unless it is one."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read; see README.md for where it comes from.") from error
    try:
        return Tokenizer.from_str(text)
    except Exception as error:  # the library raises nothing narrower
        raise ConfigError(f"{file} is no tokenizer.json; unpack it anew.") from error


def pieces_table(words: Iterable[str], tokenizer: Tokenizer) -> str:
    """A line for each mark a text may end with, then one a word: the word, its pieces in small letters, those
    with a capital, tabs between."""
    ends = (_line(mark, *[_pieces(f"a{mark}", tokenizer)[-1:]] * 2) for mark in MARKS)
    rest = (
        _line(word, _pieces(_small(word), tokenizer), _pieces(_capital(word), tokenizer))
        for word in sorted(words)
    )
    return "".join((*ends, *rest))


def _line(word: str, *pieces: list[int]) -> str:
    return "\t".join((word, *(" ".join(map(str, each)) for each in pieces))) + "\n"


def _pieces(word: str, tokenizer: Tokenizer) -> list[int]:
    return list(tokenizer.encode(word, add_special_tokens=False).ids)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _small(word: str) -> str:
    return _capital(word) if word.split("'")[0] == PERSON else word
