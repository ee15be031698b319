"""Reading a data file: the value, the line of every node, and one clear sentence when it is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from voice.data.reading import parse, read_yaml
from voice.errors import DataError


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    id: str
    count: Annotated[int, Field(ge=1)]


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    items: list[Item]


GOOD = """\
# a comment
name: tea
items:
  - id: cup
    count: 2
  - {id: pot, count: 1}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def broken(folder: Path, text: str) -> str:
    with pytest.raises(DataError) as caught:
        parse(read_yaml(written(folder, text)), Whole)
    return str(caught.value)


def test_values_are_plain_and_lines_are_known(tmp_path: Path) -> None:
    document = read_yaml(written(tmp_path, GOOD))
    assert document.value == {"name": "tea", "items": [{"id": "cup", "count": 2}, {"id": "pot", "count": 1}]}
    assert {type(node) for node in (document.value, document.value["items"])} == {dict, list}
    assert document.line("name") == 2
    assert document.line("items", 0, "count") == 5
    assert document.line("items", 1) == 6
    assert document.line("items", 7, "count") == 3
    assert document.line() == 1


def test_a_part_can_be_parsed(tmp_path: Path) -> None:
    document = read_yaml(written(tmp_path, GOOD))
    assert parse(document, Whole).items[1].id == "pot"
    assert parse(document, Item, "items", 0).count == 2
    with pytest.raises(DataError, match=r"file\.yaml:3: 'saucer' is missing"):
        parse(document, Item, "items", "saucer")


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("name: tea\nitems: [\n", 3, "not valid YAML"),
        ("name: tea\nname: coffee\n", 2, "duplicate key"),
        ("name: tea\n\tx: 1\n", 2, "not valid YAML"),
        ("", 1, "empty"),
        ("# nothing\n", 1, "empty"),
        ("name: tea\nitems:\n  - id: cup\n", 3, "items[cup].count is missing; add it"),
        ("name: tea\nitems:\n  - id: cup\n    count: 0\n", 4, "items[cup].count: input should be greater"),
        (
            "name: tea\nitems:\n  - id: cup\n    count: 1\n    size: 3\n",
            5,
            "items[cup].size is not a known field",
        ),
        ("items: []\n", 1, "name is missing"),
        ("name: 3\nitems: []\n", 1, "name: input should be a valid string, not 3"),
        ("- a list\n", 1, "the file: "),
    ],
)
def test_an_error_names_file_line_and_rule(tmp_path: Path, text: str, line: int, rule: str) -> None:
    said = broken(tmp_path, text)
    assert said.startswith(f"{tmp_path / 'file.yaml'}:{line}: ")
    assert rule in said
    assert "\n" not in said


def test_a_missing_file_and_a_folder_are_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(DataError, match="cannot be read"):
        read_yaml(tmp_path)


def test_a_file_that_is_no_text_is_said_as_such(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"name: \xff\xfe\n")
    with pytest.raises(DataError, match="not UTF-8"):
        read_yaml(path)
    path.write_bytes(b"name: \x00\x07\n")
    with pytest.raises(DataError, match="not valid YAML"):
        read_yaml(path)
