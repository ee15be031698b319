"""The whole narration of every guide into the ear, with nobody speaking: what does it take for a command?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.hearing.conditions import chance
from bench.hearing.echo import BLOCK, RATE, Echo, SpeakingRoom
from bench.narration import guides, narration
from voice.ear.ear import Ear
from voice.guide.events import Heard, Suspected
from voice.language.commands import Commands
from voice.speech.clip import Clip as Sentence
from voice.speech.player import GAP

LEVELS = (0.0, 10.0)
"""dB of the guide's voice at the microphone over what hers would be."""


@dataclass(frozen=True)
class Trigger:
    """A command taken from the guide's own voice."""

    intent: str
    sentence: str
    over: float
    listen: str


@dataclass(frozen=True)
class Narrated:
    """A stretch of narration with nobody speaking. `lowered`: times the voice gave way; `cpu`: seconds."""

    over: float
    listen: str
    seconds: float
    lowered: int
    triggers: tuple[Trigger, ...]
    cpu: float = 0.0


def sentences_of_all(commands: Commands, locale: str = "en") -> Iterator[tuple[str, str]]:
    """Every sentence of every guide, and the set of commands that is live while it is said: what answers a
    question while one is asked, else the way through the guide."""
    for guide in guides(commands, locale):
        asking = {question.line for question in guide.questions}
        for wording in narration(guide):
            listen = "question" if wording.line in asking else "guiding"
            for sentence in wording.sentences:
                yield sentence, listen


def narrated(sentences: Sequence[Sentence], over: float, listen: str, ear: Ear, seed: int) -> Narrated:
    """The sentences once, in their order, and what the ear took from them. Nothing stops them."""
    rng = chance(seed, "narration", over, sentences[0].text)
    room = SpeakingRoom(sentences, Echo("narration", over), rng, ear, hushes=False)
    ear.listen(listen)
    triggers: list[Trigger] = []
    for sentence in sentences:
        mark = len(room.events)
        room.speak()
        room.advance(BLOCK / RATE, again=False)
        while not room.idle:
            room.advance(BLOCK / RATE, again=False)
        room.advance(GAP, again=False)
        heard = [event for event in room.events[mark:] if isinstance(event, Heard)]
        triggers += [Trigger(event.intent, sentence.text, over, listen) for event in heard]
    lowered = sum(isinstance(event, Suspected) for event in room.events)
    return Narrated(over, listen, room.now, lowered, tuple(triggers), room.cpu)
