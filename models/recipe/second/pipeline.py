"""The second pass, stage by stage. Each stage leaves files in the work folder and goes on from what it finds
there.
"""

from collections.abc import Callable, Mapping
from itertools import repeat
from pathlib import Path

import numpy as np

from recipe.material import Material, gather_material
from recipe.measure import Counts, run, tally, trials
from recipe.pipeline import pool, result_of
from recipe.reading import ConfigError
from recipe.recognisers import Heard
from recipe.recordings import Recording, recordings
from recipe.second.card import card
from recipe.second.config import SecondConfig
from recipe.second.encoding import encode
from recipe.second.export import export
from recipe.second.learning import learn
from recipe.second.network import trained
from recipe.second.product import ProductEar
from recipe.second.recogniser import SecondListener
from recipe.stages import load_sources
from recipe.table import Result, megabytes, score, table
from voice.ear.second_pass import FOLDER

Ready = tuple[Material, list[Recording]]


def make(config: SecondConfig) -> None:
    """What the product needs, in a folder of the first pass's model."""
    if not config.model.is_dir():
        raise ConfigError(f"{config.model} is missing; make the first pass's model, or name another.")
    network = trained(config.checkpoint)
    lexicon = gather_material(config.run).lexicon
    export(config.model / FOLDER, config.published, network, lexicon, config.learn.kept)


def choose(config: SecondConfig) -> None:
    """What each limit does on the half that is not reported, and its score; the best is for the config."""
    if config.run.measure.recordings is None:
        print("No recordings to choose on.", flush=True)
        return
    material, found = _ready(config)
    listener = _listener(config, material)
    live, counts = frozenset(material.phrases), {limit: Counts() for limit in config.report.limits}
    for trial in trials(found, material.phrases, "choose", config.report.most):
        fits = listener.fits(trial.samples)
        for limit, so_far in counts.items():
            tally(so_far, trial, Heard(listener.accepted(fits, limit), 0.0), live)
    text = table([Result(f"{limit:g} nats", so_far, np.zeros(0)) for limit, so_far in counts.items()])
    text += "".join(f"score with {limit:g}: {score(so_far):.3f}\n" for limit, so_far in counts.items())
    (config.work / "limits.txt").write_text(text, encoding="utf-8")
    print(text, flush=True)


def report(config: SecondConfig) -> None:
    """Measure beside the first pass, the other models its config names and PocketSphinx; write the card."""
    first = config.run
    _exported(config)
    results = measured(config) if first.measure.recordings else []
    hours = {source.name: source.hours() for source in load_sources(first, -1)}
    text = card(config, hours, results)
    (config.model / FOLDER / "README").write_text(text, encoding="utf-8")
    print(text, flush=True)


def measured(config: SecondConfig) -> list[Result]:
    first = config.run
    others: list[Path | None] = [config.model, *first.measure.against]
    if first.measure.pocketsphinx:
        others.append(None)
    with pool(first) as workers:
        ours = [workers.submit(measure, config) for measure in (_product, _second)]
        rest = workers.map(result_of, repeat(first), others)  # begun before the first is waited for
        return [*(one.result() for one in ours), *rest]


def _product(config: SecondConfig) -> Result:
    material, _ = ready = _ready(config)
    size = megabytes(config.model) + megabytes(_exported(config))
    return _counted(ProductEar(config.model, material.phrases, material.decoys), ready, size)


def _second(config: SecondConfig) -> Result:
    ready = _ready(config)
    return _counted(_listener(config, ready[0]), ready, megabytes(_exported(config)))


def _counted(listener: ProductEar | SecondListener, ready: Ready, size: float) -> Result:
    material, found = ready
    counts = run(listener, trials(found, material.phrases, "report"), material.phrases)
    return Result(listener.name, counts, np.zeros(0), listener.load_seconds, size)


def _ready(config: SecondConfig) -> Ready:
    """What is to be heard, and in what."""
    first = config.run
    if first.measure.recordings is None:
        raise ConfigError(f"{config.first} names no recordings to measure on.")
    return gather_material(first), recordings(first.measure.recordings)


def _listener(config: SecondConfig, material: Material) -> SecondListener:
    return SecondListener(_exported(config), material.phrases, material.decoys, config.report.limit)


def _exported(config: SecondConfig) -> Path:
    folder = config.model / FOLDER
    if not folder.is_dir():
        raise ConfigError(f"{config.model} has no folder {FOLDER}; run export first.")
    return folder


STAGES: Mapping[str, Callable[[SecondConfig], None]] = {
    "encode": encode,
    "learn": learn,
    "export": make,
    "choose": choose,
    "report": report,
}
