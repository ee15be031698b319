"""The list of models: what is in it is true, and a mistake in it is named by file, line and rule."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from voice.ear.manifest import measure_folder, read_manifest
from voice.ear.models import embedded_folder, known_models
from voice.errors import DataError

GOOD = """
[[model]]
name = "one"
language = "en"
version = "1"
address = "https://example.org/one.zip"
bytes = 10
sha256 = "{sha}"
licence = "Apache-2.0"
""".format(sha="a" * 64)


def test_the_embedded_model_is_the_one_the_manifest_describes() -> None:
    (entry,) = [entry for entry in known_models() if entry.embedded]
    measure = measure_folder(embedded_folder() / entry.name)
    assert (measure.bytes, measure.sha256) == (entry.bytes, entry.sha256)


def test_the_digest_can_be_taken_with_the_command_the_manifest_gives() -> None:
    (entry,) = [entry for entry in known_models() if entry.embedded]
    command = "find * -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=embedded_folder() / entry.name,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[0] == entry.sha256


def test_hidden_files_do_not_change_a_folder_s_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    before = measure_folder(tmp_path)
    (tmp_path / ".record").write_text("b")
    assert measure_folder(tmp_path) == before


@pytest.mark.parametrize(
    ("wrong", "line", "rule"),
    [
        (GOOD.replace('version = "1"\n', ""), 2, "needs `version`, a text"),
        (GOOD.replace("bytes = 10", 'bytes = "10"'), 2, "needs `bytes`, a whole number"),
        (GOOD.replace("bytes = 10", "bytes = 0"), 2, "above 0"),
        (GOOD.replace("https://", "http://"), 2, "https://"),
        (GOOD.replace("a" * 64, "a" * 63), 2, "64 lower-case"),
        (GOOD.replace('"one"', '"../one"'), 2, "letters, digits"),
        (GOOD + "colour = 1\n", 2, "`colour` means nothing"),
        (GOOD + GOOD, 2, "used twice"),
        (GOOD + GOOD.replace('"one"', '"two"').replace("bytes = 10", "bytes = -1"), 11, "above 0"),
        ("", 1, "at least one"),
        ("a = 1\nb = = 2\n", 2, "not valid TOML"),
    ],
)
def test_a_mistake_is_named_by_line_and_rule(tmp_path: Path, wrong: str, line: int, rule: str) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text(wrong)
    with pytest.raises(DataError) as caught:
        read_manifest(path)
    assert caught.value.where == f"{path}:{line}"
    assert rule in caught.value.rule


def test_a_missing_manifest_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_manifest(tmp_path / "manifest.toml")
