"""How loud it is: the sound against the floor of the room and against what the loudspeaker leaves in the
microphone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice

from voice.ear.bump import Bump
from voice.ear.frames import BLOCK_SECONDS, SILENT, Samples, decibels
from voice.ear.policy import Policy


class Floor:
    """The quietest the room has been in the last `seconds`: the lowest smoothed level of a few slices of
    time."""

    def __init__(self, seconds: float = 4.0, slices: int = 8) -> None:
        self._per_slice = round(seconds / slices / BLOCK_SECONDS)
        self._slices: deque[float] = deque(maxlen=slices)
        self._lowest = 0.0
        self._count = 0

    def take(self, level: float) -> None:
        self._lowest = min(self._lowest, level)
        self._count += 1
        if self._count >= self._per_slice:
            self._slices.append(self._lowest)
            self._lowest, self._count = 0.0, 0

    @property
    def level(self) -> float:
        """dB. Before anything was heard: very low, so that the first word counts."""
        if not self._slices:
            return -90.0
        return min(min(self._slices), self._lowest)


class Leak:
    """How far below the loudspeaker its rest in the microphone lies, dB; falls fast while the canceller
    learns."""

    FALL = 0.05
    RISE = 0.02
    """Share of a fall, and dB of a rise, taken over in each block: her own voice on top must not lift it
    much."""
    HOLD = 0.3
    """Seconds a sound of the loudspeaker goes on in the room."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=round(self.HOLD / BLOCK_SECONDS))
        self._left: deque[float] = deque(maxlen=round(self.HOLD / BLOCK_SECONDS))
        self._coupling = 0.0

    def take(self, residue: float, reference: float) -> None:
        self._recent.append(reference)
        self._left.append(residue)
        if self._loud() < -60.0:
            return
        seen = max(self._left) - self._loud()
        if seen < self._coupling:
            self._coupling += self.FALL * (seen - self._coupling)
        else:
            self._coupling += min(self.RISE, seen - self._coupling)

    @property
    def expected(self) -> float:
        """dB full scale that the loudspeaker may explain now."""
        loud = self._loud()
        return SILENT if loud < -60.0 else loud + self._coupling

    def _loud(self) -> float:
        return max(self._recent, default=SILENT)


@dataclass(frozen=True)
class _Block:
    level: float
    sounding: bool


class Meter:
    """Follows the level block by block. Times are seconds of the stream; `origin` is that of the first
    block."""

    KEPT = 15.0
    """Seconds that can be asked about."""

    def __init__(self, policy: Policy, origin: float = 0.0) -> None:
        self._policy = policy
        self._floor = Floor()
        self._leak = Leak()
        self._level = SILENT
        self._blocks: deque[_Block] = deque(maxlen=round(self.KEPT / BLOCK_SECONDS))
        self._now = origin
        self.quiet = 0.0
        """Seconds since the last block with sound in it."""
        self.active = 0.0
        """Seconds of sound since quiet last reigned for `clear_quiet`."""

        self.onset = False
        """Whether sound began with the last block, after `onset_quiet`."""

        self.began = origin
        """When it last did so."""

        self.faded = 0.0
        """Seconds since the sound in progress was last near its loudest: the end of a word, seen at once,
        or the gap before a final p or t."""

        self.bump = Bump(policy)
        """What stands out of the sound in progress."""

        self._peak = SILENT

    def take(self, residue: Samples, reference: Samples | None) -> None:
        """One block at EAR_RATE."""
        self._now += BLOCK_SECONDS
        now = decibels(residue)
        self._level = max(
            now, self._level - 2.0
        )  # falls 2 dB a block: gaps inside words do not count as quiet
        self._floor.take(self._level)
        self._leak.take(now, SILENT if reference is None else decibels(reference))
        self._blocks.append(_Block(now, self.sounding))
        self.bump.take(self._level, self._now)
        self.onset = self.sounding and self.quiet >= self._policy.onset_quiet
        if self.onset:
            self.began, self._peak = self._now, SILENT
        self._peak = max(self._peak, now)
        fading = now < max(self._peak - self._policy.fade, self.floor + self._policy.above_floor)
        self.faded = self.faded + BLOCK_SECONDS if fading else 0.0
        if self.sounding:
            self.quiet = 0.0
            self.active += BLOCK_SECONDS
        else:
            self.quiet += BLOCK_SECONDS
            if self.quiet >= self._policy.clear_quiet:
                self.active = 0.0

    @property
    def sounding(self) -> bool:
        """Whether there is sound that neither the room nor the loudspeaker explains."""
        policy = self._policy
        return self._level > max(
            policy.active_least, self.floor + policy.active_above_floor, self.leak + policy.active_above_leak
        )

    @property
    def floor(self) -> float:
        """The room's own level, dB."""
        return self._floor.level

    @property
    def leak(self) -> float:
        """What the loudspeaker may explain now, dB; SILENT when it plays nothing."""
        return self._leak.expected

    def loudness(self, began: float, ended: float) -> float:
        """Level that the loudest tenth of the blocks between two times reaches, dB."""
        levels = sorted(block.level for block in self._between(began, ended))
        return levels[-max(1, len(levels) // 10)] if levels else SILENT

    def sounded(self, began: float, ended: float) -> float:
        """Seconds between two times in which there was sound that is not the guide's."""
        return sum(block.sounding for block in self._between(began, ended)) * BLOCK_SECONDS

    def _between(self, began: float, ended: float) -> list[_Block]:
        def back(time: float) -> int:
            return max(
                0, min(len(self._blocks), len(self._blocks) - round((self._now - time) / BLOCK_SECONDS))
            )

        return list(islice(self._blocks, back(began), back(ended)))
