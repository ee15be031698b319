"""The second pass, stage by stage. Each stage leaves files in the work folder and goes on from what it finds
there.
"""

from collections.abc import Callable, Mapping
from itertools import repeat
from pathlib import Path

import numpy as np

from recipe.material import gather_material
from recipe.measure import run, trials
from recipe.pipeline import pool, result_of
from recipe.reading import ConfigError
from recipe.recordings import recordings
from recipe.second.card import card
from recipe.second.config import SecondConfig
from recipe.second.encoding import encode
from recipe.second.export import export
from recipe.second.learning import learn
from recipe.second.network import trained
from recipe.second.recogniser import SecondListener
from recipe.stages import load_sources
from recipe.table import Result, megabytes
from voice.ear.second_pass import FOLDER


def make(config: SecondConfig) -> None:
    """What the product needs, in a folder of the first pass's model."""
    if not config.model.is_dir():
        raise ConfigError(f"{config.model} is missing; make the first pass's model, or name another.")
    head = trained(config.checkpoint)
    lexicon = gather_material(config.run).lexicon
    export(config.model / FOLDER, config.encoder, head, lexicon, config.licence)


def report(config: SecondConfig) -> None:
    """Measure beside the first pass, the other models its config names and PocketSphinx; write the card."""
    first = config.run
    if not (config.model / FOLDER).is_dir():
        raise ConfigError(f"{config.model} has no folder {FOLDER}; run export first.")
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
        second = workers.submit(_second, config)
        return [second.result(), *workers.map(result_of, repeat(first), others)]


def _second(config: SecondConfig) -> Result:
    first, folder = config.run, config.model / FOLDER
    material = gather_material(first)
    if first.measure.recordings is None:
        raise ConfigError(f"{config.first} names no recordings to measure on.")
    found = recordings(first.measure.recordings)
    listener = SecondListener(folder, material.phrases, material.decoys, config.report.limit)
    counts = run(listener, trials(found, material.phrases, "report"), material.phrases)
    return Result(listener.name, counts, np.zeros(0), listener.load_seconds, megabytes(folder))


STAGES: Mapping[str, Callable[[SecondConfig], None]] = {
    "encode": encode,
    "learn": learn,
    "export": make,
    "report": report,
}
