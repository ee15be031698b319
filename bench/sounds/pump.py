"""A breast pump by numbers: motor with harmonics, suction cycles, hiss of air, clicks of the valve, a table
that hums along.

The ranges are those of household pumps: motors turn 40-75 times a second, suction comes 40-90 times a minute
(faster and lighter before let-down, slower and deeper after).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.sounds.shaping import RATE, Signal, band, bandpass


@dataclass(frozen=True)
class Pump:
    """One pump in one place. Levels are dB against the motor's RMS."""

    motor: float  # Hz
    drift: float  # share by which the motor slows under suction
    harmonics: int
    slope: float  # exponent by which harmonics fall
    rattle: float  # 0-1, how unequal neighbouring harmonics are
    suction: float  # cycles a minute
    duty: float  # share of a cycle under suction
    edge: float  # how abruptly suction sets in, 1 soft - 20 hard
    depth: float  # 0-1, how much louder the motor is under suction
    hiss: float  # dB
    hiss_low: float  # Hz
    hiss_high: float  # Hz
    click: float  # dB, peak
    click_hz: float
    click_seconds: float
    table: float  # Hz, resonance of what it stands on
    table_gain: float  # dB


def draw(rng: np.random.Generator) -> Pump:
    """Any household pump, from a near-silent wearable one to a rattling motor on a bare table."""
    return Pump(
        motor=float(rng.uniform(40, 75)),
        drift=float(rng.uniform(0.0, 0.06)),
        harmonics=int(rng.integers(6, 60)),
        slope=float(rng.uniform(0.3, 1.4)),
        rattle=float(rng.uniform(0.2, 1.0)),
        suction=float(rng.uniform(40, 90)),
        duty=float(rng.uniform(0.35, 0.7)),
        edge=float(rng.uniform(2, 20)),
        depth=float(rng.uniform(0.0, 0.8)),
        hiss=float(rng.uniform(-22, 2)),
        hiss_low=float(rng.uniform(300, 1800)),
        hiss_high=float(rng.uniform(2500, 7600)),
        click=float(rng.uniform(-20, 14)),
        click_hz=float(rng.uniform(80, 2500)),
        click_seconds=float(rng.uniform(0.004, 0.03)),
        table=float(rng.uniform(150, 900)),
        table_gain=float(rng.uniform(0, 14)),
    )


def render(pump: Pump, samples: int, rng: np.random.Generator) -> Signal:
    """(samples,) at 16 kHz, of RMS 1."""
    time = np.arange(samples) / RATE
    cycle = (time * pump.suction / 60 + rng.random()) % 1.0
    pull = 1 / (1 + np.exp(-pump.edge * (np.sin(2 * np.pi * cycle) + 2 * pump.duty - 1)))
    sound = _motor(pump, pull, rng) * (1 - pump.depth + pump.depth * pull)
    sound += 10 ** (pump.hiss / 20) * band(rng, samples, pump.hiss_low, pump.hiss_high) * (1.2 - pull)
    sound += 10 ** (pump.click / 20) * _clicks(pump, np.flatnonzero(np.diff(cycle) < 0), samples, rng)
    sound += 0.1 * band(rng, samples, 60, 500)
    sound += _resonance(sound, pump.table, 10 ** (pump.table_gain / 20) - 1)
    return np.asarray(sound / (sound.std() + 1e-9))


def _motor(pump: Pump, pull: Signal, rng: np.random.Generator) -> Signal:
    wander = 1 + 0.004 * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * np.arange(len(pull)) / RATE)
    phase = 2 * np.pi * np.cumsum(pump.motor * wander * (1 - pump.drift * pull)) / RATE
    top = min(pump.harmonics, int(7500 / pump.motor))
    sound = np.zeros(len(pull))
    for number in range(1, top + 1):
        height = (1 - pump.rattle * rng.random()) / number**pump.slope
        sound += height * np.sin(number * phase + rng.uniform(0, 2 * np.pi))
    return np.asarray(sound / (sound.std() + 1e-9))


def _clicks(pump: Pump, places: NDArray[np.intp], samples: int, rng: np.random.Generator) -> Signal:
    sound = np.zeros(samples)
    length = int(pump.click_seconds * 6 * RATE)
    time = np.arange(length) / RATE
    for place in places:
        count = min(length, samples - int(place))
        ring = np.exp(-time / pump.click_seconds) * np.sin(2 * np.pi * pump.click_hz * time)
        ring += 0.3 * np.exp(-time / (pump.click_seconds / 4)) * rng.standard_normal(length)
        sound[place : place + count] += rng.uniform(0.6, 1.0) * ring[:count]
    return sound


def _resonance(sound: Signal, hertz: float, gain: float) -> Signal:
    return bandpass(sound, hertz * 0.85, hertz * 1.18, order=1) * gain
