"""What a run of the second pass is to do, read from one TOML file."""

from pathlib import Path

from pydantic import Field

from recipe.config import Config, read_config
from recipe.reading import Part, read_toml


class Encode(Part):
    """How much spoilt speech is shown to the encoder, and what of it."""

    shards: int = Field(default=120, ge=2)  # files of features; the first is never learnt from
    clips: int = Field(default=500, ge=1)  # in each
    favoured: float = 0.3  # chance that a clip is drawn among its source's phrases
    weights: dict[str, float] = Field(
        default_factory=lambda: {
            "kokoro": 0.12,
            "hibari": 0.5,
            "joe": 0.1,
            "flite": 0.1,
            "festival": 0.05,
            "espeak": 0.06,
            "people": 0.1,
        }
    )  # how often each source is drawn


class Learn(Part):
    """The head and its training. The rate is of AdamW, and falls along a cosine."""

    minutes: float = 30.0  # of the clock, over restarts
    width: int = Field(default=192, ge=1)
    layers: int = Field(default=3, ge=0)
    kernel: int = Field(default=5, ge=1)  # frames of 24 ms that each layer sees; odd
    batch: int = Field(default=48, ge=1)
    rate: float = 1.5e-3  # of the head
    layers_rate: float = 0.0  # of the encoder's layers; 0: they stay as published
    stem_rate: float = 0.0  # of its convolutions, beside a GPU; 0: they stay as published
    kept: float = Field(default=1.0, ge=0.0, le=1.0)  # share of what the encoder learnt that is exported
    held: int = Field(default=384, ge=1)  # clips that only tell how far it is, beside a GPU
    alone: float = 10.0  # minutes after which the layers begin: a head that knows nothing would spoil them
    drop: float = 0.05
    average: float = 0.995  # of the running mean of weights, which is what is kept: about two hundred steps
    threads: int = 1

    @property
    def deep(self) -> bool:
        """Whether the encoder's layers learn too."""
        return self.layers_rate > 0


class Report(Part):
    """``limit``: nats a phrase may fall short and still be accepted; ``limits``: those that choose tries."""

    limit: float = 4.0
    limits: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
    most: int = 70  # clips of a kind, for choose


class Published(Part):
    """What others made and is used as it is."""

    encoder: Path  # Moonshine tiny's encoder_model.onnx
    decoder: Path  # its decoder_model_merged.onnx
    tokenizer: Path  # its tokenizer.json
    licence: Path  # theirs, which goes where they go

    def beside(self, folder: Path) -> "Published":
        """Relative paths are relative to the folder."""
        return Published(**{name: folder / path for name, path in self})


class SecondConfig(Part):
    """The whole run. Relative paths are relative to the file."""

    first: Path  # config of the first pass, whose speech, noise, alignments, words and phrases are used
    published: Published
    work: Path  # features and the checkpoint
    model: Path  # the folder of the first pass's model: what the product needs is put into a folder there
    seed: int = 31
    processes: int = Field(default=2, ge=1)
    encode: Encode = Encode()
    learn: Learn = Learn()
    report: Report = Report()

    @property
    def run(self) -> Config:
        """The first pass's run. ConfigError as ``read_config``."""
        return read_config(self.first)

    @property
    def checkpoint(self) -> Path:
        return self.work / "learnt.pt"


def read_second(path: Path) -> SecondConfig:
    """ConfigError on a missing file, bad TOML or a field that is wrong."""
    config, folder = read_toml(path, SecondConfig), path.resolve().parent
    places = {name: folder / getattr(config, name) for name in ("first", "work", "model")}
    return config.model_copy(update={**places, "published": config.published.beside(folder)})
