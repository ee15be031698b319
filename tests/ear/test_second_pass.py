"""The real network of the embedded model, on recordings; and what may be wrong with its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.ear.conftest import hear_all
from voice.ear.ear import Ear
from voice.ear.frames import Samples
from voice.ear.phrase_tree import Fit
from voice.ear.recogniser import Cue, Hypothesis, ScriptedRecogniser, Word
from voice.ear.second_pass import (
    FOLDER,
    LEXICON,
    OnnxSecondPass,
    ScriptedSecondPass,
    pronunciations,
    read_lexicon,
    second_pass_of,
)
from voice.ear.sources import MemorySource
from voice.errors import LullError
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

Say = Callable[[str], Samples]


@pytest.fixture
def phrases(commands: Commands) -> tuple[str, ...]:
    return commands.grammar("guiding")[:-1]


@pytest.mark.parametrize("name", ["louder", "next please", "swap sides"])
def test_it_knows_a_recorded_phrase_among_all_that_are_live(
    second_pass: OnnxSecondPass, phrases: tuple[str, ...], say: Say, name: str
) -> None:
    best = second_pass.judge(say(name), phrases)
    assert best[0].phrase == name
    assert best[0].shortfall < 3.0


def test_it_does_so_at_any_level_and_with_a_room_around(
    second_pass: OnnxSecondPass, phrases: tuple[str, ...], say: Say
) -> None:
    room = np.random.default_rng(2).normal(0, 1e-4, 40_000).astype(np.float32)
    sound = say("swap sides")[: len(room) - 4000]
    room[3000 : 3000 + len(sound)] += 0.02 * sound
    assert second_pass.judge(room, phrases)[0].phrase == "swap sides"


def test_talk_fits_no_phrase(second_pass: OnnxSecondPass, phrases: tuple[str, ...], say: Say) -> None:
    together = np.concatenate([say("swap sides"), say("louder"), say("next please")])
    assert second_pass.judge(together, phrases)[0].shortfall > 15.0


@pytest.mark.parametrize("samples", [0, 1, 400, 8000])
def test_silence_of_any_length_is_borne(
    second_pass: OnnxSecondPass, phrases: tuple[str, ...], samples: int
) -> None:
    fits = second_pass.judge(np.zeros(samples, np.float32), phrases)
    assert all(np.isfinite(fit.shortfall) for fit in fits)


def test_it_can_say_every_phrase_and_every_decoy(second_pass: OnnxSecondPass, commands: Commands) -> None:
    """A phrase with a word it has no pronunciation of could never be heard by it."""
    lexicon = read_lexicon(second_pass.folder / LEXICON)
    silent = [phrase for phrase in commands.grammar("all")[:-1] if not pronunciations(phrase, lexicon)]
    assert silent == []


def test_a_model_without_one_is_used_without_it(tmp_path: Path) -> None:
    assert second_pass_of(tmp_path) is None


def test_a_broken_network_is_told_in_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "network.onnx").write_bytes(b"not a network")
    broken = second_pass_of(tmp_path)
    assert broken is not None
    with pytest.raises(LullError, match=r"network\.onnx cannot be opened; restore it"):
        broken.load()


def test_a_missing_lexicon_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LullError, match=r"lexicon\.tsv cannot be read; restore it"):
        read_lexicon(tmp_path / "lexicon.tsv")


def test_it_is_not_used_before_it_is_opened() -> None:
    with pytest.raises(LullError, match="before its network was opened"):
        OnnxSecondPass(Path("anywhere")).judge(np.zeros(9000, np.float32), ("stop",))


def test_the_ear_takes_what_only_the_second_pass_hears(commands: Commands) -> None:
    cue = Cue(1.0, 1.8, "swap size")
    ear = Ear(
        commands,
        ScriptedRecogniser([cue]),
        second_pass=ScriptedSecondPass([Fit("swap sides", 0.3, 8), Fit("stop", 20.0, 4)]),
    )
    ear.load()
    ear.listen("guiding")
    voice = np.random.default_rng(1).normal(0, 0.05, 64_000).astype(np.float32)
    voice[:16_000] *= 1e-3
    voice[28_800:] *= 1e-3
    events = [event for frame in MemorySource(voice, 16_000).frames() for event in ear.hear(frame)]
    assert [event.intent for event in events if isinstance(event, Heard)] == ["swap_sides"]


@pytest.mark.parametrize("speaking", [True, False])
def test_a_stop_over_the_guides_voice_is_taken_as_soon_as_its_sound_is_over(
    speaking: bool, commands: Commands
) -> None:
    """The first pass hears nothing. While the guide is silent there is no hurry: its steps are waited for."""
    fits = [Fit("stop", 0.3, 4), Fit("swap sides", 20.0, 8)]
    ear = Ear(commands, ScriptedRecogniser(), second_pass=ScriptedSecondPass(fits))
    ear.load()
    ear.listen("guiding")
    rng = np.random.default_rng(1)
    played = rng.normal(0, 0.05, 48_000).astype(np.float32) * speaking
    picked_up = 0.05 * played + rng.normal(0, 5e-5, 48_000).astype(np.float32)
    picked_up[16_000:24_000] += rng.normal(0, 0.05, 8_000).astype(np.float32)
    events = []
    for frame in MemorySource(picked_up, 16_000).frames():
        end = frame.start + len(frame.samples)
        events += ear.hear(frame, played[frame.start : end])
    taken = [event for event in events if isinstance(event, Heard)]
    assert [event.intent for event in taken] == ["stop"]
    assert (1.5 < taken[0].at < 1.75) if speaking else (1.88 <= taken[0].at < 2.3)


@pytest.mark.parametrize(
    ("seconds", "fit", "taken"),
    [
        pytest.param(0.5, Fit("swap sides", 0.3, 8), True, id="a word the first pass did not hear"),
        pytest.param(0.5, Fit("swap sides", 24.0, 8), False, id="a noise"),
        pytest.param(2.5, Fit("swap sides", 0.3, 8), False, id="a long sound"),
        pytest.param(0.5, Fit("ow", 0.0, 1), False, id="a tiny word is in many sounds"),
    ],
)
def test_a_short_sound_without_words_is_heard_by_the_second_pass(
    seconds: float, fit: Fit, taken: bool, commands: Commands
) -> None:
    ear = Ear(commands, ScriptedRecogniser(), second_pass=ScriptedSecondPass([fit, Fit("star", 25.0, 4)]))
    room = np.random.default_rng(1).normal(0, 5e-5, 80_000).astype(np.float32)
    length = round(seconds * 16_000)
    room[16_000 : 16_000 + length] += np.random.default_rng(2).normal(0, 0.05, length).astype(np.float32)
    events = told(ear, room)
    assert [event.intent for event in events if isinstance(event, Heard)] == ["swap_sides"] * taken


@pytest.mark.parametrize("after", [0.1, 0.36, 0.6])
def test_a_recording_that_ends_soon_after_the_word_is_heard_to_its_end(
    after: float, commands: Commands
) -> None:
    """Once, whether the end of the sound or the end of the recording comes first."""
    second = Attentive([Fit("swap sides", 0.3, 8), Fit("star", 25.0, 4)])
    ear = Ear(commands, ScriptedRecogniser(), second_pass=second)
    room = np.random.default_rng(1).normal(0, 5e-5, 24_000 + round(after * 16_000)).astype(np.float32)
    room[16_000:24_000] += np.random.default_rng(2).normal(0, 0.05, 8_000).astype(np.float32)
    events = told(ear, room)
    assert [event.intent for event in events if isinstance(event, Heard)] == ["swap_sides"]
    assert len(second.heard) == 1


class Attentive(ScriptedSecondPass):
    """Knows the phrase only in sounds of `least` samples and more, and keeps how many each one had."""

    def __init__(self, fits: Sequence[Fit], least: int = 0) -> None:
        super().__init__(fits)
        self.least = least
        self.heard: list[int] = []

    def judge(self, samples: Samples, phrases: Sequence[str]) -> tuple[Fit, ...]:
        self.heard.append(len(samples))
        found = super().judge(samples, phrases)
        return found if len(samples) >= self.least else tuple(replace(fit, shortfall=30.0) for fit in found)


def told(ear: Ear, sound: Samples) -> list[Heard | Rejected]:
    """What the ear makes of the sound while the guide is silent."""
    ear.load()
    ear.listen("guiding")
    return [event for event in hear_all(ear, sound, silent=True) if isinstance(event, Heard | Rejected)]


def noise(seconds: float, level: float) -> Samples:
    return np.random.default_rng(1).normal(0, level, round(seconds * 16_000)).astype(np.float32)


def test_a_phrase_known_before_its_sound_is_over_is_heard_to_its_end(commands: Commands) -> None:
    """The first pass is sure of it at once; the second only once it has all of it."""
    sound = noise(4.0, 5e-5)
    sound[16_000:28_000] += noise(0.75, 0.05)
    second = Attentive([Fit("swap sides", 0.3, 8), Fit("star", 30.0, 4)], least=24_000)
    cues = [Cue(1.0, 1.5, "swap sides", lag=0.1), Cue(1.0, 1.9, "swap sides", lag=0.1)]
    found = told(Ear(commands, ScriptedRecogniser(cues), second_pass=second), sound)
    assert [(type(event), event.text) for event in found] == [(Heard, "swap sides")]
    assert second.heard[0] < second.least <= second.heard[-1]


class Growing(ScriptedSecondPass):
    """Hears "skip" in short sounds and "skip the massage" in those of `least` samples and more.

    `lags`: nats by which the longer phrase falls short of the other in the short ones.
    """

    def __init__(self, lags: float, least: int) -> None:
        super().__init__()
        self.lags, self.least = lags, least

    def judge(self, samples: Samples, phrases: Sequence[str]) -> tuple[Fit, ...]:
        lags = self.lags if len(samples) < self.least else -self.lags
        fits = (
            Fit("skip", max(0.0, -lags), 4),
            Fit("skip the massage", max(0.0, lags), 12),
            Fit("star", 40.0, 4),
        )
        return tuple(sorted(fits, key=lambda fit: fit.shortfall))


def skipping(commands: Commands, lags: float, least: int) -> Heard | Rejected:
    """The first pass hears "skip" and has committed to it before the rest is out."""
    sound = noise(5.0, 5e-5)
    sound[16_000:22_000] += noise(0.375, 0.05)
    cues = [Cue(1.0, 1.375, "skip", lag=0.1, pause=3.0)] * 4
    (found,) = told(Ear(commands, ScriptedRecogniser(cues), second_pass=Growing(lags, least)), sound)
    return found


def test_a_command_that_is_becoming_another_is_heard_to_its_end(commands: Commands) -> None:
    found = skipping(commands, lags=12.0, least=24_000)
    assert isinstance(found, Heard)
    assert (found.intent, found.text) == ("skip_phase", "skip the massage")


def test_one_that_is_over_is_not_waited_for(commands: Commands) -> None:
    over, not_yet = (skipping(commands, lags, least=10**6) for lags in (30.0, 12.0))
    assert over.text == not_yet.text == "skip"
    assert over.at < not_yet.at < over.at + 0.7


class Insistent(ScriptedRecogniser):
    """Shows a phrase from second 1.5 on and sees no end of it."""

    now = 0.0

    def use(self, grammar: tuple[str, ...], at: float = 0.0) -> None:
        self.now = at

    def reset(self, at: float = 0.0) -> None:
        self.now = at

    def feed(self, samples: Samples) -> Hypothesis | None:
        self.now += len(samples) / 16_000
        return Hypothesis("swap sides") if self.now > 1.5 else None

    def finish(self) -> Hypothesis:
        words = Word("swap", self.now - 0.6, self.now - 0.3), Word("sides", self.now - 0.3, self.now)
        return Hypothesis("swap sides", words, True, self.now - 0.6, self.now)


def test_in_noise_without_a_pause_a_phrase_is_not_looked_at_for_ever(commands: Commands) -> None:
    """What the first pass shows and the second never agrees to is turned away after a few looks."""
    sound = noise(6.0, 5e-5)
    sound[16_000:] += noise(5.0, 0.05) * np.sin(np.linspace(0, 60, 80_000)).astype(np.float32)
    second = Attentive([Fit("star", 0.3, 4), Fit("swap sides", 30.0, 8)])
    found = told(Ear(commands, Insistent(), second_pass=second), sound)
    assert {event.intent for event in found if isinstance(event, Heard)} == set()
    assert len(second.heard) <= 4 * len(found)


def test_what_was_no_command_may_have_been_the_beginning_of_one(commands: Commands) -> None:
    """A cry cut the word in two: the second pass hears both halves."""
    sound = noise(4.0, 5e-5)
    sound[16_000:32_000] += noise(1.0, 0.05)
    second = Attentive([Fit("swap sides", 0.3, 8), Fit("star", 30.0, 4)], least=20_000)
    cues = [Cue(1.2, 1.4, "table", pause=0.1), Cue(1.6, 2.0, "swap size")]
    found = told(Ear(commands, ScriptedRecogniser(cues), second_pass=second), sound)
    assert [(type(event), event.text) for event in found] == [(Rejected, "table"), (Heard, "swap sides")]


def test_a_word_over_crying_needs_no_quiet_after_it(commands: Commands) -> None:
    """The recogniser shows nothing of it, and the baby cries on."""
    sound = noise(6.0, 5e-5)
    sound[16_000:] += noise(5.0, 0.004)
    sound[48_000:56_000] += noise(0.5, 0.08)
    second = Attentive([Fit("swap sides", 0.3, 8), Fit("star", 30.0, 4)])
    found = told(Ear(commands, ScriptedRecogniser(), second_pass=second), sound)
    assert [(type(event), event.text) for event in found] == [(Heard, "swap sides")]
    assert 3.5 < found[0].at < 4.0


def test_a_recording_that_begins_with_the_word_is_heard(commands: Commands) -> None:
    second = Attentive([Fit("swap sides", 0.3, 8), Fit("star", 30.0, 4)])
    ear = Ear(commands, ScriptedRecogniser(), second_pass=second)
    assert [type(event) for event in told(ear, noise(0.7, 0.05))] == [Heard]
