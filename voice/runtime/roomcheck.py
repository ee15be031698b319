"""`lull check`: the microphone and the room by ear. Plays, records, measures, and asks her to say a word.

No sound is kept: what is recorded is measured and dropped.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voice.ear.delay import Delay, measure
from voice.ear.ear import Ear
from voice.ear.frames import AudioFrame
from voice.errors import LullError
from voice.guide.events import Heard
from voice.guide.load import load_guide
from voice.runtime.assembly import ear_maker, open_store
from voice.runtime.clocks import SystemClock
from voice.runtime.device import Samples, Sound, Wish
from voice.runtime.narration import narrated
from voice.runtime.portaudio import PortAudioCard
from voice.runtime.settings import Settings
from voice.speech.earcons import GREETING, load_earcons
from voice.speech.narrator import Narrator
from voice.speech.player import Player

NOISE_SECONDS = 2.0
AFTER_THE_CHIME = 1.0
"""Seconds of listening after it: the longest delay, and the room."""
ANSWER_SECONDS = 8.0
LOUD_ROOM = -40.0
"""dB full scale of noise above which commands are often missed (measured on the embedded model)."""
COMMAND_SET = "guiding"
LINES = ("check_start", "check_say", "check_heard", "check_not_heard")


@dataclass(frozen=True)
class RoomReport:
    """Levels in dB full scale, the delay and how sure it is, and whether she was heard."""

    noise: float
    echo: float
    delay: Delay
    heard: bool
    speech: float | None


class RoomCheck:
    """One open card, its player and its ear, for the length of a check."""

    def __init__(self, sound: Sound, player: Player, ear: Ear) -> None:
        self._sound = sound
        self._player = player
        self._ear = ear
        self._ear.listen(COMMAND_SET)
        self._start = 0

    def listen(self, seconds: float) -> tuple[Samples, Samples, list[Heard]]:
        """Microphone and loudspeaker of the next `seconds`, float32 (n,) each, and what was heard.

        Raises LullError when the microphone falls silent.
        """
        microphone: list[Samples] = []
        played: list[Samples] = []
        heard: list[Heard] = []
        wanted = int(seconds * self._sound.rate)
        while wanted > 0:
            near, far = self._take()
            wanted -= len(near)
            microphone.append(near)
            played.append(far)
            frame = AudioFrame(near, self._sound.rate, self._start)
            self._start += len(near)
            events = self._ear.hear(frame, far, narrated(self._player))
            heard += [event for event in events if isinstance(event, Heard)]
        return np.concatenate(microphone), np.concatenate(played), heard

    def until_quiet(self) -> None:
        """Wait for the end of what is being said."""
        while not self._player.idle:
            self.listen(0.1)

    def _take(self) -> tuple[Samples, Samples]:
        try:
            return self._sound.frames.get(timeout=2.0)
        except queue.Empty:
            raise LullError(
                "The microphone gives no sound; check its plug, or choose another (input)."
            ) from None


def level(samples: Samples) -> float:
    """Root mean square in dB full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples**2, dtype=np.float64)) + 1e-9))


class Examiner:
    """What the check says, rendered before the card is opened: rendering would make a stream stutter."""

    def __init__(self, settings: Settings, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self.player = Player(settings.sample_rate)
        self._signs = load_earcons()
        self._narrator = Narrator(open_store(settings), self.player, signs=self._signs)
        self._narrator.volume(settings.level)
        lines = load_guide(locale=settings.locale).lines
        self._said = {name: spoken(lines[name].wordings[0]) for name in LINES}
        for sentences in self._said.values():
            self._narrator.seconds(sentences)

    def speak(self, line: str, room: RoomCheck) -> None:
        """Say the line and wait for its end."""
        self._tell("  " + " ".join(self._said[line]))
        self._narrator.say(0, self._said[line])
        room.until_quiet()

    def chime(self, room: RoomCheck) -> tuple[Samples, Samples]:
        """Play the greeting; microphone and loudspeaker until it has died away, float32 (n,) each."""
        self._narrator.greet()
        near, far, _ = room.listen(self._signs[GREETING].seconds + AFTER_THE_CHIME)
        return near, far

    def close(self) -> None:
        """End the voice."""
        self._narrator.close()


def check_room(settings: Settings, tell: Callable[[str], object]) -> int:
    """Run the check on the real card. Returns 0 when she was heard, 1 when not. Raises LullError."""
    card = PortAudioCard()
    rate = card.device("output", settings.output).rate
    card.device("input", settings.input)
    settings = settings.model_copy(update={"sample_rate": rate})
    ear, examiner = ear_maker(settings)(), Examiner(settings, tell)
    wish = Wish(settings.input, settings.output, rate, settings.latency)
    sound = Sound(card, wish, examiner.player.pull, SystemClock())
    try:
        names = sound.open().names
        tell(f"Microphone: {names[0]}. Loudspeaker: {names[1]}. {sound.rate} Hz.")
        report = _measure(RoomCheck(sound, examiner.player, ear), examiner)
    finally:
        sound.close()
        examiner.close()
    for line in advice(report):
        tell(line)
    return 0 if report.heard else 1


def _measure(room: RoomCheck, examiner: Examiner) -> RoomReport:
    player = examiner.player
    noise = level(room.listen(NOISE_SECONDS)[0])
    examiner.speak("check_start", room)
    near, far = examiner.chime(room)
    examiner.speak("check_say", room)
    answer, _, heard = room.listen(ANSWER_SECONDS)
    examiner.speak("check_heard" if heard else "check_not_heard", room)
    return RoomReport(
        noise, level(near), measure(far, near, player.rate), bool(heard), loudest(answer, player.rate)
    )


def spoken(wording: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences without the marks of commands."""
    return tuple(sentence.replace("<", "").replace(">", "") for sentence in wording)


def loudest(samples: Samples, rate: int, window: float = 0.3) -> float:
    """Level in dB full scale of the loudest `window` seconds."""
    count = max(1, int(window * rate))
    return max(
        (level(samples[at : at + count]) for at in range(0, len(samples) - count + 1, count)), default=-180.0
    )


def advice(report: RoomReport) -> list[str]:
    """The report in a few sentences, each with what to do where something is amiss."""
    told = [f"Noise in the room: {report.noise:.0f} dB."]
    if report.noise > LOUD_ROOM:
        told.append("That is loud: bring the microphone closer to you, or the pump further from it.")
    told.append(_told_delay(report))
    if report.speech is not None:
        told.append(
            f"Your voice: {report.speech:.0f} dB, {report.speech - report.noise:.0f} dB over the noise."
        )
    told.append(
        "I heard you." if report.heard else "I did not hear you. Come closer, or turn the microphone up."
    )
    return told


def _told_delay(report: RoomReport) -> str:
    delay = report.delay
    if not delay.trusted:
        return (
            "The chime did not come back clearly: the loudspeaker is very quiet, off, or in your ears. "
            "That is fine."
        )
    sure = f"{100 * delay.certainty:.0f} % sure"
    return f"The loudspeaker is heard after {delay.seconds * 1000:.0f} ms ({sure}), at {report.echo:.0f} dB."
