"""A sound card in memory: the twin of PortAudio for tests and demonstrations, moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voice.errors import LullError
from voice.runtime.device import Give, Opened, Samples, Take, Wish


@dataclass
class MemoryStream:
    """What `MemoryCard.open` returns. `heard`: what the loudspeaker played, block by block."""

    rate: int
    names: tuple[str, str]
    duplex: bool
    give: Give
    take: Take
    open: bool = True
    heard: list[Samples] = field(default_factory=list)

    def active(self) -> bool:
        return self.open

    def troubles(self) -> int:
        return 0

    def close(self) -> None:
        self.open = False

    def run(self, microphone: Samples) -> Samples:
        """One callback: `microphone` float32 (n,) comes in, what is played meanwhile goes out."""
        played = self.give(len(microphone))
        self.heard.append(played)
        self.take(microphone, played if self.duplex else None)
        return played


class MemoryCard:
    """Devices by name; `plug` and `unplug` them. `rates`: the Hz it can do."""

    def __init__(self, names: tuple[str, ...] = ("memory",), rates: tuple[int, ...] = (48_000,)) -> None:
        self._plugged = list(names)
        self._listed = list(names)
        self._rates = rates
        self.streams: list[MemoryStream] = []
        self.wishes: list[Wish] = []

    @property
    def stream(self) -> MemoryStream:
        """The stream opened last."""
        return self.streams[-1]

    def find(self, wish: Wish) -> None:
        for wanted in (wish.input, wish.output):
            self._find(wanted)

    def open(self, wish: Wish, give: Give, take: Take) -> Opened:
        names = tuple(self._find(wanted) for wanted in (wish.input, wish.output))
        self.wishes.append(wish)
        rate = wish.rate if wish.rate in self._rates else self._rates[0]
        self.streams.append(MemoryStream(rate, (names[0], names[1]), wish.duplex, give, take))
        return self.streams[-1]

    def restart(self) -> None:
        self._listed = list(self._plugged)

    def plug(self, name: str) -> None:
        """Connect a device; it is found after the next restart, as with PortAudio."""
        self._plugged.append(name)

    def unplug(self, name: str) -> None:
        """Take a device away without a word, as USB does: nothing is called any more."""
        self._plugged.remove(name)

    def plugged(self, name: str) -> bool:
        """Whether a device of that name is connected."""
        return name in self._plugged

    def _find(self, wanted: str) -> str:
        for name in self._listed:
            if wanted in name and name in self._plugged:
                return name
        raise LullError(f"There is no device called {wanted or 'anything'}; connect one.")


def silence(count: int) -> Samples:
    """`count` samples of nothing."""
    return np.zeros(count, np.float32)
