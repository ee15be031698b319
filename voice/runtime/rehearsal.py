"""`lull rehearse`: a whole session without a microphone, and the proof that the parts work together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.errors import LullError
from voice.runtime.assembly import ear_maker, open_store
from voice.runtime.loop import nobody
from voice.runtime.pacing import AtOnce, Pacer, real_time
from voice.runtime.performance import Outcome, perform
from voice.runtime.room_stage import FOLDER, RATE, RoomStage, check_recordings
from voice.runtime.script import read_script
from voice.runtime.settings import Settings
from voice.runtime.telling import Display, PlainDisplay, Teller
from voice.runtime.witness import Witness
from voice.speech.soundio import write_sound

Samples = NDArray[np.float32]

DEFAULT_SCRIPT = FOLDER / "short.yaml"


@dataclass(frozen=True)
class RehearsalResult:
    """What became of each expectation, how long the session was in seconds, and what was heard of her."""

    outcomes: tuple[Outcome, ...]
    seconds: float
    ended: str | None
    witness: Witness

    @property
    def held(self) -> bool:
        """Every expectation held."""
        return all(outcome.held for outcome in self.outcomes)


def rehearse(
    script: Path | None = None,
    out: Path | None = None,
    quick: bool = False,
    display: Display | None = None,
    settings: Settings | None = None,
    on_outcome: Callable[[Outcome], None] = nobody,
) -> RehearsalResult:
    """Play a rehearsal; what somebody in the room would hear goes to `out` as a WAV, whole or not at all.

    `quick`: as fast as the machine can; else in real time, aloud where there is a loudspeaker.
    Raises LullError for a missing model, voice or recording, DataError for a faulty script.
    """
    settings = settings or Settings.model_validate({})
    read = read_script(script or DEFAULT_SCRIPT)
    check_recordings(read)
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        raise LullError(f"{out} cannot be written; name a file in a folder that exists.")
    ear, store = ear_maker(settings)(), open_store(settings)
    pacer: Pacer = AtOnce() if quick else real_time(RATE, settings.output)
    outcomes: list[Outcome] = []
    try:
        stage = RoomStage(read, store, ear, settings, pacer, Teller(display) if display else nobody)
        for outcome in perform(read, stage):
            on_outcome(outcome)
            outcomes.append(outcome)
    finally:
        pacer.close()
        store.close()
    if out is not None:
        write_sound(out, stage.room.heard(), RATE)
    return RehearsalResult(tuple(outcomes), stage.now(), stage.witness.ended, stage.witness)


def rehearse_and_tell(
    script: Path | None,
    out: Path | None,
    quick: bool,
    settings: Settings,
    display: Display | None = None,
) -> int:
    """Rehearse, with captions on `display` (None: lines of text). 0 when every expectation held, else 1."""
    display = display or PlainDisplay()
    result = rehearse(script, out, quick, display, settings)
    for outcome in result.outcomes:
        if not outcome.held:
            display.notice(f"did not hold: {outcome}")
    held = sum(outcome.held for outcome in result.outcomes)
    display.notice(
        f"{held} of {len(result.outcomes)} expectations held in {result.seconds:.0f} s of session."
    )
    if out is not None:
        display.notice(f"What the room heard is in {out}.")
    return 0 if result.held else 1
