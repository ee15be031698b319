"""The sound card by PortAudio."""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.runtime.device import Give, Opened, Take, Wish

BLOCK_SECONDS = 0.01
"""Seconds of one callback. Left to itself PortAudio may call hundreds of times a second for a few samples."""
FALLBACK_RATE = 48_000
"""Hz, where a device does not tell its own rate."""


class _Flags(Protocol):
    input_overflow: bool
    output_underflow: bool


class _Stream(Protocol):
    active: bool
    samplerate: float

    def start(self) -> None: ...
    def abort(self, ignore_errors: bool = True) -> None: ...
    def close(self, ignore_errors: bool = True) -> None: ...


class Loudspeaker(Protocol):
    """A stream that takes sound as fast as it is played."""

    def write(self, samples: NDArray[np.float32]) -> object: ...
    def close(self) -> None: ...


class _Output(_Stream, Protocol):
    def write(self, samples: NDArray[np.float32]) -> object: ...


class _SoundDevice(Protocol):
    """The part of the sounddevice module that is used (it ships no types)."""

    PortAudioError: type[Exception]

    def query_devices(
        self, device: str | None = None, kind: Literal["input", "output"] | None = None
    ) -> Mapping[str, Any]: ...
    def query_hostapis(self, index: int) -> Mapping[str, Any]: ...
    def Stream(self, **options: object) -> _Stream: ...
    def InputStream(self, **options: object) -> _Stream: ...
    def OutputStream(self, **options: object) -> _Output: ...
    def _initialize(self) -> None: ...
    def _terminate(self) -> None: ...


@dataclass(frozen=True)
class Device:
    """A microphone or a loudspeaker: its whole name with its system's, its own rate in Hz, its channels."""

    name: str
    rate: int
    channels: int


@dataclass
class _Count:
    """Overflows and underflows told by the driver."""

    number: int = 0

    def note(self, flags: _Flags) -> None:
        if flags.input_overflow or flags.output_underflow:
            self.number += 1


@dataclass(frozen=True)
class _Plan:
    """One way to try."""

    duplex: bool
    rate: int
    inputs: int


@dataclass
class _Running:
    rate: int
    names: tuple[str, str]
    duplex: bool
    streams: tuple[_Stream, ...]
    count: _Count = field(default_factory=_Count)

    def active(self) -> bool:
        return all(stream.active for stream in self.streams)

    def troubles(self) -> int:
        return self.count.number

    def close(self) -> None:
        """A driver may hang on a device that is gone, so it is not waited for longer than a second."""
        closer = threading.Thread(target=self._close, name="lull-close", daemon=True)
        closer.start()
        closer.join(timeout=1.0)

    def _close(self) -> None:
        for stream in self.streams:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)


class PortAudioCard:
    """Opens devices by name. Raises LullError in the constructor where PortAudio is not installed."""

    def __init__(self) -> None:
        try:
            self._sd = cast(_SoundDevice, importlib.import_module("sounddevice"))
        except OSError as error:
            raise LullError(
                "The sound library PortAudio is missing; install it (Debian: apt-get install libportaudio2)."
            ) from error
        _silence_alsa()

    def device(self, kind: Literal["input", "output"], name: str = "") -> Device:
        """The device whose name holds `name`, or the system's choice. Raises LullError."""
        word = "microphone" if kind == "input" else "loudspeaker"
        try:
            found = self._sd.query_devices(name or None, kind)
        except (ValueError, self._sd.PortAudioError) as error:
            if not name:
                raise LullError(f"This machine has no {word}; connect one.") from error
            raise LullError(
                f"There is no {word} called {name} ({error}); lull doctor lists those there are."
            ) from error
        channels = int(found[f"max_{kind}_channels"])
        if channels < 1:
            raise LullError(f"{found['name']} is no {word}; lull doctor lists those there are.")
        system = self._sd.query_hostapis(int(found["hostapi"]))["name"]
        return Device(
            f"{found['name']}, {system}", int(found["default_samplerate"] or FALLBACK_RATE), channels
        )

    def names(self, kind: Literal["input", "output"]) -> tuple[str, ...]:
        """Every microphone or loudspeaker there is, as the settings `input` and `output` may name it."""
        found = cast(Iterable[Mapping[str, Any]], self._sd.query_devices())
        return tuple(str(device["name"]) for device in found if int(device[f"max_{kind}_channels"]) > 0)

    def loudspeaker(self, rate: int, name: str = "") -> Loudspeaker:
        """Only the loudspeaker, mono at `rate` Hz; `write` waits until there is room. Raises LullError."""
        self.device("output", name)
        try:
            stream = self._sd.OutputStream(device=name or None, samplerate=rate, channels=1, dtype="float32")
            stream.start()
        except (self._sd.PortAudioError, ValueError) as error:
            raise LullError(f"The loudspeaker cannot be opened ({error}).") from error
        return stream

    def find(self, wish: Wish) -> None:
        self.device("input", wish.input)
        self.device("output", wish.output)

    def open(self, wish: Wish, give: Give, take: Take) -> Opened:
        ears, mouth = self.device("input", wish.input), self.device("output", wish.output)
        trouble: Exception | None = None
        for plan in _plans(wish, ears, mouth):
            try:
                return self._run(plan, wish, (ears, mouth), give, take)
            except (self._sd.PortAudioError, ValueError) as error:
                trouble = trouble or error
        raise LullError(
            f"The sound card cannot be opened ({ears.name} and {mouth.name}: {trouble});"
            " close other programs that use it, or choose another with the settings input and output."
        )

    def restart(self) -> None:
        try:
            self._sd._terminate()
            self._sd._initialize()
        except self._sd.PortAudioError as error:
            raise LullError(f"The sound system does not answer ({error}).") from error

    def _run(self, plan: _Plan, wish: Wish, pair: tuple[Device, Device], give: Give, take: Take) -> Opened:
        ears, mouth = pair
        count = _Count()
        mouths = min(2, mouth.channels)
        common: dict[str, object] = {
            "samplerate": plan.rate, "dtype": "float32", "latency": wish.latency,
            "blocksize": round(plan.rate * BLOCK_SECONDS),
        }  # fmt: skip
        streams: list[_Stream] = []
        names = (wish.input or None, wish.output or None)
        try:
            if plan.duplex:
                callback = _duplex(give, take, count)
                streams.append(
                    self._sd.Stream(device=names, channels=(plan.inputs, mouths), callback=callback, **common)
                )
            else:
                hearing, speaking = _hearing(take, count), _speaking(give, count)
                streams.append(
                    self._sd.InputStream(device=names[0], channels=plan.inputs, callback=hearing, **common)
                )
                streams.append(
                    self._sd.OutputStream(device=names[1], channels=mouths, callback=speaking, **common)
                )
            for stream in streams:
                stream.start()
        except (self._sd.PortAudioError, ValueError):
            for stream in streams:
                stream.close(ignore_errors=True)
            raise
        return _Running(plan.rate, (ears.name, mouth.name), plan.duplex, tuple(streams), count)


def _silence_alsa() -> None:
    """Keep ALSA from writing its remarks over the captions; what goes wrong is counted in `troubles`.

    The handler is called by the audio thread and must not need Python: it is a C function that does nothing.
    """
    if sys.platform != "linux":
        return
    try:
        alsa, libc = ctypes.CDLL("libasound.so.2"), ctypes.CDLL(None)
        alsa.snd_lib_error_set_handler(ctypes.cast(libc.getpid, ctypes.c_void_p))
    except (OSError, AttributeError):
        return


def _plans(wish: Wish, ears: Device, mouth: Device) -> Iterator[_Plan]:
    """The wish first; then the device's own rate, two channels of microphone, two streams instead of one."""
    rates = dict.fromkeys((wish.rate, mouth.rate, ears.rate, FALLBACK_RATE))
    for duplex in (True, False) if wish.duplex else (False,):
        for rate in rates:
            for inputs in dict.fromkeys((1, min(2, ears.channels))):
                yield _Plan(duplex, rate, inputs)


def _duplex(give: Give, take: Take, count: _Count) -> Callable[..., None]:
    def callback(
        heard: NDArray[np.float32], out: NDArray[np.float32], frames: int, time: object, flags: _Flags
    ) -> None:
        count.note(flags)
        played = give(frames)
        out[:] = played[:, None]
        take(heard[:, 0].copy(), played)

    return callback


def _hearing(take: Take, count: _Count) -> Callable[..., None]:
    def callback(heard: NDArray[np.float32], frames: int, time: object, flags: _Flags) -> None:
        count.note(flags)
        take(heard[:, 0].copy(), None)

    return callback


def _speaking(give: Give, count: _Count) -> Callable[..., None]:
    def callback(out: NDArray[np.float32], frames: int, time: object, flags: _Flags) -> None:
        count.note(flags)
        out[:] = give(frames)[:, None]

    return callback
