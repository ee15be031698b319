"""Taking the guide's own voice out of what the microphone hears."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.ear.frames import BLOCK, Samples

Spectra = NDArray[np.complex128]


class EchoCanceller(Protocol):
    """Works on blocks of BLOCK samples at EAR_RATE."""

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        """What is left of the microphone's block once the loudspeaker's is taken out. Same length."""

    def shifted(self, blocks: int) -> None:
        """From the next block on the reference comes later by so many blocks (negative: earlier)."""

    def forget(self) -> None:
        """The echo comes by another way now: what was learnt no longer holds."""


class PassThrough:
    """No cancelling: for headphones, recordings and comparison."""

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        return microphone

    def shifted(self, blocks: int) -> None:
        """Nothing is remembered."""

    def forget(self) -> None:
        """Nothing is remembered."""


class KalmanCanceller:
    """A partitioned-block frequency-domain Kalman filter (after Enzner and Vary, Signal Processing 86, 2006).

    The room between loudspeaker and microphone is modelled as `blocks` pieces of 10 ms (30: echoes up to
    300 ms late, delay of the device included). Each piece carries its own uncertainty, so the filter learns
    fast while unsure and stands still while she speaks. `memory`: how much of the model survives a block;
    the rest allows the room to change.
    """

    def __init__(self, blocks: int = 30, memory: float = 0.9995) -> None:
        bins = BLOCK + 1
        self._memory = memory
        self._played = np.zeros(2 * BLOCK)
        self._spectra: Spectra = np.zeros((blocks, bins), np.complex128)
        self._room: Spectra = np.zeros((blocks, bins), np.complex128)
        self._near = np.full(bins, 1e-6)
        self._doubt = self._unknown(blocks)
        self._silent_blocks = blocks

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        self._silent_blocks = self._silent_blocks + 1 if not reference.any() else 0
        if self._silent_blocks > len(self._spectra):
            return microphone
        self._remember(reference)
        echo = np.fft.irfft((self._spectra * self._room).sum(axis=0))[BLOCK:]
        residue = microphone - echo
        power = np.abs(self._spectra) ** 2
        if power.sum() > 1e-6:
            self._learn(residue, power)
        return residue.astype(np.float32)

    def shifted(self, blocks: int) -> None:
        """What was learnt of the room moves with the reference; what comes in at either end is unknown."""
        count = len(self._room)
        blocks = max(-count, min(count, blocks))
        for kept in (self._spectra, self._room):
            kept[:] = np.roll(kept, -blocks, axis=0)
            kept[count - blocks if blocks > 0 else 0 : count if blocks > 0 else -blocks] = 0.0
        self._doubt = np.roll(self._doubt, -blocks, axis=0)
        fresh = self._unknown(count)
        if blocks > 0:
            self._doubt[count - blocks :] = fresh[count - blocks :]
        else:
            self._doubt[:-blocks] = fresh[:-blocks]
        self._played = np.fft.irfft(self._spectra[0])

    def forget(self) -> None:
        """Learn the room afresh: a filter that is sure of the old one would learn the new one too slowly."""
        self._room[:] = 0.0
        self._doubt = self._unknown(len(self._room))

    def _unknown(self, blocks: int) -> NDArray[np.float64]:
        """How unsure each piece of an unknown room is: early echoes are louder than late ones."""
        early = np.exp(-np.arange(blocks) / 10)[:, None]
        return np.full((blocks, BLOCK + 1), 1e-2) * early

    def _remember(self, reference: Samples) -> None:
        self._played[:BLOCK] = self._played[BLOCK:]
        self._played[BLOCK:] = reference
        self._spectra[1:] = self._spectra[:-1].copy()
        self._spectra[0] = np.fft.rfft(self._played)

    def _learn(self, residue: NDArray[np.float64], power: NDArray[np.float64]) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(BLOCK), residue]))
        self._near = 0.9 * self._near + 0.1 * np.abs(error) ** 2
        step = self._doubt / (0.5 * (self._doubt * power).sum(axis=0) + self._near + 1e-9)
        change = np.fft.irfft(step * np.conj(self._spectra) * error, axis=1)
        change[:, BLOCK:] = 0.0  # each piece of the room is BLOCK samples long: the rest is circular wrap
        self._room = self._memory * (self._room + np.fft.rfft(change, axis=1))
        kept = self._memory**2 * (1 - 0.5 * step * power) * self._doubt
        self._doubt = np.maximum(kept + (1 - self._memory**2) * np.abs(self._room) ** 2, 1e-10)
