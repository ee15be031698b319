"""Texts in the alphabet of Kokoro's network, for any language whose sounds are known."""

from typing import Protocol

import numpy as np
from hibari.g2p import G2P  # type: ignore[import-untyped]

from recipe.ipa import respelt, ways, written
from recipe.language import Ipa, Language


class Speller(Protocol):
    def __call__(self, text: str, british: bool, rng: np.random.Generator) -> str:
        """A text with its punctuation in Kokoro's letters; any of the ways to say it may be drawn."""


def speller(language: Language) -> Speller:
    """eSpeak NG's letters where the language has a table of them, English spelling rules where not."""
    return _by_table(language.ipa) if language.ipa else _english()


def _english() -> Speller:
    spell = {british: G2P(british=british) for british in (False, True)}

    def spelt(text: str, british: bool, rng: np.random.Generator) -> str:
        return str(spell[british](text))

    return spelt


def _by_table(table: Ipa) -> Speller:
    def spelt(text: str, british: bool, rng: np.random.Generator) -> str:
        possible = ways(written([text], table)[0], table)
        ending = text[-1] if text and not text[-1].isalpha() else ""  # eSpeak leaves punctuation out
        return respelt(possible[int(rng.integers(len(possible)))], table) + ending

    return spelt
