"""Reads the data files and remembers on which line everything stands, so that an error can say where."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.scalarint import ScalarInt
from ruamel.yaml.scalarstring import ScalarString

from voice.errors import DataError

T = TypeVar("T", bound=BaseModel)
Key = str | int


@dataclass(frozen=True)
class Document:
    """One YAML file: `value` is made of plain dict, list, str, int, float, bool and None."""

    path: Path
    value: Any
    tree: Any = field(repr=False, compare=False, default=None)

    def line(self, *keys: Key) -> int:
        """The line (1-based) of the node at `keys`, or of the nearest existing node above it."""
        node, line = self.tree, 1
        for key in keys:
            position = _position(node, key)
            if position is None:
                break
            line, node = position + 1, node[key]
        return line

    def where(self, *keys: Key) -> str:
        """`file:line` of the node at `keys`."""
        return f"{self.path}:{self.line(*keys)}"

    def error(self, rule: str, *keys: Key) -> DataError:
        """An error about the node at `keys`; `rule` says what is wrong and what to do."""
        return DataError(self.where(*keys), rule)


def read_yaml(path: Path) -> Document:
    """Read one YAML file. Raises DataError when it is missing, unreadable, empty or not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{path}:1", "this file is missing; put it back or install Lull again.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path}:1", "this file is not UTF-8 text; save it as UTF-8.") from None
    except OSError as problem:
        raise DataError(f"{path}:1", f"this file cannot be read ({problem.strerror}); check it.") from None
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = 1 if mark is None else mark.line + 1
        what = " ".join(str(problem.problem or problem.context or "syntax error").split())
        raise DataError(f"{path}:{line}", f"this is not valid YAML ({what}); correct the line.") from None
    except (YAMLError, ValueError) as problem:
        what = " ".join(str(problem).split())
        raise DataError(f"{path}:1", f"this is not valid YAML ({what}); correct the file.") from None
    if tree is None:
        raise DataError(f"{path}:1", "this file is empty; put its content back or install Lull again.")
    return Document(path=path, value=_plain(tree), tree=tree)


def parse(document: Document, model: type[T], *keys: Key) -> T:
    """The part of the document at `keys` as `model`. Raises DataError for the first rule that is broken."""
    value = document.value
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            raise document.error(f"'{key}' is missing; add it.", *keys) from None
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        path = (*keys, *first["loc"])
        raise document.error(_rule(document, first, path), *path) from None


def _position(node: object, key: Key) -> int | None:
    """The line (0-based) where `key` stands inside `node`."""
    if isinstance(node, CommentedMap) and key in node:
        position: tuple[int, int] = node.lc.key(key)
        return position[0]
    if isinstance(node, CommentedSeq) and isinstance(key, int) and 0 <= key < len(node):
        position = node.lc.item(key)
        return position[0]
    return None


def _plain(node: object) -> object:
    if isinstance(node, dict):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, ScalarFloat):
        return float(node)
    if isinstance(node, ScalarInt):
        return int(node)
    if isinstance(node, ScalarString):
        return str(node)
    return node


def _rule(document: Document, problem: ErrorDetails, path: tuple[Key, ...]) -> str:
    name = _spoken_path(document, path)
    kind = problem["type"]
    if kind == "missing":
        return f"{name} is missing; add it."
    if kind == "extra_forbidden":
        return f"{name} is not a known field; correct its name or remove it."
    if kind == "value_error":
        return f"{name}: {problem['ctx']['error']}"
    return f"{name}: {_lower_first(problem['msg'])}, not {_short(problem['input'])}; correct it."


def _spoken_path(document: Document, path: tuple[Key, ...]) -> str:
    """`steps[warm].seconds` rather than `steps.11.seconds` where an item has an id."""
    parts = ""
    value: object = document.value
    for key in path:
        value = _child(value, key)
        if isinstance(key, int):
            named = value.get("id") if isinstance(value, dict) else None
            parts += f"[{named or key}]"
        else:
            parts += f".{key}" if parts else key
    return parts or "the file"


def _child(value: object, key: Key) -> object:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return None


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else text[:37] + "..."
