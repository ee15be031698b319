"""How fast it is silent: from the action to silence in samples, and from the end of a spoken word to silence.

The second is measured in the simulated room with the real ear, the real voice and the real loop: while
the guide speaks, each recording of "stop" is said once, at several levels of the guide's own echo.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from bench.figures import Figure, median_and_p95, write
from voice.ear.ear import Ear
from voice.ear.frames import Samples
from voice.ear.room import Utterance
from voice.ear.sources import WavSource
from voice.runtime.assembly import ear_maker, open_store
from voice.runtime.pacing import AtOnce
from voice.runtime.room_stage import MOTHER_PEAK, RATE, RoomStage
from voice.runtime.script import read_script
from voice.runtime.settings import Settings
from voice.speech.clip import Clip
from voice.speech.player import Player
from voice.speech.store import Store

ECHOES = (-30.0, -20.0, -10.0, 0.0)
"""dB: the guide's own voice at the microphone, relative to what the loudspeaker plays."""
SPEAKING_AT = 4.0
"""Seconds into the session: the guide is in the middle of its opening words."""
PATIENCE = 3.0
BLOCKS = (160, 480, 1024)


@dataclass(frozen=True)
class Stopped:
    """One "stop": `after` seconds from the end of the word to silence, None when it was not understood."""

    path: Path
    echo: float
    after: float | None


def hush_samples(rate: int, block: int, seed: int) -> int:
    """Samples from Hush to digital silence, at a random moment of a loud saying."""
    chance = np.random.default_rng(seed)
    player = Player(rate)
    player.play([Clip(np.full(rate * 4, 0.5, np.float32), rate, "loud")], 1)
    for _ in range(int(chance.integers(20, 100))):
        player.pull(block)
    player.hush()
    after = np.concatenate([player.pull(block) for _ in range(20)])
    audible = np.flatnonzero(after)
    return int(audible[-1]) + 1 if len(audible) else 0


def word_end(samples: Samples) -> float:
    """Second at which a recording was last within 30 dB of its peak."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (-30 / 20))
    return float(loud[-1]) / RATE


def stop_once(path: Path, echo: float, ear: Ear, store: Store, folder: Path) -> Stopped:
    """Say the recording while the guide speaks; when was the loudspeaker last heard?"""
    script = folder / "stop.yaml"
    script.write_text(f"about: a word over the voice\nroom: {{echo: {echo}}}\nscript: []\n")
    stage = RoomStage(read_script(script), store, ear, Settings(), AtOnce())
    stage.advance(SPEAKING_AT)
    while stage.witness.saying is None:
        stage.advance(0.1)
    samples = WavSource(path, RATE).samples
    said = samples / np.float32(np.abs(samples).max()) * np.float32(MOTHER_PEAK)
    began = stage.now()
    stage.room.say(Utterance(stage.room.now, said))
    stage.advance(len(said) / RATE + PATIENCE)
    if stage.session().mode != "idle" and not stage.session().held and not stage.session().silenced:
        return Stopped(path, echo, None)
    return Stopped(path, echo, stage.sounding() - began - word_end(said))


def figures(stops: Sequence[Stopped]) -> list[Figure]:
    """Hush in samples, and the stops by level of echo."""
    counts = [hush_samples(48_000, block, seed) for block in BLOCKS for seed in range(20)]
    found = [
        Figure(
            "hush: action to silence, longest",
            max(counts),
            "samples at 48 kHz",
            "2400",
            f"{max(counts) / 48:.1f} ms",
        )
    ]
    for echo in ECHOES:
        group = [stop for stop in stops if stop.echo == echo]
        after = [stop.after for stop in group if stop.after is not None]
        understood = f"{len(after)} of {len(group)} understood"
        if after:
            median, p95 = median_and_p95(after)
            found.append(
                Figure(
                    f"end of 'stop' to silence, echo {echo:.0f} dB, median", median, "s", "0.3", understood
                )
            )
            found.append(Figure(f"end of 'stop' to silence, echo {echo:.0f} dB, p95", p95, "s", "0.3"))
        else:
            found.append(Figure(f"'stop', echo {echo:.0f} dB", understood, ""))
    return found


def main() -> None:
    """Measure on every recording of "stop" in the folder given."""
    parser = argparse.ArgumentParser(description="How fast it is silent")
    parser.add_argument("folder", type=Path, help="folder of recordings; every stop*.flac in it is said")
    paths = sorted(parser.parse_args().folder.rglob("stop*.flac"))
    paths = [path for path in paths if path.stem == "stop" or path.parent.name == "stop"]
    settings = Settings()
    ears, store = ear_maker(settings), open_store(settings)
    with tempfile.TemporaryDirectory() as folder:
        turns = [(path, echo) for path in paths for echo in ECHOES]
        stops = [
            stop_once(path, echo, ears(), store, Path(folder)) for path, echo in track(turns, "Saying stop")
        ]
    missed = [
        f"- {stop.echo:.0f} dB: {stop.path.parent.name}/{stop.path.name}"
        for stop in stops
        if stop.after is None
    ]
    table = "Not understood:\n\n" + "\n".join(missed) if missed else ""
    print(write("reaction", "How fast it is silent", figures(stops), table))


if __name__ == "__main__":
    main()
