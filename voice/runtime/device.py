"""The loudspeaker and the microphone as one stream that looks after itself.

The card's callback only copies: what the player gives goes out, and what came in goes into a queue beside
what was played meanwhile. A card that falls silent is closed and opened again by name, at growing intervals.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.runtime.clocks import Clock
from voice.runtime.played import Played
from voice.runtime.stillness import Stillness
from voice.runtime.throughput import Throughput

Samples = NDArray[np.float32]
Give = Callable[[int], Samples]
"""Samples wanted -> float32 (n,) to be played."""
Take = Callable[[Samples, Samples | None], None]
"""float32 (n,) from the microphone, and what was played during it where the card knows."""
Part = Literal["microphone", "speaker"]

SILENT_AFTER = 1.0
"""Seconds without a callback after which a stream counts as lost."""
STARVED_AFTER = 0.6
"""Seconds between two looks that tell that the whole program was held up (a library being loaded, a machine
asleep): the card's callbacks were then held up too, and get another chance."""
YOUNG = 10.0
"""Seconds: a stream that dies sooner than this did not recover by being opened again."""
MENDED_MOST = 2
"""Times in a row a stream that died young is opened again before it counts as lost. The second time as two
streams: some drivers cannot run one in both directions."""
STEADY = 0.12
"""Seconds of buffering wished for once a stream has run dry; more would put off the silence after a stop."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
"""Seconds between two tries to open the card again: the first, doubled each time up to the longest."""
ANY_DEVICE_AFTER = 4
"""Tries by name after which the system's own choice will do, where she named no device."""
QUEUE_SECONDS = 4.0
"""Seconds of sound that may wait for the ear; more is dropped, and counted."""
WATCH_EVERY = 0.25
"""Seconds between two looks at the card."""


@dataclass(frozen=True)
class Wish:
    """What to open. Names are parts of device names, empty for the system's choice; `rate` in Hz.

    `latency`: low, high, or seconds.
    """

    input: str = ""
    output: str = ""
    rate: int = 48_000
    latency: str | float = "high"
    duplex: bool = True


class Opened(Protocol):
    """A running stream (or a pair of them)."""

    @property
    def rate(self) -> int: ...

    @property
    def names(self) -> tuple[str, str]:
        """Names of microphone and loudspeaker."""

    @property
    def duplex(self) -> bool: ...

    def active(self) -> bool:
        """Whether the driver still claims to run."""

    def troubles(self) -> int:
        """Overflows and underflows reported by the driver so far."""

    def close(self) -> None:
        """Stop and release the devices; never raises."""


class Card(Protocol):
    """A way to devices: PortAudio in the product, memory in tests."""

    def find(self, wish: Wish) -> None:
        """Opens nothing. Raises LullError when there is no such microphone or loudspeaker."""

    def open(self, wish: Wish, give: Give, take: Take) -> Opened:
        """Open and start. Raises LullError with one sentence when it cannot."""

    def restart(self) -> None:
        """Forget the list of devices and look again."""


@dataclass(frozen=True)
class Heartbeat:
    """A change the program must know of. `muted`: the microphone runs, but gives digital silence."""

    part: Part
    lost: bool
    muted: bool = False


class Sound:
    """One open card. `give` is called by the audio thread; `frames` is where the ear takes its sound from."""

    def __init__(self, card: Card, wish: Wish, give: Give, clock: Clock) -> None:
        self._card = card
        self._wish = wish
        self._give_samples = give
        self._clock = clock
        self._opened: Opened | None = None
        self._opened_at = self._looked = 0.0
        self._last: dict[Part, float] = {}
        self._pace: dict[Part, Throughput] = {}
        self._played = Played()
        self._stillness = Stillness(clock.now())
        self._mended = self._tries = 0
        self._next_try = 0.0
        self._lost: Part | None = None
        self._known = ("", "")
        self._generation = 0
        self.frames: queue.SimpleQueue[tuple[Samples, Samples]] = queue.SimpleQueue()
        self.dropped = 0
        self.rate = wish.rate

    def open(self) -> Opened:
        """Open for the first time; `rate` is then the card's. Raises LullError."""
        opened = self._open(self._wish)
        self.rate = opened.rate
        self._wish = replace(self._wish, rate=opened.rate)
        self._known = opened.names
        return opened

    def check(self) -> Heartbeat | None:
        """Look at the card, and try to bring it back when it is time to. Returns what changed, if it did."""
        now = self._clock.now()
        if self._lost is None:
            return self._check_running(now)
        if now < self._next_try:
            return None
        self._tries += 1
        self._next_try = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._tries)
        try:
            self._card.restart()
            self._open(self._by_name())
        except LullError:
            return None
        back, self._lost, self._tries = self._lost, None, 0
        muted = back == "microphone" and self._stillness.still
        return None if muted else Heartbeat(back, lost=False)

    def troubles(self) -> int:
        """Overflows and underflows of the stream now open, and blocks dropped because the ear was late."""
        return self.dropped + (self._opened.troubles() if self._opened else 0)

    def close(self) -> None:
        """Release the devices."""
        self._generation += 1
        if self._opened is not None:
            self._opened.close()
        self._opened = None

    def _check_running(self, now: float) -> Heartbeat | None:
        if self._opened is None:
            return None
        looked, self._looked = self._looked, now
        if now - looked > STARVED_AFTER:
            self._last = dict.fromkeys(self._last, now)
            self._stillness.begin(now)
            for pace in self._pace.values():
                pace.begin(now)
        silent: list[Part] = [part for part, last in self._last.items() if now - last > SILENT_AFTER]
        if silent or not self._opened.active():
            return self._died(silent[0] if len(silent) == 1 else "microphone", now)
        if [part for part, pace in self._pace.items() if pace.starving(now, self._opened.rate)]:
            return self._begin_anew("microphone", now)
        if self._stillness.changed(now):
            return Heartbeat("microphone", lost=self._stillness.still, muted=self._stillness.still)
        return None

    def _died(self, part: Part, now: float) -> Heartbeat | None:
        """A starved machine ends streams of healthy devices: open it again before anything is told."""
        self._mended = self._mended + 1 if now - self._opened_at < YOUNG else 1
        if self._mended > MENDED_MOST:
            return self._gone(part, now)
        if self._mended == MENDED_MOST:
            self._wish = replace(self._wish, duplex=False)
        return self._begin_anew(part, now)

    def _begin_anew(self, part: Part, now: float) -> Heartbeat | None:
        """Open the stream again at once, with more buffering; told only when that fails."""
        self.close()
        self._wish = replace(self._wish, latency=STEADY)
        try:
            self._open(self._by_name())
        except LullError:
            return self._gone(part, now)
        return None

    def _gone(self, part: Part, now: float) -> Heartbeat:
        self.close()
        self._lost, self._tries, self._next_try = part, 0, now + FIRST_PAUSE
        return Heartbeat(part, lost=True)

    def _by_name(self) -> Wish:
        """Devices by the names they had; where she chose none, any will do after some tries."""
        if self._tries > ANY_DEVICE_AFTER:
            return self._wish
        return replace(
            self._wish, input=self._wish.input or self._known[0], output=self._wish.output or self._known[1]
        )

    def _open(self, wish: Wish) -> Opened:
        self._generation += 1
        mine = self._generation
        self._played.clear()
        self._opened_at = self._looked = self._clock.now()
        self._stillness.begin(self._opened_at)
        self._last = {"microphone": self._opened_at, "speaker": self._opened_at}
        pace = {part: Throughput(self._opened_at) for part in self._last}

        def give(count: int) -> Samples:
            if mine != self._generation:
                return np.zeros(count, np.float32)
            self._last["speaker"] = self._clock.now()
            pace["speaker"].count(count)
            played = self._give_samples(count)
            if self._opened is None or not self._opened.duplex:
                self._played.add(played, self.rate)
            return played

        def take(microphone: Samples, played: Samples | None) -> None:
            if mine == self._generation:
                self._last["microphone"] = self._clock.now()
                pace["microphone"].count(len(microphone))
                self._stillness.take(microphone, self.rate, self._last["microphone"])
                self._queue(microphone, played)

        self._opened = self._card.open(wish, give, take)
        self._pace = pace
        return self._opened

    def _queue(self, microphone: Samples, played: Samples | None) -> None:
        if played is None:
            played = self._played.take(len(microphone))
        if self.frames.qsize() * len(microphone) > QUEUE_SECONDS * self.rate:
            self.dropped += 1
            return
        self.frames.put((microphone, played))


class Watch:
    """A thread that looks after the card and tells `post` what changed."""

    def __init__(self, sound: Sound, post: Callable[[Heartbeat], None]) -> None:
        self._sound = sound
        self._post = post
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lull-card", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._end.wait(WATCH_EVERY):
            change = self._sound.check()
            if change is not None:
                self._post(change)

    def close(self) -> None:
        """End the thread; a device that hangs while it is being opened is not waited for."""
        self._end.set()
        self._thread.join(timeout=2.0)
