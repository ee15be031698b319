"""From the microphone to what the recogniser gets: the loudspeaker taken out, what is left of it softened,
and the quiet of the room raised."""

from __future__ import annotations

from voice.ear.alignment import AlignedCanceller
from voice.ear.frames import Samples
from voice.ear.gain import Gain
from voice.ear.gate import Gate
from voice.ear.intake import Block
from voice.ear.level import Meter
from voice.ear.policy import Policy
from voice.ear.whose import Whose


class FrontEnd:
    """For one unbroken stretch of sound; `echo` goes on learning from one stretch to the next."""

    def __init__(self, echo: AlignedCanceller, meter: Meter, whose: Whose, policy: Policy) -> None:
        self._echo = echo
        self._meter = meter
        self._whose = whose
        self._policy = policy
        self._gate = Gate(policy)
        self._gain = Gain(policy)
        self.lag = 0.0
        """Seconds by which what comes out is older than what went in."""

    def take(self, block: Block) -> tuple[Samples, Samples]:
        """The block without the loudspeaker, as it is measured, and what the recogniser gets of it. Lets the
        meter know."""
        residue = block.microphone
        if block.reference is not None:
            residue = self._echo.process(block.microphone, block.reference)
        self._meter.take(residue, block.reference)
        softened = residue
        if block.reference is not None:
            softened = self._gate.process(residue, self._whose.leaking, self._meter.sounding)
            self.lag = self._policy.gate_ahead
        room = max(self._meter.floor, self._meter.leak)
        return residue, self._gain.process(softened, residue, room, self._meter.sounding)
