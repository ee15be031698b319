"""Background sound and breathing tones: soft, exact, without clicks, and silent when she says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.speech.backdrop import Backdrop
from voice.speech.background import KINDS, Background, Kind, make_background
from voice.speech.breath import BreathTones, Pace
from voice.speech.clip import SPEECH_LEVEL, Clip
from voice.speech.narrator import Executor, Job
from voice.speech.player import Player

RATE = 24_000
BLOCK = 480
LOUDEST_STEP = 0.08
"""Between two samples; a click is a jump of the whole amplitude, these sounds peak at 0.09."""
Samples = NDArray[np.float32]
MADE: dict[Kind, Background] = {kind: make_background(kind, RATE) for kind in KINDS}


def level(samples: Samples) -> float:
    """RMS in dB relative to full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2)) + 1e-12))


def pull(player: Player, seconds: float) -> Samples:
    return np.concatenate([player.pull(BLOCK) for _ in range(round(seconds * RATE / BLOCK))])


def biggest_step(samples: Samples) -> float:
    return float(np.abs(np.diff(samples)).max())


@pytest.mark.parametrize("kind", KINDS)
def test_every_background_stays_under_the_voice(kind: Kind) -> None:
    sound = make_background(kind, RATE).take(60 * RATE)
    seconds = [level(second) for second in sound.reshape(60, RATE)]
    assert -24 <= level(sound) - SPEECH_LEVEL <= -16
    assert max(seconds) <= SPEECH_LEVEL - 12, "at no time near the voice"
    assert np.abs(sound).max() < 0.12, "nothing startles"
    assert not np.isnan(sound).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_background_has_no_seam_and_no_click(kind: Kind) -> None:
    sound = make_background(kind, RATE).take(30 * RATE)
    steps = np.abs(np.diff(sound))
    seams = [round(seconds * RATE) - 1 for seconds in (11, 13, 16, 22, 26)]
    assert max(steps[seams]) <= np.quantile(steps, 0.9999)
    assert steps.max() < LOUDEST_STEP


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_sound_whatever_the_blocks(kind: Kind) -> None:
    one, other = make_background(kind, 16_000, 3), make_background(kind, 16_000, 3)
    pieces = np.concatenate([one.take(n) for n in (1, 999, 16_000, 37, 3000)])
    assert np.allclose(pieces, other.take(len(pieces)), atol=1e-7)
    if kind != "heartbeat":
        assert not np.allclose(pieces, make_background(kind, 16_000, 4).take(len(pieces)), atol=1e-3)


def test_waves_swell_and_draw_back_and_noise_does_not() -> None:
    def span(kind: Kind) -> float:
        seconds = make_background(kind, RATE).take(60 * RATE).reshape(60, RATE)
        return float(np.ptp([level(second) for second in seconds]))

    assert 6 <= span("waves") <= 14
    assert span("pink") < 2


@pytest.mark.parametrize("pace", [Pace(4.0, 6.0), Pace(5.5, 8.0)])
def test_tones_keep_their_time_to_the_sample(pace: Pace) -> None:
    """Every breath is the same samples, so the thousandth begins exactly where it should."""
    whole = round((pace.breathe_in + pace.breathe_out) * RATE)
    sound = BreathTones(RATE, pace).take(3 * whole)
    assert np.array_equal(sound[:whole], sound[whole : 2 * whole])
    rising, falling = sound[: round(pace.breathe_in * RATE)], sound[round(pace.breathe_in * RATE) : whole]
    for part in (rising, falling):
        assert abs(part[0]) < 1e-6, "each part begins at nothing"
        assert not part[-round(0.05 * len(part)) :].any(), "and ends before the breath turns"

    def pitch(piece: Samples) -> float:
        return float(np.count_nonzero(np.diff(np.signbit(piece))) / 2 / (len(piece) / RATE))

    third = len(rising) // 3
    assert pitch(rising[:third]) < pitch(rising[third : 2 * third])
    assert pitch(falling[:third]) > pitch(falling[2 * third : len(falling) * 9 // 10])


def test_tones_are_very_soft_and_never_click() -> None:
    sound = BreathTones(RATE, Pace(4.0, 6.0)).take(20 * RATE)
    assert level(sound) - SPEECH_LEVEL <= -18
    assert np.abs(sound).max() < 0.03
    assert biggest_step(sound) < 0.004, "330 Hz at 0.026 moves by 0.0025 a sample"


def test_a_new_pace_counts_from_the_next_breath_on() -> None:
    tones = BreathTones(RATE, Pace(4.0, 6.0))
    first = tones.take(RATE)
    tones.pace(Pace(5.0, 8.0))
    rest = tones.take(9 * RATE + 13 * RATE)
    straight = BreathTones(RATE, Pace(4.0, 6.0)).take(10 * RATE)
    assert np.array_equal(np.concatenate([first, rest[: 9 * RATE]]), straight)
    assert np.array_equal(rest[9 * RATE :], BreathTones(RATE, Pace(5.0, 8.0)).take(13 * RATE))


@pytest.mark.parametrize("kind", KINDS)
def test_hush_silences_background_and_tones_within_one_block(kind: Kind) -> None:
    player = Player(RATE)
    player.lay("background", MADE[kind])
    player.lay("breath", BreathTones(RATE, Pace(4.0, 6.0)))
    before = pull(player, 4)
    player.hush()
    after = pull(player, 2)
    assert level(before[2 * RATE :]) > -60
    assert not after[BLOCK:].any(), "digital silence from the second block on"
    assert biggest_step(np.concatenate([before[-BLOCK:], after])) < LOUDEST_STEP


def test_hushing_only_the_speech_leaves_the_sound_under_it(sine: Callable[..., Clip]) -> None:
    player = Player(RATE)
    player.lay("background", make_background("pink", RATE))
    player.play([sine(5.0, rate=RATE)], token=1)
    pull(player, 3)
    player.hush(speech_only=True)
    after = pull(player, 2)
    assert player.now_playing is None
    assert level(after[BLOCK : RATE // 2]) == pytest.approx(SPEECH_LEVEL - 21, abs=1.5)


def test_it_comes_and_goes_softly() -> None:
    player = Player(RATE)
    player.lay("background", make_background("pink", RATE))
    coming = pull(player, 3)
    player.lift("background")
    going = pull(player, 2)
    tenths = [level(tenth) for tenth in coming[: 15 * RATE // 10].reshape(15, -1)]
    assert tenths[0] < tenths[5] < tenths[14]
    assert level(going[: RATE // 10]) > level(going[6 * RATE // 10 : 7 * RATE // 10])
    assert not going[RATE:].any()


def test_it_is_lowered_with_the_voice_and_follows_her_level() -> None:
    player = Player(RATE)
    player.lay("background", make_background("pink", RATE))
    full = pull(player, 4)[2 * RATE :]
    player.duck(True)
    ducked = pull(player, 2)[RATE // 10 :]
    player.duck(False)
    back = pull(player, 2)[RATE // 10 :]
    player.level(-12.0)
    soft = pull(player, 2)[RATE // 10 :]
    assert level(ducked) - level(full) == pytest.approx(-14, abs=1)
    assert level(back) == pytest.approx(level(full), abs=1)
    assert level(soft) - level(full) == pytest.approx(-12, abs=1)


def test_pause_holds_the_breath_where_it_is() -> None:
    player = Player(RATE)
    player.lay("breath", BreathTones(RATE, Pace(4.0, 6.0)))
    pull(player, 2)
    player.pause()
    held = pull(player, 60)
    player.resume()
    after = pull(player, 1)[BLOCK:]
    assert not held[BLOCK:].any()
    straight = BreathTones(RATE, Pace(4.0, 6.0)).take(4 * RATE)
    shift = round(0.008 * RATE)
    assert np.allclose(after[: RATE // 2], straight[2 * RATE + shift + BLOCK :][: RATE // 2], atol=1e-4)


class Later(Executor):
    """Runs jobs when told to: a voice thread that is busy."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def submit(self, job: Job, urgent: bool) -> None:
        self.jobs.append(job)

    def close(self) -> None:
        pass

    def run(self) -> None:
        for job in self.jobs:
            job()


def test_a_sound_that_was_still_being_made_when_she_said_stop_is_never_heard() -> None:
    player, later = Player(RATE), Later()
    backdrop = Backdrop(player, later)
    backdrop.background("rain")
    backdrop.silenced()
    player.hush()
    later.run()
    assert not pull(player, 3).any()


def test_another_background_takes_the_place_of_the_first() -> None:
    player = Player(RATE)
    backdrop = Backdrop(player)
    backdrop.background("waves")
    pull(player, 2)
    backdrop.background("heartbeat")
    crossed = pull(player, 4)
    spectrum = np.abs(np.fft.rfft(crossed[2 * RATE :]))
    hertz = np.fft.rfftfreq(2 * RATE, 1 / RATE)
    assert spectrum[hertz > 400].max() < 0.02 * spectrum.max(), "only the heart is left"
    assert biggest_step(crossed) < LOUDEST_STEP
    backdrop.background(None)
    pull(player, 1)
    assert not pull(player, 1).any()
