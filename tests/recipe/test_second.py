"""The second pass: which phones a clip holds, and a whole run of seconds that ends in a network the product
opens. Speech is tones, one a phone, and the encoder a few filters tuned to them.
"""

import sys
import time
from itertools import count, repeat
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import pytest
import soundfile  # type: ignore[import-untyped]
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from recipe.__main__ import main
from recipe.align import ZERO
from recipe.config import read_config
from recipe.features import HOP
from recipe.phones import OUTPUT
from recipe.reading import ConfigError
from recipe.second.config import Learn, Published, Report, SecondConfig, read_second
from recipe.second.encoder import layers_of, stem_graph, with_layers
from recipe.second.encoding import FULL, Encoder, Piece, encode, features, read_pieces
from recipe.second.export import between, export, joined, read_encoder
from recipe.second.learning import Trainer, batch_of, beside_a_gpu, distance
from recipe.second.network import OUTPUTS, Head, Network, trained
from recipe.second.pieces import open_tokenizer, pieces_table
from recipe.second.pipeline import STAGES
from recipe.second.recogniser import SecondListener
from recipe.second.stem import stem_of, with_stem
from recipe.second.targets import targets
from recipe.shards import RATE, Writer
from recipe.table import megabytes
from recipe.train import CORES
from tests.recipe.decoder import write_decoder, write_tokenizer
from tests.recipe.moonshine import write_moonshine
from voice.ear.network import open_network
from voice.ear.rescoring import PIECES, spellings
from voice.ear.rescoring import read_pieces as read_words
from voice.ear.second_pass import FOLDER, OnnxSecondPass, levelled, read_lexicon

ROOT = Path(__file__).resolve().parents[2]
LEXICON = {
    "the": ("DH AH", "DH IY"),
    "end": ("EH N D",),
    "bad": ("B AE D",),
    "dog": ("D AO G",),
    "s\u00f6": ("QX",),
}
SAID = {"stop": "S T AA P", "go": "G OW", "no": "N OW", "next": "N EH K S T"}
TONES = {
    phone: 300 + 170 * n for n, phone in enumerate(sorted({p for s in SAID.values() for p in s.split()}))
}
LASTS = 1920  # samples of a tone
PUBLISHED = Published(
    encoder=Path("encoder.onnx"),
    decoder=Path("decoder.onnx"),
    tokenizer=Path("tokenizer.json"),
    licence=Path("MIT"),
)


def aligned(phones: str) -> NDArray[np.int16]:
    """Three frames a phone, silence around."""
    return np.repeat([0, *(OUTPUT[phone] for phone in phones.split()), 0], 3).astype(np.int16)


def numbers(phones: str) -> tuple[int, ...]:
    return tuple(OUTPUT[phone] for phone in phones.split())


@pytest.mark.parametrize(
    ("text", "heard", "wanted"),
    [
        ("the end", "DH IY EH N D", "DH IY EH N D"),
        ("the end", "DH AH SIL EH N D", "DH AH EH N D"),
        ("the end", "DH IY EH", "DH AH EH N D"),  # its end was lost: the usual way to say it
        ("bad dog", "B AE D AO G", "B AE D D AO G"),  # an alignment cannot tell two of the same from one
        ("", "SIL", ""),
    ],
)
def test_the_phones_of_a_clip_are_those_its_alignment_chose(text: str, heard: str, wanted: str) -> None:
    assert targets(text, aligned(heard), LEXICON) == numbers(wanted)


def test_a_clip_whose_words_or_sounds_are_unknown_has_no_phones() -> None:
    assert targets("the cat", aligned("DH AH"), LEXICON) is None
    assert targets("s\u00f6", aligned("SIL"), LEXICON) is None


def test_phones_missed_made_up_and_mistaken_are_counted() -> None:
    wanted = np.array([1, 2, 3])
    assert [distance(heard, wanted) for heard in ([1, 2, 3], [1, 3], [4, 1, 2, 3], [1, 5, 3], [])] == [
        0,
        1,
        1,
        1,
        3,
    ]


def sound(text: str) -> NDArray[np.int16]:
    """A tone for each phone, a little silence around."""
    clock = np.arange(LASTS) / RATE
    tones = [np.sin(2 * np.pi * TONES[phone] * clock) for phone in SAID[text].split()]
    return (np.pad(np.concatenate(tones), LASTS) * 9000).astype(np.int16)


def write_speech(work: Path) -> None:
    """Aligned clips and a noise, as the stages speak, noise and align leave them."""
    speech, noise = Writer(work / "speech", "joe"), Writer(work / "noise", "hiss")
    lines = []
    for text, phones in SAID.items():
        labels = np.zeros(len(sound(text)) // HOP + 1, np.int16)
        labels[LASTS // HOP : -LASTS // HOP - 1] = np.repeat(numbers(phones), LASTS // HOP)
        lines.append(f"{speech.end}\t{''.join(chr(ZERO + label) for label in labels)}\n")
        speech.add(sound(text), "tones", text)
    (work / "speech" / "joe.phones").write_text("".join(lines), encoding="ascii")
    hiss = np.random.default_rng(1).standard_normal(2 * RATE) * 3000
    noise.add(hiss.astype(np.int16), "hiss", "0")


def write_encoder(path: Path, ends: int = 1) -> None:
    """How loud each tone is in every 24 ms: filters at two phases, squared, added up, as a logarithm."""
    size = 384
    clock = np.arange(size) / RATE
    filters = [
        np.hanning(size) * wave(2 * np.pi * f * clock) for f in TONES.values() for wave in (np.sin, np.cos)
    ]
    added = np.repeat(np.eye(len(TONES)), 2, 0)
    arrays = {
        "filters": np.array(filters)[:, None],
        "added": added,
        "least": np.array(1e-2),
        "axis": np.array([1]),
    }
    held = [
        numpy_helper.from_array(value.astype(np.int64 if name == "axis" else np.float32), name)
        for name, value in arrays.items()
    ]
    nodes = [
        helper.make_node("Unsqueeze", ["audio", "axis"], ["one"]),
        helper.make_node("Conv", ["one", "filters"], ["waves"], strides=[size]),
        helper.make_node("Mul", ["waves", "waves"], ["power"]),
        helper.make_node("Transpose", ["power"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["turned", "added"], ["both"]),
        helper.make_node("Add", ["both", "least"], ["more"]),
        helper.make_node("Log", ["more"], ["rows"]),
    ]
    audio = helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["batch", "n"])
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["batch", "time", len(TONES)])
    more = helper.make_tensor_value_info("more", TensorProto.FLOAT, ["batch", "time", len(TONES)])
    graph = helper.make_graph(nodes, "tones", [audio], [rows, more][:ends], held)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=10), path)


FIRST = """
work = "work"
output = "models"
name = "tiny"
commands = "{root}/voice/data/locale/en"
scowl = "scowl"
augment = {{clean = 1.0, mildest = 40.0, resized = 0.0, whisper = 0.0, hushed = 0.0, babble = 0.0}}
measure = {{phrases = ["stop", "go", "no", "next"]}}
"""
SECOND = """
first = "first.toml"
work = "second"
model = "models/tiny"
processes = 1
encode = {shards = 3, clips = 48, weights = {joe = 1.0}}
learn = {minutes = 0.6, width = 48, layers = 1, batch = 16, rate = 1e-2, average = 0.9}
[published]
encoder = "encoder.onnx"
decoder = "decoder.onnx"
tokenizer = "tokenizer.json"
licence = "MIT"
"""


def prepared(folder: Path) -> SecondConfig:
    """Everything that has to be there before the first stage."""
    (folder / "scowl").mkdir()
    (folder / "scowl" / "english-words.10").write_text("top\nshop\nwater\nwindow\n")
    (folder / "first.toml").write_text(FIRST.format(root=ROOT), encoding="utf-8")
    (folder / "second.toml").write_text(SECOND, encoding="utf-8")
    (folder / "MIT").write_text("Permission is hereby granted", encoding="utf-8")
    (folder / "models" / "tiny").mkdir(parents=True)
    write_speech(read_config(folder / "first.toml").work)
    write_encoder(folder / "encoder.onnx")
    write_decoder(folder / "decoder.onnx", len(TONES))
    write_tokenizer(folder / "tokenizer.json")
    return read_second(folder / "second.toml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SecondConfig:
    """All stages run; a clock that ticks at every look makes the number of steps the same on any machine."""
    config = prepared(tmp_path_factory.mktemp("second"))
    ticks = count()
    clock = SimpleNamespace(monotonic=lambda: next(ticks) * 0.05, strftime=time.strftime)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recipe.second.learning.time", clock)
        for stage in STAGES.values():
            stage(config)
    return config


def test_what_was_learnt_is_understood_by_the_product(made: SecondConfig) -> None:
    second = OnnxSecondPass(made.model / FOLDER)
    second.load()
    for text in SAID:
        fits = second.judge(sound(text).astype(np.float32) / FULL, [*SAID, "skip it"])
        assert fits[0].phrase == text
        assert fits[0].shortfall < fits[1].shortfall - 3


def test_the_product_runs_the_very_network_that_learnt(made: SecondConfig) -> None:
    """One file of encoder and head, its sound brought to the level of the training."""
    second, quiet = OnnxSecondPass(made.model / FOLDER), sound("next") // 10
    second.load()
    rows = torch.from_numpy(Encoder(made.published.encoder).rows(quiet.astype(np.float32)).astype(np.float32))
    with torch.inference_mode():
        wanted = trained(made.checkpoint)(rows[None], torch.tensor([len(rows)]))[0].numpy()
    assert wanted.shape[1] == OUTPUTS
    assert np.allclose(second.write_down(quiet.astype(np.float32) / FULL), wanted, atol=0.05)


def test_the_folder_tells_what_it_is_and_brings_the_licence_of_its_encoder(made: SecondConfig) -> None:
    folder = made.model / FOLDER
    assert "Moonshine" in (folder / "README").read_text(encoding="utf-8")
    assert (folder / "LICENSE").read_text(encoding="utf-8") == "Permission is hereby granted"
    assert read_lexicon(folder / "lexicon.tsv")["go"] == ("G OW",)
    assert megabytes(made.model) == 0  # the first pass's size does not grow by it


def test_words_are_cut_into_the_pieces_of_the_decoder(made: SecondConfig, tmp_path: Path) -> None:
    tokenizer = open_tokenizer(made.published.tokenizer)
    (tmp_path / PIECES).write_text(pieces_table(["go", "i'm"], tokenizer), encoding="utf-8")
    written = spellings("go i'm", read_words(tmp_path / PIECES))
    assert [tokenizer.decode(text).replace(" ", "") for text in map(list, written)] == [
        "GoI'm.", "GoI'm!", "GoI'm?", "GoI'm", "goI'm",
    ]  # fmt: skip


def test_the_decoder_is_used_as_it_was_published(made: SecondConfig) -> None:
    second = OnnxSecondPass(made.model / FOLDER)
    second.load()
    heard = sound("go").astype(np.float32) / FULL
    fits = second.judge(heard, list(SAID))
    rescored = second.rescored(heard, fits)
    assert {fit.phrase for fit in rescored} == set(SAID)
    assert min(fit.behind for fit in rescored) >= 0.0
    assert (made.model / FOLDER / "decoder.onnx").read_bytes() == made.published.decoder.read_bytes()


def test_in_the_table_a_phrase_counts_once_and_a_decoy_not_at_all(made: SecondConfig) -> None:
    folder, quiet = made.model / FOLDER, np.zeros(3 * RATE, np.int16)
    listener = SecondListener(folder, ["stop", "go"], ["no", "next"], limit=3.0)
    assert listener.hear(sound("go")).texts == ("go",)
    assert listener.hear(sound("no")).texts == ()
    long = np.concatenate([quiet, sound("stop"), quiet])
    assert listener.hear(long).texts == ("stop",)
    assert SecondListener(folder, ["stop"], [], limit=-1.0).hear(sound("stop")).texts == ()


def test_files_of_features_that_are_missing_are_made_the_same_by_any_process(made: SecondConfig) -> None:
    files = features(made)
    before, kept = read_pieces(files[2]), files[0].stat().st_mtime_ns
    files[1].unlink()
    files[2].rename(files[2].with_suffix(".part"))  # as one cut off in writing
    encode(made.model_copy(update={"processes": 2}))
    assert features(made) == files
    assert files[0].stat().st_mtime_ns == kept
    for one, other in zip(before, read_pieces(files[2]), strict=True):
        assert np.array_equal(one.phones, other.phones)
        assert np.array_equal(one.rows, other.rows)


def test_learning_cut_off_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    rng, path = np.random.default_rng(1), tmp_path / "learnt.pt"
    piece = Piece(rng.standard_normal((20, 8)).astype(np.float16), np.array([1, 2, 2]))
    given = repeat(batch_of([piece, Piece(piece.rows[:9], np.array([], np.int64))]))
    first = Trainer(Network(None, Head(8, 16, 1)), Learn(minutes=0.003), path)
    assert list(first.run(given, [piece])) == []
    second = Trainer(Network(None, Head(8, 16, 1)), Learn(minutes=first.spent / 60 + 0.003), path)
    assert torch.equal(second.network.head.out.bias, first.network.head.out.bias)
    assert second.step == first.step > 0
    told = list(second.run(given, [piece], report=0.05))
    assert told[-1].step > first.step
    assert torch.equal(trained(path).head.out.bias, second.mean["head.out.bias"])
    with pytest.raises(ConfigError, match="other sizes"):
        Trainer(Network(None, Head(8, 24, 1)), Learn(), path)


def test_a_run_whose_minutes_are_spent_needs_no_features(made: SecondConfig, tmp_path: Path) -> None:
    (tmp_path / "learnt.pt").write_bytes(made.checkpoint.read_bytes())
    STAGES["learn"](made.model_copy(update={"work": tmp_path}))


@pytest.mark.parametrize(
    ("stage", "missing", "sentence"),
    [
        ("encode", "encoder.onnx", "encoder.onnx cannot be read"),
        ("encode", "work/speech/joe.phones", "run speak, noise and align"),
        ("learn", "", "run encode first"),
        ("export", "", "run the stage learn first"),
        ("export", "models/tiny", "make the first pass's model"),
        ("report", "", "run export first"),
    ],
)
def test_a_stage_says_in_a_sentence_what_it_lacks(
    stage: str,
    missing: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepared(tmp_path)
    if missing:
        place = tmp_path / missing
        place.rmdir() if place.is_dir() else place.unlink()
    monkeypatch.setattr(sys, "argv", ["recipe", "second", stage, "--config", str(tmp_path / "second.toml")])
    assert main() == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1


def test_an_encoder_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "encoder.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(ConfigError, match="no ONNX file"):
        read_encoder(path)
    write_encoder(path, ends=2)
    with pytest.raises(ConfigError, match="one output"):
        read_encoder(path)
    write_encoder(path)
    with pytest.raises(ConfigError, match="another encoder"):
        joined(read_encoder(path), Head(len(TONES) + 1))


def run_whole(model: onnx.ModelProto, sound: NDArray[np.float32]) -> NDArray[np.float32]:
    network = open_network(model.SerializeToString())
    return np.asarray(network.run(None, {network.get_inputs()[0].name: sound[None]})[0][0])


def test_the_layers_in_training_are_those_of_the_published_network(tmp_path: Path) -> None:
    """Read, run on two clips of unlike length at once, and written back; eight-bit rows are a little off."""
    write_moonshine(tmp_path / "encoder.onnx")
    model = read_encoder(tmp_path / "encoder.onnx")
    sounds = [np.random.default_rng(n).standard_normal(RATE // n).astype(np.float32) * 0.1 for n in (1, 2)]
    layers = layers_of(model)
    pieces = [Piece(run_whole(stem_graph(model), one).astype(np.float16), np.array([1])) for one in sounds]
    batch = batch_of(pieces)
    with torch.inference_mode():
        found = layers(batch.rows, batch.lengths).numpy()
    for sound, piece, rows in zip(sounds, pieces, found, strict=True):
        wanted = run_whole(model, sound)
        assert np.abs(rows[: len(piece.rows)] - wanted).mean() < 0.03 * np.abs(wanted).mean()
    assert np.array_equal(run_whole(with_layers(model, layers), sounds[0]), run_whole(model, sounds[0]))
    with torch.no_grad():
        layers.state_dict()["layers.1.mlp.fc2.weight"].mul_(3)
        tripled = layers(batch.rows, batch.lengths).numpy()[0]
    wanted = run_whole(with_layers(model, layers), sounds[0])
    assert np.abs(tripled - wanted).mean() < 0.03 * np.abs(wanted).mean() < np.abs(tripled - found[0]).mean()


def test_the_encoders_layers_learn_once_the_head_has_begun(tmp_path: Path) -> None:
    write_moonshine(tmp_path / "encoder.onnx")
    layers, rng = layers_of(read_encoder(tmp_path / "encoder.onnx")), np.random.default_rng(1)
    before = {name: value.clone() for name, value in layers.state_dict().items()}
    piece = Piece(
        rng.standard_normal((20, before["layer_norm.weight"].shape[0])).astype(np.float16), np.array([1, 2])
    )
    network, given = Network(layers, Head(piece.rows.shape[1], 16, 1)), repeat(batch_of([piece]))
    path = tmp_path / "learnt.pt"
    first = Trainer(network, Learn(minutes=0.002, alone=1.0, layers_rate=1e-3), path)
    assert list(first.run(given, [piece])) == []
    assert all(torch.equal(value, before[name]) for name, value in layers.state_dict().items())
    plan = Learn(minutes=first.spent / 60 + 0.002, alone=0.0, layers_rate=1e-3)
    assert list(Trainer(network, plan, path).run(given, [piece])) == []
    learnt = trained(path).layers
    assert learnt is not None
    assert not torch.equal(learnt.layer_norm.weight, before["layer_norm.weight"])


def test_layers_that_learnt_are_in_the_file_for_the_product(tmp_path: Path) -> None:
    write_moonshine(tmp_path / "encoder.onnx")
    write_tokenizer(tmp_path / "tokenizer.json")
    (tmp_path / "MIT").touch()
    layers = layers_of(read_encoder(tmp_path / "encoder.onnx"))
    with torch.no_grad():
        layers.state_dict()["layers.0.self_attn.dense.weight"].mul_(-2)
    network = Network(layers, Head(layers.layer_norm.weight.shape[0], 16, 1)).eval()
    width = layers.layer_norm.weight.shape[0]
    write_decoder(tmp_path / "decoder.onnx", width)
    export(tmp_path / "made", PUBLISHED.beside(tmp_path), network, LEXICON)
    second = OnnxSecondPass(tmp_path / "made")
    second.load()
    noise = np.random.default_rng(3).standard_normal(RATE).astype(np.float32)
    rows = torch.from_numpy(Encoder(tmp_path / "encoder.onnx", stem=True).rows(noise).astype(np.float32))
    with torch.inference_mode():
        wanted = network(rows[None], torch.tensor([len(rows)]))[0].numpy()
    assert np.abs(second.write_down(noise / FULL) - wanted).mean() < 0.05 * wanted.std()


def test_the_stem_in_training_is_that_of_the_published_network(tmp_path: Path) -> None:
    """Read, run on two clips of unlike length at once, and written back."""
    write_moonshine(tmp_path / "encoder.onnx")
    model = read_encoder(tmp_path / "encoder.onnx")
    sounds = [np.random.default_rng(n).standard_normal(RATE // n).astype(np.float32) * 0.1 for n in (1, 2)]
    stem, batch = stem_of(model), batch_of([Piece(one.astype(np.float16), np.array([1])) for one in sounds])
    with torch.inference_mode():
        found, times = stem(batch.rows, batch.lengths).numpy(), stem.times(batch.lengths).tolist()
    for rows, long, sound in zip(found, times, sounds, strict=True):
        wanted = run_whole(stem_graph(model), sound)
        assert np.allclose(rows[:long], wanted, atol=0.01 * np.abs(wanted).mean())
        assert len(wanted) == long
    with torch.no_grad():
        stem.conv2.weight.mul_(-2)
    turned = run_whole(stem_graph(with_stem(model, stem)), sounds[0])
    with torch.inference_mode():
        wanted = stem(batch.rows, batch.lengths).numpy()[0, : times[0]]
    assert np.allclose(turned, wanted, atol=0.03 * np.abs(wanted).mean())
    assert not np.allclose(turned, found[0, : times[0]], atol=0.03 * np.abs(wanted).mean())


def test_beside_a_gpu_all_of_it_learns_from_sound_that_others_make(tmp_path: Path) -> None:
    """On cores here. It goes on after a cut, and the file for the product holds what all parts learnt."""
    config = prepared(tmp_path)
    write_moonshine(tmp_path / "encoder.onnx")
    published = stem_of(read_encoder(tmp_path / "encoder.onnx"))
    write_decoder(tmp_path / "decoder.onnx", published.bias.shape[0])
    plan = Learn(
        minutes=0.02, alone=0.0, rate=1e-2, layers_rate=1e-2, stem_rate=1e-2, batch=4, width=16, held=3
    )
    config = config.model_copy(update={"learn": plan})
    config.work.mkdir()
    beside_a_gpu(config, CORES)
    network = trained(config.checkpoint)
    assert network.stem is not None
    assert not torch.equal(network.stem.conv3.weight, published.conv3.weight)
    STAGES["export"](config)
    second = OnnxSecondPass(config.model / FOLDER)
    second.load()
    heard = levelled(sound("next").astype(np.float32) / FULL)
    with torch.inference_mode():
        wanted = network(torch.from_numpy(heard[None]), torch.tensor([len(heard)]))[0].numpy()
    assert np.abs(second.write_down(heard) - wanted).mean() < 0.05 * wanted.std()
    steps = int(torch.load(config.checkpoint, weights_only=True)["step"])
    config = config.model_copy(update={"learn": plan.model_copy(update={"minutes": 0.04})})
    beside_a_gpu(config, CORES)
    assert int(torch.load(config.checkpoint, weights_only=True)["step"]) > steps > 0


def test_beside_a_gpu_too_it_is_said_when_there_is_no_speech(tmp_path: Path) -> None:
    config = prepared(tmp_path)
    write_moonshine(tmp_path / "encoder.onnx")
    (tmp_path / "work" / "speech" / "joe.phones").unlink()
    with pytest.raises(ConfigError, match="run speak, noise and align"):
        beside_a_gpu(config, CORES)


def test_of_what_the_encoder_learnt_a_share_is_kept(tmp_path: Path) -> None:
    write_moonshine(tmp_path / "encoder.onnx")
    published, learnt = (layers_of(read_encoder(tmp_path / "encoder.onnx")) for _ in range(2))
    with torch.no_grad():
        learnt.layer_norm.weight.add_(1.0)
    before = published.layer_norm.weight.clone()
    assert between(published, learnt, 1.0) is learnt
    assert torch.allclose(between(published, learnt, 0.75).layer_norm.weight, before + 0.75)


def test_only_moonshines_network_can_be_taken_apart(tmp_path: Path) -> None:
    write_encoder(tmp_path / "encoder.onnx")
    model = read_encoder(tmp_path / "encoder.onnx")
    for part in (stem_graph, layers_of, stem_of):
        with pytest.raises(ConfigError, match="not Moonshine"):
            part(model)


def write_recordings(folder: Path) -> None:
    """Two voices, one for each half, and a noise of each kind."""
    for voice in ("one", "two"):
        for text in ("stop", "next"):
            path = folder / "voices" / voice / f"{text}.flac"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, sound(text), RATE)
    rows = ["file\tnote\tspeaker"]
    for kind in ("baby_crying", "running_tap", "rhythmic"):
        path = folder / "real" / "noise" / kind / "1.flac"
        path.parent.mkdir(parents=True)
        soundfile.write(path, np.random.default_rng(2).standard_normal(RATE) * 0.05, RATE)
        rows.append(f"{path.relative_to(folder)}\t\t")
    (folder / "real.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_limits_are_told_side_by_side_on_recordings(made: SecondConfig, tmp_path: Path) -> None:
    write_recordings(tmp_path / "recordings")
    text = made.first.read_text(encoding="utf-8").replace("work = ", f'work = "{made.run.work}" # ', 1)
    first = tmp_path / "first.toml"
    first.write_text(text.replace("measure = {", 'measure = {recordings = "recordings", '), encoding="utf-8")
    (tmp_path / "scowl").symlink_to(made.run.scowl)
    update = {"first": first, "work": tmp_path, "report": Report(limits=(-1.0, 3.0))}
    STAGES["choose"](made.model_copy(update=update))
    told = (tmp_path / "limits.txt").read_text(encoding="utf-8")
    clean = next(line for line in told.splitlines() if line.startswith("unseen voices, clean"))
    assert clean.split()[-4:] == ["0", "%", "100", "%"]
    assert "score with 3: " in told
