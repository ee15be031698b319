"""Words without a pronouncing dictionary: eSpeak NG's phonetic letters as outputs of the network."""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from recipe.language import Ipa
from recipe.reading import ConfigError

STRESS = "ˈˌ"
_TIES = re.compile(r"[\u200d\u0361]")  # between the letters of one phone
_LANGUAGES = re.compile(r"\([a-z-]+\)")  # around a passage in another language: "(en)", "(de)"


class UnknownSound(ConfigError):
    """A word with a phone that the language's table does not have."""


def written(texts: Sequence[str], table: Ipa) -> list[str]:
    """How eSpeak NG would say each text, in its phonetic letters with stress, words apart.

    FileNotFoundError when the program is not installed. ConfigError when it gives not one line a text.
    """
    lines = "".join(f"{' '.join(text.split())}\n" for text in texts)
    found = [_repaired(line, table) for line in _espeak(lines, table.voice).splitlines()]
    if len(found) != len(texts):
        raise ConfigError(f"espeak-ng wrote {len(found)} lines for {len(texts)} texts; give it plain words.")
    return found


@lru_cache(maxsize=8)  # every stage asks for the same words again
def _espeak(lines: str, voice: str) -> str:
    command = ["espeak-ng", "-v", voice, "-q", "--ipa=3"]
    done = subprocess.run(command, input=lines, capture_output=True, check=True, encoding="utf-8")
    return done.stdout


def _repaired(letters: str, table: Ipa) -> str:
    letters = _LANGUAGES.sub("", _TIES.sub("", letters)).strip()
    for wrong, right in table.repairs.items():
        letters = letters.replace(wrong, right)
    return letters


def outputs(letters: str, table: Ipa) -> str:
    """A word's letters as outputs with spaces between. KeyError with the first letter the table lacks."""
    bare = re.sub(f"[{STRESS} ]", "", letters)
    if not bare:
        raise KeyError("no sound at all")
    return " ".join(_translated(bare, table.phones, None))


def respelt(letters: str, table: Ipa) -> str:
    """The same in Kokoro's letters, stress and spaces kept."""
    return "".join(_translated(letters, table.letters, ""))


def _translated(letters: str, pairs: Mapping[str, str], keep: str | None) -> list[str]:
    """The longest known piece first; with ``keep`` what is not known stays as it is."""
    longest = max(map(len, pairs), default=1)
    found, place = [], 0
    while place < len(letters):
        for length in range(longest, 0, -1):
            piece = letters[place : place + length]
            if piece in pairs:
                found.append(pairs[piece])
                break
        else:
            if keep is None:
                raise KeyError(letters[place])
            found.append(letters[place])
        place += max(1, len(piece))
    return found


def ways(letters: str, table: Ipa) -> list[str]:
    """The letters as eSpeak wrote them, and the other ways the table knows to say them."""
    found = {letters: None}
    for pattern, replacement in table.variants:
        found |= dict.fromkeys(re.sub(pattern, replacement, one) for one in list(found))
    return list(found)


def pronounced(words: Iterable[str], table: Ipa) -> dict[str, tuple[str, ...]]:
    """Word -> pronunciations. UnknownSound names the words that cannot be said with the table."""
    ordered = sorted(set(words))
    found: dict[str, tuple[str, ...]] = {}
    refused: list[str] = []
    for word, letters in zip(ordered, written(ordered, table), strict=True):
        try:
            found[word] = tuple(dict.fromkeys(outputs(way, table) for way in ways(letters, table)))
        except KeyError as error:
            refused.append(f"'{word}' [{letters}] has {error.args[0]}")
    if refused:
        more = f" (and {len(refused) - 5} words more)" if len(refused) > 5 else ""
        raise UnknownSound(
            f"The table of phones for eSpeak's voice '{table.voice}' lacks a sound: "
            f"{'; '.join(refused[:5])}{more}. Give it an output in [ipa.phones], or leave the words out."
        )
    return found
