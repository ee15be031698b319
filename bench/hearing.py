"""What the ear makes of recordings: accepted per phrase, wrong commands, false accepts on other speech.

The folder holds `voices/VOICE/PHRASE.flac` (an underscore stands for an apostrophe; a phrase that is no
command must yield nothing), `real/commands/WORD/*.flac`, `real/other_words/` and `real/speech_directed/`.
Each is heard with the set of commands in which its phrase is live; what is no command, with `guiding`.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from bench.figures import Figure, median_and_p95, write
from voice.ear.ear import Ear
from voice.ear.files import Record, hear_file
from voice.ear.sources import read_sound
from voice.language.commands import Commands
from voice.language.text import normalise
from voice.runtime.assembly import ear_maker, load_commands
from voice.runtime.settings import Settings

SETS = ("guiding", "question", "awake")


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it; `intent` None when it is no command in any set."""

    path: Path
    kind: str
    phrase: str
    listen: str
    intent: str | None


@dataclass(frozen=True)
class Outcome:
    """What the ear made of a clip; times in seconds."""

    clip: Clip
    records: tuple[Record, ...]
    seconds: float
    cpu: float

    @property
    def accepted(self) -> list[Record]:
        return [record for record in self.records if record.intent is not None]

    @property
    def right(self) -> bool:
        return any(record.intent == self.clip.intent for record in self.accepted)

    @property
    def wrong(self) -> int:
        return sum(record.intent != self.clip.intent for record in self.accepted)


def live_in(phrase: str, commands: Commands) -> tuple[str, str | None]:
    """The first of the sets in which the phrase is a command, and its intent."""
    for name in SETS:
        match = commands.match(phrase, name)
        if match is not None:
            return name, match.intent
    return "guiding", None


def clips(folder: Path, commands: Commands) -> Iterator[Clip]:
    """Every recording of the folder."""
    for path in sorted(folder.glob("voices/*/*.flac")):
        phrase = normalise(path.stem.replace("_", "'"))
        yield Clip(path, "voices", phrase, *live_in(phrase, commands))
    for path in sorted(folder.glob("real/commands/*/*.flac")):
        yield Clip(path, "real", path.parent.name, *live_in(path.parent.name, commands))
    for kind in ("other_words", "speech_directed"):
        for path in sorted(folder.glob(f"real/{kind}/*.flac")):
            yield Clip(path, kind, kind, "guiding", None)


def hear(clip: Clip, ear: Ear) -> Outcome:
    """Run the real ear over one clip."""
    samples, rate = read_sound(clip.path)
    began = time.process_time()
    records = tuple(hear_file(clip.path, lambda: ear, clip.listen))
    return Outcome(clip, records, len(samples) / rate, time.process_time() - began)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def _share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{100 * hits / max(total, 1):.0f} % of {total} ({100 * low:.0f}-{100 * high:.0f})"


def rows(outcomes: Sequence[Outcome]) -> str:
    """A Markdown table by phrase, commands first, then what is no command by kind."""
    table = [
        "| said | recordings | accepted | as another command | rejected or missed |",
        "|---|---|---|---|---|",
    ]
    by_phrase: dict[tuple[bool, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        clip = outcome.clip
        name = clip.phrase if clip.intent or clip.kind == "voices" else clip.kind
        by_phrase.setdefault((clip.intent is None, clip.kind, name), []).append(outcome)
    for (no_command, kind, name), group in sorted(by_phrase.items()):
        right, wrong = sum(o.right for o in group), sum(bool(o.wrong) for o in group)
        accepted = "-" if no_command else str(right)
        missed = len(group) - wrong - (0 if no_command else right)
        table.append(f"| {name} | {len(group)} {kind} | {accepted} | {wrong} | {max(0, missed)} |")
    return "\n".join(table)


def figures(outcomes: Sequence[Outcome]) -> list[Figure]:
    """Shares and rates over all clips."""
    found: list[Figure] = []
    for kind, label in (
        ("voices", "synthetic voices, command phrases"),
        ("real", "real people, stop / yes / no"),
    ):
        group = [o for o in outcomes if o.clip.kind == kind and o.clip.intent]
        found.append(
            Figure(
                f"accepted: {label}", _share(sum(o.right for o in group), len(group)), "", "", "95 % interval"
            )
        )
        found.append(
            Figure(f"wrong command: {label}", _share(sum(bool(o.wrong) for o in group), len(group)), "")
        )
    for kind in ("voices", "real", "other_words", "speech_directed"):
        group = [o for o in outcomes if o.clip.kind == kind and not o.clip.intent]
        if group:
            hours = sum(o.seconds for o in group) / 3600
            false = sum(o.wrong for o in group)
            note = f"{false} in {hours * 60:.1f} minutes, {len(group)} recordings"
            found.append(Figure(f"false accepts: {kind}, no command", false / hours, "an hour", "", note))
    waits = [
        r.decided - r.ended for o in outcomes if o.right for r in o.accepted if r.intent == o.clip.intent
    ]
    median, p95 = median_and_p95(waits)
    found.append(Figure("end of the word to the decision, median", median, "s"))
    found.append(Figure("end of the word to the decision, p95", p95, "s"))
    cpu, sound = sum(o.cpu for o in outcomes), sum(o.seconds for o in outcomes)
    found.append(
        Figure(
            "CPU of the ear, share of one core (RTF)", cpu / sound, "", "0.10", f"{sound / 60:.0f} minutes"
        )
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found.append(Figure("peak memory of the process", peak, "MB"))
    return found


def main() -> None:
    """Hear every recording under the folder given and write the figures."""
    parser = argparse.ArgumentParser(description="The real ear over recordings")
    parser.add_argument("folder", type=Path, help="folder with voices/ and real/")
    folder = parser.parse_args().folder
    settings = Settings()
    new_ear = ear_maker(settings)
    all_clips = list(clips(folder, load_commands(settings)))
    outcomes = [hear(clip, new_ear()) for clip in track(all_clips, "Hearing")]
    print(write("hearing", "What the ear hears in quiet", figures(outcomes), rows(outcomes)))


if __name__ == "__main__":
    main()
