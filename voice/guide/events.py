"""What reaches the guide (events) and what it wants done (actions). Plain frozen values, nothing else.

Every event carries `at`: seconds on the loop's clock, never going backwards.
Times `began` and `ended` of a hearing are seconds on the ear's stream.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from voice.guide.view import View

Slots = dict[str, str]


@dataclass(frozen=True)
class Heard:
    """A whole command phrase was accepted by the ear."""

    at: float
    intent: str
    slots: Slots = field(default_factory=dict)
    text: str = ""
    began: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class Rejected:
    """What was said, or seemed to be, is not a live command. `reason` is a word from the accept policy.

    `nearly`: the intent it came close to, with its slots and the phrase that would have been whole; empty
    when it came close to none, or to none that may be asked about.
    """

    at: float
    reason: str
    text: str = ""
    began: float = 0.0
    ended: float = 0.0
    nearly: str = ""
    slots: Slots = field(default_factory=dict)
    phrase: str = ""


@dataclass(frozen=True)
class Suspected:
    """The ear suspects that she has begun to speak; the narration should give way."""

    at: float


@dataclass(frozen=True)
class Cleared:
    """The suspicion ended and no command followed. `spoke`: seconds of sound that was there."""

    at: float
    spoke: float = 0.0


@dataclass(frozen=True)
class Command:
    """The same as Heard, from a key, a page, a console or another system."""

    at: float
    intent: str
    slots: Slots = field(default_factory=dict)
    origin: str = "console"


@dataclass(frozen=True)
class Tick:
    """The clock reached a time asked for by WakeAt."""

    at: float


@dataclass(frozen=True)
class Spoke:
    """Sentence number `sentence` (0-based) of saying `say` was played to its end."""

    at: float
    say: int
    sentence: int


@dataclass(frozen=True)
class SpeechDone:
    """Saying `say` was played to its end (not sent for one that was hushed)."""

    at: float
    say: int


@dataclass(frozen=True)
class DeviceLost:
    """The microphone or the loudspeaker went away. `muted`: it is there, but no sound comes from it."""

    at: float
    device: Literal["microphone", "speaker"]
    muted: bool = False


@dataclass(frozen=True)
class DeviceBack:
    """The device was reopened."""

    at: float
    device: Literal["microphone", "speaker"]


@dataclass(frozen=True)
class Quit:
    """The program is to end (Ctrl-C, a service stop). The place is kept."""

    at: float


Event = (
    Heard
    | Rejected
    | Suspected
    | Cleared
    | Command
    | Tick
    | Spoke
    | SpeechDone
    | DeviceLost
    | DeviceBack
    | Quit
)


@dataclass(frozen=True)
class Say:
    """Speak `sentences[first:]`. A new Say replaces whatever is being said.

    `rate`: 1.0 is the voice's own pace, 0.8 slower. `gain`: dB relative to her chosen level. `voice`: which
    of the voices that are there, 0 the first.
    """

    say: int
    line: str
    sentences: tuple[str, ...]
    first: int = 0
    rate: float = 1.0
    gain: float = 0.0
    voice: int = 0


@dataclass(frozen=True)
class Hush:
    """Silence the loudspeaker within one output block.

    `speech_only`: what sounds under the voice goes on, because only the words are replaced.
    """

    speech_only: bool = False


@dataclass(frozen=True)
class Duck:
    """Lower the narration while she may be speaking, or bring it back."""

    on: bool


@dataclass(frozen=True)
class Earcon:
    """Play a soft sign: `heard`, `missed` (did not catch that) or `done` (a step ended)."""

    kind: Literal["heard", "missed", "done"]


@dataclass(frozen=True)
class Background:
    """This sound is to be under the voice from now on: waves, rain, heartbeat or pink. None: no sound.

    A Hush that is not for speech alone has silenced it too.
    """

    kind: str | None


@dataclass(frozen=True)
class Breathe:
    """Soft tones pace her breath: `breathe_in` seconds rising, `breathe_out` seconds falling; or stop.

    Begun at the start of a breath; another pace while they sound counts from the next breath on.
    """

    on: bool
    breathe_in: float = 0.0
    breathe_out: float = 0.0


@dataclass(frozen=True)
class Listen:
    """Listen for this set of commands from now on (a name under `listen:` in commands.yaml)."""

    commands: str


@dataclass(frozen=True)
class Volume:
    """Set the level of everything that is played, dB relative to full (0 is the loudest)."""

    level: float


@dataclass(frozen=True)
class WakeAt:
    """Send a Tick at this time; replaces any earlier wish. None: no tick is wanted."""

    at: float | None


@dataclass(frozen=True)
class Save:
    """Her place changed: write it down before going on."""


@dataclass(frozen=True)
class Show:
    """Show this to any display."""

    view: View


@dataclass(frozen=True)
class Ended:
    """The session is over: `finished` (all done), `left` (place kept) or `referred` (must not go on)."""

    how: Literal["finished", "left", "referred"]


Action = Say | Hush | Duck | Earcon | Background | Breathe | Listen | Volume | WakeAt | Save | Show | Ended
