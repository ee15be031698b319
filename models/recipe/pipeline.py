"""The whole recipe, stage by stage. Each stage leaves files in the work folder and goes on from what it finds
there.
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import product, repeat
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipe.align import Aligner, FirstThatFits, NetAligner, PocketSphinxAligner, align_shard
from recipe.card import card
from recipe.config import Config
from recipe.export import Decoding, export, greedier, priors
from recipe.feeding import Feeder
from recipe.graph import build_graph
from recipe.kaldi_read import read_model
from recipe.material import gather_material, wanted
from recipe.measure import delays, run, trials
from recipe.noise import make_bank
from recipe.recognisers import PocketSphinxListener, VoskListener
from recipe.recordings import Recording, recordings
from recipe.shards import Writer, shards
from recipe.speech import SHORTEST, speak_all
from recipe.stages import (
    alignments,
    checkpoint,
    earlier_net,
    finished,
    load_sources,
    make_augmenter,
    make_plan,
    train_stage,
)
from recipe.table import Result, megabytes, score, table
from recipe.train import trained


def speak(config: Config) -> None:
    """Made-up speech, and the recordings of people the config names, as shards."""
    folder = config.work / "speech"
    if config.people and not (folder / "people.tsv").exists():
        writer = Writer(folder, "people")
        for one in (one for place in config.people for one in recordings(place)):
            if one.text and len(samples := one.samples()) >= SHORTEST:
                writer.add(samples, one.speaker, one.text)
        writer.close()
    made = speak_all(
        folder, wanted(config), gather_material(config).texts, config.seed, config.speech.minutes
    )
    print(", ".join(f"{name} {hours:.2f} h" for name, hours in made.items()), flush=True)


def noise(config: Config) -> None:
    make_bank(config.work / "noise", config.noise_minutes, config.seed)


def align(config: Config) -> None:
    """Phones in time for every clip that has none yet."""
    _align(config, config.work / "speech", _aligner(config))


def _align(config: Config, folder: Path, aligner: Aligner) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for shard in shards(config.work / "speech"):
        done, _ = align_shard(folder, shard, aligner)
        print(f"{shard.name}: {done} of {len(shard.rows)} clips aligned", flush=True)


def _aligner(config: Config) -> Aligner:
    start = config.network.start
    if config.aligner == "pocketsphinx" or not isinstance(start, Path):
        return PocketSphinxAligner()
    network = NetAligner(earlier_net(start, config), gather_material(config).lexicon)
    return network if config.aligner == "network" else FirstThatFits(PocketSphinxAligner(), network)


def train(config: Config) -> None:
    """Every stage, and before those that ask for it an alignment by the stage before."""
    for number, stage in enumerate(config.stages):
        if finished(config, stage):
            continue  # before anything it would learn from is loaded
        if number and stage.realign:
            net = trained(checkpoint(config, config.stages[number - 1]))
            _align(config, alignments(config, number), NetAligner(net, gather_material(config).lexicon))
        train_stage(config, number)


def choose(config: Config) -> None:
    """Decoding settings, on the half of the recordings that is not reported; kept in decoding.json."""
    measure = config.measure
    scale, chunk = measure.scales[0], measure.chunks[0]
    tried = [
        Decoding(power, scale, frames_per_chunk=chunk, greed=greed)
        for greed, power, scale in product(measure.greeds, measure.prior_powers, measure.scales)
    ]
    best = Decoding(acoustic_scale=scale, frames_per_chunk=chunk)
    if measure.recordings:
        _priors(config)  # once, before the processes need them
        for greed in measure.greeds:
            _graph(config, greed)
        with pool(config) as workers:
            scores = list(workers.map(_tried, repeat(config), tried))
        best = tried[int(np.argmax(scores))]
    (config.work / "decoding.json").write_text(json.dumps(asdict(best)), encoding="utf-8")


def make(config: Config) -> None:
    """The model folder, with the settings chosen, or the defaults."""
    chosen = config.work / "decoding.json"
    decoding = Decoding(**json.loads(chosen.read_text(encoding="utf-8"))) if chosen.exists() else Decoding()
    net = trained(checkpoint(config, config.stages[-1]))
    export(config.output / config.name, net, gather_material(config).lexicon, decoding, _priors(config))


def measured(config: Config) -> list[Result]:
    """The model, the others the config names and PocketSphinx, on the half that nothing was chosen on."""
    folders: list[Path | None] = [config.output / config.name, *config.measure.against]
    if config.measure.pocketsphinx:
        folders.append(None)
    with pool(config) as workers:
        return list(workers.map(result_of, repeat(config), folders))


def report(config: Config) -> None:
    """Measure and write the model's card."""
    results = measured(config) if config.measure.recordings else []
    hours = {source.name: source.hours() for source in load_sources(config, -1)}
    text = card(config, hours, results)
    (config.output / config.name / "README").write_text(text, encoding="utf-8")
    print(text, flush=True)


STAGES: Mapping[str, Callable[[Config], None]] = {
    "speak": speak,
    "noise": noise,
    "align": align,
    "train": train,
    "choose": choose,
    "make": make,
    "report": report,
}


def pool(config: Config) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(config.processes, get_context("spawn"))


def _graph(config: Config, greed: float) -> Path:
    folder = config.work / f"graph{greed:+.2f}"
    if not (folder / "phones.txt").exists():  # the last file written
        build_graph(folder, gather_material(config).lexicon, greedier(greed))
    return folder


def _tried(config: Config, decoding: Decoding) -> float:
    """The score of one setting."""
    material, found = gather_material(config), _recordings(config)
    title = f"greed{decoding.greed:+.2f}-prior{decoding.prior_power:.2f}-scale{decoding.acoustic_scale:.2f}"
    folder = config.work / "candidates" / title
    net = trained(checkpoint(config, config.stages[-1]))
    export(folder, net, material.lexicon, decoding, _priors(config), _graph(config, decoding.greed))
    listener = VoskListener(folder, material.grammar())
    counts = run(listener, trials(found, material.phrases, "choose", config.measure.most), material.phrases)
    load = listener.load_seconds
    (folder / "figures.txt").write_text(table([Result(title, counts, np.zeros(0), load)]), encoding="utf-8")
    print(f"{title} {score(counts):.4f}", flush=True)
    return score(counts)


def result_of(config: Config, folder: Path | None) -> Result:
    """All figures of a model's folder, or of PocketSphinx when there is none."""
    material, found = gather_material(config), _recordings(config)
    phrases = material.phrases
    if folder is None:
        sphinx = PocketSphinxListener([*phrases, *material.decoys])
        return Result(sphinx.name, run(sphinx, trials(found, phrases, "report"), phrases), np.zeros(0))
    listener = VoskListener(folder, material.grammar())
    counts = run(listener, trials(found, phrases, "report"), phrases)
    ahead = read_model(folder / "am" / "final.mdl").right / 100
    waits = delays(listener, found, phrases, "report")
    return Result(listener.name, counts, waits, listener.load_seconds, megabytes(folder), ahead)


def _recordings(config: Config) -> list[Recording]:
    return recordings(config.measure.recordings) if config.measure.recordings else []


def _priors(config: Config) -> NDArray[np.float64]:
    """How often the last network says each output over mixed speech; kept in priors.npy beside its
    checkpoint.
    """
    last = checkpoint(config, config.stages[-1])
    path = config.work / "priors.npy"
    if not path.exists() or path.stat().st_mtime < last.stat().st_mtime:
        net = trained(last)
        plan = make_plan(config, config.stages[-1])
        feeder = Feeder(load_sources(config, -1), make_augmenter(config), net.shape, plan, 999)
        np.save(path, priors(net, feeder.batches()))
    return np.asarray(np.load(path), np.float64)
