"""A room in software: the loudspeaker is heard by the microphone late, softer and with echoes; she speaks
in it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice.ear.frames import Samples


@dataclass(frozen=True)
class Utterance:
    """She begins to say `samples` (float32, at the room's rate) at second `start` of the room's time."""

    start: float
    samples: Samples
    gain: float = 0.0
    """dB."""


class SimulatedRoom:
    """Steps in samples: give what the loudspeaker plays, get what the microphone picks up.

    `rate`: Hz. `delay`: seconds from loudspeaker to microphone (device included). `echo_gain`: dB of the
    loudspeaker at the microphone. `impulse_response`: float32, the room's answer to a click of the
    loudspeaker (None: no reverberation).
    `noise`: float32, repeated for ever at `noise_gain` dB. `mother`: what she says and when; more with `say`.
    `remembers`: whether `heard` keeps everything; without it hours pass in no memory.
    """

    def __init__(
        self,
        rate: int,
        delay: float = 0.06,
        echo_gain: float = -10.0,
        impulse_response: Samples | None = None,
        noise: Samples | None = None,
        noise_gain: float = 0.0,
        mother: Sequence[Utterance] = (),
        remembers: bool = True,
    ) -> None:
        self.rate = rate
        response = np.ones(1, np.float32) if impulse_response is None else impulse_response
        lag = np.zeros(round(delay * rate), np.float32)
        self._path = np.concatenate([lag, response * np.float32(_factor(echo_gain))])
        self._tail = np.zeros(len(self._path) - 1, np.float32)
        self._noise = None if noise is None or not len(noise) else noise * np.float32(_factor(noise_gain))
        self._mother: list[tuple[int, Samples]] = []
        self._at = 0
        self._remembers = remembers
        self._heard: list[Samples] = []
        for utterance in mother:
            self.say(utterance)

    @property
    def now(self) -> float:
        """Seconds of the room's time."""
        return self._at / self.rate

    def say(self, utterance: Utterance) -> None:
        """Let her say something; a start in the past means now."""
        start = max(self._at, round(utterance.start * self.rate))
        self._mother.append((start, utterance.samples * np.float32(_factor(utterance.gain))))

    def step(self, played: Samples) -> Samples:
        """float32 (n,) played -> float32 (n,) at the microphone, clipped to -1..1."""
        count = len(played)
        near = self._near(count)
        microphone = np.asarray(np.clip(self._echo(played) + near, -1.0, 1.0), dtype=np.float32)
        if not self._remembers:
            self._heard.clear()
        self._heard.append(np.clip(played + near, -1.0, 1.0).astype(np.float32))
        self._at += count
        return microphone

    @property
    def latest(self) -> Samples:
        """What was heard in the room during the last step, as in `heard`."""
        return self._heard[-1] if self._heard else np.zeros(0, np.float32)

    def heard(self) -> Samples:
        """What somebody in the room has heard so far: the loudspeaker, the noise and her, at the room's
        rate."""
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.float32)

    def _echo(self, played: Samples) -> Samples:
        count = len(played)
        size = 1 << (count + len(self._path) - 1).bit_length()
        spread = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(self._path, size), size)
        whole = spread[: count + len(self._path) - 1].astype(np.float32)
        whole[: len(self._tail)] += self._tail
        self._tail = whole[count:].copy()
        return whole[:count]

    def _near(self, count: int) -> Samples:
        near = np.zeros(count, np.float32)
        if self._noise is not None:
            near += self._noise[np.arange(self._at, self._at + count) % len(self._noise)]
        left = []
        for start, samples in self._mother:
            first, last = max(start, self._at), min(start + len(samples), self._at + count)
            if first < last:
                near[first - self._at : last - self._at] += samples[first - start : last - start]
            if start + len(samples) > self._at + count:
                left.append((start, samples))
        self._mother = left
        return near


def small_room(rate: int, rt60: float = 0.3, seconds: float = 0.15, seed: int = 0) -> Samples:
    """A plausible impulse response: a direct sound, then noise that decays by 60 dB in `rt60` seconds, 9 dB
    below it."""
    count = round(seconds * rate)
    decay = np.exp(-6.9 * np.arange(count) / (rt60 * rate))
    tail = np.random.default_rng(seed).standard_normal(count) * decay
    tail[: round(0.003 * rate)] = 0.0
    tail *= _factor(-9.0) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return np.asarray(tail, dtype=np.float32)


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))
