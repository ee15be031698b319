"""Which model is chosen, and that a broken one is refused with one sentence before the recogniser sees it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice.ear.models import (
    NEEDED,
    RECORD,
    ModelError,
    check_model,
    embedded_folder,
    find_model,
    locate_model,
)

EMBEDDED = "vosk-model-lull-en-0.7"
OFFICIAL = "vosk-model-small-en-us-0.15"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(embedded_folder() / EMBEDDED, tmp_path / "own"))


def test_a_fresh_machine_uses_the_model_that_came_with_lull(tmp_path: Path) -> None:
    found = locate_model(None, {}, tmp_path)
    assert (found.origin, found.path) == ("embedded", embedded_folder() / EMBEDDED)


def test_setting_wins_over_environment_wins_over_fetched(tmp_path: Path) -> None:
    for name in ("set", "environment", OFFICIAL):
        (tmp_path / name).mkdir()
    environment = {"LULL_MODEL": str(tmp_path / "environment")}
    assert locate_model(str(tmp_path / "set"), environment, tmp_path).path == tmp_path / "set"
    assert locate_model(None, environment, tmp_path).path == tmp_path / "environment"
    assert locate_model(None, {"LULL_MODEL": ""}, tmp_path).path == tmp_path / OFFICIAL


def test_a_model_may_be_chosen_by_name(tmp_path: Path) -> None:
    assert find_model(EMBEDDED) == embedded_folder() / EMBEDDED
    (tmp_path / OFFICIAL).mkdir()
    assert locate_model(OFFICIAL, {}, tmp_path).path == tmp_path / OFFICIAL


def test_a_choice_that_is_not_there_is_never_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"scripts/fetch-model {OFFICIAL}"):
        locate_model(OFFICIAL, {}, tmp_path)
    with pytest.raises(ModelError, match="LULL_MODEL names /no/such"):
        locate_model(None, {"LULL_MODEL": "/no/such"}, tmp_path)
    archive = tmp_path / "model.zip"
    archive.touch()
    with pytest.raises(ModelError, match="unpack it first"):
        locate_model(str(archive), {}, tmp_path)


def test_the_embedded_model_is_whole_and_every_word_is_looked_up() -> None:
    report = check_model(find_model(EMBEDDED), ["stop", "letdown", "[unk]", "xylofication"])
    assert report.verified
    assert report.words > 30_000
    assert report.unknown == ("xylofication",)
    assert report.trouble is not None
    assert "xylofication" in report.trouble


def test_the_words_read_are_those_the_recogniser_knows() -> None:
    words = ["stop", "milk", "massage", "xylofication", "qqq", "o'clock", "don't"]
    vosk = pytest.importorskip("vosk")
    vosk.SetLogLevel(-1)
    recogniser = vosk.Model(model_path=str(find_model(EMBEDDED)))
    unknown = tuple(sorted(word for word in words if recogniser.vosk_model_find_word(word) == -1))
    assert check_model(find_model(EMBEDDED), words).unknown == unknown


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_file_is_named(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(ModelError, match=f"has no {name}; ") as caught:
        check_model(model)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("name", NEEDED)
def test_an_empty_file_is_named(model: Path, name: str) -> None:
    (model / name).write_bytes(b"")
    with pytest.raises(ModelError, match=f"{name} is empty; "):
        check_model(model)


@pytest.mark.parametrize("name", ["graph/HCLr.fst", "graph/Gr.fst"])
@pytest.mark.parametrize("keep", [3, 20, 90, 500, 0.5])
def test_a_cut_graph_is_refused(model: Path, name: str, keep: float) -> None:
    file = model / name
    content = file.read_bytes()
    file.write_bytes(content[: int(keep if keep > 1 else len(content) * keep)])
    with pytest.raises(ModelError, match=f"{name} is cut short"):
        check_model(model)


@pytest.mark.parametrize("name", ["graph/HCLr.fst", "graph/Gr.fst", "am/final.mdl"])
def test_something_else_under_a_model_s_name_is_refused(model: Path, name: str) -> None:
    (model / name).write_text("version https://git-lfs.github.com/spec/v1\n" * 200)
    with pytest.raises(ModelError, match=f"{name} is not"):
        check_model(model)


def test_a_large_model_is_told_apart_from_a_broken_one(model: Path) -> None:
    (model / "graph/HCLr.fst").rename(model / "graph/HCLG.fst")
    with pytest.raises(ModelError, match="choose a small one"):
        check_model(model)


def test_a_folder_that_changed_after_it_was_fetched_is_refused(model: Path) -> None:
    (model / RECORD).write_text("0" * 64)
    with pytest.raises(ModelError, match="digest differs"):
        check_model(model)


def test_a_folder_that_is_gone_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model folder"):
        check_model(tmp_path / "gone")


def test_a_language_without_a_model_says_in_one_sentence_what_to_fetch(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="must be fetched first: scripts/fetch-model vosk-model-small-de"):
        locate_model(None, {}, tmp_path, "de")
    (tmp_path / "vosk-model-small-de-0.15").mkdir()
    assert locate_model(None, {}, tmp_path, "de").origin == "fetched"
    with pytest.raises(ModelError, match="hears the language 'fr'"):
        locate_model(None, {}, tmp_path, "fr")
    assert locate_model(None, {}, tmp_path).origin == "embedded"
