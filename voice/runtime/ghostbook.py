"""Keeps what was found of ghosts beside the rendered sentences, and looks for them when a sentence is new.

Looking is done by a recogniser of its own, in a thread of its own, one sentence at a time with rests between:
the ear and the voice never wait for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from voice.ear.frames import EAR_RATE
from voice.ear.ghosts import Ghost, GhostMap, find_ghosts
from voice.ear.recogniser import UNKNOWN, Recogniser
from voice.guide.model import Guide
from voice.guide.wording import MARKS
from voice.language.commands import Commands
from voice.language.lint import GUIDING, sets_of_lines
from voice.speech.clip import Clip
from voice.speech.narrator import Executor
from voice.speech.store import BESIDE

FORMAT = "ghosts-1"
"""Part of every key: changes when ghosts are looked for in another way."""
MOST_KEPT = 16
"""Findings kept for one sentence: sets of commands, times models."""

Found = dict[str, tuple[Ghost, ...]]
"""Ghosts by set of commands."""


class GhostBook:
    """Ghosts on disk: one small file beside each rendered sentence. `folder` None keeps nothing.

    A finding holds for the model (its digest) and the list of phrases listened for; a damaged file or a full
    disk costs only that the sentence is listened to again.
    """

    def __init__(self, folder: Path | None, model: str, commands: Commands) -> None:
        self._folder = folder
        self._model = model
        self._commands = commands
        self._keys: dict[str, str] = {}

    def read(self, entry: str, listens: Iterable[str]) -> Found | None:
        """What is kept for a sentence (its key in the store) and all these sets; None when some are
        missing."""
        kept = self._kept(entry)
        try:
            return {
                listen: tuple(Ghost(str(p), float(b), float(e)) for p, b, e in kept[self._key(listen)])
                for listen in listens
            }
        except (KeyError, TypeError, ValueError):
            return None

    def write(self, entry: str, found: Found) -> None:
        """Keep it, whole or not at all."""
        if self._folder is None:
            return
        new = {
            self._key(listen): [(ghost.phrase, ghost.began, ghost.ended) for ghost in ghosts]
            for listen, ghosts in found.items()
        }
        older = {key: value for key, value in self._kept(entry).items() if key not in new}
        kept = dict(list((older | new).items())[-MOST_KEPT:])
        path = self._path(self._folder, entry)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(kept), encoding="utf-8")
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()

    def _kept(self, entry: str) -> dict[str, list[tuple[str, float, float]]]:
        if self._folder is None:
            return {}
        try:
            kept = json.loads(self._path(self._folder, entry).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _path(self, folder: Path, entry: str) -> Path:
        return folder / f"{entry}{BESIDE}"

    def _key(self, listen: str) -> str:
        if listen not in self._keys:
            parts = (FORMAT, self._model, *self._commands.grammar(listen, UNKNOWN))
            self._keys[listen] = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
        return self._keys[listen]


class GhostWatch:
    """Told of every sentence as it is rendered, sees to it that its ghosts are in `ghosts`.

    `recogniser` makes one that is used in the executor's thread alone, at the first sentence that is new.
    """

    def __init__(
        self,
        ghosts: GhostMap,
        book: GhostBook,
        commands: Commands,
        sets: Mapping[str, tuple[str, ...]],
        recogniser: Callable[[], Recogniser],
        executor: Executor,
    ) -> None:
        self._ghosts = ghosts
        self._book = book
        self._commands = commands
        self._sets = sets
        self._new_recogniser = recogniser
        self._recogniser: Recogniser | None = None
        self._executor = executor
        self._seen: dict[str, str] = {}
        self.fault = ""

    def rendered(self, entry: str, clip: Clip) -> None:
        """The sentence `clip` is there, kept as `entry`. Returns at once with a Worker."""
        if self._seen.get(clip.text) != entry:
            self._seen[clip.text] = entry
            self._executor.submit(lambda: self._look(entry, clip), urgent=False)

    def _look(self, entry: str, clip: Clip) -> None:
        """A mistake here must not end the thread: without a map the text of the sentence still vetoes."""
        try:
            self._fill(entry, clip)
        except Exception as error:
            self.fault = f"{type(error).__name__}: {error}"

    def _fill(self, entry: str, clip: Clip) -> None:
        listens = self._sets.get(clip.text, (GUIDING,))
        found = self._book.read(entry, listens)
        if found is None:
            self._ghosts.put(clip.text, {})
            found = self.look(clip, listens)
            self._book.write(entry, found)
        self._ghosts.put(clip.text, found)

    def look(self, clip: Clip, listens: Iterable[str]) -> Found:
        """Listen to the sentence with each of the sets. Raises LullError when the model cannot be opened."""
        if self._recogniser is None:
            self._recogniser = self._new_recogniser()
            self._recogniser.load()
        samples = clip.at_rate(EAR_RATE).samples
        return {each: find_ghosts(samples, self._recogniser, self._commands, each) for each in listens}


def sets_of_sentences(guide: Guide) -> dict[str, tuple[str, ...]]:
    """Every sentence that is known beforehand -> the sets of commands that can be live while it is said."""
    of_lines, found = sets_of_lines(guide), dict[str, dict[str, None]]()
    for line in guide.lines.values():
        for sentence in (sentence for wording in line.wordings for sentence in wording):
            sets = of_lines.get(line.id, (GUIDING,))
            found.setdefault(MARKS.sub("", sentence), {}).update(dict.fromkeys(sets))
    return {sentence: tuple(sets) for sentence, sets in found.items()}
