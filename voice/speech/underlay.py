"""What sounds under the voice: a background and the breathing tones. Only the audio thread touches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voice.speech.ramp import Ramp

Samples = NDArray[np.float32]

COMES = 1.5
"""Seconds in which a sound comes: it is noticed, not startling."""
GOES = 0.8
"""Seconds in which it goes when nobody hurries."""
RETURNS = 0.025
"""Seconds in which it is lowered while she may be speaking, and comes back."""


class Sound(Protocol):
    """An endless sound."""

    def take(self, n: int) -> Samples:
        """The next `n` samples (n,), float32. Copies and multiplies only."""


@dataclass
class _Layer:
    name: str
    sound: Sound
    gain: Ramp
    going: bool = False


class Underlay:
    """At most one sound of each name, each coming and going softly; all lowered, held and cut together."""

    def __init__(self, rate: int, fade: float) -> None:
        self._rate = rate
        self._layers: list[_Layer] = []
        self._duck = Ramp(1.0, round(RETURNS * rate))
        self._hold = Ramp(1.0, round(fade * rate))
        self._held = False

    @property
    def sounding(self) -> bool:
        """Something sounds, or is about to."""
        return any(not layer.going for layer in self._layers)

    def lay(self, name: str, sound: Sound, comes: float = COMES) -> None:
        """`sound` comes as `name`, in place of the one of that name."""
        if any(layer.sound is sound and not layer.going for layer in self._layers):
            return
        self.lift(name)
        here = next((layer for layer in self._layers if layer.sound is sound), None)
        length = round(comes * self._rate)
        if here is None:
            here = _Layer(name, sound, Ramp(0.0, length))
            self._layers.append(here)
        here.gain, here.going = Ramp(_now(here.gain), length), False
        here.gain.aim(1.0)

    def lift(self, name: str) -> None:
        """The sound of that name goes."""
        self._go([layer for layer in self._layers if layer.name == name], round(GOES * self._rate))

    def cut(self, fade: int) -> None:
        """Everything is silent after `fade` samples. Lowering ends with it, without a jump."""
        self._go(self._layers, fade)
        self._held = False

    def duck(self, gain: float) -> None:
        """Lower everything to `gain`, or bring it back (1.0)."""
        self._duck.aim(gain)

    def hold(self, on: bool) -> None:
        """Stand still in silence, or go on from there."""
        self._held = on
        self._hold.aim(0.0 if on else 1.0)

    def take(self, n: int) -> Samples:
        """The next `n` samples (n,)."""
        out = np.zeros(n, np.float32)
        moves = min(n, self._hold.left) if self._held else n
        for layer in self._layers:
            gains = layer.gain.take(moves)
            out[:moves] += layer.sound.take(moves) * gains
        self._layers = [layer for layer in self._layers if not (layer.going and layer.gain.left == 0)]
        out *= self._duck.take(n)
        out *= self._hold.take(n)
        if not self._layers and not self._held:
            self._hold.jump(1.0)
        return out

    def _go(self, layers: list[_Layer], fade: int) -> None:
        for layer in layers:
            if layer.going and layer.gain.left <= fade:
                continue
            layer.gain, layer.going = Ramp(_now(layer.gain), fade), True
            layer.gain.aim(0.0)


def _now(gain: Ramp) -> float:
    return float(gain.peek(1)[0])
