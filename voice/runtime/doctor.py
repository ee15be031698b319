"""What works on this machine and what to do about the rest. Looks only; plays and records nothing."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from voice import __version__
from voice.data import DATA
from voice.ear.models import check_model, locate_model
from voice.errors import LullError
from voice.language.commands import Commands
from voice.runtime.portaudio import PortAudioCard
from voice.runtime.settings import Settings
from voice.runtime.voice_file import describe_voice
from voice.speech.engines import choose_engine

PACKAGES = ("vosk", "pyttsx3", "hibari-tts", "sounddevice", "numpy", "soxr", "soundfile", "hassil")


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `trouble` findings also say what to do in `found`."""

    what: str
    state: Literal["good", "trouble"]
    found: str


def examine(settings: Settings) -> list[Finding]:
    """Versions, model, voices and devices, in the order in which they are needed."""
    looks: list[tuple[str, Callable[[Settings], str]]] = [
        ("versions", _versions),
        ("recogniser model", _model),
        ("voice", _voice),
        ("microphone", lambda wanted: _device("input", wanted.input)),
        ("loudspeaker", lambda wanted: _device("output", wanted.output)),
        ("journal", _journal),
        ("her voice", lambda wanted: describe_voice(wanted.voice_path())),
    ]
    return list(_findings(looks, settings))


def _findings(looks: list[tuple[str, Callable[[Settings], str]]], settings: Settings) -> Iterator[Finding]:
    for what, look in looks:
        try:
            yield Finding(what, "good", look(settings))
        except LullError as error:
            yield Finding(what, "trouble", str(error))


def _versions(settings: Settings) -> str:
    there = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    system = f"{platform.system()} {platform.machine()}"
    return f"Lull {__version__}, Python {platform.python_version()}, {system}; {there}"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError as error:
        raise LullError(f"The package {package} is missing; run scripts/setup.") from error


def _model(settings: Settings) -> str:
    found = locate_model(settings.model or None, language=settings.locale)
    commands = Commands.load(DATA / "locale" / settings.locale)
    report = check_model(found.path, commands.words())
    if report.trouble:
        raise LullError(report.trouble)
    lacking = report.lacking(commands.optional_words())
    heard, known = (len(each.values("names", "name")) for each in (commands.offering(lacking), commands))
    checked = ", unchanged" if report.verified else ""
    size = f"{report.words} words, {report.bytes / 1e6:.1f} MB{checked}"
    return f"{report.name} ({found.origin}), {size}; hears {heard} of {known} first names"


def _voice(settings: Settings) -> str:
    engine, why = choose_engine(settings.engine, settings.voice or "auto", settings.locale)
    try:
        return f"{engine.name} {engine.version}: {why}; {len(engine.voices())} voices here"
    finally:
        engine.close()


def _device(kind: Literal["input", "output"], name: str) -> str:
    card = PortAudioCard()
    device = card.device(kind, name)
    others = ", ".join(other for other in card.names(kind) if other != device.name)
    return f"{device.name}, {device.rate} Hz" + (f"; there are also {others}" if others else "")


def _journal(settings: Settings) -> str:
    path = settings.journal_path()
    return (
        f"{path} ({path.stat().st_size / 1e3:.0f} kB)"
        if path.exists()
        else f"{path} (made at the first session)"
    )
