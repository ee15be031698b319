"""The real voice as the loop wants it: Say to the narrator, and what was played back to the guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voice.ear.own_voice import Narration
from voice.guide.events import Breathe, Say, SpeechDone, Spoke
from voice.guide.model import Guide
from voice.guide.wording import MARKS, with_roles
from voice.speech.backdrop import Backdrop
from voice.speech.background import KINDS
from voice.speech.breath import Pace
from voice.speech.narrator import Executor, Narrator
from voice.speech.player import Player, SentencePlayed


def narrated(player: Player) -> Narration | None:
    """What the player is saying, as the ear wants to know it."""
    now = player.playing
    return None if now is None else Narration(now.text, now.played)


class SpokenVoice:
    """Fits the loop's VoicePort."""

    def __init__(self, narrator: Narrator, player: Player, executor: Executor | None = None) -> None:
        """`executor`: where background sounds are made; where speech is rendered is a good place."""
        self._narrator = narrator
        self._player = player
        self._backdrop = Backdrop(player, executor)

    def say(self, saying: Say) -> None:
        self._narrator.change_voice(saying.voice)
        self._narrator.say(saying.say, saying.sentences, saying.first, saying.rate, saying.gain)

    def hush(self, speech_only: bool = False) -> None:
        if not speech_only:
            self._backdrop.silenced()
        self._narrator.hush(speech_only)

    def background(self, kind: str | None) -> None:
        self._backdrop.background(next((known for known in KINDS if known == kind), None))

    def breathe(self, breathing: Breathe) -> None:
        pace = Pace(breathing.breathe_in, breathing.breathe_out)
        self._backdrop.breathe(pace if breathing.on else None)

    def duck(self, on: bool) -> None:
        self._narrator.duck(on)

    def earcon(self, kind: str) -> None:
        self._narrator.earcon(kind)

    def volume(self, level: float) -> None:
        self._narrator.volume(level)

    def take_events(self, at: float) -> list[Spoke | SpeechDone]:
        return [
            Spoke(at, event.token, event.sentence)
            if isinstance(event, SentencePlayed)
            else SpeechDone(at, event.token)
            for event in self._player.take_events()
        ]


def sentences_ahead(
    guide: Guide, choices: dict[str, str], names: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Everything the guide may say that is known beforehand, in the order it is likely to be needed.

    Steps that fit her choices come first, then the replies, then the rest. Sentences with slots other than
    the `names` by role are left out.
    """
    fitting = [step for step in guide.steps if _fits(step.when, choices)]
    lines = dict.fromkeys(line for step in fitting for line in step.lines())
    for line in (*lines, *(name for name in guide.lines if name not in lines)):
        for wording in guide.lines[line].wordings:
            for sentence in with_roles(guide, guide.lines[line], names or {}, wording):
                if "{" not in sentence:
                    yield MARKS.sub("", sentence)


def _fits(when: object, choices: dict[str, str]) -> bool:
    return not isinstance(when, dict) or all(choices.get(key) in options for key, options in when.items())
