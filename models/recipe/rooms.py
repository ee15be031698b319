"""From a dry voice to one in a room, through a cheap microphone, whispered, hushed or hurried."""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import resample_poly

from recipe.shards import RATE

Floats = NDArray[np.float32]
LONGEST_TAIL = 0.5  # seconds of reverberation kept
FRAME, STEP = 512, 128  # of the whisper's short-time spectrum


def impulse(rng: np.random.Generator) -> Floats:
    """(n,) a room of 0.08-0.7 s reverberation: direct sound, a few echoes, a tail that loses its treble
    first.
    """
    reverberation = rng.uniform(0.08, 0.7)
    length = int(RATE * min(LONGEST_TAIL, reverberation))
    time = np.arange(length) / RATE
    tail = rng.standard_normal(length) * np.exp(-6.9 * time / reverberation)
    tail[1:] = tail[1:] * 0.7 + tail[:-1] * 0.3
    tail[: int(rng.uniform(0.001, 0.006) * RATE)] = 0
    tail /= np.sqrt(np.square(tail).sum() + 1e-9)
    for _ in range(int(rng.integers(0, 6))):
        tail[int(rng.uniform(0.001, 0.03) * RATE) % length] += rng.uniform(-0.5, 0.5)
    # Direct against reverberant sound, in dB: 0 at about half a metre in a bedroom, -15 at three metres.
    tail[0] = 10 ** (rng.triangular(-13, 3, 14) / 20)
    return np.asarray(tail / np.sqrt(np.square(tail).sum()), np.float32)


def colour(rng: np.random.Generator, bins: int) -> NDArray[np.float64]:
    """(bins,) gains over 0-8 kHz: a microphone's tilt and bumps, sometimes no bass, sometimes no treble."""
    knots = rng.uniform(-6, 6, 9) + np.linspace(0, rng.uniform(-8, 4), 9)
    gain = 10 ** (np.interp(np.linspace(0, 1, bins) ** 0.5, np.linspace(0, 1, 9), knots) / 20)
    hertz = np.linspace(0, RATE / 2, bins)
    if rng.random() < 0.4:
        ratio = (hertz / rng.uniform(60, 350)) ** 2
        gain *= ratio / np.sqrt(1 + ratio**2)
    if rng.random() < 0.35:  # people's own microphones and the codecs behind them keep little of an s
        gain /= np.sqrt(1 + (hertz / rng.uniform(2800, 7000)) ** 12)
    return np.asarray(gain)


def placed(samples: Floats, rng: np.random.Generator, dry: float = 0.35, plain: float = 0.2) -> Floats:
    """(n,) -> (n,): the voice in a room and through a microphone; ``dry`` and ``plain`` are the chances of
    neither.
    """
    room = impulse(rng) if rng.random() > dry else None
    plain_microphone = rng.random() < plain
    if room is None and plain_microphone:
        return samples
    size = next_fast_len(len(samples) + (len(room) if room is not None else 0), real=True)
    spectrum = rfft(samples, size)
    if room is not None:
        spectrum *= rfft(room, size)
    if not plain_microphone:
        spectrum *= colour(rng, len(spectrum))
    return np.asarray(irfft(spectrum, size)[: len(samples)], np.float32)


def whispered(samples: Floats, rng: np.random.Generator) -> Floats:
    """(n,) -> (n,): the same envelope excited by noise, with the bass a whisper does not have taken off."""
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, (FRAME, FRAME + STEP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::STEP] * window
    logs = np.log(np.abs(rfft(frames, axis=1)) + 1.0)
    cepstra = irfft(logs, FRAME, axis=1)
    cepstra[:, 24:-23] = 0  # finer than 1.5 ms apart: the harmonics
    hertz = np.linspace(0, RATE / 2, FRAME // 2 + 1)
    bass = -np.log(1 + (rng.uniform(300, 900) / (hertz + 60)) ** 2)
    envelope = np.exp(rfft(cepstra, axis=1).real + bass)
    noise = rfft(
        rng.standard_normal(len(padded)).astype(np.float32)[
            np.arange(FRAME) + STEP * np.arange(len(frames))[:, None]
        ]
        * window
    )
    pieces = irfft(envelope * noise / np.sqrt(FRAME / 4), FRAME, axis=1) * window
    sound = np.zeros(len(padded) + FRAME, np.float32)
    for number, piece in enumerate(pieces):
        sound[number * STEP : number * STEP + FRAME] += piece
    return sound[FRAME : FRAME + len(samples)] / 1.5


def hushed(samples: Floats, rng: np.random.Generator) -> Floats:
    """(n,) -> (n,): quiet speech: the treble falls by 2-9 dB above about 1 kHz and breath fills in."""
    size = next_fast_len(len(samples), real=True)
    spectrum = rfft(samples, size)
    hertz = np.linspace(0, RATE / 2, len(spectrum))
    fall = rng.uniform(2, 9) * np.clip(np.log2(np.maximum(hertz, 1) / 700), 0, 2.5) / 2.5
    soft = irfft(spectrum * 10 ** (-fall / 20), size)[: len(samples)]
    return np.asarray(soft + rng.uniform(0, 0.25) * whispered(samples, rng), np.float32)


def stretched(samples: Floats, percent: int) -> Floats:
    """(n,) -> (about n * 100 / percent,): pace, pitch and formants raised together by ``percent`` of 100."""
    if percent == 100:
        return samples
    return np.asarray(resample_poly(samples, 100, percent), np.float32)
