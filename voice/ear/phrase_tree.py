"""Which of many phrases fits best what a network wrote down: all of them searched at once, as one tree of
phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voice.ear.network import Floats

BLANK = 0
"""The network's output for "nothing new here", of connectionist temporal classification (Graves et al.,
2006)."""

NEVER = np.float32(-1e30)


@dataclass(frozen=True)
class Fit:
    """A phrase, how far it falls short of the best that could be made of the sound with any phones at all
    (nats, 0 for a perfect fit), how many phones it has, how far it falls behind what a decoder would write
    (nats, where one was asked), and how unsure the network is of any phones in this sound (nats a row)."""

    phrase: str
    shortfall: float
    phones: int
    behind: float = 0.0
    unsure: float = 0.0


class PhraseTree:
    """Phrases that begin with the same phones share them.

    `pronounced`: phrase -> its pronunciations, each a sequence of the network's outputs without blanks.
    """

    def __init__(self, pronounced: Mapping[str, Sequence[Sequence[int]]]) -> None:
        outputs, parents = [BLANK], [0]
        below: list[dict[int, int]] = [{}]
        ends: list[tuple[str, int, int]] = []
        for phrase, variants in pronounced.items():
            for variant in variants:
                node = 0
                for output in variant:
                    if output not in below[node]:
                        below[node][output] = len(outputs)
                        outputs.append(output)
                        parents.append(node)
                        below.append({})
                    node = below[node][output]
                ends.append((phrase, node, len(variant)))
        self._outputs = np.array(outputs)
        self._parents = np.array(parents)
        self._repeats = self._outputs == self._outputs[self._parents]
        self._ends = ends

    def best(self, logs: Floats, most: int) -> tuple[Fit, ...]:
        """The phrases that fit best, the best one first, each once.

        `logs`: (time, outputs) log-probabilities.
        """
        if not len(logs) or not self._ends:
            return ()
        reached = self._search(logs)[[node for _, node, _ in self._ends]]
        free, unsure = float(logs.max(1).sum()), unsureness(logs)
        found: dict[str, Fit] = {}
        for place in np.argsort(-reached):
            phrase, _, phones = self._ends[place]
            found.setdefault(phrase, Fit(phrase, free - float(reached[place]), phones, unsure=unsure))
            if len(found) == most:
                break
        return tuple(found.values())

    def _search(self, logs: Floats) -> Floats:
        """(nodes,) log-probability of the best path that ends in each node at the last frame."""
        said = np.full(len(self._outputs), NEVER, np.float32)  # the last frame is the node's phone
        rests = said.copy()  # it is a blank after it
        rests[0] = 0.0
        for frame in logs:
            before_said, before_rests = said[self._parents], rests[self._parents]
            entered = np.maximum(before_rests, np.where(self._repeats, NEVER, before_said))
            rests = np.maximum(rests, said) + frame[BLANK]
            said = np.maximum(said, entered) + frame[self._outputs]
            said[0] = NEVER
        return np.maximum(said, rests)


def unsureness(logs: Floats) -> float:
    """How unlikely the likeliest phones are, on average over the rows that hold one (nats; 0 where none
    does).

    `logs`: (time, outputs) log-probabilities.
    """
    likeliest = logs.max(1)[logs.argmax(1) != BLANK]
    return -float(likeliest.mean()) if len(likeliest) else 0.0
