"""The real network of the embedded model, on recordings; and what may be wrong with its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice.ear.ear import Ear
from voice.ear.frames import Samples
from voice.ear.phrase_tree import Fit
from voice.ear.recogniser import Cue, ScriptedRecogniser
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
from voice.guide.events import Heard
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
    ear.load()
    ear.listen("guiding")
    room = np.random.default_rng(1).normal(0, 5e-5, 80_000).astype(np.float32)
    length = round(seconds * 16_000)
    room[16_000 : 16_000 + length] += np.random.default_rng(2).normal(0, 0.05, length).astype(np.float32)
    events = []
    for frame in MemorySource(room, 16_000).frames():
        events += ear.hear(frame, np.zeros(len(frame.samples), np.float32))
    assert [event.intent for event in events if isinstance(event, Heard)] == ["swap_sides"] * taken
