"""The real recogniser and its twin keep to one way of working."""

from __future__ import annotations

import json
import sys
import weakref
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from tests.ear.conftest import hear_all
from voice.ear.ear import Ear
from voice.ear.files import hear_file
from voice.ear.frames import EAR_RATE, Samples
from voice.ear.recogniser import Cue, Hypothesis, ScriptedRecogniser, VoskRecogniser
from voice.errors import LullError
from voice.guide.events import Heard
from voice.language.commands import Commands

Say = Callable[[str], Samples]
Quiet = Callable[[float], Samples]


def test_a_folder_that_is_no_model_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LullError, match="cannot be opened"):
        VoskRecogniser(tmp_path / "nothing").load()


def test_use_before_load_is_refused() -> None:
    with pytest.raises(LullError, match="load"):
        VoskRecogniser(Path("anywhere")).has_word("stop")


def test_the_model_knows_every_word_she_can_say(vosk: VoskRecogniser, commands: Commands) -> None:
    assert [word for word in sorted(commands.words()) if not vosk.has_word(word)] == []


def test_word_times_are_those_of_the_stream(vosk: VoskRecogniser, say: Say, quiet: Quiet) -> None:
    grammar = ("stop", "[unk]")
    sound = np.concatenate([quiet(0.5), say("stop"), quiet(0.3)])
    vosk.use(grammar, at=100.0)
    vosk.feed(sound)
    first = vosk.finish()
    vosk.reset(at=200.0)
    vosk.feed(sound)
    second = vosk.finish()
    assert first.text == second.text == "stop"
    assert 100.4 < first.began < 100.9
    assert second.began - first.began == pytest.approx(100.0, abs=0.05)


def test_what_was_not_yet_decoded_does_not_leak_into_the_next_utterance(
    vosk: VoskRecogniser, say: Say, quiet: Quiet
) -> None:
    vosk.use(("stop", "[unk]"), at=0.0)
    vosk.feed(np.concatenate([quiet(0.5), say("stop")]))
    vosk.reset(at=5.0)
    vosk.feed(quiet(1.0))
    assert vosk.finish().text == ""


def test_the_twin_hears_its_cues_through_the_whole_ear(commands: Commands, quiet: Quiet) -> None:
    twin = ScriptedRecogniser([Cue(1.0, 1.5, "stop"), Cue(3.0, 4.0, "good morning")])
    ear = Ear(commands, twin)
    ear.load()
    ear.listen("guiding")
    burst = np.random.default_rng(0).normal(0.0, 0.1, EAR_RATE).astype(np.float32)
    events = hear_all(ear, np.concatenate([quiet(1.0), burst, quiet(1.0), burst, quiet(2.0)]))
    assert [event.intent for event in events if isinstance(event, Heard)] == ["stop"]
    assert [type(event).__name__ for event in events][-3:] == ["Suspected", "Rejected", "Cleared"]


def test_the_twin_shows_a_cue_before_it_concludes_it() -> None:
    twin = ScriptedRecogniser([Cue(0.0, 0.5, "next")])
    twin.use(("next",))
    silence = np.zeros(EAR_RATE // 10, np.float32)
    seen = [twin.feed(silence) for _ in range(15)]
    assert Hypothesis("next") in seen
    assert [said.text for said in seen if said is not None and said.final] == ["next"]


def test_a_recording_gives_a_record_for_each_thing_said(
    commands: Commands, vosk: VoskRecogniser, tmp_path: Path
) -> None:
    def make() -> Ear:
        ear = Ear(commands, vosk)
        ear.load()
        return ear

    recording = Path(__file__).parent.parent / "audio" / "af_kore" / "next please.flac"
    (record,) = hear_file(recording, make, "guiding")
    assert (record.file, record.intent, record.text) == (str(recording), "next", "next please")
    assert record.reason is None
    assert 0.0 <= record.began < record.ended <= record.decided
    with pytest.raises(LullError, match="no such recording"):
        list(hear_file(tmp_path / "gone.wav", make, "guiding"))


class _Kaldi:
    """Says that an utterance ends with every piece of sound, and nothing was said in it."""

    alive: ClassVar[weakref.WeakSet[_Kaldi]] = weakref.WeakSet()
    numbers = count()

    def __init__(self, model: object, rate: float, grammar: str) -> None:
        self.grammar: list[str] = json.loads(grammar)
        self.number = next(_Kaldi.numbers)
        self.alive.add(self)

    def SetWords(self, enable_words: bool) -> None:
        """Words are never asked for here."""

    def AcceptWaveform(self, data: bytes) -> int:
        return 1

    def Result(self) -> str:
        return '{"text": ""}'

    FinalResult = Result


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> VoskRecogniser:
    """The real recogniser on Kaldi ones that only count themselves."""
    fake = SimpleNamespace(
        SetLogLevel=lambda level: None, Model=lambda path: object(), KaldiRecognizer=_Kaldi
    )
    monkeypatch.setitem(sys.modules, "vosk", fake)
    _Kaldi.alive.clear()
    recogniser = VoskRecogniser(Path("anywhere"))
    recogniser.load()
    return recogniser


def test_however_many_sets_of_commands_come_up_only_a_few_recognisers_are_kept(
    counted: VoskRecogniser,
) -> None:
    for number in [*range(12), 11, 10, 0]:
        counted.use((f"word {number}", "[unk]"), at=float(number))
    kept = {kaldi.grammar[0] for kaldi in _Kaldi.alive}
    assert len(kept) == VoskRecogniser.MOST_LISTENERS
    assert {"word 0", "word 10", "word 11"} <= kept


def test_a_recogniser_is_renewed_in_time_with_or_without_quiet(counted: VoskRecogniser) -> None:
    def alive() -> list[int]:
        return [kaldi.number for kaldi in _Kaldi.alive]

    minute = np.zeros(60 * EAR_RATE, np.float32)
    counted.use(("stop", "[unk]"))
    first = alive()
    for _ in range(15):
        counted.feed(minute)
    assert alive() == first
    counted.reset(900.0)
    second = alive()
    assert second != first
    for _ in range(25):  # a pump runs, and no quiet ever comes
        counted.feed(minute)
    assert alive() != second
    assert len(alive()) == 1
