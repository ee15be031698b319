"""Her settings: one flat TOML file, each key with a default, a unit and a sentence saying what it does.

Where a value comes from, weakest first: the default, the file, an environment variable `LULL_<KEY>`,
an option of the command line.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from voice.data import DATA
from voice.errors import DataError, LullError
from voice.guide.parts import Wishes
from voice.guide.relaxing import with_breath

FILE_NAME = "settings.toml"
ENVIRONMENT_PREFIX = "LULL_"


NAME = r"^([^\W\d_][^\W\d_ '-]*([ '-][^\W\d_]+)*)?$"
"""A name as it is spoken: letters, and single blanks, hyphens or apostrophes between them."""


def _one_of(names: Iterable[str]) -> Callable[[str], str]:
    """A check that a value is one of the names, which the complaint lists."""
    known = sorted(names)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"choose one of {', '.join(known)}")
        return value

    return check


GuideName = Annotated[str, AfterValidator(_one_of(path.stem for path in (DATA / "guides").glob("*.yaml")))]
Locale = Annotated[
    str, AfterValidator(_one_of(path.parent.name for path in DATA.glob("locale/*/commands.yaml")))
]


class Settings(BaseModel):
    """Every value she can set. Each description begins with the unit where the value has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        default="",
        description="Recogniser model: a name of the manifest or a folder. Empty: the best there is.",
    )
    engine: Literal["auto", "hibari", "pyttsx3", "silent"] = Field(
        default="auto",
        description="What speaks; auto takes the first that works, silent shows captions only.",
    )
    voice: str = Field(default="", description="Name of the speaking voice. Empty: the engine's own.")
    pace: float = Field(
        default=1.0,
        ge=0.7,
        le=1.3,
        description="Times the voice's own pace on the first night; 0.8 is slower.",
    )
    level: float = Field(
        default=-6.0, ge=-30.0, le=0.0, description="dB below the loudest, on the first night."
    )
    background: Literal["none", "waves", "rain", "heartbeat", "pink"] = Field(
        default="none", description="Sound under the voice on the first night; later by voice."
    )
    breathe_in: float = Field(
        default=4.0,
        ge=2.5,
        le=7.0,
        description="Seconds of breathing in that tones pace, on the first night.",
    )
    breathe_out: float = Field(
        default=6.0,
        ge=3.5,
        le=10.0,
        description="Seconds of breathing out that tones pace, on the first night.",
    )
    mother_name: str = Field(
        default="",
        pattern=NAME,
        description="Her name, said to her helper, until she tells another by voice. Empty: she.",
    )
    helper_name: str = Field(
        default="",
        pattern=NAME,
        description="Her helper's name, until she tells another by voice. Empty: the helper is called you.",
    )
    input: str = Field(
        default="", description="Microphone, by a part of its name. Empty: the system's choice."
    )
    output: str = Field(
        default="", description="Loudspeaker, by a part of its name. Empty: the system's choice."
    )
    sample_rate: int = Field(
        default=48_000,
        ge=8_000,
        le=192_000,
        description="Hz wished from the sound card; its own is the fallback.",
    )
    latency: Literal["low", "high"] = Field(
        default="high", description="Sound buffering: high is safe, low answers about 40 ms sooner."
    )
    echo: Literal["kalman", "pyaec", "off"] = Field(
        default="kalman",
        description="What takes its own voice out of the microphone: pyaec is an extra, off for headphones.",
    )
    wait: bool = Field(
        default=False, description="Wait in silence for a start phrase, and again after each session."
    )
    guide: GuideName = Field(default="letdown", description="Which guide to run.")
    locale: Locale = Field(default="en", description="Language of what is said and heard.")
    country: str = Field(
        default="",
        pattern=r"^([A-Za-z]{2})?$",
        description="Two letters, like GB: whose emergency numbers are said. Empty: no numbers.",
    )
    carry_on_hours: float = Field(
        default=12.0,
        ge=0.0,
        le=72.0,
        description="Hours after which a session cut short is no longer offered.",
    )
    data_folder: str = Field(
        default="",
        description="Folder of the journal and of her voice's numbers. Empty: the system's place for data.",
    )
    cache_folder: str = Field(
        default="", description="Folder of rendered speech. Empty: the system's place for caches."
    )
    cache_megabytes: int = Field(
        default=200, ge=10, le=10_000, description="MB of rendered speech that are kept."
    )

    def first_night(self) -> tuple[float, float, Wishes, dict[str, str]]:
        """Pace, level in dB and wishes of the first night, and the names by role of every night."""
        return self.pace, self.level, self.first_wishes(), self.names()

    def names(self) -> dict[str, str]:
        """Names by role, where they were given."""
        given = {"mother": self.mother_name, "helper": self.helper_name}
        return {role: name for role, name in given.items() if name}

    def first_wishes(self) -> Wishes:
        """What the first night begins with."""
        background = "" if self.background == "none" else self.background
        return with_breath(Wishes(background=background), self.breathe_in, self.breathe_out)

    def journal_path(self) -> Path:
        """File of the journal and history."""
        return Path(self.data_folder or platformdirs.user_data_dir("lull")).expanduser() / "journal.sqlite"

    def voice_path(self) -> Path:
        """File of what was learned of her voice."""
        return self.journal_path().with_name("voice.json")

    def speech_folder(self) -> Path:
        """Folder of rendered speech."""
        return Path(self.cache_folder or platformdirs.user_cache_dir("lull")).expanduser() / "speech"


@dataclass(frozen=True)
class Source:
    """Where a value came from; `where` is a file and line, a variable's or an option's name, or empty."""

    kind: Literal["default", "file", "environment", "option"]
    where: str = ""


@dataclass(frozen=True)
class Effective:
    """The settings in force and the source of each key."""

    settings: Settings
    sources: Mapping[str, Source]
    path: Path


def settings_path() -> Path:
    """The settings file: `LULL_SETTINGS`, or `lull/settings.toml` where this system keeps settings."""
    chosen = os.environ.get("LULL_SETTINGS")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_config_dir("lull")) / FILE_NAME


def load_settings(
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Effective:
    """Read the settings in force. Options of value None count as not given.

    Raises DataError (file:line and rule) for the file, LullError
    naming the variable or option for the others.
    """
    path = path or settings_path()
    values: dict[str, object] = {}
    sources = {key: Source("default") for key in Settings.model_fields}
    for key, value, line in _from_file(path):
        _check(f"{path}:{line}", key, value, lenient=False)
        values[key], sources[key] = value, Source("file", f"{path}:{line}")
    for key, value in _from_environment(os.environ if environment is None else environment):
        name = ENVIRONMENT_PREFIX + key.upper()
        values[key], sources[key] = (
            _check(f"environment variable {name}", key, value),
            Source("environment", name),
        )
    for key, given in (options or {}).items():
        if given is not None:
            values[key], sources[key] = (
                _check(f"option --{key.replace('_', '-')}", key, given),
                Source("option", f"--{key}"),
            )
    return Effective(Settings.model_validate(values), sources, path)


def _from_file(path: Path) -> list[tuple[str, object, int]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise LullError(
            f"The settings file {path} cannot be read ({error}); repair it or move it."
        ) from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place.group(1)) if place else max(1, len(text.splitlines()))
        raise DataError(
            f"{path}:{line}", f"not valid TOML ({error}); lines look like  level = -6.0"
        ) from error
    return [(key, value, _line_of(key, text)) for key, value in values.items()]


def _line_of(key: str, text: str) -> int:
    pattern = re.compile(rf"""^\s*\[?\s*["']?{re.escape(key)}["']?\s*[\].=]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for name in sorted(environment):
        if not name.startswith(ENVIRONMENT_PREFIX) or name == "LULL_SETTINGS":
            continue
        key = name.removeprefix(ENVIRONMENT_PREFIX).lower()
        if key in Settings.model_fields:
            found.append((key, environment[name]))
        elif near := _nearest(key):
            meant = ENVIRONMENT_PREFIX + near.upper()
            raise LullError(f"The environment variable {name} is not a setting; did you mean {meant}?")
    return found


def _nearest(key: str) -> str | None:
    return next(iter(difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.75)), None)


def _check(where: str, key: str, value: object, lenient: bool = True) -> object:
    """The value as the setting's own type. `lenient`: text may stand for a number."""
    if key not in Settings.model_fields:
        near = _nearest(key)
        hint = f"did you mean {near}?" if near else f"the settings are: {', '.join(Settings.model_fields)}"
        raise DataError(where, f"there is no setting called {key}; {hint}")
    kind = Settings.model_fields[key].annotation
    if not lenient and kind in (float, int) and isinstance(value, str | bool):
        raise DataError(where, f"{key} must be a number, without quotes; it is {value!r}")
    try:
        return getattr(Settings.model_validate({key: value}), key)
    except ValidationError as error:
        first = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise DataError(where, f"{key} = {value!r} will not do: {first[0].lower()}{first[1:]}") from error
