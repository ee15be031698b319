"""What a run of the recipe is to do, read from one TOML file."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from recipe.augment import Settings
from recipe.language import Language, read_language
from recipe.lexicon import SCOWL
from recipe.net import Shape, one_sided, symmetric
from recipe.reading import ConfigError, Part, read_toml


class Speech(Part):
    """Hours of each engine, and the share of texts that are phrases, near-misses and sentences (the rest:
    loose words).
    """

    minutes: float = 600.0  # of the clock, at most
    hours: dict[str, float] = Field(
        default_factory=lambda: {
            "kokoro": 10.0,
            "hibari": 10.0,
            "joe": 3.0,
            "flite": 3.0,
            "festival": 1.0,
            "espeak": 1.0,
        }
    )
    weights: dict[str, float] = Field(
        default_factory=lambda: {
            "kokoro": 0.5,
            "hibari": 0.24,
            "joe": 0.1,
            "flite": 0.08,
            "festival": 0.04,
            "espeak": 0.04,
            "people": 0.5,
        }
    )  # how often each is drawn in training
    shares: dict[str, tuple[float, float, float]] = Field(
        default_factory=lambda: {
            "kokoro": (0.55, 0.2, 0.12),
            "hibari": (0.35, 0.2, 0.3),
            "joe": (0.4, 0.2, 0.25),
        }
    )


class Stage(Part):
    """One pass of training; the next begins with its weights. Rates are of AdamW."""

    name: str
    minutes: float
    trunk_rate: float = 2e-4
    head_rate: float = 6e-4
    sequence: float = 0.0
    teach: float = 0.0
    batch: int = 24
    favoured: float = 0.0  # chance that a clip is drawn among its source's phrases of one or two words
    half: bool = True
    realign: bool = False  # let the stage before it say anew which phone sounds when


class Network(Part):
    start: Literal["korean"] | Path = "korean"  # or the folder of a model this recipe made
    language: str | None = None  # of that model, where it is another than the run's
    layers: int = 12
    one_sided: int = 3  # of the last layers; 3 of 12 leave 0.16 s of looking ahead

    def shape(self) -> Shape:
        return one_sided(symmetric(self.layers), self.one_sided)


class Measure(Part):
    """``against``: folders of other models for the same table."""

    recordings: Path | None = None
    phrases: tuple[str, ...] = ()
    decoys: int = 100
    against: tuple[Path, ...] = ()
    pocketsphinx: bool = True
    most: int = 70  # clips of a kind, where settings are chosen
    prior_powers: tuple[float, ...] = (0.0, 0.3)
    greeds: tuple[float, ...] = (0.0,)
    scales: tuple[float, ...] = (0.6,)
    chunks: tuple[int, ...] = (20,)


class Config(Part):
    """The whole run. Relative paths are relative to the file."""

    language: str = "en"  # one of models/recipe/data
    seed: int = 11
    name: str = "vosk-model-lull-en-0.3"
    work: Path
    output: Path
    styles: Path | None = None  # Kokoro's style vectors
    commands: Path  # folder of the product's commands.yaml
    prose: tuple[Path, ...] = ()  # for running speech: plain text, or files of the product's lines (.yaml)
    people: tuple[Path, ...] = ()  # folders of transcribed recordings to train on
    scowl: Path = SCOWL
    sizes: tuple[int, ...] = (10, 20, 35)
    noise_minutes: float = 60.0
    processes: int = 2
    # auto: a GPU where PyTorch finds one, the cores otherwise; beside a GPU the processes make examples
    device: Literal["auto", "cpu", "cuda"] = "auto"
    # network: the start model aligns; both: it aligns what PocketSphinx cannot
    aligner: Literal["pocketsphinx", "network", "both"] = "pocketsphinx"
    speech: Speech = Speech()
    network: Network = Network()
    stages: tuple[Stage, ...] = ()
    augment: Settings = Settings()
    measure: Measure = Measure()

    @property
    def spoken(self) -> Language:
        """What is known of the run's language."""
        return read_language(self.language)


def read_config(path: Path) -> Config:
    """ConfigError on a missing file, bad TOML, a field that is wrong or a language that it does not suit."""
    config = read_toml(path, Config)
    _check_language(path, config)
    return _anchored(config, path.resolve().parent)


def _check_language(path: Path, config: Config) -> None:
    language = config.spoken
    mute = [name for name in config.speech.hours if name not in language.engines]
    if mute:
        raise ConfigError(
            f"{path}: speech.hours: {', '.join(mute)} cannot speak {language.name}; take it out."
        )
    if language.ipa and not (config.aligner == "network" and isinstance(config.network.start, Path)):
        raise ConfigError(
            f'{path}: aligner: PocketSphinx knows English alone; write aligner = "network" and name a model '
            "of this recipe in network.start."
        )
    if language.ipa and config.measure.pocketsphinx:
        raise ConfigError(f"{path}: measure.pocketsphinx: it knows English alone; write false.")


def _anchored(config: Config, folder: Path) -> Config:
    start = config.network.start
    network = config.network.model_copy(
        update={"start": folder / start if isinstance(start, Path) else start}
    )
    measure = config.measure.model_copy(
        update={
            "recordings": folder / config.measure.recordings if config.measure.recordings else None,
            "against": tuple(folder / other for other in config.measure.against),
        }
    )
    return config.model_copy(
        update={
            "work": folder / config.work,
            "output": folder / config.output,
            "styles": folder / config.styles if config.styles else None,
            "commands": folder / config.commands,
            "scowl": folder / config.scowl,
            "prose": tuple(folder / one for one in config.prose),
            "people": tuple(folder / one for one in config.people),
            "network": network,
            "measure": measure,
        }
    )
