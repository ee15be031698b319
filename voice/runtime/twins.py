"""A voice and an ear in virtual time: a whole night of talk in milliseconds, without sound."""

from __future__ import annotations

from dataclasses import dataclass

from voice.guide.events import Breathe, Heard, Rejected, Say, SpeechDone, Spoke
from voice.language.commands import Commands
from voice.runtime.clocks import VirtualClock

CHARACTERS_A_SECOND = 14.0
"""Pace of calm English narration at rate 1.0."""
GAP = 0.35
"""Seconds of silence between two sentences."""


@dataclass(frozen=True)
class _Played:
    say: int
    sentence: int
    last: bool


class MemoryVoice:
    """Speaks in virtual time. `speaking` tells what is being said now."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._turn = 0
        self._played: list[_Played] = []
        self.speaking: Say | None = None
        self.sentence = 0
        self.ducked = False
        self.sound: str | None = None
        self.breathing: tuple[float, float] | None = None
        self.level = 0.0
        self.last_sound = 0.0

    def say(self, saying: Say) -> None:
        self.hush(speech_only=True)
        self.speaking, self.sentence = saying, saying.first
        if saying.first >= len(saying.sentences):
            self._end(saying)
            return
        self._begin_sentence(saying, 0.0)

    def hush(self, speech_only: bool = False) -> None:
        if not speech_only:
            self.sound, self.breathing = None, None
        if self.speaking is not None:
            self.last_sound = self._clock.now()
        self._turn += 1
        self.speaking = None
        self.ducked = False

    def duck(self, on: bool) -> None:
        self.ducked = on

    def earcon(self, kind: str) -> None:
        """Signs take no time here."""

    def background(self, kind: str | None) -> None:
        self.sound = kind

    def breathe(self, breathing: Breathe) -> None:
        self.breathing = (breathing.breathe_in, breathing.breathe_out) if breathing.on else None

    def volume(self, level: float) -> None:
        self.level = level

    def take_events(self, at: float) -> list[Spoke | SpeechDone]:
        events: list[Spoke | SpeechDone] = []
        for played in self._played:
            if played.sentence >= 0:
                events.append(Spoke(at, played.say, played.sentence))
            if played.last:
                events.append(SpeechDone(at, played.say))
        self._played.clear()
        return events

    def _begin_sentence(self, saying: Say, after: float) -> None:
        turn, number = self._turn, self.sentence
        seconds = after + len(saying.sentences[number]) / CHARACTERS_A_SECOND / saying.rate

        def ended() -> None:
            if turn == self._turn:
                self._end_sentence(saying, number)

        self._clock.call_at(self._clock.now() + seconds, ended)

    def _end_sentence(self, saying: Say, number: int) -> None:
        self.last_sound = self._clock.now()
        last = number + 1 >= len(saying.sentences)
        self._played.append(_Played(saying.say, number, last))
        if last:
            self.speaking = None
            return
        self.sentence = number + 1
        self._begin_sentence(saying, GAP)

    def _end(self, saying: Say) -> None:
        self._played.append(_Played(saying.say, -1, last=True))
        self.speaking = None


class ScriptedEar:
    """Understands typed phrases exactly as the real ear's words: whole phrases of the set that is live."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self.listening = "idle"

    def listen(self, commands: str) -> None:
        self.listening = commands

    def understand(self, text: str, at: float) -> Heard | Rejected:
        """What the live set makes of `text`, said just before `at`."""
        match = self._commands.match(text, self.listening)
        if match is None:
            return Rejected(at, "no_match", text, at - 0.6, at)
        return Heard(at, match.intent, dict(match.slots), match.phrase, at - 0.6, at)
