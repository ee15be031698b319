"""Which recogniser model is used, and whether it is whole. A model is a folder, opened by its path only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import platformdirs

import voice
from voice.data import DATA
from voice.ear.graphfile import GraphError, check_length, read_words
from voice.ear.manifest import ModelEntry, measure_folder, read_manifest
from voice.errors import LullError

ENVIRONMENT = "LULL_MODEL"
MANIFEST = "manifest.toml"
RECORD = ".fetched"  # left in a fetched folder: its digest when it was unpacked
ACOUSTIC = "am/final.mdl"
CONFIGURATION = ("conf/model.conf", "conf/mfcc.conf")
LOOK_AHEAD = "graph/HCLr.fst"
GRAMMAR = "graph/Gr.fst"
STATIC = "graph/HCLG.fst"
NEEDED = (ACOUSTIC, *CONFIGURATION, LOOK_AHEAD, GRAMMAR)
KALDI_BINARY = b"\0B"

Origin = Literal["setting", "environment", "fetched", "embedded"]


class ModelError(LullError):
    """No model, or a broken one. One sentence: which folder or file, what to do."""


@dataclass(frozen=True)
class FoundModel:
    """A model folder and why it was chosen."""

    path: Path
    origin: Origin


@dataclass(frozen=True)
class ModelReport:
    """A whole model. `bytes` counts its files; `verified` says that their digest is the recorded one;
    `unknown` are the asked-for words it can never hear, in alphabetical order; `known` are all it knows,
    those in brackets too."""

    path: Path
    name: str
    bytes: int
    verified: bool
    unknown: tuple[str, ...]
    known: frozenset[str] = field(repr=False)

    @property
    def words(self) -> int:
        """How many words it knows."""
        return len(self.known)

    def lacking(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those of `words` it can never hear, in alphabetical order."""
        return _beyond(self.known, words)

    @property
    def trouble(self) -> str | None:
        """One sentence when some words can never be heard, else None."""
        if not self.unknown:
            return None
        shown = ", ".join(self.unknown[:5]) + (" and others" if len(self.unknown) > 5 else "")
        return (
            f"The model {self.name} does not know {len(self.unknown)} of the words to listen for ({shown}), "
            f"so phrases with them will not be heard; choose another model with the setting `model`."
        )


def embedded_folder() -> Path:
    """Where the models that came with Lull are: in the installed package, or `models/` of the repository."""
    inside = DATA / "models"
    return inside if inside.is_dir() else Path(voice.__file__).parent.parent / "models"


def fetched_folder() -> Path:
    """The folder fetched models are unpacked into."""
    return platformdirs.user_data_path("lull", appauthor=False) / "models"


def known_models() -> tuple[ModelEntry, ...]:
    """Every model of the manifest that came with Lull. Raises DataError."""
    return read_manifest(embedded_folder() / MANIFEST)


def find_model(setting: str | None = None, language: str = "en") -> Path:
    """The folder to open: the setting, else LULL_MODEL, else a fetched model, else the embedded one.

    `setting` and LULL_MODEL are a folder, or the name of a model of the manifest; the others must hear
    `language`. Raises ModelError.
    """
    return locate_model(setting, language=language).path


def locate_model(
    setting: str | None = None,
    environment: Mapping[str, str] = os.environ,
    fetched: Path | None = None,
    language: str = "en",
) -> FoundModel:
    """`find_model` with its reason; `fetched` is `fetched_folder()` unless given. Raises ModelError."""
    fetched = fetched or fetched_folder()
    if setting:
        return FoundModel(_named(setting, fetched, "the setting `model`"), "setting")
    if environment.get(ENVIRONMENT):
        return FoundModel(_named(environment[ENVIRONMENT], fetched, ENVIRONMENT), "environment")
    entries = [entry for entry in known_models() if entry.speaks(language)]
    for entry in entries:
        if (fetched / entry.name).is_dir():
            return FoundModel(fetched / entry.name, "fetched")
    for entry in entries:
        if entry.embedded and (embedded_folder() / entry.name).is_dir():
            return FoundModel(embedded_folder() / entry.name, "embedded")
    if not any(entry.embedded for entry in entries):
        raise ModelError(_to_be_fetched(language, entries))
    raise ModelError(
        f"No recogniser model in {fetched} or {embedded_folder()}; restore the folder models/ "
        f"from the repository or run scripts/fetch-model."
    )


def _to_be_fetched(language: str, entries: Sequence[ModelEntry]) -> str:
    if not entries:
        return f"No recogniser model hears the language '{language}'; name one with the setting `model`."
    return (
        f"To hear the language '{language}' a model must be fetched first: scripts/fetch-model "
        f"{entries[0].name}; until then, use lull talk."
    )


def _named(wanted: str, fetched: Path, asker: str) -> Path:
    folder = Path(wanted).expanduser()
    if folder.is_dir():
        return folder.absolute()
    if folder.exists():
        raise ModelError(f"{asker} names {wanted}, which is a file; a model is a folder, so unpack it first.")
    if folder.name == wanted:
        for place in (fetched, embedded_folder()):
            if (place / wanted).is_dir():
                return place / wanted
        if any(entry.name == wanted for entry in known_models()):
            raise ModelError(f"{asker} names {wanted}, not fetched yet; run scripts/fetch-model {wanted}.")
    raise ModelError(
        f"{asker} names {wanted}, which is no folder and no known model; correct it or leave it out."
    )


def check_model(path: Path, words: Iterable[str] = ()) -> ModelReport:
    """Looks at the files of a model and at every word of `words` ([unk] and the like are left out).

    Takes under a tenth of a second and loads no recogniser. Raises ModelError when it is missing or broken.
    """
    if not path.is_dir():
        raise ModelError(f"There is no model folder {path}; {_remedy(path)}.")
    for name in NEEDED:
        _check_file(path, name)
    known = vocabulary(path)
    expected = _recorded_digest(path)
    measure = measure_folder(path)
    if expected is not None and measure.sha256 != expected:
        raise ModelError(f"The model {path} is not as it was made: its digest differs; {_remedy(path)}.")
    unknown = _beyond(known, words)
    return ModelReport(path, path.name, measure.bytes, expected is not None, unknown, known)


def _beyond(known: frozenset[str], words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({word for word in words if not word.startswith("[")} - known))


def _check_file(folder: Path, name: str) -> None:
    file = folder / name
    if not file.is_file():
        if name == LOOK_AHEAD and (folder / STATIC).is_file():
            raise ModelError(
                f"The model {folder} is a large one that cannot be told which words to listen for; "
                f"choose a small one, with {LOOK_AHEAD} in it."
            )
        raise ModelError(f"The model {folder} has no {name}; {_remedy(folder)}.")
    try:
        if file.suffix == ".fst":
            check_length(file)
        elif file.stat().st_size == 0:
            raise GraphError("is empty")
        elif name == ACOUSTIC:
            with file.open("rb") as stream:
                if stream.read(2) != KALDI_BINARY:
                    raise GraphError("is not an acoustic model")
    except GraphError as error:
        raise ModelError(f"{file} {error}; {_remedy(folder)}.") from None
    except OSError as error:
        raise ModelError(f"{file} cannot be read ({error.strerror}); {_remedy(folder)}.") from None


def vocabulary(folder: Path) -> frozenset[str]:
    """Every word the model of the folder knows, those in brackets too. Raises ModelError."""
    file = folder / GRAMMAR
    try:
        words = read_words(file)
        if words is None:
            file = folder / "graph" / "words.txt"
            words = frozenset(
                line.split()[0] for line in file.read_text("utf-8").splitlines() if line.strip()
            )
    except GraphError as error:
        raise ModelError(f"{file} {error}; {_remedy(folder)}.") from None
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"The model {folder} has no readable list of words; {_remedy(folder)}.") from None
    return words


def _recorded_digest(folder: Path) -> str | None:
    """The digest a folder must have: the manifest's for an embedded model, its record's for a fetched one."""
    if folder.parent.resolve() == embedded_folder().resolve():
        digests = [entry.sha256 for entry in known_models() if entry.embedded and entry.name == folder.name]
        return digests[0] if digests else None
    record = folder / RECORD
    return record.read_text("utf-8").strip() if record.is_file() else None


def _remedy(folder: Path) -> str:
    if folder.parent.resolve() == embedded_folder().resolve():
        return f"restore it with: git checkout -- models/{folder.name}, or install Lull again"
    if folder.parent.resolve() == fetched_folder().resolve():
        return f"fetch it again with: scripts/fetch-model {folder.name}"
    return "unpack the model again, or leave out the setting to use the one that came with Lull"
