"""What is compared: Vosk models and PocketSphinx, each given the same phrases and the same sound."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder  # type: ignore[import-untyped]
from vosk import KaldiRecognizer, Model, SetLogLevel  # type: ignore[import-untyped]

BLOCK = 3200  # samples a call while a file is read
FINE = 320  # samples a call where delays are measured: 20 ms


@dataclass(frozen=True)
class Heard:
    """All utterances found in a clip, and the CPU seconds it took."""

    texts: tuple[str, ...]
    seconds: float


class Recogniser(Protocol):
    name: str

    def hear(self, samples: NDArray[np.int16]) -> Heard: ...


class VoskListener:
    """A Vosk model with a run-time grammar: phrases, decoys and one garbage word."""

    def __init__(self, folder: Path, grammar: Sequence[str], name: str | None = None) -> None:
        SetLogLevel(-1)
        self.name = name or folder.name
        started = time.process_time()
        self._model = Model(str(folder))
        self.load_seconds = time.process_time() - started
        self._grammar = json.dumps(list(grammar), ensure_ascii=False)  # Vosk reads no escapes

    def hear(self, samples: NDArray[np.int16]) -> Heard:
        started = time.process_time()
        recogniser = KaldiRecognizer(self._model, 16_000, self._grammar)
        texts = []
        for place in range(0, len(samples), BLOCK):
            if recogniser.AcceptWaveform(samples[place : place + BLOCK].tobytes()):
                texts.append(json.loads(recogniser.Result())["text"])
        texts.append(json.loads(recogniser.FinalResult())["text"])
        return Heard(tuple(text for text in texts if text), time.process_time() - started)

    def partials(self, samples: NDArray[np.int16]) -> Iterator[tuple[int, str]]:
        """After every 20 ms: samples heard so far, and what is understood up to there."""
        recogniser = KaldiRecognizer(self._model, 16_000, self._grammar)
        for place in range(0, len(samples), FINE):
            done = recogniser.AcceptWaveform(samples[place : place + FINE].tobytes())
            found = json.loads(recogniser.Result() if done else recogniser.PartialResult())
            yield place + FINE, found.get("text") or found.get("partial", "")


class PocketSphinxListener:
    """Its own English model, and a grammar of whole phrases; it has no word for anything else, so decoys must
    do.
    """

    name = "PocketSphinx"

    def __init__(self, phrases: Sequence[str]) -> None:
        self._decoder = Decoder(samprate=16000, loglevel="FATAL", lm=None)
        known = [p for p in phrases if all(self._decoder.lookup_word(word) for word in p.split())]
        rules = " | ".join(known)
        self._decoder.add_jsgf_string(
            "phrases", f"#JSGF V1.0;\ngrammar phrases;\npublic <phrase> = {rules};\n"
        )
        self._decoder.activate_search("phrases")

    def hear(self, samples: NDArray[np.int16]) -> Heard:
        started = time.process_time()
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        texts = (found.hypstr,) if found is not None and found.hypstr else ()
        return Heard(texts, time.process_time() - started)
