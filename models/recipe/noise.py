"""The bank of noises that training mixes in: minutes of each kind, made by numbers."""

from pathlib import Path

import numpy as np

from bench.sounds.household import MAKERS
from recipe.shards import RATE, Writer
from recipe.voices.speaking import to_int16

SECONDS = 16  # of one piece

# Minutes of each, per minute of the whole: what she has running most comes most.
MIX = {
    "pump": 0.3, "crying": 0.2, "water": 0.14, "vacuum": 0.05, "washing": 0.06,
    "dishes": 0.07, "music": 0.05, "hum": 0.05, "hiss": 0.08,
}  # fmt: skip


def make_bank(folder: Path, minutes: float, seed: int) -> None:
    """One shard a kind of noise in ``folder``, each row a piece; goes on where it stopped."""
    for number, (kind, share) in enumerate(MIX.items()):
        writer = Writer(folder, kind)
        for piece in range(writer.rows, max(2, round(minutes * 60 / SECONDS * share))):
            rng = np.random.default_rng([seed, number, piece])
            sound = MAKERS[kind](rng, SECONDS * RATE)
            writer.add(to_int16(sound.astype(np.float32), 0.9), kind, f"{piece}")
        writer.close()
