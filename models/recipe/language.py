"""What is known of a language, read from ``data/CODE.toml``: its words, how they are said, who speaks it."""

import re
from functools import lru_cache
from pathlib import Path

from pydantic import Field, field_validator

from recipe.phones import ARPABET
from recipe.reading import ConfigError, Part, read_toml

DATA = Path(__file__).parent / "data"


class Slot(Part):
    """An output that means another sound than in English. ``starts_as``: whose weights it begins with."""

    starts_as: str
    why: str


class Ipa(Part):
    """How eSpeak NG's phonetic letters become outputs of the network, and letters Kokoro knows."""

    voice: str  # of eSpeak NG
    repairs: dict[str, str] = Field(default_factory=dict)  # what eSpeak writes -> what it says
    phones: dict[str, str]  # letters -> outputs with spaces between
    slots: dict[str, Slot] = Field(default_factory=dict)
    variants: tuple[tuple[str, str], ...] = ()  # pattern, replacement: other ways to say a word
    letters: dict[str, str] = Field(default_factory=dict)  # letters -> Kokoro's, where they differ

    @field_validator("phones")
    @classmethod
    def _outputs_exist(cls, phones: dict[str, str]) -> dict[str, str]:
        for letters, outputs in phones.items():
            if not outputs or set(outputs.split()) - set(ARPABET):
                raise ValueError(f"'{letters}' is given no output, or one the network lacks: {outputs}")
        return phones

    @field_validator("slots")
    @classmethod
    def _slots_exist(cls, slots: dict[str, Slot]) -> dict[str, Slot]:
        strange = ({*slots} | {slot.starts_as for slot in slots.values()}) - set(ARPABET)
        if strange:
            raise ValueError(f"the network has no output {', '.join(sorted(strange))}")
        return slots

    @field_validator("variants")
    @classmethod
    def _patterns_compile(cls, variants: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        for pattern, _ in variants:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is no regular expression: {error}") from error
        return variants


class Language(Part):
    name: str
    sources: str  # a sentence for the model's card: where pronunciations and words are from
    engines: tuple[str, ...]  # that can speak it
    near: str  # first letters of Kokoro's voices whose accent is no hindrance
    espeak: tuple[str, ...]  # eSpeak NG's voices
    common: str | None = None  # a file of words beside this one; None: the SCOWL lists of the config
    others: tuple[str, ...] = ()  # said to other devices and to each other: known, to be left alone
    own: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # word -> pronunciations that win
    ipa: Ipa | None = None  # None: CMUdict has the pronunciations


@lru_cache
def read_language(code: str, folder: Path = DATA) -> Language:
    """ConfigError when nothing is known of the language, or what is written there is wrong."""
    path = folder / f"{code}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
        raise ConfigError(f"{path} is missing, so nothing is known of the language '{code}'; known: {known}.")
    return read_toml(path, Language)
