"""How well a recogniser hears her: the same figures for every model, on speakers that no model here was
trained on.

Every clip belongs to one of two halves by its speaker: settings are chosen on one, figures are given on the
other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bench.halves import reported
from bench.sounds import pump
from recipe.align import loudness
from recipe.recognisers import Heard, Recogniser, VoskListener
from recipe.recordings import Recording
from recipe.shards import RATE

Half = Literal["choose", "report"]
NOISES = ("pump", "crying", "water", "rhythmic")
TARGET_NOISES = ("pump", "crying", "water")
LEVELS = (12, 6, 0)  # dB, speech against noise where she speaks
PAD = 0.4, 0.9  # seconds of noise before and after a clip
LOUD = 32768 * 10 ** (-28 / 20)  # RMS of the speech
REPEATS = 2  # noisy copies of each clip, condition by condition


@dataclass(frozen=True)
class Trial:
    """A clip as the recogniser gets it. ``phrase``: the command in it, None when there is none."""

    group: str  # "real", "voices", "near", "speech", "noise"
    condition: str  # "clean", "pump 6" ...
    samples: NDArray[np.int16]
    phrase: str | None


@dataclass(frozen=True)
class Count:
    """Trials of one group under one condition."""

    clips: int = 0
    right: int = 0  # the phrase that was said, and no other
    wrong: int = 0  # clips with a phrase that was not said
    accepted: int = 0  # phrases that were not said, in all
    seconds: float = 0.0  # of sound
    cpu: float = 0.0

    def plus(self, right: bool, accepted: int, seconds: float, cpu: float) -> "Count":
        return Count(
            self.clips + 1,
            self.right + right,
            self.wrong + (accepted > 0),
            self.accepted + accepted,
            self.seconds + seconds,
            self.cpu + cpu,
        )


Counts = dict[tuple[str, str], Count]


def halves(found: Iterable[Recording]) -> dict[str, Half]:
    """Speaker -> half. People and made-up voices are dealt out apart, one to each half in turn, in an order
    of no meaning.
    """
    dealt: dict[str, Half] = {}
    for made_up in (False, True):
        speakers = {one.speaker for one in found if one.kind != "noise" and one.made_up == made_up}
        mine = reported(speakers)
        dealt |= {speaker: ("report" if speaker in mine else "choose") for speaker in speakers}
    return dealt


def of_half(found: Sequence[Recording], half: Half, most: int = 0) -> list[Recording]:
    """Every word and sentence of one half's speakers; ``most``: about that many of each kind, 0 for all."""
    dealt = halves(found)
    mine = [one for one in found if one.kind != "noise" and dealt[one.speaker] == half]
    if not most:
        return mine
    kept: list[Recording] = []
    for made_up in (False, True):
        for kind in ("words", "speech"):
            some = [one for one in mine if one.made_up == made_up and one.kind == kind]
            kept += some[:: max(1, len(some) // most)]
    return kept


def noise_of(
    found: Sequence[Recording], kind: str, half: Half, rng: np.random.Generator, length: int
) -> NDArray[np.float32]:
    """(length,) of RMS 1. A pump is made anew; recorded noises give each half its own part of each file."""
    if kind == "pump":
        return pump.render(pump.draw(rng), length, rng).astype(np.float32)
    wanted = {"crying": "baby_crying", "water": "running_tap", "rhythmic": "rhythmic"}[kind]
    files = [one for one in found if one.kind == "noise" and wanted in one.speaker]
    if len(files) > 1:
        files = [one for number, one in enumerate(files) if (number % 2 == 0) == (half == "choose")]
    sound = files[rng.integers(len(files))].samples().astype(np.float32)
    if wanted == "running_tap":
        sound = sound[: len(sound) // 2] if half == "choose" else sound[len(sound) // 2 :]
    sound = np.roll(sound, int(rng.integers(len(sound))))
    sound = np.resize(sound, length)
    return np.asarray(sound / (sound.std() + 1e-6), np.float32)


def mixed(
    speech: NDArray[np.int16], noise: NDArray[np.float32] | None, ratio: float, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Speech with pads at a steady level, and noise ``ratio`` dB below it where she speaks."""
    active = np.repeat(loudness(speech) > -30, 160)
    heard = speech[: len(active)][active].astype(np.float32)
    scale = LOUD / (float(np.sqrt(np.square(heard).mean())) + 1.0) if len(heard) else 1.0
    before, after = (int(seconds * RATE) for seconds in PAD)
    sound = np.pad(speech.astype(np.float32) * scale, (before, after))
    if noise is not None:
        sound = sound + noise[: len(sound)] * LOUD * 10 ** (-ratio / 20)
    sound = sound + rng.standard_normal(len(sound)).astype(np.float32) * 3
    result: NDArray[np.int16] = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return result


def trials(
    found: Sequence[Recording], phrases: Sequence[str], half: Half, most: int = 0, seed: int = 17
) -> Iterator[Trial]:
    """All trials of a half, the same in every run; ``most`` as in ``of_half``."""
    live = set(phrases)
    for number, one in enumerate(of_half(found, half, most)):
        rng = np.random.default_rng([seed, number])
        speech = one.samples()
        made_up = one.made_up
        if one.kind == "speech":
            yield Trial("speech", "clean", mixed(speech, None, 0, rng), None)
        elif one.text in live:
            group = "voices" if made_up else "real"
            yield Trial(group, "clean", mixed(speech, None, 0, rng), one.text)
            for kind in NOISES:
                for ratio in LEVELS:
                    for _ in range(1 if made_up else REPEATS):
                        noise = noise_of(found, kind, half, rng, len(speech) + int(sum(PAD) * RATE) + 1)
                        yield Trial(group, f"{kind} {ratio}", mixed(speech, noise, ratio, rng), one.text)
        else:
            yield Trial("near", "clean", mixed(speech, None, 0, rng), None)
    for kind in NOISES:
        for number in range(8):
            rng = np.random.default_rng([seed, 999, number])
            noise = noise_of(found, kind, half, rng, 15 * RATE) * 32768 * 10 ** (-rng.uniform(24, 44) / 20)
            yield Trial("noise", kind, np.clip(noise, -32768, 32767).astype(np.int16), None)


def run(recogniser: Recogniser, all_trials: Iterable[Trial], phrases: Sequence[str]) -> Counts:
    """Exact phrases only: whatever else is understood counts as nothing."""
    live = frozenset(phrases)
    counts: Counts = {}
    for trial in all_trials:
        tally(counts, trial, recogniser.hear(trial.samples), live)
    return counts


def tally(counts: Counts, trial: Trial, heard: Heard, live: frozenset[str]) -> None:
    """Add one trial to the figures."""
    accepted = [text for text in heard.texts if text in live]
    wrong = [text for text in accepted if text != trial.phrase]
    key = trial.group, trial.condition
    counts[key] = counts.get(key, Count()).plus(
        trial.phrase in accepted and not wrong, len(wrong), len(trial.samples) / RATE, heard.seconds
    )


def delays(
    listener: VoskListener, found: Sequence[Recording], phrases: Sequence[str], half: Half
) -> NDArray[np.float64]:
    """Seconds from the end of the sound of a phrase to the first partial that is the phrase, clean, where it
    comes.
    """
    live, waits = set(phrases), []
    for number, one in enumerate(of_half(found, half, 60)):
        if one.kind != "words" or one.text not in live:
            continue
        speech = one.samples()
        level = loudness(speech)
        end = (int(np.flatnonzero(level > -30)[-1]) + 1) * 160 + int(PAD[0] * RATE)
        sound = mixed(speech, None, 0, np.random.default_rng([3, number]))
        for heard, text in listener.partials(sound):
            if text == one.text:
                waits.append((heard - end) / RATE)
                break
    return np.array(waits)
