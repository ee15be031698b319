"""A recorded mother in a simulated room: real ear, real voice, real loop, moved on block by block.

One thread, counting samples: the player gives a block, the room carries it to the microphone with her voice
and the noise, the ear hears it, the loop acts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.data import DATA
from voice.ear.ear import Ear
from voice.ear.frames import AudioFrame
from voice.ear.room import SimulatedRoom, Utterance, small_room
from voice.ear.sources import WavSource
from voice.errors import DataError, LullError
from voice.guide.events import Action, Command, Event
from voice.guide.load import load_guide
from voice.guide.session import Session
from voice.runtime.assembly import load_commands
from voice.runtime.bookmarks import open_session
from voice.runtime.clocks import VirtualClock
from voice.runtime.journal import Journal
from voice.runtime.loop import Loop, Watcher, nobody
from voice.runtime.narration import SpokenVoice, narrated
from voice.runtime.pacing import Pacer
from voice.runtime.performance import LOOK
from voice.runtime.script import Entry, Script
from voice.runtime.settings import Settings
from voice.runtime.stages import common_deed
from voice.runtime.view import View
from voice.runtime.witness import Witness
from voice.speech.earcons import load_earcons
from voice.speech.engines import ANY_VOICE
from voice.speech.narrator import Inline, Narrator
from voice.speech.player import Player
from voice.speech.store import Store

Samples = NDArray[np.float32]

FOLDER = DATA / "rehearsals"
RATE = 24_000
"""Hz of the simulated sound card: the rate of the natural voice."""
BLOCK = 480
"""Samples (20 ms) at a time."""
AUDIBLE = 1e-4
"""Amplitude (-80 dB full scale) above which the guide counts as heard."""
MOTHER_PEAK = 0.25
"""Peak at which a recording of her arrives at the microphone (-12 dB full scale)."""


class RoomStage:
    """The room, the ear, the voice and the loop, moved on block by block. Fits performance.Stage."""

    soon = 4.0

    def __init__(
        self,
        script: Script,
        store: Store,
        ear: Ear,
        settings: Settings,
        pacer: Pacer,
        watch: Watcher = nobody,
    ) -> None:
        self._script = script
        self._settings = settings
        self._ear = ear
        self._pacer = pacer
        self._clock = VirtualClock()
        self._samples = 0
        self._last_sound = 0.0
        self.witness = Witness()
        self.player = Player(RATE)
        self.room = _room(script)
        narrator = Narrator(store, self.player, settings.voice or ANY_VOICE, Inline(), load_earcons())
        guide = load_guide(DATA, settings.guide, settings.locale, settings.country)
        guide = guide.with_help(load_commands(settings).help_names())
        journal = Journal.memory()
        session, _ = open_session(guide, journal, 0.0, 0.0, *settings.first_night())
        voice = SpokenVoice(narrator, self.player)
        voice.volume(session.level)

        def both(event: Event, session: Session, actions: Sequence[Action]) -> None:
            self.witness(event, session, actions)
            watch(event, session, actions)

        self._loop = Loop(guide, session, voice, ear, journal, self._clock, watch=both)
        narrator.greet()
        self._loop.handle(Command(0.0, "begin", {}, "rehearsal"))

    def now(self) -> float:
        return self._clock.now()

    def session(self) -> Session:
        return self._loop.session

    def view(self, at: float) -> View:
        return self._loop.view(at)

    def stride(self) -> float:
        return LOOK

    def sounding(self) -> float:
        return self._last_sound

    def advance(self, seconds: float) -> None:
        for _ in range(math.ceil(seconds * RATE / BLOCK - 1e-6)):
            self._block()

    def act(self, entry: Entry) -> float:
        length = 0.0
        if entry.mother is not None:
            samples = _recording(self._script, entry.mother)
            self.room.say(Utterance(self.room.now, samples))
            length = len(samples) / RATE
        common_deed(entry, self._loop, self.now())
        return length

    def _block(self) -> None:
        played = self.player.pull(BLOCK)
        microphone = self.room.step(played)
        frame = AudioFrame(microphone, RATE, self._samples)
        self._samples += BLOCK
        self._clock.run_until(self._samples / RATE)
        if np.abs(played).max() > AUDIBLE:
            self._last_sound = self.now()
        for event in self._ear.hear(frame, played, narrated(self.player)):
            self._loop.post(event)
        self._loop.pump()
        self._pacer.play(self.room.latest)


def check_recordings(script: Script) -> None:
    """Raise DataError, with file and line, for the first recording the script names that cannot be read."""
    for number, entry in enumerate(script.part.script):
        if entry.hear is not None or entry.murmur is not None or entry.cut:
            raise DataError(script.where(number), "hear, murmur and cut are for dialogues; use mother here")
        if entry.mother is not None:
            try:
                _recording(script, entry.mother)
            except LullError as error:
                raise DataError(script.where(number), str(error)) from error


def _room(script: Script) -> SimulatedRoom:
    part = script.part.room
    noise = None
    if part.noise is not None:
        noise = WavSource(script.document.path.parent / part.noise, RATE).samples
    return SimulatedRoom(
        RATE, part.delay, part.echo, small_room(RATE), noise=noise, noise_gain=part.noise_level
    )


def _recording(script: Script, name: str) -> Samples:
    """Her recording `name`, beside the script or among those that came with Lull, at MOTHER_PEAK."""
    folders = (script.document.path.parent / script.part.voice, FOLDER / script.part.voice)
    spelled = name.replace("'", "_")
    paths = [folder / f"{spelled}{ending}" for folder in folders for ending in (".flac", ".wav")]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise LullError(f"there is no recording {name} in {folders[0]}; check the name")
    samples = _read(path)
    return samples * np.float32(MOTHER_PEAK * 10 ** (script.part.room.mother_level / 20))


@cache
def _read(path: Path) -> Samples:
    samples = WavSource(path, RATE).samples
    loudest = float(np.abs(samples).max())
    return samples / np.float32(loudest) if loudest > 0 else samples
