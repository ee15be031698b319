"""A text as a small graph of states, one a phone: words in order, any pronunciation of each, silence where it
may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recipe.phones import ANY, OUTPUT, SILENCE

NOWHERE = -1  # a place in ``before`` that holds no state


@dataclass(frozen=True)
class Path:
    """States in an order in which every state comes after those before it. Each state also follows itself."""

    outputs: NDArray[np.int64]  # (states,) what the network should say in each
    before: NDArray[
        np.int64
    ]  # (states, most) states each may follow, itself first; NOWHERE where there is none
    starts: NDArray[np.bool_]  # (states,) where a path may begin
    ends: NDArray[np.bool_]  # (states,) where a path may end


def path_of(words: Sequence[Sequence[str]]) -> Path:
    """``words``: the pronunciations of each word. No words at all: silence alone."""
    outputs: list[int] = [OUTPUT[SILENCE]]
    before: list[list[int]] = [[0]]
    starts = [0]
    tails, begin = [0], True  # states the next word may follow, and whether it may also come first
    for variants in words:
        ends = []
        for variant in dict.fromkeys(variants):
            for number, phone in enumerate(variant.split()):
                state = len(outputs)
                outputs.append(OUTPUT[phone])
                before.append([state, *(tails if number == 0 else [state - 1])])
                if number == 0 and begin:
                    starts.append(state)
            ends.append(len(outputs) - 1)
        silence = len(outputs)
        outputs.append(OUTPUT[SILENCE])
        before.append([silence, *ends])
        tails, begin = [*ends, silence], False
    most = max(map(len, before))
    table = np.array([states + [NOWHERE] * (most - len(states)) for states in before])
    flags = np.zeros((2, len(outputs)), bool)
    flags[0, starts] = True
    flags[1, tails] = True
    return Path(np.array(outputs), table, flags[0], flags[1])


def anything(length: int) -> list[tuple[str, ...]]:
    """``length`` phones that may be any, as words for ``path_of``."""
    return [(" ".join([ANY] * length),)] if length else []


def viterbi(scores: NDArray[np.float32], path: Path) -> tuple[NDArray[np.int64], float] | None:
    """The best way along ``path``: the output of every frame, and its score.

    ``scores``: (frames, outputs) log-probabilities. None when the path is longer than the frames.
    """
    seen = scores[:, path.outputs]
    best = np.where(path.starts, seen[0], -np.inf)
    came = np.zeros(seen.shape, np.int64)
    place = np.arange(len(path.outputs))
    blocked = path.before == NOWHERE
    for frame in range(1, len(seen)):
        choices = np.where(blocked, -np.inf, best[path.before])
        chosen = choices.argmax(1)
        came[frame] = path.before[place, chosen]
        best = choices[place, chosen] + seen[frame]
    final = np.where(path.ends, best, -np.inf)
    state = int(final.argmax())
    if not np.isfinite(final[state]):
        return None
    found = np.empty(len(seen), np.int64)
    score = float(final[state])
    for frame in range(len(seen) - 1, -1, -1):
        found[frame] = path.outputs[state]
        state = int(came[frame, state])
    return found, score
