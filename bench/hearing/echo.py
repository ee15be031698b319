"""Her words over the guide's own voice: real player, real ear, a loudspeaker and a room between them.

The guide speaks all the time; she speaks in the middle of its sentences. What the ear suspects lowers the
voice and what it takes silences it, as in the product, so that is measured on the samples played.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.hearing.conditions import AFTER, BEFORE, Trial, chance
from bench.hearing.listeners import Answer, Taken
from bench.hearing.mixing import ROOM_FLOOR, Loudspeaker, at_level, noise_at, spoken
from bench.hearing.recordings import Clip
from voice.ear.ear import Ear, Hearing
from voice.ear.frames import EAR_RATE, AudioFrame, Samples
from voice.ear.room import SimulatedRoom, Utterance, small_room
from voice.ear.sources import WavSource
from voice.guide.events import Cleared, Heard, Rejected, Suspected
from voice.runtime.narration import narrated
from voice.speech.clip import SPEECH_LEVEL
from voice.speech.clip import Clip as Sentence
from voice.speech.player import Player
from voice.speech.soundio import resample

RATE, BLOCK = 24_000, 480
"""Hz of the simulated sound card, and samples (20 ms) at a time."""
LEVELS = (-10, 0, 10, 20)
"""dB of the guide's voice at the microphone over hers."""
HERS = -36.0
"""dBFS RMS of her speech here: softer than elsewhere, so that an echo 20 dB above it still fits."""
WARM_UP, REST, PATIENCE = 4.0, 1.0, 1.6
"""Seconds the guide speaks before her first word, before each other one, and that are waited after it."""
SENTENCE_LEFT = 0.8
"""Seconds of the sentence that must be left when she begins."""
SILENT = 1e-4
DUCKED = 10 ** (-12 / 20)
STEP = 120
"""Samples (5 ms) over which the loudness of what is played is compared."""


@dataclass(frozen=True)
class Echo:
    """The guide's voice at the microphone: `over` dB above hers, `delay` seconds late (device and air), its
    clock fast by `drift` parts per million, `distortion` as in Loudspeaker."""

    name: str
    over: float
    delay: float = 0.1
    drift: float = 0.0
    distortion: float = 0.0


def signed(db: float) -> str:
    """With its sign, but for 0."""
    return f"{db:+.0f}" if db else "0"


def conditions() -> list[Echo]:
    """Four levels at a middling delay, and what makes +10 dB harder."""
    levels = [Echo(f"echo {signed(over)} dB", over) for over in LEVELS]
    delays = [Echo(f"echo +10 dB, {1000 * delay:.0f} ms", 10, delay) for delay in (0.02, 0.3)]
    return [
        *levels,
        *delays,
        Echo("echo +10 dB, 20 ppm", 10, drift=20.0),
        Echo("echo +10 dB, distorted", 10, distortion=0.3),
    ]


@dataclass(frozen=True)
class Reaction:
    """What came of a word. Seconds: from its end to silence, from its start to 12 dB down; None: never."""

    answer: Answer
    began: float
    ended: float
    silent: float | None
    ducked: float | None


class SpeakingRoom:
    """The guide speaking its sentences one after the other into a room.

    `ear` None: nobody listens. `hushes`: what the ear takes silences the sentence. `noise` (at RATE) sounds
    for ever; a quiet room's own unless told.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        echo: Echo,
        rng: np.random.Generator,
        ear: Ear | None,
        hushes: bool = True,
        noise: Samples | None = None,
    ) -> None:
        response = small_room(RATE)
        gain = HERS + echo.over - SPEECH_LEVEL - 10 * float(np.log10(np.sum(response**2)))
        if noise is None:
            noise = noise_at(rng.standard_normal(8 * RATE).astype(np.float32), ROOM_FLOOR)
        self.room = SimulatedRoom(RATE, echo.delay, gain, response, noise=noise, remembers=False)
        self.ear = ear
        self.cpu = 0.0
        self.events: list[Hearing] = []
        self.played: list[Samples] = []
        self.unhindered: list[Samples] = []
        self.microphone: list[Samples] = []
        self._hushes = hushes
        self._speaker = Loudspeaker(echo.drift, echo.distortion)
        self._sentences = [sentence.at_rate(RATE) for sentence in sentences]
        self._next = 0
        self._player, self._twin = Player(RATE), Player(RATE)
        self._blocks = 0

    @property
    def now(self) -> float:
        """Seconds."""
        return self._blocks * BLOCK / RATE

    @property
    def idle(self) -> bool:
        """Nothing is being said."""
        return self._player.idle

    def sentence_left(self) -> float:
        """Seconds of the present sentence still to come; 0 between two."""
        place = self._player.position
        if place is None or self._player.now_playing is None:
            return 0.0
        return (len(self._sentences[place.sentence].samples) - place.sample) / RATE

    def speak(self) -> None:
        """Begin the next sentence, whatever is being said."""
        number = self._next % len(self._sentences)
        for player in (self._player, self._twin):
            player.play([self._sentences[number]], 1, number)
        self._next += 1

    def advance(self, seconds: float, again: bool = True) -> None:
        """Move on; with `again`, a sentence that is over is followed by the next."""
        for _ in range(max(1, round(seconds * RATE / BLOCK))):
            if again and self._player.idle:
                self.speak()
            self._block()

    def forget(self) -> None:
        """Drop all that was played and picked up, for runs of hours."""
        for kept in (self.played, self.unhindered, self.microphone, self.events):
            kept.clear()

    def _block(self) -> None:
        played = self._player.pull(BLOCK)
        self.played.append(played)
        self.unhindered.append(self._twin.pull(BLOCK))
        microphone = self.room.step(self._speaker.play(played))
        self.microphone.append(microphone)
        start, self._blocks = self._blocks * BLOCK, self._blocks + 1
        if self.ear is None:
            return
        started = time.process_time()
        events = self.ear.hear(AudioFrame(microphone, RATE, start), played, narrated(self._player))
        self.cpu += time.process_time() - started
        self.events += events
        for event in events:
            if isinstance(event, Suspected | Cleared):
                self._player.duck(isinstance(event, Suspected))
            elif isinstance(event, Heard) and self._hushes:
                self._player.hush()


def sentences_in_turn(sentences: Sequence[Sentence], rng: np.random.Generator) -> list[Sentence]:
    """All sentences, in an order of chance."""
    return [sentences[int(number)] for number in rng.permutation(len(sentences))]


def over_the_voice(
    clips: Sequence[Clip],
    echo: Echo,
    sentences: Sequence[Sentence],
    ear: Ear,
    seed: int,
    noise: Samples | None = None,
) -> Iterator[tuple[Clip, Reaction]]:
    """Each recording said once into the guide's speech; `noise` as in SpeakingRoom."""
    rng = chance(seed, "echo", echo.name, clips[0].path.name)
    room = SpeakingRoom(sentences_in_turn(sentences, rng), echo, rng, ear, noise=noise)
    room.advance(WARM_UP)
    for clip in clips:
        ear.listen(clip.listen)
        began, ended = _say(room, clip)
        mark, cpu = len(room.events), room.cpu
        room.advance(ended + PATIENCE - room.now, again=False)
        yield clip, _reaction(room, room.events[mark:], began, ended, room.cpu - cpu)
        room.speak()
        room.advance(REST)


def pieces(
    clips: Sequence[Clip], echo: Echo, sentences: Sequence[Sentence], seed: int
) -> Iterator[tuple[Clip, Trial]]:
    """The same, with nobody to lower the voice: the microphone's sound around each recording."""
    rng = chance(seed, "echo", echo.name, clips[0].path.name)
    room = SpeakingRoom(sentences_in_turn(sentences, rng), echo, rng, None)
    room.advance(WARM_UP)
    for clip in clips:
        began, ended = _say(room, clip)
        room.advance(ended + AFTER - room.now)
        first = max(0, round((began - BEFORE) * RATE))
        heard = resample(np.concatenate(room.microphone)[first:], RATE, EAR_RATE)
        yield clip, Trial(heard, began - first / RATE, ended - first / RATE)
        room.advance(REST)


def _say(room: SpeakingRoom, clip: Clip) -> tuple[float, float]:
    """Let her begin in the middle of a sentence; the seconds between which she speaks."""
    while room.sentence_left() < SENTENCE_LEFT:
        room.advance(BLOCK / RATE)
    voice = at_level(WavSource(clip.path, RATE).samples, HERS)
    first, last = spoken(voice)
    start = room.now
    room.room.say(Utterance(start, voice))
    return start + first / RATE, start + last / RATE


def _reaction(
    room: SpeakingRoom, events: Sequence[Hearing], began: float, ended: float, cpu: float
) -> Reaction:
    taken = tuple(Taken(event.intent, event.at) for event in events if isinstance(event, Heard))
    rejected = tuple(event.reason for event in events if isinstance(event, Rejected))
    first = round(began * RATE) // STEP
    played = np.concatenate(room.played).reshape(-1, STEP)[first:]
    free = np.concatenate(room.unhindered).reshape(-1, STEP)[first:]
    silent = None
    if taken:
        audible = np.flatnonzero(np.abs(played).max(axis=1) > SILENT)
        silent = (first + (int(audible[-1]) + 1 if len(audible) else 0)) * STEP / RATE - ended
    loud = np.sqrt(np.mean(free**2, axis=1))
    down = np.flatnonzero((loud > 1e-3) & (np.sqrt(np.mean(played**2, axis=1)) <= DUCKED * loud))
    ducked = float(down[0]) * STEP / RATE if len(down) else None
    return Reaction(Answer(taken, rejected, cpu), began, ended, silent, ducked)
