"""Its own voice taken out of the microphone, and how soon it gives way to hers: in the simulated room.

The guide is one synthetic voice of the test recordings, she is five others; the two with which the hints were
tuned are not among them.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.progress import track

from bench.figures import Figure, median_and_p95, write
from bench.hearing.echo import HERS, RATE, Echo, Reaction, SpeakingRoom, over_the_voice
from bench.hearing.mixing import Loudspeaker, at_level, level, noise_at
from bench.hearing.recordings import Clip
from bench.sounds.household import MAKERS
from voice.ear.alignment import AlignedCanceller
from voice.ear.delay import Correlator, measure
from voice.ear.ear import Ear
from voice.ear.echo import EchoCanceller, KalmanCanceller, PassThrough
from voice.ear.frames import BLOCK, EAR_RATE, Samples
from voice.ear.room import SimulatedRoom, small_room
from voice.ear.sources import WavSource
from voice.ear.speex_canceller import SpeexCanceller
from voice.guide.events import Suspected
from voice.runtime.assembly import ear_maker
from voice.runtime.settings import Settings
from voice.speech.clip import Clip as Sentence
from voice.speech.earcons import GREETING, load_earcons
from voice.speech.player import DUCK
from voice.speech.soundio import resample

GUIDE, TUNED = "am_eric", ("bf_alice", "hm_omega")
SECONDS, SETTLED, EVERY = 40, 15, 4
"""Of the guide's speech; from when on her words come, one in so many seconds."""
OVER = 10.0
"""dB of the echo over her voice."""
CONVERGED = 15.0
"""dB of echo taken out."""
DISTANCE = 12.0
"""dB of her voice over a noise."""
LATEST = 2 * BLOCK
"""Samples by which a canceller may be late."""
ALONE = 60.0
"""Seconds in which nobody speaks but the guide."""


@dataclass(frozen=True)
class Way:
    """The way of an echo: seconds late, its clock fast by `drift` parts per million."""

    name: str
    delay: float
    drift: float = 0.0


PATHS = (
    Way("20 ms", 0.02),
    Way("100 ms", 0.1),
    Way("300 ms", 0.3),
    Way("100 ms, 20 ppm", 0.1, 20.0),
    Way("100 ms, 50 ppm", 0.1, 50.0),
)


@dataclass
class Taken:
    """What a canceller did: dB of echo taken out once settled, seconds until CONVERGED, change of her level
    in dB, SI-SDR of her words in dB, CPU seconds a second."""

    erle: float
    converged: float | None
    hers: float
    distortion: float
    cpu: float


def talk(folder: Path, voice: str) -> list[Samples]:
    """The recordings of a voice at EAR_RATE."""
    return [WavSource(path, EAR_RATE).samples for path in sorted((folder / voice).glob("*.flac"))]


def her_recordings(folder: Path) -> list[Path]:
    """One recording after the other, voice by voice in turn."""
    voices = [v for v in sorted(folder.iterdir()) if v.is_dir() and v.name not in (GUIDE, *TUNED)]
    files = [[path for path in sorted(v.glob("*.flac")) if not path.stem.startswith("oov")] for v in voices]
    return [each[number] for number in range(max(map(len, files))) for each in files if number < len(each)]


def double_talk(folder: Path, way: Way) -> tuple[Samples, Samples, Samples]:
    """float32 (n,) each: what is played, what the microphone hears, and her part of it."""
    spoken = at_level(np.resize(np.concatenate(talk(folder, GUIDE)), SECONDS * EAR_RATE), -26.0)
    response = small_room(EAR_RATE)
    gain = HERS + OVER + 26.0 - 10 * float(np.log10(np.sum(response**2)))
    hiss = np.random.default_rng(1).standard_normal(5 * EAR_RATE).astype(np.float32)
    room = SimulatedRoom(EAR_RATE, way.delay, gain, response, noise=noise_at(hiss, -70.0))
    heard = room.step(Loudspeaker(way.drift).play(spoken))
    hers = np.zeros(len(spoken), np.float32)
    starts = range(SETTLED * EAR_RATE, len(hers) - EVERY * EAR_RATE, EVERY * EAR_RATE)
    for at, path in zip(starts, her_recordings(folder), strict=False):
        word = at_level(WavSource(path, EAR_RATE).samples, HERS)[: EVERY * EAR_RATE]
        hers[at : at + len(word)] += word
    return spoken, heard + hers, hers


def cancelled(canceller: EchoCanceller, folder: Path, way: Way) -> Taken:
    """Run it over double talk."""
    played, heard, hers = double_talk(folder, way)
    began = time.process_time()
    pieces = range(0, len(played) - BLOCK + 1, BLOCK)
    left = np.concatenate(
        [canceller.process(heard[at : at + BLOCK], played[at : at + BLOCK]) for at in pieces]
    )
    cpu = (time.process_time() - began) / SECONDS
    count = len(left) // EAR_RATE
    before, after, near = (x[: count * EAR_RATE].reshape(count, EAR_RATE) for x in (heard, left, hers))
    alone = np.abs(near).max(axis=1) == 0.0
    gained = [level(b) - level(a) for b, a in zip(before, after, strict=True)]
    converged = next((n + 1.0 for n in range(SETTLED) if gained[n] >= CONVERGED), None)
    settled = [gain for n, gain in enumerate(gained) if n >= SETTLED and alone[n]]
    share, distortion = kept_of(hers[: len(left)], left)
    return Taken(float(np.mean(settled)), converged, share, distortion, cpu)


def kept_of(hers: Samples, left: Samples) -> tuple[float, float]:
    """Her level in what is left against what it was, dB, and her SI-SDR there, dB; a canceller may be
    late."""
    speaks = np.flatnonzero(np.abs(hers[:-LATEST]) > 1e-4)
    wanted = hers[speaks]
    kept = max((left[speaks + late] for late in range(LATEST)), key=lambda kept: float(np.dot(kept, wanted)))
    share = float(np.dot(kept, wanted) / np.dot(wanted, wanted))
    return 20 * float(np.log10(abs(share))), level(share * wanted) - level(kept - share * wanted)


def cancellers() -> dict[str, Callable[[], EchoCanceller]]:
    """Those that can be run here, by name."""
    found: dict[str, Callable[[], EchoCanceller]] = {
        "none": PassThrough,
        "Kalman alone": KalmanCanceller,
        "Kalman, aligned": lambda: AlignedCanceller(KalmanCanceller()),
    }
    if importlib.util.find_spec("pyaec"):
        found["pyaec alone"] = SpeexCanceller
        found["pyaec, aligned"] = lambda: AlignedCanceller(SpeexCanceller())
    return found


def cancelling(folder: Path) -> tuple[list[Figure], str]:
    """Every canceller on every path, and a table."""
    table = [
        "| echo | canceller | taken out, dB | seconds to 15 dB | her level, dB | her SI-SDR, dB | CPU |",
        "|---|---|---|---|---|---|---|",
    ]
    figures = []
    for way in PATHS:
        for name, make in cancellers().items():
            took = cancelled(make(), folder, way)
            soon = "-" if took.converged is None else f"{took.converged:.0f}"
            table.append(
                f"| {way.name} | {name} | {took.erle:.1f} | {soon} | {took.hers:+.1f} | "
                f"{took.distortion:.1f} | {took.cpu:.3f} |"
            )
            if name == "Kalman, aligned":
                figures.append(
                    Figure(f"echo taken out, {way.name}", took.erle, "dB", "20", soon + " s to 15 dB")
                )
    return figures, "\n".join(table)


def delays() -> Iterator[Figure]:
    """How well the greeting tells the delay."""
    chime = load_earcons()[GREETING].at_rate(EAR_RATE).samples * np.float32(0.5)
    played = np.concatenate([np.zeros(EAR_RATE // 5, np.float32), chime, np.zeros(EAR_RATE, np.float32)])
    for echo, noise in ((-10.0, -60.0), (-20.0, -60.0), (-20.0, -46.0), (-30.0, -46.0)):
        errors, sure = [], []
        for seed, delay in enumerate(np.linspace(0.01, 0.9 * Correlator.LENGTH / EAR_RATE, 8)):
            hiss = np.random.default_rng(seed).normal(0.0, 10 ** (noise / 20), 3 * EAR_RATE)
            room = SimulatedRoom(EAR_RATE, float(delay), echo, small_room(EAR_RATE), hiss.astype(np.float32))
            found = measure(played, room.step(played), EAR_RATE)
            errors.append(1000 * abs(found.seconds - delay))
            sure.append(found.trusted)
        right = sum(bool(error < 1.0) for error, yes in zip(errors, sure, strict=True) if yes)
        name = f"delay by the greeting, echo {echo:.0f} dB, noise {noise:.0f} dB"
        note = f"of 8 between 10 and 450 ms; {sum(sure) - right} trusted and wrong"
        yield Figure(name, right, "trusted and right", "", note)


@dataclass
class Ducking:
    """A condition and what came of it: seconds from her first sound to 12 dB down, and the narration's
    softness while nobody speaks."""

    name: str
    over: float
    noise: str
    down: list[float | None] = field(default_factory=list)
    times: float = 0.0
    share: float = 0.0


def duckings() -> list[Ducking]:
    """Levels of echo in quiet, and two noises."""
    quiet = [Ducking(f"echo {over:+.0f} dB", over, "") for over in (-10.0, 10.0)]
    return [*quiet, *(Ducking(f"echo 0 dB, {noise}", 0.0, noise) for noise in ("pump", "crying"))]


def measure_ducking(duck: Ducking, folder: Path, clips: Sequence[Clip], ear: Ear) -> None:
    """Her words one by one, then the guide alone for ALONE seconds."""
    echo = Echo(duck.name, duck.over)
    sentences = [Sentence(at_level(x, -20.0), EAR_RATE, "Some talk.") for x in talk(folder, GUIDE)]
    noise = None
    if duck.noise:
        made = MAKERS[duck.noise](np.random.default_rng(7), 20 * EAR_RATE)
        noise = noise_at(resample(np.asarray(made, np.float32), EAR_RATE, RATE), HERS - DISTANCE)
    reactions: list[Reaction] = [r for _, r in over_the_voice(clips, echo, sentences, ear, 3, noise)]
    duck.down = [reaction.ducked for reaction in reactions]
    ear.listen("guiding")
    room = SpeakingRoom(sentences, echo, np.random.default_rng(3), ear, noise=noise)
    room.advance(ALONE)
    duck.times = 60.0 * sum(isinstance(event, Suspected) for event in room.events) / ALONE
    played, free = (np.concatenate(x).reshape(-1, RATE // 100) for x in (room.played, room.unhindered))
    loud = np.sqrt(np.mean(free**2, axis=1))
    down = np.sqrt(np.mean(played**2, axis=1)) < 10 ** ((DUCK + 4) / 20) * loud
    duck.share = float(np.mean(down[loud > 1e-3]))


def ducking(folder: Path, words: int) -> Iterator[Figure]:
    """How soon the narration gives way, and how often for nothing."""
    ears = ear_maker(Settings())
    clips = [
        Clip(path, "voices", path.stem.replace("_", "'"), "guiding", None, path.parent.name, None)
        for path in her_recordings(folder)[:words]
    ]
    for duck in track(duckings(), "Giving way"):
        measure_ducking(duck, folder, clips, ears())
        down = [each for each in duck.down if each is not None]
        soon = sum(each <= 0.1 for each in down)
        note = f"{soon} of {len(duck.down)} within 0.1 s, {len(duck.down) - len(down)} never"
        if down:
            yield Figure(
                f"{duck.name}: her first sound to 12 dB down, median",
                median_and_p95(down)[0],
                "s",
                "0.1",
                note,
            )
        note = f"low for {100 * duck.share:.0f} % of the time; {ALONE:.0f} s, nobody speaking"
        yield Figure(f"{duck.name}: gave way for nothing", duck.times, "times a minute", "", note)


def main() -> None:
    """Measure and write the figures."""
    parser = argparse.ArgumentParser(description="Echo and giving way")
    parser.add_argument("--words", type=int, default=30, help="how many words she says in each condition")
    folder = Path(__file__).parent.parent / "tests" / "audio"
    words = parser.parse_args().words
    figures, table = cancelling(folder)
    figures += [*delays(), *ducking(folder, words)]
    print(write("echo", "Its own voice", figures, table))


if __name__ == "__main__":
    main()
