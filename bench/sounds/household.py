"""Crying, water, vacuum, washing machine, dishes, music, hum, hiss, and any pump."""

from collections.abc import Callable, Mapping

import numpy as np

from bench.sounds import pump
from bench.sounds.shaping import RATE, Signal, band, coloured

Maker = Callable[[np.random.Generator, int], Signal]


def slow(rng: np.random.Generator, samples: int, every: float, amount: float) -> Signal:
    """A random walk through points ``every`` seconds, around 1."""
    points = int(samples / RATE / every) + 3
    values = 1 + amount * rng.standard_normal(points)
    return np.asarray(np.abs(np.interp(np.arange(samples), np.arange(points) * every * RATE, values)))


def rings(
    rng: np.random.Generator, samples: int, a_second: float, low: float, high: float, decay: float
) -> Signal:
    """Struck things: damped tones of random pitch at random times."""
    sound = np.zeros(samples)
    for _ in range(rng.poisson(samples / RATE * a_second)):
        place = int(rng.integers(samples))
        time = np.arange(min(samples - place, int(5 * decay * RATE))) / RATE
        pitch, bend = rng.uniform(low, high), rng.uniform(0, 0.3)
        tone = np.sin(2 * np.pi * pitch * time * (1 + bend * time / decay))
        sound[place : place + len(time)] += (
            rng.uniform(0.1, 1) * np.exp(-time / (decay * rng.uniform(0.3, 1))) * tone
        )
    return sound


def water(rng: np.random.Generator, samples: int) -> Signal:
    """A tap, a shower, a sink: a hissing band that trembles, and drops."""
    flow = band(rng, samples, rng.uniform(80, 900), rng.uniform(2500, 7800)) * slow(rng, samples, 0.05, 0.25)
    low = band(rng, samples, 60, rng.uniform(200, 600)) * rng.uniform(0, 1.2)
    return flow + low + rings(rng, samples, rng.uniform(0, 40), 400, 3500, 0.012) * rng.uniform(0, 3)


def crying(rng: np.random.Generator, samples: int) -> Signal:
    """A baby: cries of half a second to a second and a half at 300-650 Hz with breath between; hoarse or
    shrill.
    """
    sound = np.zeros(samples)
    place = int(rng.integers(RATE // 2))
    base = rng.uniform(320, 560)
    formants = rng.uniform(900, 1600), rng.uniform(2400, 4000), rng.uniform(4500, 6800)
    hoarse = rng.uniform(0, 1.0)
    while place < samples - 2000:
        length = min(int(RATE * rng.uniform(0.35, 1.6)), samples - place)
        sound[place : place + length] += _cry(rng, length, base * rng.uniform(0.9, 1.15), formants, hoarse)
        pause = int(RATE * rng.uniform(0.12, 0.8))
        breath = min(pause, samples - place - length)
        if breath > 2000:
            gasp = band(rng, breath, 800, 5000) * np.hanning(breath)
            sound[place + length : place + length + breath] += rng.uniform(0, 0.15) * gasp
        place += length + pause
    return np.asarray(sound + 0.02 * coloured(rng, samples, 1) * (sound.std() + 0.1))


def _cry(
    rng: np.random.Generator, length: int, base: float, formants: tuple[float, float, float], hoarse: float
) -> Signal:
    part = np.arange(length) / length
    arch = 1 + rng.uniform(0.0, 0.35) * np.sin(np.pi * part ** rng.uniform(0.5, 1.5))
    shake = 0.02 * np.sin(2 * np.pi * rng.uniform(4, 9) * part * length / RATE)
    pitch = base * (arch + shake) * slow(rng, length, 0.03, 0.01 + 0.02 * hoarse)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = np.zeros(length)
    for number in range(1, int(7600 / base) + 1):
        height = sum(1 / (1 + ((number * base - formant) / 450) ** 2) for formant in formants) + 0.05
        sound += height * np.sin(number * phase + rng.uniform(0, 6))
    sound += hoarse * np.abs(np.sin(phase / 2)) * rng.standard_normal(length)
    return sound * np.minimum(1, np.minimum(part, 1 - part) * rng.uniform(4, 14))


def vacuum(rng: np.random.Generator, samples: int) -> Signal:
    """Air, and a motor's whine at a few hundred hertz with harmonics."""
    time = np.arange(samples) / RATE
    pitch = rng.uniform(90, 420) * (1 + 0.01 * np.sin(2 * np.pi * rng.uniform(0.1, 1) * time))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    whine = sum(
        (rng.uniform(0.1, 1) / number**0.7 * np.sin(number * phase) for number in range(1, 12)),
        np.zeros(samples),
    )
    air = coloured(rng, samples, rng.uniform(0.2, 1.2)) * slow(rng, samples, 0.4, 0.15)
    return air + whine * rng.uniform(0.05, 0.6)


def washing(rng: np.random.Generator, samples: int) -> Signal:
    """A drum that turns about once a second, water that sloshes with it, a motor's hum."""
    time = np.arange(samples) / RATE
    turn = np.sin(2 * np.pi * rng.uniform(0.6, 2.2) * time + rng.uniform(0, 6))
    drum = coloured(rng, samples, 2) * (1 + rng.uniform(0.3, 0.9) * turn)
    slosh = (
        band(rng, samples, 300, rng.uniform(1500, 5000)) * np.clip(turn, 0, 1) ** 2 * rng.uniform(0.1, 0.8)
    )
    struck = rings(rng, samples, rng.uniform(0, 4), 100, 800, 0.05)
    return np.asarray(drum + slosh + 0.4 * hum(rng, samples) + struck)


def dishes(rng: np.random.Generator, samples: int) -> Signal:
    """Plates, cutlery, a tap."""
    struck = rings(rng, samples, rng.uniform(2, 10), 900, 6500, 0.06) * 3
    return struck + rng.uniform(0.05, 0.5) * water(rng, samples) + 0.05 * coloured(rng, samples, 1)


def music(rng: np.random.Generator, samples: int) -> Signal:
    """Chords that change every second or so, plucked or held, and a beat."""
    sound = np.zeros(samples)
    beat = rng.uniform(0.25, 0.8)
    root = rng.uniform(90, 220)
    for place in range(0, samples, int(beat * RATE)):
        time = np.arange(min(samples - place, int(2.5 * beat * RATE))) / RATE
        decay = np.exp(-time / rng.uniform(0.15, 1.2))
        for note in rng.choice([0, 2, 3, 4, 5, 7, 9, 12, 16, 19], int(rng.integers(1, 5)), replace=False):
            pitch = root * 2 ** (note / 12)
            tone = sum(
                (np.sin(2 * np.pi * pitch * k * time) / k**1.3 for k in range(1, 7)), np.zeros(len(time))
            )
            sound[place : place + len(time)] += rng.uniform(0.2, 1) * decay * tone
        strike = np.exp(-time / 0.03) * rng.standard_normal(len(time)) * rng.uniform(0, 0.8)
        sound[place : place + len(time)] += strike
    return sound


def hum(rng: np.random.Generator, samples: int) -> Signal:
    """Mains, a fridge, a fan."""
    time = np.arange(samples) / RATE
    pitch = rng.choice([50, 60, rng.uniform(80, 400), rng.uniform(400, 3000)])
    tones = (
        rng.uniform(0, 1) / number * np.sin(2 * np.pi * pitch * number * time + rng.uniform(0, 6))
        for number in range(1, 8)
    )
    return sum(tones, np.zeros(samples)) + coloured(rng, samples, rng.uniform(0.5, 1.5)) * rng.uniform(0.1, 1)


def hiss(rng: np.random.Generator, samples: int) -> Signal:
    """Wind, traffic, the microphone itself: white to brown, steady or in waves."""
    sound = coloured(rng, samples, rng.uniform(0, 2))
    time = np.arange(samples) / RATE
    return sound * (1 + rng.uniform(0, 0.9) * np.sin(2 * np.pi * rng.uniform(0.3, 12) * time))


def pumping(rng: np.random.Generator, samples: int) -> Signal:
    return pump.render(pump.draw(rng), samples, rng)


MAKERS: Mapping[str, Maker] = {
    "pump": pumping,
    "crying": crying,
    "water": water,
    "vacuum": vacuum,
    "washing": washing,
    "dishes": dishes,
    "music": music,
    "hum": hum,
    "hiss": hiss,
}
