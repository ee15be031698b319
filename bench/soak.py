"""Hours of sound through the real ear: does its memory stay flat, and does it still hear at the end?

Simulated and faster than real time: the guide speaks, falls silent, a pump runs, and now and then she says a
command. Memory is that of the whole process, sampled every minute of sound.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import Progress

from bench.figures import HOME, Figure, write
from bench.hearing.conditions import chance
from bench.hearing.echo import HERS, RATE, Echo, SpeakingRoom
from bench.hearing.mixing import at_level, noise_at
from bench.hearing.narrated import sentences_of_all
from bench.hearing.recordings import Clip, read_folder, sampled
from bench.sounds.household import pumping
from voice.ear.ear import Ear
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.room import Utterance
from voice.ear.sources import WavSource
from voice.errors import LullError
from voice.guide.events import Heard
from voice.runtime.assembly import ear_maker, load_commands, open_store
from voice.runtime.settings import Settings
from voice.speech.clip import Clip as Sentence
from voice.speech.soundio import resample

MINUTE = 60.0
SETTLED = 0.1
"""Share of the run after which memory is expected to stay the same."""
PUMP_BELOW = 12.0
"""dB of the pump below her speech."""
VOICES, SENTENCES = 24, 60
"""Recordings of her and sentences of the guide that are used in turn."""


@dataclass(frozen=True)
class Sample:
    """Memory after so much sound."""

    hours: float
    megabytes: float


@dataclass(frozen=True)
class Soaked:
    """What a run saw."""

    memory: tuple[Sample, ...]
    said: int
    understood: int
    unsaid: int
    hours: float
    wall: float


def resident() -> float:
    """MB of memory the process has now (its peak where the system does not tell)."""
    table = Path("/proc/self/statm")
    if table.exists():
        return int(table.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def slope(memory: Sequence[Sample]) -> float:
    """MB an hour: the straight line through the samples after the run has settled."""
    last = memory[-1].hours
    kept = [sample for sample in memory if sample.hours >= SETTLED * last]
    if len(kept) < 2:
        return 0.0
    return float(np.polyfit([s.hours for s in kept], [s.megabytes for s in kept], 1)[0])


def soak(ear: Ear, clips: Sequence[Clip], sentences: Sequence[Sentence], hours: float, seed: int) -> Soaked:
    """`hours` of sound, minute by minute."""
    rng = chance(seed, "soak")
    room = SpeakingRoom(sentences, Echo("soak", 0.0), rng, ear, noise=_pump(rng))
    memory, said, understood, unsaid = [Sample(0.0, resident())], 0, 0, 0
    began = time.monotonic()
    words = _in_turn(clips)
    with Progress() as progress:
        for minute in progress.track(range(max(1, round(hours * 60))), description="Listening"):
            speaking = minute % 10 < 8  # two minutes in ten the guide is silent
            for wait in _waits(rng):
                room.advance(wait, again=speaking)
                clip, voice = next(words)
                ear.listen(clip.listen)
                unsaid += sum(isinstance(event, Heard) for event in room.events)
                room.forget()
                room.room.say(Utterance(room.room.now, voice))
                room.advance(len(voice) / RATE + 2.0, again=False)
                said += 1
                intents = [event.intent for event in room.events if isinstance(event, Heard)]
                understood += clip.intent in intents
                room.forget()
            room.advance(max(0.02, (minute + 1) * MINUTE - room.now), again=speaking)
            memory.append(Sample(room.now / 3600, resident()))
    return Soaked(tuple(memory), said, understood, unsaid, room.now / 3600, time.monotonic() - began)


def _waits(rng: np.random.Generator) -> list[float]:
    """Seconds before each command of a minute."""
    return [float(rng.uniform(8, 22)) for _ in range(2)]


def _pump(rng: np.random.Generator) -> Samples:
    sound = pumping(rng, 32 * EAR_RATE).astype(np.float32)
    return noise_at(resample(sound, EAR_RATE, RATE), HERS - PUMP_BELOW)


def _in_turn(clips: Sequence[Clip]) -> Iterator[tuple[Clip, Samples]]:
    voices = [(clip, at_level(WavSource(clip.path, RATE).samples, HERS)) for clip in clips]
    while True:
        yield from voices


def figures(run: Soaked) -> list[Figure]:
    """Memory first."""
    first, last = run.memory[0].megabytes, run.memory[-1].megabytes
    settled = f"after the first {100 * SETTLED:.0f} %"
    return [
        Figure("sound heard", run.hours, "hours"),
        Figure("memory, growth", round(slope(run.memory), 3), "MB an hour", "0", settled),
        Figure("memory at the start", first, "MB", "", "model open, nothing heard"),
        Figure("memory at the end", last, "MB"),
        Figure("memory, most", max(sample.megabytes for sample in run.memory), "MB"),
        Figure("wall time", run.wall / 60, "minutes", "", f"{3600 * run.hours / run.wall:.0f} x real time"),
        Figure("commands understood", run.understood, f"of {run.said}", "", "over the voice and a pump"),
        Figure("taken when nothing was said", run.unsaid / run.hours, "an hour", "0"),
    ]


def main() -> int:
    """Run and write the figures. 1 when the recordings or the model cannot be used."""
    parser = argparse.ArgumentParser(prog="scripts/bench soak", description="Hours of sound through the ear")
    parser.add_argument("folder", type=Path, help="recordings, as for the bench of hearing")
    parser.add_argument("--hours", type=float, default=8.0, help="of sound; 0.2 for a trial")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HOME, help="folder to write to")
    asked = parser.parse_args()
    settings = Settings()
    try:
        commands = load_commands(settings)
        clips = sampled(read_folder(asked.folder, commands).core(), VOICES)
        texts = [text for text, _ in sentences_of_all(commands, settings.locale)][:SENTENCES]
        store = open_store(settings)
        sentences = [store.get(text) for text in texts]
        store.close()
        run = soak(ear_maker(settings)(), clips, sentences, asked.hours, asked.seed)
    except LullError as error:
        print(error, file=sys.stderr)
        return 1
    memory = [(round(sample.hours, 3), round(sample.megabytes, 1)) for sample in run.memory]
    extra = {"memory": memory}
    print(write("soak", "Hours of sound through the ear", figures(run), "", extra, asked.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
