"""The recordings: who says what, whether it is a command, and which half of the speakers it belongs to.

The folder holds `voices/VOICE/PHRASE.flac` (an underscore stands for an apostrophe; a name that begins with
`oov_` is no command), `real/commands/WORD/*.flac`, other folders of `real/` with speech that is not meant for
the guide, `talk/` with more of it, and `real/noise/`. `real.tsv` beside them may name the speakers (columns
`file` and `speaker`). Voices may also lie in the folder itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.halves import reported
from voice.errors import LullError
from voice.language.commands import Commands
from voice.language.text import normalise

SETS = ("guiding", "question", "awake")
CORE = (
    "stop", "wait", "pause", "next", "back", "repeat", "yes", "no", "continue",
    "how long", "it hurts", "help",
)  # fmt: skip
SOUNDS = (".flac", ".wav", ".ogg")
OTHER = "oov_"


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it.

    `intent` is None when it is no command in any set; `core` is the core command it is a wording of.
    """

    path: Path
    kind: str
    phrase: str
    listen: str
    intent: str | None
    speaker: str
    core: str | None


@dataclass(frozen=True)
class Recordings:
    """All recordings of a folder. `reported`: the speakers figures are given on."""

    folder: Path
    clips: tuple[Clip, ...]
    reported: frozenset[str]

    def core(self) -> list[Clip]:
        """Core commands of the reported half."""
        return [clip for clip in self.clips if clip.core and clip.speaker in self.reported]

    def others(self, half: bool = True) -> list[Clip]:
        """Speech that is no command: of the reported half, or of the other one."""
        return [clip for clip in self.clips if not clip.intent and (clip.speaker in self.reported) == half]

    def noises(self, pattern: str) -> list[Path]:
        """Recorded noises under `real/noise` that the pattern fits."""
        return _sounds(self.folder / "real" / "noise", pattern)


def live_in(phrase: str, commands: Commands) -> tuple[str, str | None]:
    """The first of the sets in which the phrase is a command, and its intent."""
    for name in SETS:
        match = commands.match(phrase, name)
        if match is not None:
            return name, match.intent
    return "guiding", None


def core_of(phrase: str, intent: str | None, commands: Commands) -> str | None:
    """The core command that the phrase is: its words are in it, and it means the same ("stop please")."""
    for core in CORE:
        if f" {core} " in f" {phrase} " and intent is not None and live_in(core, commands)[1] == intent:
            return core
    return None


def read_folder(folder: Path, commands: Commands) -> Recordings:
    """Every recording of the folder. Raises LullError when there is none."""
    clips = [*_voices(folder, commands), *_people(folder, commands), *_talk(folder)]
    if not clips:
        raise LullError(f"{folder} holds no recordings; name a folder with voices/ or real/ in it.")
    made_up = {clip.speaker for clip in clips if clip.kind == "voices"}
    people = {clip.speaker for clip in clips} - made_up
    return Recordings(folder, tuple(clips), reported(made_up) | reported(people))


def sampled(clips: Sequence[Clip], count: int) -> list[Clip]:
    """At most `count` clips, as evenly over what is said as can be, the same in every run; 0: all."""
    if not count or len(clips) <= count:
        return list(clips)
    groups: dict[str, list[Clip]] = {}
    for clip in clips:
        groups.setdefault(clip.core or clip.kind, []).append(clip)
    rounds = max(map(len, groups.values()))
    dealt = [group[turn] for turn in range(rounds) for group in groups.values() if turn < len(group)]
    return dealt[:count]


def _voices(folder: Path, commands: Commands) -> Iterator[Clip]:
    inside = folder / "voices"
    for path in sorted((inside if inside.is_dir() else folder).glob("*/*.flac")):
        phrase = normalise(path.stem.removeprefix(OTHER).replace("_", "'"))
        listen, intent = live_in(phrase, commands)
        if path.stem.startswith(OTHER):
            listen, intent = "guiding", None
        core = core_of(phrase, intent, commands)
        yield Clip(path, "voices", phrase, listen, intent, path.parent.name, core)


def _people(folder: Path, commands: Commands) -> Iterator[Clip]:
    speakers = _speakers(folder)
    real = folder / "real"
    for path in _sounds(real / "commands", "*"):
        phrase = normalise(path.parent.name.replace("_", "'"))
        listen, intent = live_in(phrase, commands)
        speaker = speakers.get(path, path.stem)
        yield Clip(path, "real", phrase, listen, intent, speaker, core_of(phrase, intent, commands))
    kinds = [each.name for each in sorted(real.iterdir()) if each.is_dir()] if real.is_dir() else []
    for kind in kinds:
        if kind not in ("commands", "noise"):
            for path in _sounds(real / kind, "*"):
                speaker = path.stem if kind == "speech_directed" else speakers.get(path, path.stem)
                yield Clip(path, kind, kind, "guiding", None, speaker, None)


def _talk(folder: Path) -> Iterator[Clip]:
    for path in _sounds(folder / "talk", "*"):
        yield Clip(path, "talk", "talk", "guiding", None, path.stem, None)


def _speakers(folder: Path) -> Mapping[Path, str]:
    table = folder / "real.tsv"
    if not table.exists():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {folder / row["file"]: row["speaker"] for row in rows}


def _sounds(folder: Path, pattern: str) -> list[Path]:
    return [path for path in sorted(folder.rglob(pattern)) if path.suffix in SOUNDS]
