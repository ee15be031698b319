"""Kaldi's formats, the features and the search tree."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from recipe.convert import from_lull, model_bytes, shape_of
from recipe.features import mfcc
from recipe.graph import build_graph
from recipe.kaldi_read import ModelFormatError, read_model
from recipe.net import one_sided, symmetric

MODELS = Path(__file__).resolve().parents[2] / "models"
REFERENCE = [
    [28.557, 125.456, 54.590, 38.012, -9.406, -31.176],
    [47.400, -25.458, -94.028, 126.194, -20.035, -79.905],
]
MODEL = sorted(MODELS.glob("vosk-model-lull-*/am/final.mdl"))[0]


def test_a_model_written_and_read_again_answers_the_same(tmp_path: Path) -> None:
    net = from_lull(MODEL).eval()
    copy = tmp_path / "final.mdl"
    copy.write_bytes(model_bytes(net, [0.5, 0.25, 0.25]))
    again = from_lull(copy).eval()
    frames = torch.randn(1, 90, 40, generator=torch.Generator().manual_seed(3)) * 10
    assert again.shape == net.shape
    assert torch.allclose(net(frames), again(frames), atol=0.02)
    assert read_model(copy).priors.tolist() == [0.5, 0.25, 0.25]


def test_one_sided_layers_are_written_as_such_and_shorten_the_wait(tmp_path: Path) -> None:
    shape = one_sided(symmetric(12), 3)
    copy = tmp_path / "final.mdl"
    copy.write_bytes(model_bytes(from_lull(MODEL, shape)))
    written = read_model(copy)
    assert shape_of(written) == shape
    assert (written.left, written.right) == (25, 16)
    assert shape.seconds_ahead == pytest.approx(0.16)


def test_a_model_that_looks_further_ahead_begins_as_the_one_it_was_made_from() -> None:
    small, large = from_lull(MODEL).eval(), from_lull(MODEL, symmetric(12)).eval()
    more = large.shape.right_context - small.shape.right_context
    assert more > 0
    frames = torch.randn(1, 60 + large.shape.left_context + large.shape.right_context, 40)
    with torch.no_grad():
        assert torch.allclose(large(frames), small(frames[:, :-more]), atol=1e-4)


def test_what_is_no_model_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "final.mdl"
    path.write_bytes(b"\0Bnothing of the kind")
    with pytest.raises(ModelFormatError, match=r"final\.mdl"):
        read_model(path)


def test_features_are_those_of_kaldi() -> None:
    """Reference: kaldi-native-fbank 1.23.0 on the same chirp, first six coefficients of frames 0 and 40."""
    time = np.arange(8000) / 16000
    chirp = 8000 * np.sin(2 * np.pi * (200 + 3000 * time) * time)
    found = mfcc(torch.from_numpy(chirp.astype(np.float32)), dither=0)
    assert found.shape == (48, 40)
    assert found[[0, 40], :6].numpy() == pytest.approx(np.array(REFERENCE), abs=0.03)


def test_the_graph_is_built_with_words_and_garbage(tmp_path: Path) -> None:
    if shutil.which("fstcompile") is None:
        pytest.skip("OpenFst's tools are not installed")
    build_graph(tmp_path, {"stop": ("S T AA P",), "go": ("G OW",), "back": ("B AE K",)})
    grammar = (tmp_path / "Gr.fst").read_bytes()
    assert all(word in grammar for word in (b"stop", b"back", b"[unk3]"))
    assert (tmp_path / "HCLr.fst").stat().st_size > 1000
    assert not (tmp_path / "relabel.txt").exists()
