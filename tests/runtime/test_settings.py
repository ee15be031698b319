"""Settings say where each value came from, and a mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.errors import DataError, LullError
from voice.runtime.settings import Settings, load_settings


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text)
    return path


def test_the_stronger_source_wins_and_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, '# her own\npace = 0.8\nlevel = -12\ninput = "USB"\n')
    found = load_settings(path, {"LULL_LEVEL": "-9", "HOME": "/x"}, {"input": "Built-in", "output": None})
    assert (found.settings.pace, found.settings.level) == (0.8, -9.0)
    assert (found.settings.input, found.settings.output) == ("Built-in", "")
    assert found.sources["pace"].where == f"{path}:2"
    kinds = [found.sources[key].kind for key in ("pace", "level", "input", "output")]
    assert kinds == ["file", "environment", "option", "default"]


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml", {}).settings == Settings()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("pace = 0.9\nlevl = -6\n", 2, "did you mean level"),
        ("\n\npace = 9\n", 3, "less than or equal to 1.3"),
        ('pace = "0.9"\n', 1, "without quotes"),
        ('engine = "shout"\n', 1, "hibari"),
        ('locale = "xx"\n', 1, "will not do: choose one of de, en"),
        ('guide = "yoga"\n', 1, "choose one of letdown"),
        ("pace = \n", 1, "not valid TOML"),
        ("level = -6\n[sound]\nin = 1\n", 2, "no setting called sound"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(DataError) as caught:
        load_settings(path, {})
    assert caught.value.where == f"{path}:{line}"
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_variable_or_option_is_named(tmp_path: Path) -> None:
    with pytest.raises(LullError, match="LULL_PACE"):
        load_settings(tmp_path / "none.toml", {"LULL_PACE": "fast"})
    with pytest.raises(LullError, match="did you mean LULL_MODEL"):
        load_settings(tmp_path / "none.toml", {"LULL_MODLE": "x"})
    with pytest.raises(LullError, match="--cache-megabytes"):
        load_settings(tmp_path / "none.toml", {}, {"cache_megabytes": 1})


def test_every_key_tells_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
