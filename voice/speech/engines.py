"""What turns a sentence into samples, and which one is used on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError

ANY_VOICE = "auto"
"""The voice name that means: the engine's own best voice."""

NATURAL = "en"
"""The language the natural voice speaks; for any other the voices of the system are used."""


class Engine(Protocol):
    """A text-to-speech program. Making one is cheap; the first `render` loads what it needs."""

    @property
    def name(self) -> str:
        """The name used in the settings."""

    @property
    def version(self) -> str:
        """Changes whenever the same text may sound different."""

    @property
    def rate(self) -> int:
        """Sample rate of what it renders, in Hz."""

    def voices(self) -> tuple[str, ...]:
        """Names of the voices that are there. Raises LullError when the engine does not work here."""

    def render(self, text: str, voice: str, rate: float) -> NDArray[np.float32]:
        """Samples (n,) float32 of `text`; `rate` 1.0 is a calm pace, 0.8 slower. Raises LullError."""

    def close(self) -> None:
        """End what it started (a process); it may be used again afterwards."""


def choose_engine(wanted: str = "auto", voice: str = ANY_VOICE, language: str = "en") -> tuple[Engine, str]:
    """The engine to use and a sentence saying why. `wanted`: auto, hibari, pyttsx3 or silent.

    `auto` takes the first of hibari and pyttsx3 that works, speaks `language` and has `voice`. Raises
    LullError without any.
    """
    makers = _makers(language)
    if wanted == "auto":
        return _first_working(makers, voice)
    if wanted not in makers:
        known = ", ".join(("auto", *makers))
        raise LullError(f'There is no voice engine "{wanted}" for "{language}"; choose one of {known}.')
    engine = makers[wanted]()
    check_voice(engine, voice)
    return engine, f"{wanted}: asked for by name"


def check_voice(engine: Engine, voice: str) -> None:
    """Raise LullError when `engine` does not work here or has no such `voice`."""
    there = engine.voices()
    if voice == ANY_VOICE or voice in there:
        return
    some = ", ".join(there[:8]) + (", ..." if len(there) > 8 else "")
    raise LullError(f'The {engine.name} engine has no voice "{voice}" here; choose "auto" or one of {some}.')


def voices_of(voices: Iterable[str], language: str) -> tuple[str, ...]:
    """Those of `voices` whose id names `language`, like gmw/de, compact.de-DE.Anna or TTS_MS_DE-DE_HEDDA."""
    named = re.compile(rf"(^|[/._]){re.escape(language)}($|[-_./])", re.IGNORECASE)
    return tuple(voice for voice in voices if named.search(voice))


def _makers(language: str) -> Mapping[str, Callable[[], Engine]]:
    system = {"pyttsx3": lambda: _pyttsx3(language), "silent": _silent}
    return {"hibari": _hibari, **system} if language == NATURAL else system


def _first_working(makers: Mapping[str, Callable[[], Engine]], voice: str) -> tuple[Engine, str]:
    """The first of the real engines that works, and what was wrong with those before it."""
    refused: list[str] = []
    for name in (name for name in ("hibari", "pyttsx3") if name in makers):
        engine = makers[name]()
        try:
            check_voice(engine, voice)
        except LullError as error:
            engine.close()
            refused.append(str(error))
            continue
        why = "; ".join(refused) if refused else "the most natural voice that works here"
        return engine, f"{name}: {why}"
    raise LullError("No voice works on this machine: " + " ".join(refused))


def _hibari() -> Engine:
    from voice.speech.hibari_engine import HibariEngine

    return HibariEngine()


def _pyttsx3(language: str) -> Engine:
    from voice.speech.pyttsx3_engine import Pyttsx3Engine

    return Pyttsx3Engine(language=language)


def _silent() -> Engine:
    from voice.speech.silent import SilentEngine

    return SilentEngine()
