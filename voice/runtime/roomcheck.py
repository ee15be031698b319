"""`lull check`: the microphone and the room by ear. Plays, records, measures, and asks her to say a word.

No sound is kept: what is recorded is measured and dropped.
"""

from __future__ import annotations

import queue
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np

from voice.ear.accept import Scene
from voice.ear.delay import Delay, measure
from voice.ear.ear import Ear
from voice.ear.frames import AudioFrame
from voice.ear.recogniser import Hypothesis
from voice.errors import LullError
from voice.guide.events import Heard
from voice.guide.load import load_guide
from voice.guide.wording import MARKS
from voice.runtime.assembly import ear_maker, open_store
from voice.runtime.clocks import SystemClock
from voice.runtime.device import Samples, Sound, Watch, Wish
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
PATIENCE = 6.0
"""Seconds without a sample after which the microphone is dead; a stopped stream is opened anew sooner."""
LOOK = 0.1
"""Seconds between two looks whether she has spoken."""
LOUD_ROOM = -40.0
"""dB full scale of noise above which commands are often missed (measured on the embedded model)."""
DEAD = -120.0
"""dB full scale below which there is no microphone at work: the noise of a real one is louder."""
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

    def listen(self, seconds: float, until_heard: bool = False) -> tuple[Samples, Samples, list[Heard]]:
        """Microphone and loudspeaker of the next `seconds`, float32 (n,) each, and what was heard.

        `until_heard`: no longer than until something was. Raises LullError when the microphone falls silent.
        """
        microphone: list[Samples] = []
        played: list[Samples] = []
        heard: list[Heard] = []
        wanted = int(seconds * self._sound.rate)
        while wanted > 0 and not (heard and until_heard):
            near, far = self._take()
            wanted -= len(near)
            microphone.append(near)
            played.append(far)
            frame = AudioFrame(near, self._sound.rate, self._start)
            self._start += len(near)
            events = self._ear.hear(frame, far, narrated(self._player))
            heard += [event for event in events if isinstance(event, Heard)]
        return _joined(microphone), _joined(played), heard

    @property
    def hers(self) -> tuple[Hypothesis, Scene] | None:
        """Words and levels of what the ear last concluded on; None before that, or when it was the guide's
        own voice."""
        concluded = self._ear.concluded
        return None if concluded is None or concluded[1].own_voice else concluded

    def answer(self, seconds: float) -> tuple[Hypothesis, Scene] | None:
        """Words and levels of the first thing she says within `seconds`; None when she says nothing."""
        self._ear.concluded = None
        for _ in range(round(seconds / LOOK)):
            self.listen(LOOK)
            if self.hers is not None:
                return self.hers
        return None

    def until_quiet(self) -> list[Heard]:
        """Wait for the end of what is being said; what was heard meanwhile."""
        heard: list[Heard] = []
        while not self._player.idle:
            heard += self.listen(LOOK)[2]
        return heard

    def _take(self) -> tuple[Samples, Samples]:
        try:
            return self._sound.frames.get(timeout=PATIENCE)
        except queue.Empty:
            raise LullError(
                "The microphone gives no sound; check its plug, or choose another (input)."
            ) from None


def _joined(blocks: list[Samples]) -> Samples:
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def level(samples: Samples) -> float:
    """Root mean square in dB full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples**2, dtype=np.float64)) + 1e-9))


class Examiner:
    """What the check says, rendered before the card is opened: rendering would make a stream stutter."""

    def __init__(
        self, settings: Settings, tell: Callable[[str], object], said: Mapping[str, tuple[str, ...]]
    ) -> None:
        """`said`: name of a saying -> its sentences."""
        self._tell = tell
        self._said = said
        self.player = Player(settings.sample_rate)
        self._signs = load_earcons()
        self._narrator = Narrator(open_store(settings), self.player, signs=self._signs)
        self._narrator.volume(settings.level)
        for sentences in said.values():
            self._narrator.seconds(sentences)

    def speak(self, saying: str, room: RoomCheck) -> list[Heard]:
        """Say it and wait for its end; what was heard meanwhile."""
        self._tell("  " + " ".join(self._said[saying]))
        self._narrator.say(0, self._said[saying])
        return room.until_quiet()

    def listening(self) -> None:
        """Tell that it is her turn."""
        self._tell("Listening.")

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
    lines = load_guide(locale=settings.locale).lines
    said = {name: spoken(lines[name].wordings[0]) for name in LINES}
    word = asked_for(lines["check_say"].wordings[0])
    with open_room(settings, tell, said) as (room, examiner):
        report = _measure(room, examiner, word)
    for line in advice(report):
        tell(line)
    return 0 if report.heard else 1


@contextmanager
def open_room(
    settings: Settings, tell: Callable[[str], object], said: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[RoomCheck, Examiner]]:
    """The real card, ear and voice, closed again at the end. Raises LullError when one of them is missing."""
    card = PortAudioCard()
    rate = card.device("output", settings.output).rate
    card.device("input", settings.input)
    settings = settings.model_copy(update={"sample_rate": rate})
    ear, examiner = ear_maker(settings)(), Examiner(settings, tell, said)
    wish = Wish(settings.input, settings.output, rate, settings.latency)
    sound = Sound(card, wish, examiner.player.pull, SystemClock())
    with ExitStack() as stack:
        stack.callback(examiner.close)
        stack.callback(sound.close)
        names = sound.open().names
        stack.callback(Watch(sound, lambda change: None).close)
        tell(f"Microphone: {names[0]}. Loudspeaker: {names[1]}. {sound.rate} Hz.")
        yield RoomCheck(sound, examiner.player, ear), examiner


def _measure(room: RoomCheck, examiner: Examiner, word: str) -> RoomReport:
    player = examiner.player
    noise = level(room.listen(NOISE_SECONDS)[0])
    examiner.speak("check_start", room)
    near, far = examiner.chime(room)
    early = [said for said in examiner.speak("check_say", room) if said.text == word]
    examiner.listening()
    answer, _, late = room.listen(0.0 if early else ANSWER_SECONDS, until_heard=True)
    heard = [*early, *late]
    speech = loudest(answer, player.rate)
    if heard and speech is None and room.hers is not None:  # she was quicker than the question
        speech = room.hers[1].loudness
    examiner.speak("check_heard" if heard else "check_not_heard", room)
    return RoomReport(noise, level(near), measure(far, near, player.rate), bool(heard), speech)


def spoken(wording: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences without the marks of commands."""
    return tuple(MARKS.sub("", sentence) for sentence in wording)


def asked_for(wording: tuple[str, ...]) -> str:
    """The command marked in the sentences, or nothing."""
    found = re.search(r"<(.+?)>", " ".join(wording))
    return found.group(1) if found else ""


def loudest(samples: Samples, rate: int, window: float = 0.3) -> float | None:
    """Level in dB full scale of the loudest `window` seconds; None where there are not so many."""
    count = max(1, int(window * rate))
    return max(
        (level(samples[at : at + count]) for at in range(0, len(samples) - count + 1, count)), default=None
    )


def advice(report: RoomReport) -> list[str]:
    """The report in a few sentences, each with what to do where something is amiss."""
    told = [f"Noise in the room: {report.noise:.0f} dB."]
    if report.speech is not None and max(report.noise, report.speech) < DEAD:
        told.append("No sound at all comes from the microphone: switch it on, or choose another with input.")
    elif report.noise > LOUD_ROOM:
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
