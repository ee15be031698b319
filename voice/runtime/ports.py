"""What the loop needs of a voice and of an ear. The live ones, the rehearsed ones and the twins all fit."""

from __future__ import annotations

from typing import Protocol

from voice.guide.events import Breathe, Say, SpeechDone, Spoke


class VoicePort(Protocol):
    """Speaks. Every call returns at once."""

    def say(self, saying: Say) -> None:
        """Speak, in place of whatever is being said."""

    def hush(self, speech_only: bool = False) -> None:
        """Be silent within one output block; `speech_only`: what sounds under the voice goes on."""

    def background(self, kind: str | None) -> None:
        """Let this sound be under the voice; None: no sound."""

    def breathe(self, breathing: Breathe) -> None:
        """Pace her breath by soft tones, or stop."""

    def duck(self, on: bool) -> None:
        """Speak more softly while she may be speaking, or normally again."""

    def earcon(self, kind: str) -> None:
        """Play a soft sign."""

    def volume(self, level: float) -> None:
        """Level of everything, dB relative to full."""

    def take_events(self, at: float) -> list[Spoke | SpeechDone]:
        """What was played since the last call, stamped with loop time `at`."""


class EarPort(Protocol):
    """Listens. What it hears is posted to the loop."""

    def listen(self, commands: str) -> None:
        """Listen for this set of commands from now on."""
