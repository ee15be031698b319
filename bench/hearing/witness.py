"""What the second pass of the real ear was asked on the half that is not reported, and what was right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.hearing import conditions
from bench.hearing.noises import noises_of
from bench.hearing.recordings import Clip, Recordings, read_folder
from voice.ear.accept import conclude
from voice.ear.ear import Ear, Hearing
from voice.ear.evidence import Candidate, Evidence, likeliest
from voice.ear.files import hear_alone
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.models import find_model
from voice.ear.phrase_tree import Fit
from voice.ear.policy import Policy
from voice.ear.recogniser import VoskRecogniser
from voice.ear.second_hearing import nothing
from voice.ear.second_pass import OnnxSecondPass, second_pass_of
from voice.ear.sources import MemorySource
from voice.errors import LullError
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands
from voice.runtime.assembly import heard_commands
from voice.runtime.settings import Settings

SEED = 5
"""Of noises and rooms: not that of the figures."""

CORE = (
    "quiet", "1 m away", "pump 24 dB", "pump 12 dB", "pump 6 dB", "crying 12 dB", "crying 6 dB",
    "water 12 dB", "water 6 dB", "television 12 dB",
)  # fmt: skip
REST = ("quiet", "1 m away", "pump 12 dB", "water 6 dB")
WORDS = ("pump 6 dB", "crying 6 dB", "water 12 dB")
"""Conditions of core commands, of the others, and of single words that are none; talk has its own."""

Pair = tuple[str, Clip]


@dataclass(frozen=True)
class Case:
    """An utterance: what spoke for its likeliest command, by the phones and with the decoder, and whether
    that was said."""

    speaker: str
    phones: Evidence
    right: bool
    words: Evidence
    right_by_words: bool


@dataclass
class Witness:
    """A second pass that notes what it is asked, with the decoder's answer, and decides as it would."""

    inner: OnnxSecondPass
    asked: list[tuple[tuple[Fit, ...], tuple[Fit, ...]]] = field(default_factory=list)

    def load(self) -> None:
        self.inner.load()

    def judge(self, samples: Samples, phrases: Sequence[str]) -> tuple[Fit, ...]:
        fits = self.inner.judge(samples, phrases)
        self.asked.append((fits, self.inner.rescored(samples, fits)))
        return fits

    def rescored(self, samples: Samples, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        return self.asked[-1][1]


def plan(recordings: Recordings) -> list[Pair]:
    """What is heard, and under which condition."""
    mine = [clip for clip in recordings.clips if clip.speaker not in recordings.reported]
    pairs = [(name, clip) for name in CORE for clip in mine if clip.core]
    pairs += [(name, clip) for name in REST for clip in mine if clip.intent and not clip.core]
    pairs += [(name, clip) for name in WORDS for clip in mine if clip.kind == "other_words"]
    return pairs + [(each.name, clip) for each in conditions.for_talk() for clip in mine if not clip.intent]


def hear(folder: Path, pairs: Sequence[Pair]) -> list[Case]:
    """The recordings under the named conditions, through the real ear. Raises LullError without a second
    pass."""
    settings = Settings()
    commands = heard_commands(settings)
    noises = noises_of(read_folder(folder, commands), half=False)
    named = {each.name: each for each in [*conditions.for_commands(noises), *conditions.for_talk()]}
    model = find_model(settings.model or None, settings.locale)
    second = second_pass_of(model)
    if second is None:
        raise LullError(f"{model} has no second pass; name a model in the settings that has one.")
    recogniser, cases = VoskRecogniser(model), list[Case]()
    for name, clip in pairs:
        witness = Witness(second)
        ear = Ear(commands, recogniser, second_pass=witness)
        ear.load()
        ear.listen(named[name].listen or clip.listen)
        trial = conditions.trial(clip, named[name], noises, SEED)
        for told in hear_alone(ear, MemorySource(trial.samples, EAR_RATE)):
            cases += _cases(ear, witness, told, clip, commands)
    return cases


def _cases(
    ear: Ear, witness: Witness, told: Sequence[Hearing], clip: Clip, commands: Commands
) -> Iterator[Case]:
    """Of what was asked since the last look. `told`: what came of it; of words that the ear would hear to
    their end first it says nothing yet."""
    asked, witness.asked = witness.asked, []
    verdict = _first_verdict(ear, commands) if asked else None
    judged = ear.concluded is None or any(isinstance(event, Heard | Rejected) for event in told)
    if verdict is None or not judged:
        return
    for both in asked:
        phones, words = (likeliest(verdict, fits, commands, ear.listening) for fits in both)
        if phones is None:
            continue
        words = words or phones
        yield Case(clip.speaker, phones.evidence, _said(phones, clip), words.evidence, _said(words, clip))


def _first_verdict(ear: Ear, commands: Commands) -> Heard | Rejected | None:
    """What the first pass made of the utterance that was asked about, or of a sound in which it heard no
    word."""
    if ear.concluded is None:
        return nothing(0.0, 0.0, 0.0)
    said, scene = ear.concluded
    return conclude(said, scene, commands, ear.listening, said.ended, Policy())


def _said(candidate: Candidate, clip: Clip) -> bool:
    return clip.intent is not None and candidate.match.intent == clip.intent
