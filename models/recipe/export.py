"""A trained network as a folder that Vosk opens."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recipe.convert import model_bytes
from recipe.features import CONFIG as MFCC_CONFIG
from recipe.feeding import Batch
from recipe.graph import GARBAGE, Garbage, build_graph
from recipe.lexicon import Lexicon
from recipe.net import Net
from recipe.phones import OUTPUTS


@dataclass(frozen=True)
class Decoding:
    """What is chosen on development recordings, never on the reported ones."""

    prior_power: float = 0.3  # power of the priors that scores are divided by; 0: none
    acoustic_scale: float = 1.0
    beam: float = 11.0
    lattice_beam: float = 4.0
    frames_per_chunk: int = 20  # of 10 ms; fewer answer sooner and cost more
    greed: float = 0.0  # added to the cost of every phone of the garbage words; below 0 rejects more

    def config(self) -> str:
        """conf/model.conf. The endpointer's rules are in seconds of silence after speech."""
        return (
            f"--min-active=200\n--max-active=3000\n--beam={self.beam}\n--lattice-beam={self.lattice_beam}\n"
            f"--acoustic-scale={self.acoustic_scale}\n--frame-subsampling-factor=3\n"
            f"--frames-per-chunk={self.frames_per_chunk}\n--endpoint.silence-phones=1\n"
            "--endpoint.rule2.min-trailing-silence=0.5\n--endpoint.rule3.min-trailing-silence=1.0\n"
            "--endpoint.rule4.min-trailing-silence=2.0\n"
        )


def priors(net: Net, batches: Iterator[Batch], count: int = 12) -> NDArray[np.float64]:
    """(outputs,) mean probability of each output over ``count`` batches."""
    total = np.zeros(OUTPUTS)
    net.eval()
    with torch.inference_mode():
        for _ in range(count):
            batch = next(batches)
            known = torch.softmax(net(batch.frames), -1)[batch.labels >= 0]
            total += known.sum(0).double().numpy()
    return np.asarray(total / total.sum())


def export(
    folder: Path,
    net: Net,
    lexicon: Lexicon,
    decoding: Decoding,
    prior: NDArray[np.float64],
    graph: Path | None = None,
) -> None:
    """Write the model. ``graph``: a graph folder already built for this lexicon and greed, which is then
    copied.
    """
    for part in ("am", "conf"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    powered = np.maximum(prior, 3e-4) ** decoding.prior_power  # a floor, or rare phones would win by rarity
    divided = (powered / powered.sum()).tolist() if decoding.prior_power else ()
    (folder / "am" / "final.mdl").write_bytes(model_bytes(net, divided))
    (folder / "conf" / "mfcc.conf").write_text(MFCC_CONFIG, encoding="ascii")
    (folder / "conf" / "model.conf").write_text(decoding.config(), encoding="ascii")
    if graph is None:
        build_graph(folder / "graph", lexicon, greedier(decoding.greed))
    else:
        shutil.copytree(graph, folder / "graph", dirs_exist_ok=True)


def greedier(greed: float) -> tuple[Garbage, ...]:
    return tuple(replace(one, cost=one.cost + greed) for one in GARBAGE)
