"""The player: what she hears, to the sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from voice.speech.clip import Clip
from voice.speech.player import Finished, Player, Position, SentencePlayed

RATE = 16_000
GAP = round(0.35 * RATE)
Sine = Callable[..., Clip]
Samples = NDArray[np.float32]


def level(samples: Samples) -> float:
    """RMS in dB relative to full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2)) + 1e-12))


def pull(player: Player, total: int, block: int = 320) -> Samples:
    """`total` samples in blocks of `block`."""
    return np.concatenate([player.pull(min(block, total - at)) for at in range(0, total, block)])


def flat(n: int, text: str = "flat") -> Clip:
    """`n` samples of one constant value, so that every gain can be read off."""
    return Clip(np.full(n, 0.5, dtype=np.float32), RATE, text)


@pytest.mark.parametrize("block", [64, 160, 320, 480, 1024])
def test_hush_is_digital_silence_within_one_block(sine: Sine, block: int) -> None:
    player = Player(RATE)
    player.play([sine(5.0)], token=1)
    before = pull(player, 10 * block, block)
    player.hush()
    after = pull(player, 10 * block, block)
    last = int(np.flatnonzero(after)[-1])
    assert last < min(block, 0.010 * RATE)
    assert (last + block) / RATE < 0.100
    steps = np.abs(np.diff(np.concatenate([before, after])))
    assert steps.max() < 0.12, "a click: a 250 Hz tone of 0.5 moves by 0.05 a sample"
    assert player.now_playing is None
    assert player.position is None


def test_hush_in_device_blocks_stays_under_50_ms(sine: Sine) -> None:
    player = Player(RATE)
    player.play([sine(5.0)], token=1)
    pull(player, 3200)
    player.hush()
    assert np.flatnonzero(pull(player, 3200))[-1] < 0.010 * RATE


def test_a_hushed_saying_reports_nothing_more(sine: Sine) -> None:
    player = Player(RATE)
    player.play([sine(0.2)], token=1)
    pull(player, round(0.199 * RATE), 16)
    player.hush()
    pull(player, RATE)
    assert player.take_events() == []
    assert player.idle


def test_duck_is_14_dB_within_30_ms_and_comes_back() -> None:
    player = Player(RATE)
    player.play([flat(3 * RATE)], token=1)
    full = pull(player, 3200)
    player.duck(True)
    ducked = pull(player, 3200)
    player.duck(False)
    back = pull(player, 3200)
    settled = round(0.030 * RATE)
    assert level(ducked[settled:]) - level(full[settled:]) == pytest.approx(-14.0, abs=0.1)
    assert np.ptp(ducked[settled:]) == pytest.approx(0.0, abs=1e-6)
    assert back[settled:] == pytest.approx(full[-1], abs=1e-6)
    assert np.abs(np.diff(ducked)).max() < 0.002, "the way down must be a ramp"


def test_a_new_saying_is_not_ducked_by_an_old_suspicion() -> None:
    player = Player(RATE)
    player.play([flat(RATE)], token=1)
    player.duck(True)
    pull(player, 3200)
    player.play([flat(RATE)], token=2)
    assert pull(player, 3200)[-1] == pytest.approx(0.5)


@pytest.mark.parametrize("block", [37, 160, 320, 5000])
def test_sentences_end_at_the_exact_sample_whatever_the_block(block: int) -> None:
    player = Player(RATE)
    player.play([flat(1000, "one"), flat(2000, "two")], token=7, first=3)
    out = pull(player, 10_000, block)
    assert player.take_events() == [
        SentencePlayed(7, 3, 1000),
        SentencePlayed(7, 4, 1000 + GAP + 2000),
        Finished(7, 1000 + GAP + 2000),
    ]
    assert player.take_events() == []
    assert np.array_equal(np.flatnonzero(out), [*range(1000), *range(1000 + GAP, 3000 + GAP)])


def test_position_and_text_follow_the_samples() -> None:
    player = Player(RATE)
    player.play([flat(1000, "one"), flat(2000, "two")], token=7)
    pull(player, 640)
    assert player.position == Position(7, 0, 640)
    assert player.now_playing == "one"
    pull(player, 640)
    assert player.position == Position(7, 1, 0)
    pull(player, GAP)
    assert player.position == Position(7, 1, 640 + 640 - 1000)
    assert player.now_playing == "two"
    assert player.clock == 1280 + GAP


def test_a_late_clip_means_silence_and_then_it_goes_on() -> None:
    player = Player(RATE)
    ticket = player.begin(5, 0, 2)
    player.add(ticket, flat(1000, "one"))
    assert not pull(player, 20_000)[1000:].any()
    assert player.take_events() == [SentencePlayed(5, 0, 1000)]
    assert player.position == Position(5, 1, 0)
    assert player.starved == 20_000 - 1000 - GAP
    player.add(ticket, flat(500, "two"))
    assert np.count_nonzero(pull(player, 1000)) == 500
    assert player.take_events() == [SentencePlayed(5, 1, 20_500), Finished(5, 20_500)]


def test_a_clip_of_a_saying_that_was_replaced_is_never_heard() -> None:
    player = Player(RATE)
    old = player.begin(5, 0, 2)
    player.begin(5, 1, 2)
    player.add(old, flat(1000, "stale"))
    assert not pull(player, 4000).any()
    assert player.take_events() == []


def test_a_new_saying_fades_the_old_one_out_before_it_begins() -> None:
    player = Player(RATE)
    player.play([flat(RATE, "old")], token=1)
    pull(player, 3200)
    player.play([Clip(np.full(RATE, -0.5, dtype=np.float32), RATE, "new")], token=2)
    out = pull(player, 3200)
    turn = int(np.flatnonzero(out < 0)[0])
    assert turn <= 0.010 * RATE
    assert (out[: turn - 1] > 0).all()
    assert (out[turn:] < 0).all()
    assert [event.token for event in player.take_events()] == []


def test_pause_keeps_the_place_and_resume_goes_on_from_it() -> None:
    player = Player(RATE)
    ramp = np.linspace(0.2, 0.8, RATE, dtype=np.float32)
    player.play([Clip(ramp, RATE, "rising")], token=1)
    pull(player, 3200)
    player.pause()
    paused = pull(player, 6400)
    assert not paused[round(0.010 * RATE) :].any()
    held = player.position
    pull(player, 6400)
    assert player.position == held
    assert held is not None
    player.resume()
    resumed = pull(player, 3200)
    fade = round(0.010 * RATE)
    assert resumed[fade:] == pytest.approx(ramp[held.sample + fade : held.sample + 3200], abs=1e-6)
    pull(player, RATE)
    assert player.take_events()[-1] == Finished(1, RATE + 3200 + 6400 * 2 - held.sample)


def test_signs_sound_over_ducked_speech_and_are_hushed_too() -> None:
    player = Player(RATE)
    player.duck(True)
    player.earcon(Clip(np.full(RATE, 0.1, dtype=np.float32), RATE))
    assert pull(player, 640)[-1] == pytest.approx(0.1)
    player.hush()
    assert not pull(player, 640)[160:].any()
    player.hush()
    player.earcon(Clip(np.full(800, 0.1, dtype=np.float32), RATE))
    assert np.count_nonzero(pull(player, 3200)) == 800, "a sign asked for after a hush is heard"


def test_what_is_said_first_waits_for_the_greeting() -> None:
    player = Player(RATE)
    player.earcon(flat(RATE // 2), first=True)
    player.play([flat(RATE // 4)], token=1)
    assert pull(player, RATE).max() == pytest.approx(0.5), "the two never sound together"
    assert player.take_events()[-1] == Finished(1, RATE // 2 + RATE // 4)


def test_level_lowers_everything_and_never_beyond_full() -> None:
    player = Player(RATE)
    player.level(-6.0)
    player.play([flat(RATE)], token=1)
    player.earcon(flat(RATE))
    assert pull(player, 3200)[-1] == pytest.approx(10 ** (-6 / 20), abs=1e-4)
    player.level(12.0)
    assert pull(player, 3200).max() <= 1.0


def test_a_clip_of_another_rate_keeps_its_length_and_pitch(sine: Sine) -> None:
    player = Player(RATE)
    player.play([sine(1.0, rate=24_000)], token=1)
    out = pull(player, RATE)
    assert player.take_events()[-1].at_sample == pytest.approx(RATE, abs=2)
    spectrum = np.abs(np.fft.rfft(out))
    assert int(spectrum.argmax()) == 250


def test_an_empty_saying_is_done_at_once() -> None:
    player = Player(RATE)
    player.play([], token=9)
    pull(player, 160)
    assert player.take_events() == [Finished(9, 0)]


def test_a_broken_clip_does_not_end_the_sound_for_good() -> None:
    player = Player(RATE)
    player.play([Clip(np.zeros((4, 2), dtype=np.float32), RATE, "broken")], token=1)
    assert not pull(player, 640).any()
    assert player.fault
    assert Finished(1, 0) in player.take_events()
    player.play([flat(320)], token=2)
    assert np.count_nonzero(pull(player, 640)) == 320


WISHES = st.sampled_from(
    ["play", "late", "hush", "duck", "unduck", "pause", "resume", "loud", "quiet", "sign"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WISHES, st.integers(0, 700)), max_size=40))
def test_whatever_is_asked_hush_silences_and_the_stream_goes_on(script: list[tuple[str, int]]) -> None:
    player = Player(RATE)
    finished: list[int] = []
    ticket = 0
    for token, (wish, block) in enumerate(script):
        if wish == "play":
            ticket = player.play([flat(900), flat(50)], token=token)
        elif wish == "late":
            ticket = player.begin(token, 0, 2)
        elif wish in ("loud", "quiet"):
            player.level(0.0 if wish == "loud" else -30.0)
        elif wish in ("duck", "unduck"):
            player.duck(wish == "duck")
        elif wish == "sign":
            player.earcon(flat(600))
            player.add(ticket, flat(300))
        else:
            {"hush": player.hush, "pause": player.pause, "resume": player.resume}[wish]()
        out = player.pull(block)
        assert out.shape == (block,)
        assert np.abs(out).max(initial=0.0) <= 1.0
        if wish == "hush":
            assert not out[round(0.010 * RATE) :].any()
        finished += [event.token for event in player.take_events() if isinstance(event, Finished)]
    assert player.fault == ""
    assert finished == sorted(set(finished))
    player.hush()
    player.pull(320)
    assert not player.pull(2000).any()
    assert player.idle
