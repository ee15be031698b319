"""The natural voice: hibari-tts, a small model inside its wheel, run on one core without a network."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.speech.engines import ANY_VOICE

VOICE = "heart"
"""The one voice inside the wheel; the others would be downloaded on first use, so they are refused."""
SEED = 7
"""Fixes the noise in the model, so that one text always sounds the same."""
PACES = (0.467, 0.565, 0.671, 0.703, 0.791, 0.871, 0.896, 0.955, 1.0, 1.031, 1.06, 1.111, 1.144, 1.186)
SPEEDS = (0.50, 0.60, 0.70, 0.75, 0.80, 0.825, 0.85, 0.90, 1.0, 1.10, 1.15, 1.20, 1.25, 1.325)
"""Pace really heard for a value of the model's `speed`: mean over 16 guide sentences, hibari-tts 0.2.1.

At 1.35 the pace leaps to 1.5, far too hurried for this guide, so 1.186 is the fastest."""


class _Synthesiser(Protocol):
    def __call__(self, text: str, speed: float, seed: int) -> NDArray[np.float32]: ...


class HibariEngine:
    """hibari-tts with its built-in voice. Loading (about a second) happens at the first render."""

    name = "hibari"
    rate = 24_000

    def __init__(self) -> None:
        self._synthesiser: _Synthesiser | None = None
        self._loading = Lock()

    @cached_property  # part of every key of the store, so looked up once
    def version(self) -> str:
        try:
            return importlib.metadata.version("hibari-tts")
        except importlib.metadata.PackageNotFoundError:
            return "missing"

    def voices(self) -> tuple[str, ...]:
        """The built-in voice. Checks that the packages and the model's file are there, loading neither."""
        for package in ("hibari", "onnxruntime"):
            if importlib.util.find_spec(package) is None:
                raise LullError(f"The hibari voice needs the Python package {package}; run scripts/setup.")
        spec = importlib.util.find_spec("hibari")
        folder = Path(next(iter((spec.submodule_search_locations or []) if spec else []), "."))
        if not (folder / "assets" / "hibari.onnx").is_file():
            raise LullError(f"The hibari voice lacks its model in {folder / 'assets'}; run scripts/setup.")
        return (VOICE,)

    def render(self, text: str, voice: str, rate: float) -> NDArray[np.float32]:
        """Samples of `text`, bit for bit the same each time; `rate` is kept within 0.47 to 1.19."""
        if voice not in (VOICE, ANY_VOICE):
            raise LullError(f'The hibari engine has no voice "{voice}" of its own; choose "{VOICE}".')
        synthesiser = self._load()
        try:
            samples = synthesiser(text, speed=float(np.interp(rate, PACES, SPEEDS)), seed=SEED)
        except Exception as error:  # whatever fails inside the model, this voice does not work
            raise LullError(f'The hibari voice failed on "{text}" ({error}); choose pyttsx3.') from error
        return np.asarray(samples, dtype=np.float32)

    def close(self) -> None:
        """Give back the memory of the model."""
        self._synthesiser = None

    def _load(self) -> _Synthesiser:
        with self._loading:
            if self._synthesiser is None:
                self.voices()
                try:
                    package = importlib.import_module("hibari")
                    self._synthesiser = cast(_Synthesiser, package.Hibari(voice=VOICE, threads=1))
                except Exception as error:  # onnxruntime raises its own types on machines it cannot serve
                    raise LullError(
                        f"The hibari voice could not be loaded ({error}); choose pyttsx3."
                    ) from error
            return self._synthesiser
