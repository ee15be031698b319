"""Puts the real parts together from the settings: the commands, the ear, the voice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from voice.data import DATA
from voice.ear.ear import Ear
from voice.ear.echo import EchoCanceller, KalmanCanceller, PassThrough
from voice.ear.ghosts import GhostMap
from voice.ear.learned import NOTHING, Learned
from voice.ear.manifest import measure_folder
from voice.ear.models import check_model, find_model
from voice.ear.own_voice import GhostVeto
from voice.ear.policy import Policy
from voice.ear.recogniser import VoskRecogniser
from voice.ear.second_pass import second_pass_of
from voice.ear.speex_canceller import SpeexCanceller
from voice.errors import LullError
from voice.guide.model import Guide
from voice.language.commands import Commands
from voice.runtime.ghostbook import GhostBook, GhostWatch, sets_of_sentences
from voice.runtime.settings import Settings
from voice.speech.engines import ANY_VOICE, choose_engine, voices_of
from voice.speech.narrator import Executor
from voice.speech.pyttsx3_engine import Pyttsx3Engine
from voice.speech.soundio import write_sound
from voice.speech.store import Store

FEWEST_NAMES = 100
"""First names the ear must know to ask for one; with fewer, most answers would be in vain. Our choice."""


def load_commands(settings: Settings) -> Commands:
    """What can be said in her language. Raises DataError."""
    return Commands.load(DATA / "locale" / settings.locale)


def _model(settings: Settings) -> Path:
    return find_model(settings.model or None, settings.locale)


def heard_commands(settings: Settings) -> Commands:
    """What the recogniser's model can hear of it: names it does not know are not offered.

    Raises LullError when there is no whole model, or when it cannot hear a word of the commands.
    """
    commands = load_commands(settings)
    report = check_model(_model(settings), commands.words())
    if report.trouble:
        raise LullError(report.trouble)
    return commands.offering(report.lacking(commands.optional_words()))


def asks_names(commands: Commands) -> bool:
    """Enough first names can be heard for asking what somebody is called."""
    return len(commands.values("names", "name")) >= FEWEST_NAMES


def ear_maker(
    settings: Settings,
    commands: Commands | None = None,
    learned: Learned = NOTHING,
    ghosts: GhostMap | None = None,
) -> Callable[[], Ear]:
    """Makes loaded ears that share one recogniser, all for one thread.

    `commands`: those it can hear. `learned`: what is known of her voice. `ghosts`: of the guide's sentences.

    Raises LullError as `heard_commands` does, and when the echo canceller asked for is not installed.
    """
    canceller(settings)
    commands = commands or heard_commands(settings)
    model = _model(settings)
    recogniser, second_pass = VoskRecogniser(model), second_pass_of(model)

    def new_ear() -> Ear:
        own_voice = None if ghosts is None else GhostVeto(ghosts, Policy().own_voice_tail)
        ear = Ear(
            commands,
            recogniser,
            echo=canceller(settings),
            own_voice=own_voice,
            learned=learned,
            second_pass=second_pass,
        )
        ear.load()
        return ear

    return new_ear


def ghost_watch(
    settings: Settings, commands: Commands, guide: Guide, ghosts: GhostMap, executor: Executor
) -> GhostWatch:
    """Fills `ghosts` as sentences are rendered, with a recogniser of its own. Raises LullError for a model
    that is not there."""
    model = _model(settings)
    book, sets = ghost_book(settings, commands), sets_of_sentences(guide)
    return GhostWatch(ghosts, book, commands, sets, lambda: VoskRecogniser(model), executor)


def ghost_book(settings: Settings, commands: Commands) -> GhostBook:
    """What is kept on disk of ghosts, for the model in use. Raises LullError for a model that is not
    there."""
    model = _model(settings)
    return GhostBook(settings.speech_folder(), measure_folder(model).sha256, commands)


def canceller(settings: Settings) -> EchoCanceller:
    """The echo canceller of the settings. Raises LullError when it is not installed."""
    makers: dict[str, Callable[[], EchoCanceller]] = {
        "kalman": KalmanCanceller,
        "pyaec": SpeexCanceller,
        "off": PassThrough,
    }
    return makers[settings.echo]()


def open_store(settings: Settings) -> Store:
    """Rendered speech, kept on disk. Raises LullError when no voice works.

    Where she left the choice to us, the system's voice takes over from a natural one that fails later.
    """
    engine, _ = choose_engine(settings.engine, settings.voice or ANY_VOICE, settings.locale)
    spare = (lambda: Pyttsx3Engine(language=settings.locale)) if settings.engine == "auto" else None
    return Store(engine, settings.speech_folder(), settings.cache_megabytes * 1_000_000, spare)


def voices_there(settings: Settings, store: Store) -> tuple[str, ...]:
    """The voices she can change between: the chosen one first, then the others of her language."""
    chosen = settings.voice or ANY_VOICE
    others = voices_of(store.engine.voices(), settings.locale)
    return (chosen, *(voice for voice in others if voice != chosen))


def say_to_file(text: str, out: Path, rate: float, settings: Settings) -> str:
    """Speak `text` into `out`, whole or not at all; one line about it. Raises LullError."""
    if not text.strip():
        raise LullError("There is nothing to say; give a text in quotes.")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise LullError(f"{out} cannot be written; name a file in a folder that exists.")
    store = open_store(settings)
    try:
        clip = store.get(text, settings.voice or ANY_VOICE, rate)
    finally:
        store.close()
    write_sound(out, clip.samples, clip.rate)
    loudest = 20 * np.log10(max(float(np.abs(clip.samples).max(initial=0.0)), 1e-9))
    return f"{out}: {clip.seconds:.2f} s, {clip.rate} Hz, peak {loudest:.1f} dB"
