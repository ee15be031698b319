"""`lull ghosts`: every sentence of the guide heard by its own ear, and the commands that are heard in it.

The list is for whoever words the sentences; she is protected from ghosts at run time whether it is empty
or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from voice.data import DATA
from voice.ear.ghosts import Ghost, GhostMap
from voice.guide.load import load_guide
from voice.guide.model import Guide, Line
from voice.guide.wording import MARKS
from voice.runtime.assembly import ghost_book, ghost_watch, heard_commands, open_store
from voice.runtime.ghostbook import Found, sets_of_sentences
from voice.runtime.settings import Settings
from voice.speech.engines import ANY_VOICE
from voice.speech.narrator import Inline


@dataclass(frozen=True)
class Haunted:
    """A line in which a command is heard while the set `listen` is live."""

    line: Line
    sentence: str
    listen: str
    ghost: Ghost

    def __str__(self) -> str:
        at = f"{self.ghost.began:.1f}-{self.ghost.ended:.1f} s"
        heard = f"'{self.ghost.phrase}' is heard in '{self.line.id}' ({self.listen}, {at})"
        return f'{self.line.where}: {heard}: "{self.sentence}"'


@dataclass(frozen=True)
class Hunt:
    """What is known: lines with ghosts, sentences listened to, and how many were not."""

    haunted: tuple[Haunted, ...]
    heard: int
    unheard: int


def known_ghosts(settings: Settings) -> Hunt:
    """What was found before for the voice and the model in use; nothing is rendered. Raises LullError."""
    return _hunt(settings, look=False, tell=None)


def hunt(settings: Settings, tell: Callable[[str], object]) -> Hunt:
    """Listen to every sentence that was not listened to yet, rendering what is missing. Raises LullError."""
    return _hunt(settings, look=True, tell=tell)


def _hunt(settings: Settings, look: bool, tell: Callable[[str], object] | None) -> Hunt:
    guide = load_guide(DATA, settings.guide, settings.locale, settings.country)
    sets = {text: each for text, each in sets_of_sentences(guide).items() if "{" not in text}
    commands = heard_commands(settings)
    book, found = ghost_book(settings, commands), dict[str, Found]()
    voice = settings.voice or ANY_VOICE
    with ExitStack() as stack:
        store = open_store(settings)
        stack.callback(store.close)
        watch = ghost_watch(settings, commands, guide, GhostMap(), Inline())
        for number, (text, listens) in enumerate(sets.items(), 1):
            entry = store.key(text, voice, settings.pace)
            kept = book.read(entry, listens)
            if kept is None and look:
                kept = watch.look(store.get(text, voice, settings.pace), listens)
                book.write(entry, kept)
            if kept is not None:
                found[text] = kept
            if tell is not None and number % 100 == 0:
                tell(f"{number} of {len(sets)} sentences")
    return Hunt(tuple(_haunted(guide, found)), len(found), len(sets) - len(found))


def _haunted(guide: Guide, found: dict[str, Found]) -> Iterator[Haunted]:
    for line in guide.lines.values():
        for marked in (sentence for wording in line.wordings for sentence in wording):
            sentence = MARKS.sub("", marked)
            for listen, ghosts in found.get(sentence, {}).items():
                for ghost in ghosts:
                    yield Haunted(line, sentence, listen, ghost)


def told(known: Hunt) -> list[str]:
    """The list as lines of text, and a summary at its end."""
    lines = [str(each) for each in known.haunted]
    if not known.heard:
        return ["No sentence was listened to for ghosts with this model yet: lull ghosts does it."]
    summary = f"{len(lines)} ghosts in {known.heard} sentences."
    if known.unheard:
        summary += f" {known.unheard} sentences were not listened to yet: lull ghosts listens to them."
    return [*lines, summary]
