"""Sound under the voice: how far below it lies, what it costs, and whether the ear still hears her over it.

The room: her voice from a recording of "stop", the loudspeaker 12 dB down at the microphone after 60 ms.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, write
from voice.data import DATA
from voice.ear.ear import Ear
from voice.ear.frames import AudioFrame
from voice.ear.models import find_model
from voice.ear.recogniser import VoskRecogniser
from voice.ear.room import SimulatedRoom, Utterance, small_room
from voice.ear.sources import WavSource
from voice.guide.events import Heard, Suspected
from voice.language.commands import Commands
from voice.speech.background import KINDS, Kind, make_background
from voice.speech.breath import BreathTones, Pace
from voice.speech.clip import SPEECH_LEVEL
from voice.speech.player import Player

RATE, BLOCK = 24_000, 480
USUAL, LOUDEST = -6.0, 0.0
PEAKS = {"spoken": -12.0, "soft": -24.0, "whispered": -34.0}
"""dBFS of her peak at the microphone."""
EVERY, SECONDS, ALONE = 4.0, 60.0, 120.0
Samples = NDArray[np.float32]


def rms(samples: Samples) -> float:
    """dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2)) + 1e-12))


class Room:
    """Loudspeaker, room and ear, with or without a sound under the voice."""

    def __init__(
        self, commands: Commands, recogniser: VoskRecogniser, kind: Kind | None, level: float
    ) -> None:
        self.ear = Ear(commands, recogniser)
        self.ear.load()
        self.ear.listen("guiding")
        self.player = Player(RATE)
        self.player.level(level)
        if kind is not None:
            self.player.lay("background", make_background(kind, RATE))
            self.player.lay("breath", BreathTones(RATE, Pace(4.0, 6.0)))
        self.room = SimulatedRoom(RATE, 0.06, -12.0, small_room(RATE))
        self.taken: list[tuple[float, str]] = []
        self.suspected = 0

    def run(self, seconds: float, word: Samples | None) -> Iterator[float]:
        """Move on; with a `word`, she says it every few seconds. Yields the seconds at which she ended."""
        say_at = 8.0
        for block in range(round(seconds * RATE / BLOCK)):
            now = block * BLOCK / RATE
            if word is not None and say_at <= now < seconds - 3:
                self.room.say(Utterance(self.room.now, word))
                say_at += EVERY
                yield now + len(word) / RATE
            played = self.player.pull(BLOCK)
            frame = AudioFrame(self.room.step(played), RATE, block * BLOCK)
            for event in self.ear.hear(frame, played, None):
                self.suspected += isinstance(event, Suspected)
                if isinstance(event, Heard):
                    self.taken.append((now, event.intent))


def levels(kind: Kind) -> list[Figure]:
    """How far a sound lies under the voice, and what it costs."""
    began = time.perf_counter()
    sound = make_background(kind, 48_000)
    made = time.perf_counter() - began
    samples = make_background(kind, RATE).take(60 * RATE)
    loudest = max(rms(second) for second in samples.reshape(60, RATE))
    began = time.perf_counter()
    for _ in range(1000):
        sound.take(480)
    taken = time.perf_counter() - began
    return [
        Figure(
            f"{kind}: level under the voice", rms(samples) - SPEECH_LEVEL, "dB", "-12", "RMS over a minute"
        ),
        Figure(f"{kind}: loudest second under the voice", loudest - SPEECH_LEVEL, "dB", "-12"),
        Figure(f"{kind}: made in", made * 1000, "ms", "", "48 kHz, once, outside the audio thread"),
        Figure(f"{kind}: a block of 10 ms taken in", taken * 1000, "µs", "1000", "48 kHz"),
    ]


def heard(commands: Commands, recogniser: VoskRecogniser, kind: Kind | None) -> list[Figure]:
    """How many stops are heard, and what the ear makes of the sound alone."""
    figures, name = [], kind or "no sound"
    recording = WavSource(DATA / "rehearsals" / "mother" / "stop.flac", RATE).samples
    for how, peak in PEAKS.items():
        room = Room(commands, recogniser, kind, USUAL)
        word = np.asarray(recording / np.abs(recording).max() * 10 ** (peak / 20), np.float32)
        said = list(room.run(SECONDS, word))
        late = [min((t - end for t, _ in room.taken if -1 < t - end < 1.5), default=None) for end in said]
        found = [each for each in late if each is not None]
        note = f"{len(found)} of {len(said)} stops, slowest {max(found, default=0.0):.2f} s after the word"
        figures.append(Figure(f"{name}: {how} stop heard", 100 * len(found) / len(said), "%", "100", note))
    if kind is not None:
        room = Room(commands, recogniser, kind, LOUDEST)
        list(room.run(ALONE, None))
        note = f"{ALONE:.0f} s at the loudest level, nobody speaking"
        figures.append(Figure(f"{kind}: taken for a command", len(room.taken), "", "0", note))
        figures.append(Figure(f"{kind}: the voice gave way to it", room.suspected, "times", "", note))
    return figures


def main() -> None:
    """Measure and write the figures."""
    commands, recogniser = Commands.load(DATA / "locale" / "en"), VoskRecogniser(find_model(None))
    figures = [figure for kind in KINDS for figure in levels(kind)]
    for kind in (None, *KINDS):
        figures += heard(commands, recogniser, kind)
    tones = BreathTones(RATE, Pace(4.0, 6.0)).take(10 * RATE)
    note = "4 s in, 6 s out"
    figures.append(Figure("tones: level under the voice", rms(tones) - SPEECH_LEVEL, "dB", "-12", note))
    print(write("underlay", "Sound under the voice", figures))


if __name__ == "__main__":
    main()
