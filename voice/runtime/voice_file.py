"""What was learned of her voice, on disk: a few numbers of each command she said, never sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice.ear.learned import NOTHING, Learned, Sample, learn
from voice.ear.policy import Policy
from voice.errors import LullError
from voice.language.commands import Commands

FORMAT = 1
REMEDY = "say the commands once more with lull check --learn, or delete it with lull forget-voice"


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: str
    phrase: str
    heard: str
    right: bool
    confidence: float = Field(ge=0.0, le=1.0)
    seconds: float = Field(ge=0.0, le=20.0, allow_inf_nan=False)
    scrap: float = Field(ge=0.0, le=20.0, allow_inf_nan=False)
    level: float = Field(ge=-130.0, le=10.0, allow_inf_nan=False)
    floor: float = Field(ge=-130.0, le=10.0, allow_inf_nan=False)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = Field(ge=1, le=FORMAT)
    learned: date
    language: str
    said: list[_Said] = Field(min_length=1, max_length=200)


def save_voice(path: Path, samples: Sequence[Sample], language: str, today: date) -> None:
    """Write the file whole or not at all. Raises LullError when it cannot be written."""
    said = [_Said(**asdict(sample)) for sample in samples]
    text = _File(format=FORMAT, learned=today, language=language, said=said).model_dump_json(indent=1)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise LullError(f"{path} cannot be written ({error.strerror}); nothing was kept.") from error


def load_voice(path: Path, commands: Commands, language: str) -> Learned:
    """Her thresholds; none where there is no file or it is of another language.

    Raises LullError for a file that cannot be used.
    """
    kept = _read(path)
    if kept is None or kept.language != language:
        return NOTHING
    return learn((Sample(**said.model_dump()) for said in kept.said), commands, Policy())


def voice_or_usual(path: Path, commands: Commands, language: str) -> tuple[Learned, str]:
    """The same for a session: a damaged file costs her thresholds and one sentence, never the session."""
    try:
        return load_voice(path, commands, language), ""
    except LullError as error:
        return NOTHING, f"{error} Until then every voice is judged alike."


def describe_voice(path: Path) -> str:
    """One line on what is kept. Raises LullError for a file that cannot be used."""
    kept = _read(path)
    if kept is None:
        return "nothing is kept of your voice (lull check --learn)"
    return f"{path}: numbers of {len(kept.said)} commands you said on {kept.learned}, no sound"


def described(path: Path) -> str:
    """The same where a damaged file is no reason to stop."""
    try:
        return describe_voice(path)
    except LullError as error:
        return str(error).rstrip(".")


def forget_voice(path: Path) -> str:
    """Delete the file; one line about it. Raises LullError when it cannot be deleted."""
    try:
        path.unlink()
    except FileNotFoundError:
        return "Nothing was kept of your voice."
    except OSError as error:
        raise LullError(f"{path} cannot be deleted ({error.strerror}); delete it by hand.") from error
    return f"Deleted {path}. Every voice is judged alike again."


def _read(path: Path) -> _File | None:
    try:
        return _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LullError(f"{path} cannot be read ({error.strerror}); {REMEDY}.") from error
    except ValidationError as error:
        where = ".".join(str(key) for key in error.errors()[0]["loc"]) or "it is no JSON"
        raise LullError(f"{path} is damaged ({where}); {REMEDY}.") from None
