"""Sounds made by numbers are what their numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from bench.sounds import pump
from bench.sounds.household import MAKERS
from bench.sounds.shaping import RATE, band


def test_a_pump_turns_and_sucks_as_often_as_its_numbers_say() -> None:
    rng = np.random.default_rng(5)
    quiet = {
        "drift": 0.0,
        "hiss": -60.0,
        "click": -60.0,
        "depth": 0.8,
        "suction": 60.0,
        "motor": 50.0,
        "slope": 1.0,
    }
    one = pump.Pump(**{**vars(pump.draw(rng)), **quiet})
    sound = pump.render(one, 8 * RATE, rng)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    peaks = np.fft.rfftfreq(len(sound), 1 / RATE)[np.argsort(spectrum)[-8:]]
    assert np.all(np.abs(peaks / 50 - np.rint(peaks / 50)) < 0.03)
    loudness = np.square(sound).reshape(-1, RATE // 100).mean(1)
    cycles = np.abs(np.fft.rfft(loudness - loudness.mean()))[1:20]
    assert (np.argmax(cycles) + 1) / 8 == pytest.approx(1.0)


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_every_noise_fills_its_time(kind: str) -> None:
    sound = MAKERS[kind](np.random.default_rng(2), 4 * RATE)
    assert len(sound) == 4 * RATE
    assert np.isfinite(sound).all()
    assert sound.std() > 0


def test_a_band_of_noise_lies_where_it_was_asked_for() -> None:
    power = np.square(np.abs(np.fft.rfft(band(np.random.default_rng(3), 4 * RATE, 500.0, 2000.0))))
    hertz = np.fft.rfftfreq(4 * RATE, 1 / RATE)
    inside = power[(hertz > 500) & (hertz < 2000)].sum()
    assert inside / power.sum() > 0.75
    assert power[hertz > 4500].sum() / power.sum() < 0.04
