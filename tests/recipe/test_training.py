"""Paths, losses, and a whole run of seconds that ends in a model Vosk opens."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product, repeat
from pathlib import Path

import numpy as np
import pytest
import torch

from recipe.augment import Augmenter, Clip, Settings
from recipe.config import read_config
from recipe.feeding import Batch, Feeder, Packed, Plan, Source, fed, packed, unpacked
from recipe.net import Net, one_sided, symmetric
from recipe.paths import path_of, viterbi
from recipe.phones import ANY, OUTPUT, OUTPUTS
from recipe.pipeline import STAGES
from recipe.reading import ConfigError
from recipe.sequence import Contests, _stacked, path_scores, sequence_loss
from recipe.shards import Row, Shard
from recipe.train import Trainer, trained

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"go": ("G OW",), "no": ("N OW",), "stop": ("S T AA P",)}


def said(phones: str, sure: float = 6.0) -> torch.Tensor:
    """(1, frames, outputs) logits of a network that hears these phones, one a frame."""
    logits = torch.zeros(1, len(phones.split()), OUTPUTS)
    for frame, phone in enumerate(phones.split()):
        logits[0, frame, OUTPUT[phone]] = sure
    return logits


def test_the_best_path_finds_the_words_in_time() -> None:
    scores = torch.log_softmax(said("SIL SIL G G OW OW SIL N OW SIL"), -1)[0].numpy()
    found = viterbi(scores, path_of([("G OW",), ("N OW", "N AA")]))
    assert found is not None
    wanted = ["SIL", "SIL", "G", "G", "OW", "OW", "SIL", "N", "OW", "SIL"]
    assert found[0].tolist() == [OUTPUT[phone] for phone in wanted]
    assert viterbi(scores[:3], path_of([("G OW",), ("N OW",)])) is None


def test_the_sum_over_paths_is_that_of_all_ways_counted_one_by_one() -> None:
    logs = torch.log_softmax(torch.randn(1, 4, OUTPUTS, generator=torch.Generator().manual_seed(1)), -1)
    path = path_of([("G OW",)])
    ways = []
    for states in product(range(len(path.outputs)), repeat=4):
        legal = path.starts[states[0]] and path.ends[states[-1]]
        legal = legal and all(a in path.before[b] for a, b in pairwise(states))
        if legal:
            ways.append(sum(float(logs[0, frame, path.outputs[state]]) for frame, state in enumerate(states)))
    contest = Contests(["go", "no"], WORDS).contest("go", np.random.default_rng(0))
    place = [path.outputs.tolist() == one.outputs.tolist() for one in contest.paths].index(True)
    scores = path_scores(logs, torch.tensor([4]), _stacked([contest]))
    assert float(scores[0, place]) == pytest.approx(float(torch.logsumexp(torch.tensor(ways), 0)), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "heard", "misheard"),
    [
        ("go", "SIL G G OW OW SIL", "SIL N N OW OW SIL"),
        ("", "SIL SIL SIL SIL SIL SIL", "SIL G G OW OW SIL"),
        ("stop", "SIL S T AA P SIL", f"SIL {ANY} {ANY} {ANY} {ANY} SIL"),
    ],
)
def test_the_sequence_loss_falls_when_the_right_thing_is_heard(text: str, heard: str, misheard: str) -> None:
    contest = Contests(["go", "no", "stop"], WORDS).contest(text, np.random.default_rng(0))
    right, wrong = (float(sequence_loss(said(p), torch.tensor([6]), [contest])) for p in (heard, misheard))
    assert right < 0.3
    assert wrong > right + 1


def test_frames_past_the_end_of_a_clip_count_for_nothing() -> None:
    contest = Contests(["go", "no"], WORDS).contest("go", np.random.default_rng(0))
    short, long = said("SIL G OW SIL"), said("SIL G OW SIL N OW N OW")
    losses = [float(sequence_loss(one, torch.tensor([4]), [contest])) for one in (short, long)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)


def test_training_cut_off_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    """Two short runs count their steps and their time together, and the second starts with the first one's
    weights.
    """
    plan = Plan(seconds=0.2, half=False, batch=2)
    frames, labels = torch.randn(2, 8 * 3 + 41, 40), torch.ones(2, 8, dtype=torch.long)
    batches = repeat(Batch(frames, labels, ("go", None)))
    net = Net(one_sided(symmetric(12), 3), OUTPUTS)
    first = Trainer(net, plan, tmp_path / "run.pt")
    assert list(first.run(batches)) == []
    second = Trainer(Net(net.shape, OUTPUTS), replace(plan, seconds=first.spent + 0.2), tmp_path / "run.pt")
    assert torch.equal(second.net.head_bias, first.net.head_bias)
    assert second.step == first.step > 0
    list(second.run(batches))
    assert second.step > first.step
    assert torch.equal(trained(tmp_path / "run.pt").head_bias, second.mean["head_bias"])


def test_short_phrases_are_drawn_as_often_as_a_plan_favours_them() -> None:
    def clip(text: str) -> Clip:
        return Clip(np.full(4000, 1000, np.int16), np.ones(26, np.int16), text)

    noise = Shard("hiss", (Row(0, 16_000, "hiss", ""),), np.ones(16_000, np.int16))
    augmenter = Augmenter([noise], [], Settings(only_noise=0.0, babble=0.0))
    source = Source("voice", [clip("something else"), *[clip("once upon a time")] * 18, clip("go")], 1, (19,))
    shares = []
    for favoured in (0.0, 0.5):
        plan = Plan(seconds=1, favoured=favoured)
        feeder = Feeder([source], augmenter, one_sided(symmetric(12), 3), plan, 0)
        shares.append(sum(feeder.example().text == "go" for _ in range(400)) / 400)
    assert shares[0] == pytest.approx(0.05, abs=0.03)
    assert shares[1] == pytest.approx(0.525, abs=0.07)


def one_batch(number: int) -> Iterator[Packed]:
    """What a process with this number makes, before it ends."""
    yield packed(Batch(torch.full((1, 44, 40), float(number)), torch.ones(1, 1, dtype=torch.long), ("go",)))


def test_batches_of_other_processes_arrive_and_a_process_that_ended_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recipe.feeding.LOOK", 0.5)
    with fed(one_batch, 1) as sent:
        batch = unpacked(next(sent))
        assert batch.texts == ("go",)
        assert torch.equal(batch.frames, torch.zeros(1, 44, 40))
        with pytest.raises(RuntimeError, match="ended"):
            next(sent)


def test_a_wrong_field_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('work = "w"\noutput = "o"\ncommands = "c"\nnoise_minutes = "many"\n')
    with pytest.raises(ConfigError, match=r"run\.toml: noise_minutes"):
        read_config(path)


CONFIG = """
work = "work"
output = "models"
name = "tiny"
commands = "{root}/voice/data/locale/en"
scowl = "scowl"
noise_minutes = 0.5
processes = 1
aligner = "network"
speech = {{minutes = 0.3, hours = {{hibari = 0.004}}, weights = {{hibari = 1.0}}}}
network = {{start = "{model}", one_sided = 3}}

[[stages]]
name = "frames"
minutes = 0.03
trunk_rate = 1e-6
head_rate = 1e-6
batch = 4

[[stages]]
name = "sequence"
minutes = 0.03
trunk_rate = 1e-6
head_rate = 1e-6
batch = 4
sequence = 0.03
teach = 0.3
"""


GERMAN = (
    ('work = "work"', 'language = "de"\nmeasure = {{pocketsphinx = false}}\nwork = "work"'),
    ("locale/en", "locale/de"),
    ("hibari", "espeak"),
    ("one_sided = 3", 'one_sided = 3, language = "en"'),
    ("teach = 0.3", "realign = true"),
)


def made(folder: Path, text: str) -> Path:
    """Run every stage of the recipe on seconds of speech; the model's folder."""
    needed = ["fstcompile", *(["espeak-ng"] if "espeak" in text else [])]
    if missing := [program for program in needed if shutil.which(program) is None]:
        pytest.skip(f"{missing[0]} is not installed")
    model = sorted((ROOT / "models").glob("vosk-model-lull-en-*"))[0]
    (folder / "scowl").mkdir()
    (folder / "scowl" / "english-words.10").write_text("top\nshop\nwater\nwindow\n")
    path = folder / "tiny.toml"
    path.write_text(text.format(root=ROOT, model=model), encoding="utf-8")
    config = read_config(path)
    config.work.mkdir()
    for stage in STAGES.values():
        stage(config)
    assert (config.work / "sequence.pt").exists()
    return config.output / config.name


def heard(folder: Path, samples: np.ndarray, rate: int, phrases: list[str]) -> str:
    vosk = pytest.importorskip("vosk")
    vosk.SetLogLevel(-1)
    grammar = json.dumps(phrases, ensure_ascii=False)
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(folder)), rate, grammar)
    padded = np.pad(samples, (rate // 4, rate * 3 // 4))
    recogniser.AcceptWaveform((padded * 12000).astype(np.int16).tobytes())
    return str(json.loads(recogniser.FinalResult())["text"])


def test_the_whole_recipe_ends_in_a_model_that_vosk_opens_and_that_hears(tmp_path: Path) -> None:
    """Speech, noise, alignment, two stages of training, export, card; then a spoken word is understood."""
    hibari = pytest.importorskip("hibari")
    model = made(tmp_path, CONFIG)
    assert "frames and sequences" in (model / "README").read_text()
    assert heard(model, hibari.Hibari()("Stop.", seed=1), 24_000, ["stop", "next", "[unk]"]) == "stop"
    shutil.rmtree(tmp_path / "work" / "speech")
    STAGES["train"](read_config(tmp_path / "tiny.toml"))  # nothing is left to do, so nothing is needed for it


def test_the_same_recipe_makes_a_german_model_that_vosk_opens_with_its_words(tmp_path: Path) -> None:
    """From the English model, its outputs moved, aligned anew before the second stage. Seconds of training
    do not teach it German, so what it hears is not asked.
    """
    vosk = pytest.importorskip("vosk")
    text = CONFIG
    for english, german in GERMAN:
        text = text.replace(english, german)
    folder = made(tmp_path, text)
    assert "a small German Vosk model" in (folder / "README").read_text()
    assert (tmp_path / "work" / "aligned" / "sequence" / "espeak.phones").stat().st_size > 0
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))
    assert model.vosk_model_find_word("zurück") >= 0
    assert model.vosk_model_find_word("heißester") < 0
