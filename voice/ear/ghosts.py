"""What the recogniser hears in the guide's own sentences: commands nobody gave.

Every sample the guide says is known beforehand, so the recogniser listens to each sentence once, alone, with
the commands that can be live while it plays. What it takes for a command there is a ghost: heard again at
that place of that sentence, it is the guide's own voice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from voice.ear.frames import EAR_RATE, Samples
from voice.ear.recogniser import UNKNOWN, Recogniser, Word
from voice.language.commands import Commands

STEP = 0.1
"""Seconds of sound between two looks at what is believed so far."""
AFTER = 0.6
"""Seconds of silence after the sentence: the recogniser hears that much late."""
SHOWN = 1.0
"""Seconds before it shows at which a word may have begun that was believed for a moment only."""


@dataclass(frozen=True)
class Ghost:
    """A live phrase that the sentence was heard to hold; seconds within the sentence."""

    phrase: str
    began: float
    ended: float


def find_ghosts(
    samples: Samples, recogniser: Recogniser, commands: Commands, listen: str
) -> tuple[Ghost, ...]:
    """Ghosts of a sentence, float32 (n,) at EAR_RATE, for one set of commands. The recogniser is loaded."""
    recogniser.use(commands.grammar(listen, UNKNOWN), 0.0)
    found: dict[str, Ghost] = {}
    sound = np.concatenate([samples, np.zeros(round(AFTER * EAR_RATE), np.float32)])
    step = round(STEP * EAR_RATE)
    for at in range(0, len(sound), step):
        said = recogniser.feed(sound[at : at + step])
        if said is None:
            continue
        if said.final:
            found |= {ghost.phrase: ghost for ghost in _in(said.words, commands, listen)}
        elif commands.match(said.text, listen) is not None:
            now = (at + step) / EAR_RATE
            found.setdefault(said.text, Ghost(said.text, max(0.0, now - SHOWN), now))
    found |= {ghost.phrase: ghost for ghost in _in(recogniser.finish().words, commands, listen)}
    length = len(samples) / EAR_RATE
    return tuple(
        Ghost(ghost.phrase, round(min(ghost.began, length), 2), round(min(ghost.ended, length), 2))
        for ghost in found.values()
    )


def _in(words: Sequence[Word], commands: Commands, listen: str) -> Iterator[Ghost]:
    """The live phrases among contiguous words, the longest at each place: whatever surrounds them may be
    lost in the room."""
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            match = commands.match(" ".join(word.text for word in words[start:end]), listen)
            if match is not None:
                yield Ghost(match.phrase, words[start].began, words[end - 1].ended)
                start = end - 1
                break
        start += 1


class GhostMap:
    """The ghosts of sentences by text and set of commands. Written by one thread, read by another."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[Ghost, ...]]] = {}
        self._lock = Lock()

    def put(self, text: str, ghosts: dict[str, tuple[Ghost, ...]]) -> None:
        """What is known of a sentence as it sounds now; another pace or voice replaces it."""
        with self._lock:
            self._known[text] = ghosts

    def of(self, text: str, listen: str) -> tuple[Ghost, ...] | None:
        """Its ghosts while `listen` is live; None where that was never listened for."""
        with self._lock:
            return self._known.get(text, {}).get(listen)

    def sentences(self) -> dict[str, dict[str, tuple[Ghost, ...]]]:
        """Everything known."""
        with self._lock:
            return dict(self._known)
