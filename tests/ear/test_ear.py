"""The whole ear on the real model: when it decides, what it bears, what it takes for the guide's own
voice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import soxr  # type: ignore[import-untyped]

from tests.ear.conftest import hear_all
from voice.ear.ear import Ear, Hearing
from voice.ear.frames import EAR_RATE, AudioFrame, Samples
from voice.ear.recogniser import VoskRecogniser
from voice.ear.sources import MemorySource
from voice.errors import LullError
from voice.guide.events import Cleared, Heard, Rejected, Suspected
from voice.language.commands import Commands

Say = Callable[[str], Samples]
Quiet = Callable[[float], Samples]


def _heard(events: list[Hearing]) -> list[str]:
    return [event.intent for event in events if isinstance(event, Heard)]


def _spoken_end(samples: Samples) -> float:
    return float(np.flatnonzero(np.abs(samples) > 0.02)[-1]) / EAR_RATE


def test_stop_is_heard_long_before_the_recogniser_waits_out_its_silence(
    ear: Ear, say: Say, quiet: Quiet
) -> None:
    word = say("stop")
    events = hear_all(ear, np.concatenate([quiet(0.5), word, quiet(2.0)]))
    (stop,) = [event for event in events if isinstance(event, Heard)]
    assert stop.intent == "stop"
    assert stop.at < 0.5 + _spoken_end(word) + 0.45
    assert 0.4 < stop.began < stop.ended <= stop.at


def test_stop_is_looked_for_the_moment_its_sound_ends(ear: Ear, say: Say, quiet: Quiet) -> None:
    word = say("stop")
    events = hear_all(ear, np.concatenate([quiet(1.0), word, quiet(1.0)]), frame=0.01)
    (stop,) = [event for event in events if isinstance(event, Heard)]
    assert stop.at < 1.0 + _spoken_end(word) + 0.12


def test_stop_has_time_to_be_heard_whole_while_the_guide_is_silent(ear: Ear, say: Say, quiet: Quiet) -> None:
    word = say("pf_dora/stop please")
    events = hear_all(ear, np.concatenate([quiet(1.0), word, quiet(1.5)]), silent=True)
    (stop,) = [event for event in events if isinstance(event, Heard)]
    assert (stop.intent, stop.text) == ("stop", "stop please")
    assert stop.at < 1.0 + len(word) / EAR_RATE + 0.6


@pytest.mark.parametrize("before", [4.4, 4.6, 4.8, 5.0])
def test_a_command_is_whole_though_the_recogniser_gives_up_a_long_silence_in_its_midst(
    ear: Ear, say: Say, quiet: Quiet, before: float
) -> None:
    sound = np.concatenate([quiet(before), say("carry on"), quiet(1.5)])
    assert _heard(hear_all(ear, sound, silent=True)) == ["resume"]


def test_a_whisper_in_a_quiet_room_is_understood_as_her_voice_is(ear: Ear, say: Say, quiet: Quiet) -> None:
    for phrase, intent in (("stop", "stop"), ("carry on", "resume")):
        word = say(phrase)
        loudest = max(np.sqrt(np.mean(word[at : at + 1600] ** 2)) for at in range(0, len(word) - 1600, 800))
        whispered = (word / loudest * 10 ** (-56 / 20)).astype(np.float32)
        room = quiet(2.5 + len(word) / EAR_RATE + 1.5)
        room[round(2.5 * EAR_RATE) : round(2.5 * EAR_RATE) + len(word)] += whispered
        assert _heard(hear_all(ear, room)) == [intent]


def test_commands_one_after_the_other_are_each_heard_once(ear: Ear, say: Say, quiet: Quiet) -> None:
    pieces = [quiet(0.5), say("stop"), quiet(0.8), say("carry on"), quiet(0.8)]
    pieces += [say("continue"), quiet(1.5)]
    assert _heard(hear_all(ear, np.concatenate(pieces))) == ["stop", "resume", "resume"]


@pytest.mark.parametrize("frame", [0.0035, 0.01, 0.064, 0.5])
def test_the_size_of_the_frames_changes_nothing_that_is_heard(
    ear: Ear, say: Say, quiet: Quiet, frame: float
) -> None:
    sound = np.concatenate([quiet(0.5), say("carry on"), quiet(1.5)])
    assert _heard(hear_all(ear, sound, frame=frame)) == ["resume"]


@pytest.mark.parametrize("rate", [24_000, 44_100, 48_000])
def test_any_rate_is_heard_at_the_right_time(ear: Ear, say: Say, quiet: Quiet, rate: int) -> None:
    word = say("stop")
    sound = soxr.resample(np.concatenate([quiet(0.5), word, quiet(1.5)]), EAR_RATE, rate)
    (stop,) = [event for event in hear_all(ear, sound, rate) if isinstance(event, Heard)]
    assert stop.at < 0.5 + _spoken_end(word) + 0.5
    assert stop.began > 0.4


def test_broken_frames_are_borne_and_what_follows_is_heard(ear: Ear, say: Say, quiet: Quiet) -> None:
    odd = [np.full(320, np.nan), np.full(320, np.inf), np.zeros(0), np.full((320, 2), 1e9), np.ones(1)]
    events: list[Hearing] = []
    at = 0
    for samples in odd:
        events += ear.hear(AudioFrame(samples.astype(np.float32), EAR_RATE, at), np.zeros(7, np.float32))
        at += len(samples)
    for frame in MemorySource(np.concatenate([quiet(1.0), say("stop"), quiet(1.5)]), EAR_RATE).frames():
        events += ear.hear(AudioFrame(frame.samples, EAR_RATE, at + frame.start))
    assert _heard(events) == ["stop"]


def test_a_gap_and_a_change_of_rate_move_the_times_on(ear: Ear, say: Say, quiet: Quiet) -> None:
    sound = np.concatenate([quiet(0.5), say("stop"), quiet(1.5)])
    hear_all(ear, sound)
    late = soxr.resample(sound, EAR_RATE, 48_000)
    events: list[Hearing] = []
    for frame in MemorySource(late, 48_000).frames():
        events += ear.hear(AudioFrame(frame.samples, 48_000, 100 * 48_000 + frame.start))
    (stop,) = [event for event in events if isinstance(event, Heard)]
    assert 100.4 < stop.began < stop.at < 102.0


def test_a_word_begun_before_the_question_is_heard_as_its_answer(ear: Ear, say: Say, quiet: Quiet) -> None:
    word = say("yes")
    events: list[Hearing] = []
    for frame in MemorySource(np.concatenate([quiet(0.5), word, quiet(1.5)]), EAR_RATE).frames():
        if frame.start == round(0.75 * EAR_RATE / 320) * 320:
            ear.listen("yes_no")
        events += ear.hear(frame)
    assert _heard(events) == ["yes"]


def test_only_the_live_set_is_heard(ear: Ear, say: Say, quiet: Quiet) -> None:
    sound = np.concatenate([quiet(0.5), say("next"), quiet(1.5)])
    ear.listen("idle")
    assert _heard(hear_all(ear, sound)) == []


def test_an_unknown_set_is_refused_in_one_sentence(ear: Ear) -> None:
    with pytest.raises(LullError, match="no set of commands called 'gliding'"):
        ear.listen("gliding")


def test_talk_is_suspected_then_rejected_with_a_reason_and_cleared(ear: Ear, say: Say, quiet: Quiet) -> None:
    talk = say("hm_omega/oov_put the kettle on would you")
    events = hear_all(ear, np.concatenate([quiet(1.0), talk, quiet(2.0)]))
    suspected, rejected, *rest, cleared = events
    assert isinstance(suspected, Suspected)
    assert isinstance(rejected, Rejected)
    assert isinstance(cleared, Cleared)
    for scrap in rest:  # known: the model that comes along splits this sentence, and its end is a scrap
        assert isinstance(scrap, Rejected)
        assert scrap.reason == "cut_off"
    assert len(rest) <= 1
    assert suspected.at < 2.1
    assert rejected.reason in {"unknown_words", "not_a_command"}
    assert 0.8 < cleared.spoke < 2.5


def test_silence_and_noise_yield_nothing(ear: Ear, quiet: Quiet) -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.05, 4 * EAR_RATE).astype(np.float32)
    events = hear_all(ear, np.concatenate([quiet(3.0), noise, quiet(2.0)]))
    assert _heard(events) == []


def test_a_word_of_the_sentence_being_played_is_not_taken_for_hers(ear: Ear, say: Say, quiet: Quiet) -> None:
    events: list[Hearing] = []
    for frame in MemorySource(np.concatenate([quiet(0.5), say("stop"), quiet(1.5)]), EAR_RATE).frames():
        playing = "You may stop whenever you like." if frame.start < 0.9 * EAR_RATE else None
        events += ear.hear(frame, narrating=playing)
    assert _heard(events) == []
    assert [event.reason for event in events if isinstance(event, Rejected)] == ["own_voice"]


def test_the_end_of_the_stream_concludes_what_was_being_said(ear: Ear, say: Say, quiet: Quiet) -> None:
    word = say("next")
    sound = np.concatenate([quiet(0.5), word[: round((_spoken_end(word) + 0.02) * EAR_RATE)]])
    assert _heard(hear_all(ear, sound)) == ["next"]


def test_an_ear_that_was_not_loaded_hears_nothing_and_says_nothing(
    commands: Commands, vosk: VoskRecogniser, quiet: Quiet
) -> None:
    ear = Ear(commands, vosk)
    ear.listen("guiding")
    assert hear_all(ear, quiet(1.0)) == []
    assert ear.listening == "guiding"
