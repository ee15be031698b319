"""The ear's door: frames of any size and rate come in, blocks of 10 ms at the ear's rate go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voice.ear.frames import BLOCK, EAR_RATE, AudioFrame, Samples, clean
from voice.ear.resample import Resampler


@dataclass(frozen=True)
class Block:
    """BLOCK samples at EAR_RATE from the microphone, the loudspeaker's of the same moment, and when they
    end (s)."""

    microphone: Samples
    reference: Samples | None
    ended: float


class Intake:
    """One unbroken stretch of sound at one rate, from stream second `origin` on."""

    def __init__(self, rate: int, origin: float) -> None:
        self.rate = rate
        self.origin = origin
        self._microphone = Resampler(rate)
        self._reference = Resampler(rate)
        self._referred = False
        self._waiting = np.zeros((2, 0), np.float32)
        self._given = 0
        self._taken = 0

    def continues(self, frame: AudioFrame) -> bool:
        """Whether the frame follows on what was taken: same rate, no gap above a block."""
        return frame.rate == self.rate and abs(frame.start / frame.rate - self.reached) <= BLOCK / EAR_RATE

    @property
    def reached(self) -> float:
        """Stream second up to which sound was taken."""
        return self.origin + self._taken / self.rate

    def take(self, frame: AudioFrame, reference: Samples | None) -> list[Block]:
        """The blocks that are complete now."""
        self._taken += len(frame.samples)
        return self._cut(clean(frame.samples), reference, last=False)

    def finish(self) -> list[Block]:
        """What the resampler held back; the last block is filled up with silence."""
        blocks = self._cut(np.zeros(0, np.float32), None, last=True)
        rest = self._waiting.shape[1]
        if rest:
            self._waiting = np.pad(self._waiting, ((0, 0), (0, BLOCK - rest)))
            blocks += self._blocks()
        return blocks

    def _cut(self, samples: Samples, reference: Samples | None, last: bool) -> list[Block]:
        self._referred = self._referred or reference is not None
        played = np.zeros_like(samples) if reference is None else _fitted(clean(reference), len(samples))
        come = self._microphone.feed(samples, last)
        shadow = self._reference.feed(played, last)
        self._waiting = np.concatenate([self._waiting, np.stack([come, _fitted(shadow, len(come))])], axis=1)
        return self._blocks()

    def _blocks(self) -> list[Block]:
        count = self._waiting.shape[1] // BLOCK
        whole, self._waiting = self._waiting[:, : count * BLOCK], self._waiting[:, count * BLOCK :]
        blocks = []
        for piece in range(count):
            self._given += BLOCK
            microphone, reference = whole[:, piece * BLOCK : (piece + 1) * BLOCK]
            ended = self.origin + self._given / EAR_RATE
            blocks.append(Block(microphone, reference if self._referred else None, ended))
        return blocks


def _fitted(samples: Samples, length: int) -> Samples:
    """Exactly `length` samples: cut, or filled with silence."""
    return samples[:length] if len(samples) >= length else np.pad(samples, (0, length - len(samples)))
