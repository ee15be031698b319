"""pyaec, an optional package: libspeexdsp's canceller with its suppressor of what is left.

It bears drifting clocks better than a plain linear filter and costs a little of her voice. Called on buffers,
not through its lists: half the time.
"""

from __future__ import annotations

import ctypes
import importlib
from typing import Any

import numpy as np

from voice.ear.frames import BLOCK, EAR_RATE, Samples
from voice.errors import LullError

TAIL = round(0.3 * EAR_RATE)
"""Samples of echo that it models."""


class SpeexCanceller:
    """Fits EchoCanceller. Raises LullError when pyaec is not installed or does not load here."""

    def __init__(self) -> None:
        try:
            library: Any = importlib.import_module("pyaec").lib
            self._handle = library.AecNew(BLOCK, TAIL, EAR_RATE, True)
        except (ImportError, AttributeError, OSError) as trouble:
            raise LullError(
                'echo = "pyaec" needs the package pyaec, which does not load here: install it with '
                'pip install "lull-guide[pyaec]", or set echo = "kalman".'
            ) from trouble
        if not self._handle:
            raise LullError('pyaec does not start on this machine; set echo = "kalman".')
        self._library = library

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        near, far = _whole(microphone), _whole(reference)
        left = np.empty(BLOCK, np.int16)
        self._library.AecCancelEcho(self._handle, *(_pointer(x) for x in (near, far, left)), BLOCK)
        return (left / np.float32(32768.0)).astype(np.float32)

    def shifted(self, blocks: int) -> None:
        """It learns the moved echo afresh, within seconds."""

    def forget(self) -> None:
        """The same."""

    def __del__(self) -> None:
        library = getattr(self, "_library", None)
        if library is not None:
            library.AecDestroy(self._handle)


def _whole(samples: Samples) -> np.ndarray:
    """16-bit samples, as the library wants them."""
    return np.asarray(np.clip(samples, -1.0, 1.0) * 32767.0, dtype=np.int16)


def _pointer(samples: np.ndarray) -> object:
    return samples.ctypes.data_as(ctypes.POINTER(ctypes.c_int16))
