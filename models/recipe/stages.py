"""Training with several processes, each on one core: the part of the pipeline that has to be started anew in
each.
"""

import time
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import torch
import torch.distributed as dist
from torch.multiprocessing.spawn import start_processes

from recipe.augment import Augmenter
from recipe.config import Config, Stage
from recipe.convert import from_korean, from_lull, with_slots
from recipe.feeding import Batch, Feeder, Packed, Plan, Source, fed, load_source, packed, unpacked
from recipe.material import Material, gather_material, korean_model
from recipe.net import Net, Shape
from recipe.sequence import Contests
from recipe.shards import shards
from recipe.train import CORES, Progress, Trainer, trained

BABBLE = frozenset(["hibari", "joe", "kokoro", "people"])  # natural enough to be a television
SHORT = 2  # words of a phrase that may be favoured


def start_net(config: Config) -> Net:
    """The weights a run begins with: the Korean trunk with a small random head, or a model of ours."""
    if isinstance(config.network.start, Path):
        return earlier_net(config.network.start, config, config.network.shape())
    net = from_korean(korean_model(), config.network.shape())
    with torch.no_grad():
        net.head.normal_(0, 0.02, generator=torch.Generator().manual_seed(config.seed))
    return net


def earlier_net(start: Path, config: Config, shape: Shape | None = None) -> Net:
    """A model of ours, its outputs made ready for the run's language when it was made for another."""
    net = from_lull(start / "am" / "final.mdl", shape)
    ipa, before = config.spoken.ipa, config.network.language or config.language
    if ipa is None or before == config.language:
        return net
    return with_slots(net, {output: slot.starts_as for output, slot in ipa.slots.items()})


def alignments(config: Config, number: int) -> Path:
    """Where the alignments lie that stage ``number`` learns from: the latest made until then."""
    made = [stage.name for stage in config.stages[1 : number + 1] if stage.realign]
    return config.work / "aligned" / made[-1] if made else config.work / "speech"


def load_sources(config: Config, number: int, short: Collection[str] = ()) -> list[Source]:
    """What stage ``number`` learns from; -1: the last stage. ``short``: the phrases it may favour."""
    folder, weights = alignments(config, number % max(1, len(config.stages))), config.speech.weights
    found = [
        load_source(folder, shard, weights.get(shard.name, 0.1), short)
        for shard in shards(config.work / "speech")
        if (folder / f"{shard.name}.phones").exists()
    ]
    return [source for source in found if source.clips]


def make_augmenter(config: Config) -> Augmenter:
    talk = [shard for shard in shards(config.work / "speech") if shard.name in BABBLE]
    return Augmenter(shards(config.work / "noise"), talk, config.augment)


def make_plan(config: Config, stage: Stage) -> Plan:
    return Plan(
        seconds=stage.minutes * 60,
        trunk_rate=stage.trunk_rate,
        head_rate=stage.head_rate,
        sequence=stage.sequence,
        teach=stage.teach,
        batch=stage.batch,
        favoured=stage.favoured,
        half=stage.half,
        seed=config.seed,
        augment=config.augment,
    )


def where(config: Config) -> torch.device:
    """Where the network learns."""
    if config.device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(config.device)


def checkpoint(config: Config, stage: Stage) -> Path:
    return config.work / f"{stage.name}.pt"


def finished(config: Config, stage: Stage) -> bool:
    """Whether a stage's minutes are spent."""
    return spent(checkpoint(config, stage)) >= stage.minutes * 60


def spent(path: Path) -> float:
    """Seconds of training a checkpoint holds; 0 where there is none."""
    return float(torch.load(path, map_location=CORES, weights_only=True)["spent"]) if path.exists() else 0.0


def train_stage(config: Config, number: int) -> None:
    """Run stage ``number``, or what is left of it; its checkpoint holds the result."""
    device = where(config)
    if device != CORES:
        _beside_a_gpu(config, number, device)
        return
    meeting = config.work / "meeting"
    meeting.unlink(missing_ok=True)
    if config.processes == 1:
        _worker(0, config, number, meeting)
        return
    start_processes(  # type: ignore[no-untyped-call]
        _worker, (config, number, meeting), config.processes, start_method="spawn"
    )


def _teacher(config: Config, stage: Stage) -> Net | None:
    """The model a run began with, looking as far ahead as it was made to."""
    start = config.network.start
    return earlier_net(start, config).eval() if stage.teach and isinstance(start, Path) else None


def _worker(rank: int, config: Config, number: int, meeting: Path) -> None:
    if config.processes > 1:
        dist.init_process_group("gloo", meeting.resolve().as_uri(), rank=rank, world_size=config.processes)
    torch.set_num_threads(1)  # one thread in each process beats many threads in one
    material = _material(config, config.stages[number])
    trainer = _trainer(config, number, material, config.seed + rank, CORES)
    told = trainer.run(_batches(config, number, _short(material), trainer.step, rank))
    if rank == 0:
        _tell(told)
    else:
        for _ in told:
            pass
    if dist.is_initialized():
        dist.destroy_process_group()


def _beside_a_gpu(config: Config, number: int, device: torch.device) -> None:
    """One process learns; the others only make examples."""
    material = _material(config, config.stages[number])
    trainer = _trainer(config, number, material, config.seed, device)
    examples = partial(_packed_batches, config, number, _short(material), trainer.step)
    with fed(examples, config.processes) as sent:
        _tell(trainer.run(map(unpacked, sent)))


def _packed_batches(
    config: Config, number: int, short: frozenset[str], step: int, rank: int
) -> Iterator[Packed]:
    return map(packed, _batches(config, number, short, step, rank))


def _material(config: Config, stage: Stage) -> Material | None:
    """The lexicon and the texts, where a stage needs more than recordings and their phones."""
    return gather_material(config) if stage.sequence or stage.favoured else None


def _short(material: Material | None) -> frozenset[str]:
    phrases = material.texts.phrases if material else ()
    return frozenset(phrase for phrase in phrases if len(phrase.split()) <= SHORT)


def _trainer(
    config: Config, number: int, material: Material | None, seed: int, device: torch.device
) -> Trainer:
    stage = config.stages[number]
    torch.manual_seed(seed)
    net = trained(checkpoint(config, config.stages[number - 1])) if number else start_net(config)
    contests = Contests(material.texts.phrases, material.lexicon) if material and stage.sequence else None
    plan, teacher = make_plan(config, stage), _teacher(config, stage)
    return Trainer(net, plan, checkpoint(config, stage), teacher, contests, device)


def _batches(config: Config, number: int, short: frozenset[str], step: int, rank: int) -> Iterator[Batch]:
    """The examples of one process, others after each restart."""
    plan, shape = make_plan(config, config.stages[number]), config.network.shape()
    sources = load_sources(config, number, short)
    if rank == 0:
        hours = ", ".join(f"{source.name} {source.hours():.2f} h" for source in sources)
        print(f"{config.stages[number].name}: {hours}", flush=True)
    return Feeder(sources, make_augmenter(config), shape, plan, rank * 1_000_000 + step).batches()


def _tell(run: Iterator[Progress]) -> None:
    for told in run:
        print(
            f"{time.strftime('%H:%M:%S')} {told.seconds / 60:.1f} min, step {told.step}, "
            f"loss {told.loss:.3f}, "
            f"speech frames {told.speech_right:.3f}, heard {told.audio_hours:.1f} h",
            flush=True,
        )
