"""Lays background sound and breathing tones under the voice; the sounds are made where speech is rendered."""

from __future__ import annotations

from threading import Lock

from voice.speech.background import Background, Kind, make_background
from voice.speech.breath import BreathTones, Pace
from voice.speech.narrator import Executor, Inline
from voice.speech.player import Player

BACKGROUND, BREATH = "background", "breath"


class Backdrop:
    """What sounds under the voice of `player`. Calls return at once with a Worker.

    A sound that is ready only after it was no longer wanted is never laid.
    """

    def __init__(self, player: Player, executor: Executor | None = None) -> None:
        self._player = player
        self._executor: Executor = executor or Inline()
        self._made: dict[Kind, Background] = {}
        self._wanted: Kind | None = None
        self._tones: BreathTones | None = None
        self._lock = Lock()

    def background(self, kind: Kind | None) -> None:
        """This sound comes, in place of another one; None: it goes."""
        with self._lock:
            self._wanted = kind
            if kind is None:
                self._player.lift(BACKGROUND)
                return
        self._executor.submit(lambda: self._lay(kind), urgent=True)

    def breathe(self, pace: Pace | None) -> None:
        """Tones pace the breath, from the start of one; a new pace counts from the next breath. None: off."""
        if pace is None:
            self._tones = None
            self._player.lift(BREATH)
        elif self._tones is not None:
            self._tones.pace(pace)
        else:
            self._tones = BreathTones(self._player.rate, pace)
            self._player.lay(BREATH, self._tones)

    def silenced(self) -> None:
        """The player was hushed, or is about to be: nothing is wanted any more."""
        with self._lock:
            self._wanted = None
            self._tones = None

    def _lay(self, kind: Kind) -> None:
        sound = self._made.get(kind)
        if sound is None:
            sound = self._made[kind] = make_background(kind, self._player.rate)
        with self._lock:
            if self._wanted == kind:
                self._player.lay(BACKGROUND, sound)
