"""The list of recogniser models Lull knows: `models/manifest.toml`, and how a model folder is measured."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from voice.errors import DataError

EMBEDDED = "embedded"
_ADDRESSES = ("https://", "http://127.0.0.1:", "http://localhost:")  # in the clear from this machine only
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class ModelEntry:
    """One model. `bytes` and `sha256` are those of the zip at `address`, or of the folder when `address` is
    "embedded" (see `measure_folder`); 0 and empty when nobody has measured the zip yet."""

    name: str
    language: str
    version: str
    address: str
    bytes: int
    sha256: str
    licence: str

    @property
    def embedded(self) -> bool:
        return self.address == EMBEDDED

    @property
    def unmeasured(self) -> bool:
        """Its digest is not known: whoever fetches it has to vouch for it."""
        return not self.sha256

    def speaks(self, language: str) -> bool:
        """Whether it hears `language`, whatever the region ("en-us" hears "en")."""
        return self.language.split("-")[0] == language.split("-")[0]


@dataclass(frozen=True)
class Measure:
    """Total bytes of a folder's files and the SHA-256 of their listing, in lower-case hexadecimal."""

    bytes: int
    sha256: str


def measure_folder(folder: Path) -> Measure:
    """Total size and digest of every file in `folder` whose path has no part that begins with a dot.

    The digest is the SHA-256 of the listing `sha256sum` prints for those files, sorted by path as bytes:
    `(cd FOLDER && find * -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum`.
    """
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
    total = 0
    listing = hashlib.sha256()
    for name in sorted(files, key=str.encode):
        content = files[name].read_bytes()
        total += len(content)
        listing.update(f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode())
    return Measure(total, listing.hexdigest())


def read_manifest(path: Path) -> tuple[ModelEntry, ...]:
    """Every model of `path`, in its order. Raises DataError naming file, line and rule."""
    try:
        text = path.read_text(encoding="utf-8")
        value = tomllib.loads(text)
    except OSError as error:
        raise DataError(
            f"{path}:1", f"cannot be read ({error.strerror}); restore it from the repository"
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        named = re.search(r"line (\d+)", str(error))
        raise DataError(f"{path}:{named[1] if named else 1}", f"is not valid TOML: {error}") from None
    tables = value.get("model")
    if not isinstance(tables, list) or not tables:
        raise DataError(f"{path}:1", "needs at least one [[model]] table")
    starts = [number for number, row in enumerate(text.splitlines(), 1) if row.strip() == "[[model]]"]
    lines = starts if len(starts) == len(tables) else [1] * len(tables)
    entries = tuple(_entry(table, f"{path}:{line}") for table, line in zip(tables, lines, strict=True))
    names = [entry.name for entry in entries]
    for name, line in zip(names, lines, strict=True):
        if names.count(name) > 1:
            raise DataError(f"{path}:{line}", f"the name {name} is used twice; give each model its own")
    return entries


def _entry(table: object, where: str) -> ModelEntry:
    if not isinstance(table, dict):
        raise DataError(where, "a model must be a [[model]] table")
    wanted = {field.name: int if field.name == "bytes" else str for field in fields(ModelEntry)}
    for key, kind in wanted.items():
        if type(table.get(key)) is not kind:
            raise DataError(where, f"needs `{key}`, {'a whole number' if kind is int else 'a text'}")
    for key in table:
        if key not in wanted:
            raise DataError(where, f"`{key}` means nothing here; remove it")
    entry = ModelEntry(**table)
    if not _NAME.fullmatch(entry.name):
        raise DataError(where, "`name` may hold letters, digits, dots, dashes and underscores only")
    if entry.unmeasured and entry.bytes == 0 and not entry.embedded:
        return _addressed(entry, where)
    if not _SHA256.fullmatch(entry.sha256):
        raise DataError(where, "`sha256` must be 64 lower-case hexadecimal digits")
    if entry.bytes <= 0:
        raise DataError(where, "`bytes` must be above 0")
    return _addressed(entry, where)


def _addressed(entry: ModelEntry, where: str) -> ModelEntry:
    if not entry.embedded and not entry.address.startswith(_ADDRESSES):
        raise DataError(where, '`address` must be "embedded" or begin with https://')
    return entry
