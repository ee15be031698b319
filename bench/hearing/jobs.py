"""The run cut into jobs that know nothing of each other, for one process or several; the order of the
results does not depend on how many."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bench.hearing import alone, conditions, echo, listeners, quiet
from bench.hearing.narrated import LEVELS, Narrated, narrated, sentences_of_all
from bench.hearing.noises import Noises
from bench.hearing.recordings import Clip, Recordings, sampled
from bench.hearing.scoring import Outcome, scored
from voice.ear.frames import EAR_RATE
from voice.ear.models import find_model
from voice.runtime.assembly import ear_maker, load_commands, open_store
from voice.runtime.settings import Settings
from voice.speech.clip import Clip as Sentence
from voice.speech.engines import ANY_VOICE

T = TypeVar("T")
AT_ONCE = 12
"""Recordings in a job."""
PASSAGE = 60
"""Sentences of narration in a job: about two minutes."""


@dataclass(frozen=True)
class Setup:
    """What every job needs. `other`: folder of a second model for the real ear, to compare."""

    settings: Settings
    noises: Noises
    seed: int
    other: Path | None = None
    peers: bool = True

    @property
    def other_settings(self) -> Settings | None:
        return self.settings.model_copy(update={"model": str(self.other)}) if self.other else None


@dataclass(frozen=True)
class Results:
    """What came out. `quiet`: the table of the quiet room; `alone`: of noise with nobody speaking."""

    outcomes: tuple[Outcome, ...] = ()
    narrated: tuple[Narrated, ...] = ()
    quiet: tuple[quiet.Outcome, ...] = field(default=())
    alone: tuple[alone.Alone, ...] = field(default=())

    def plus(self, other: Results) -> Results:
        return Results(
            self.outcomes + other.outcomes,
            self.narrated + other.narrated,
            self.quiet + other.quiet,
            self.alone + other.alone,
        )


Job = Callable[[], Results]


def plan(setup: Setup, recordings: Recordings, sentences: Sequence[tuple[str, str]], most: int) -> list[Job]:
    """Every job of a run; `most`: recordings of each condition, 0 for all."""
    core = sampled(recordings.core(), most)
    pairs = [(condition, clip) for condition in conditions.for_commands(setup.noises) for clip in core]
    jobs: list[Job] = [partial(heard, setup, part) for part in _parts(pairs, 2 * AT_ONCE)]
    jobs += talk_plan(setup, recordings, most)
    said = [text for text, _ in sentences]
    for each in echo.conditions():
        jobs += [partial(heard_over, setup, each, clips, said) for clips in _parts(core, AT_ONCE)]
    return [
        *jobs,
        *narration_plan(setup, sentences),
        *quiet_plan(setup, recordings, most),
        *noise_plan(setup, most),
    ]


def talk_plan(setup: Setup, recordings: Recordings, most: int = 0) -> list[Job]:
    """The jobs of speech that is not meant for the guide; `most`: a quarter of the recordings, 0 for all."""
    talk = sampled(recordings.others(), 4 * most)
    pairs = [(condition, clip) for condition in conditions.for_talk() for clip in talk]
    return [partial(heard, setup, part) for part in _parts(pairs, 2 * AT_ONCE)]


def narration_plan(setup: Setup, sentences: Sequence[tuple[str, str]]) -> list[Job]:
    """The jobs of the guide's own voice alone, nobody else speaking."""
    jobs: list[Job] = []
    for over in LEVELS:
        for listen in sorted({listen for _, listen in sentences}):
            texts = [text for text, live in sentences if live == listen]
            jobs += [partial(own_voice, setup, over, listen, part) for part in _parts(texts, PASSAGE)]
    return jobs


def quiet_plan(setup: Setup, recordings: Recordings, most: int = 0) -> list[Job]:
    """The jobs of the quiet room alone; `most`: about ten times as many recordings, 0 for all."""
    clips = sampled(
        [c for c in recordings.clips if c.kind != "talk" and c.speaker in recordings.reported], 10 * most
    )
    return [partial(in_quiet, setup, part) for part in _parts(clips, 5 * AT_ONCE)]


def noise_plan(setup: Setup, most: int = 0) -> list[Job]:
    """The jobs of noise with nobody speaking; `most`: passages of each condition, 0 for all."""
    passages = list(alone.passages(setup.noises, most))
    return [partial(only_noise, setup, part) for part in _parts(passages, AT_ONCE)]


def run(jobs: Sequence[Job], processes: int) -> Results:
    """All jobs, with progress on the terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results = Results()
    with Progress(*columns, TimeRemainingColumn()) as progress:
        for result in progress.track(_done(jobs, processes), total=len(jobs), description="Hearing"):
            results = results.plus(result)
    return results


def _done(jobs: Sequence[Job], processes: int) -> Iterator[Results]:
    if processes <= 1:
        for job in jobs:
            yield job()
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            for future in futures:
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


def heard(setup: Setup, pairs: Sequence[tuple[conditions.Condition, Clip]]) -> Results:
    """Recordings under their conditions, by everybody."""
    crew = _crew(setup)
    outcomes = []
    for condition, clip in pairs:
        trial = conditions.trial(clip, condition, setup.noises, setup.seed)
        for name, listener in crew.items():
            answer = listener.hear(trial, condition.listen or clip.listen)
            speech, sound = trial.ended - trial.began, len(trial.samples) / EAR_RATE
            outcomes.append(scored(name, condition.name, clip, answer, trial.ended, speech, sound))
    return Results(tuple(outcomes))


def heard_over(setup: Setup, over: echo.Echo, clips: tuple[Clip, ...], texts: Sequence[str]) -> Results:
    """Recordings over the guide's own voice: by the ear, and by the others at the usual delay."""
    sentences = _sentences(setup, texts)
    outcomes = []
    for name, settings in _ears(setup).items():
        said = echo.over_the_voice(clips, over, sentences, ear_maker(settings)(), setup.seed)
        for clip, reaction in said:
            speech = reaction.ended - reaction.began
            outcomes.append(
                scored(
                    name,
                    over.name,
                    clip,
                    reaction.answer,
                    reaction.ended,
                    speech,
                    speech + echo.PATIENCE,
                    reaction.silent,
                    reaction.ducked,
                )
            )
    if over in echo.conditions()[: len(echo.LEVELS)]:
        crew = _others(setup)
        for clip, trial in echo.pieces(clips, over, sentences, setup.seed):
            for name, listener in crew.items():
                answer = listener.hear(trial, clip.listen)
                speech, sound = trial.ended - trial.began, len(trial.samples) / EAR_RATE
                outcomes.append(scored(name, over.name, clip, answer, trial.ended, speech, sound))
    return Results(tuple(outcomes))


def own_voice(setup: Setup, over: float, listen: str, texts: tuple[str, ...]) -> Results:
    """A passage of narration with nobody speaking."""
    sentences = _sentences(setup, texts)
    return Results(narrated=(narrated(sentences, over, listen, ear_maker(setup.settings)(), setup.seed),))


def in_quiet(setup: Setup, clips: tuple[Clip, ...]) -> Results:
    """Recordings as they are, as `lull hear` hears them."""
    new_ear = ear_maker(setup.settings)
    return Results(quiet=tuple(quiet.hear(clip, new_ear()) for clip in clips))


def only_noise(setup: Setup, passages: tuple[alone.Passage, ...]) -> Results:
    """Noise with nobody speaking."""
    ear = listeners.RealEar(ear_maker(setup.settings))
    return Results(alone=tuple(alone.heard(each, setup.noises, ear, setup.seed) for each in passages))


def render(setup: Setup, limit: int) -> list[tuple[str, str]]:
    """Every sentence of the narration (`limit` of them, spread out; 0: all), rendered and kept."""
    sentences = list(dict.fromkeys(sentences_of_all(load_commands(setup.settings), setup.settings.locale)))
    if limit:
        sentences = sentences[:: max(1, len(sentences) // limit)][:limit]
    store = open_store(setup.settings)
    try:
        with Progress() as progress:
            for text, _ in progress.track(sentences, description="Speaking the narration"):
                store.get(text, setup.settings.voice or ANY_VOICE)
    finally:
        store.close()
    return sentences


def _parts(items: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), size):
        yield tuple(items[start : start + size])


def _sentences(setup: Setup, texts: Iterable[str]) -> list[Sentence]:
    store = open_store(setup.settings)
    try:
        return [store.get(text, setup.settings.voice or ANY_VOICE) for text in texts]
    finally:
        store.close()


def _ears(setup: Setup) -> dict[str, Settings]:
    other = setup.other_settings
    return {listeners.EAR: setup.settings, **({listeners.PREVIOUS: other} if other else {})}


def _crew(setup: Setup) -> dict[str, listeners.Listener]:
    ears: dict[str, listeners.Listener] = {
        name: listeners.RealEar(ear_maker(settings)) for name, settings in _ears(setup).items()
    }
    return {**ears, **_others(setup)}


def _others(setup: Setup) -> dict[str, listeners.Listener]:
    if not setup.peers:
        return {}
    model = find_model(setup.settings.model or None, setup.settings.locale)
    return listeners.others(model, load_commands(setup.settings))
