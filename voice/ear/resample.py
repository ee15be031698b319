"""Any rate to the ear's rate, as the sound comes in."""

from __future__ import annotations

import numpy as np

from voice.ear.frames import EAR_RATE, Samples
from voice.ear.libraries import soxr


class Resampler:
    """Turns a stream at `rate` Hz into one at EAR_RATE. A rate of EAR_RATE passes through untouched.

    soxr's low quality is enough for speech (its band ends at 6.5 kHz) and holds back a few ms only.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._stream = (
            None
            if rate == EAR_RATE
            else soxr.ResampleStream(rate, EAR_RATE, 1, dtype="float32", quality="LQ")
        )

    def feed(self, samples: Samples, last: bool = False) -> Samples:
        """What is ready at EAR_RATE; with `last`, everything that is left."""
        if self._stream is None:
            return samples
        return np.asarray(self._stream.resample_chunk(samples, last=last), dtype=np.float32).reshape(-1)
