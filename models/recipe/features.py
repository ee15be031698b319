"""Kaldi's MFCC in PyTorch, to a few thousandths of Kaldi's own, and warped on demand to move a speaker's
formants.

25 ms windows every 10 ms, 40 mel bins from 20 to 7,600 Hz, 40 coefficients, no energy, no mean taken away.
"""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recipe.shards import RATE

WINDOW, HOP, TRANSFORM = 400, 160, 512
BINS, LOW, HIGH = 40, 20.0, 7600.0
LIFTER = 22.0
FLOOR = 1.1920929e-07
CONFIG = (
    "--use-energy=false\n--num-mel-bins=40\n--num-ceps=40\n--low-freq=20\n--high-freq=7600\n"
    "--allow-downsample=true\n--allow-upsample=true\n"
)


def frames_of(samples: int) -> int:
    """Number of whole windows in ``samples``."""
    return max(0, (samples - WINDOW) // HOP + 1)


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz) / 700.0))


@lru_cache(maxsize=64)
def banks(warp: float = 1.0) -> Tensor:
    """(257, 40) mel weights of the power spectrum. ``warp`` above 1 moves what is heard to lower bins."""
    edges = np.linspace(mel(LOW), mel(HIGH), BINS + 2)
    place = mel(np.minimum(RATE / TRANSFORM * np.arange(TRANSFORM // 2) / warp, HIGH * 1.2))
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    weights = np.minimum((place - low) / (middle - low), (high - place) / (high - middle)).clip(min=0.0)
    padded = np.pad(weights, ((0, 0), (0, 1)))
    return torch.from_numpy(padded.T.astype(np.float32).copy())


@lru_cache(maxsize=1)
def _window() -> Tensor:
    angle = 2 * np.pi * np.arange(WINDOW) / (WINDOW - 1)
    return torch.from_numpy(((0.5 - 0.5 * np.cos(angle)) ** 0.85).astype(np.float32))


@lru_cache(maxsize=1)
def _cosines() -> Tensor:
    order, place = np.arange(BINS)[:, None], np.arange(BINS)[None] + 0.5
    table = np.sqrt(2 / BINS) * np.cos(np.pi / BINS * order * place)
    table[0] = np.sqrt(1 / BINS)
    lift = 1 + LIFTER / 2 * np.sin(np.pi * order / LIFTER)
    return torch.from_numpy((table * lift).T.astype(np.float32).copy())


def mfcc(
    samples: Tensor, warp: float = 1.0, dither: float = 1.0, generator: torch.Generator | None = None
) -> Tensor:
    """(n,) samples in the scale of 16-bit integers -> (frames, 40)."""
    frames = samples.unfold(0, WINDOW, HOP)
    if dither:
        frames = frames + dither * torch.randn(frames.shape, generator=generator)
    frames = frames - frames.mean(1, keepdim=True)
    frames = frames - 0.97 * torch.cat([frames[:, :1], frames[:, :-1]], 1)
    spectrum = torch.fft.rfft(frames * _window(), TRANSFORM)
    power = spectrum.real.square() + spectrum.imag.square()
    return torch.log(torch.clamp(power @ banks(warp), min=FLOOR)) @ _cosines()
