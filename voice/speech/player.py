"""Plays clips as samples, pulled by a sound card or a simulated room. No device and no waiting in here.
Every call from outside is a wish in a queue; `pull` alone touches the playing state, so audio never
waits for a lock. What was played comes back as events, drained by the loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from voice.speech.clip import Clip, decibels
from voice.speech.played import Finished, Playing, Position, SentencePlayed
from voice.speech.ramp import Ramp
from voice.speech.underlay import Sound, Underlay

__all__ = ["Finished", "Player", "Position", "SentencePlayed"]

Samples = NDArray[np.float32]

GAP = 0.35
"""Seconds of silence between two sentences of one saying."""
DUCK = -14.0
"""dB by which narration is lowered while she may be speaking."""
DUCK_RAMP = 0.025
"""Seconds in which narration is lowered or brought back."""
FADE = 0.008
"""Seconds of fade when playing is hushed, paused or resumed; a hush never fades beyond its block."""
LEVEL_RAMP = 0.050
"""Seconds in which a change of level is reached."""
MOST_SIGNS = 4
"""Signs (earcons) sounding at once at most."""


@dataclass
class _Saying:
    """A saying being played: sentences `sentence` to `end` - 1, as far as their clips have arrived."""

    ticket: int
    token: int
    sentence: int
    end: int
    gain: float
    clips: deque[Clip]
    at: int = 0


class Player:
    """Mono float32 sound at `rate` Hz, pulled by one thread. Any thread may call the other methods."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.starved = 0
        self.fault = ""
        self._wishes: deque[Callable[[], None]] = deque()
        self._events: deque[SentencePlayed | Finished] = deque()
        self._tickets = count(1)
        self._saying: _Saying | None = None
        self._signs: list[tuple[Samples, int]] = []
        self._tail = np.zeros(0, dtype=np.float32)
        self._fade = 0
        self._wait = 0
        self._clock = 0
        self._paused = False
        self._level = Ramp(1.0, round(LEVEL_RAMP * rate))
        self._duck = Ramp(1.0, round(DUCK_RAMP * rate))
        self._pause = Ramp(1.0, round(FADE * rate))
        self._under = Underlay(rate, FADE)
        self._position: Position | None = None
        self._now: Playing | None = None

    # what the loop and the narrator ask for

    def play(self, clips: Sequence[Clip], token: int, first: int = 0, gain: float = 0.0) -> int:
        """Play `clips` as sentences `first`, ... of saying `token`; returns its ticket."""
        ticket = self.begin(token, first, first + len(clips), gain)
        for clip in clips:
            self.add(ticket, clip)
        return ticket

    def begin(self, token: int, first: int, end: int, gain: float = 0.0) -> int:
        """Open saying `token`, sentences `first` to `end` - 1, whose clips follow by `add`; `gain` in dB.

        Replaces whatever is being said. Until a clip arrives there is silence. Returns the ticket for `add`.
        """
        ticket = next(self._tickets)
        saying = _Saying(ticket, token, first, end, decibels(gain), deque())
        self._wishes.append(lambda: self._begin(saying))
        return ticket

    def add(self, ticket: int, clip: Clip) -> None:
        """The next sentence of the saying opened with `ticket`; ignored when that one is no longer played."""
        ready = clip.at_rate(self.rate)
        self._wishes.append(lambda: self._add(ticket, ready))

    def earcon(self, clip: Clip, first: bool = False) -> None:
        """Mix a short sign into whatever is being played, at her level and never ducked.

        `first`: a saying that has not begun waits for its end.
        """
        ready = clip.at_rate(self.rate).samples
        self._wishes.append(lambda: self._sign(ready, first))

    def lay(self, name: str, sound: Sound) -> None:
        """An endless sound comes softly under the voice, in place of the one of that name."""
        self._wishes.append(lambda: self._under.lay(name, sound))

    def lift(self, name: str) -> None:
        """The endless sound of that name goes softly."""
        self._wishes.append(lambda: self._under.lift(name))

    def hush(self, speech_only: bool = False) -> None:
        """Silence everything (or all but endless sounds) in the next block, with a fade of at most 8 ms."""
        self._wishes.append(lambda: self._hush(speech_only))

    def duck(self, on: bool) -> None:
        """Lower everything but signs by 14 dB within 25 ms, or bring it back."""
        self._wishes.append(lambda: self._lower(decibels(DUCK) if on else 1.0))

    def pause(self) -> None:
        """Fade out within 8 ms and keep the place; signs still sound."""
        self._wishes.append(lambda: self._hold(True))

    def resume(self) -> None:
        """Go on from where `pause` stopped."""
        self._wishes.append(lambda: self._hold(False))

    def level(self, db: float) -> None:
        """Level of everything that is played: dB relative to full, 0 is the loudest."""
        self._wishes.append(lambda: self._level.aim(decibels(min(db, 0.0))))

    def take_events(self) -> list[SentencePlayed | Finished]:
        """What was played since the last call, in order."""
        return [self._events.popleft() for _ in range(len(self._events))]

    @property
    def position(self) -> Position | None:
        """The place being played as of the last block pulled; None in silence."""
        return self._position

    @property
    def now_playing(self) -> str | None:
        """Text of the sentence whose samples were in the last block pulled; None in silence."""
        return self._now.text if self._now else None

    @property
    def playing(self) -> Playing | None:
        """That sentence, and how much of it was played by the end of that block; None in silence."""
        return self._now

    @property
    def idle(self) -> bool:
        """Nothing is being said or sounding, and nothing was asked for that has not been played."""
        return not (self._wishes or self._saying or self._signs)

    @property
    def clock(self) -> int:
        """Samples pulled since the player was made."""
        return self._clock

    # what the audio thread does

    def pull(self, n: int) -> Samples:
        """The next `n` samples, float32 (n,) in [-1, 1]. Copies only; never waits, never raises: a mistake
        would leave the room silent for ever, so it ends the saying and keeps the reason in `fault`."""
        out = np.zeros(max(n, 0), dtype=np.float32)
        try:
            self._grant(len(out))
            self._mix(out)
        except Exception as error:
            self.fault = f"{type(error).__name__}: {error}"
            out[:] = 0.0
            if self._saying is not None:
                self._events.append(Finished(self._saying.token, self._clock))
            self._saying, self._signs, self._tail = None, [], self._tail[:0]
            self._under = Underlay(self.rate, FADE)
        self._clock += len(out)
        return out

    def _grant(self, n: int) -> None:
        """Do what was asked for since the last block; `n` bounds the fade of a hush."""
        self._fade = min(round(FADE * self.rate), n)
        for _ in range(len(self._wishes)):
            self._wishes.popleft()()

    def _begin(self, saying: _Saying) -> None:
        if self._saying is not None:
            self._hush_saying()
        self._saying = saying if saying.end > saying.sentence else None
        if self._saying is None:
            self._events.append(Finished(saying.token, self._clock))
        self._unpause()

    def _add(self, ticket: int, clip: Clip) -> None:
        if self._saying is not None and self._saying.ticket == ticket:
            self._saying.clips.append(clip)

    def _sign(self, samples: Samples, first: bool) -> None:
        if len(self._signs) < MOST_SIGNS:
            self._signs.append((samples, 0))
        if first and self._saying is None:
            self._wait = max(self._wait, len(samples))

    def _lower(self, gain: float) -> None:
        self._duck.aim(gain)
        self._under.duck(gain)

    def _hush(self, speech_only: bool) -> None:
        self._hush_saying()
        self._under.duck(1.0)
        if not speech_only:
            self._under.cut(self._fade)
        self._mix_into_tail(self._take_signs(self._fade) * self._level.peek(self._fade))
        self._signs = []

    def _hush_saying(self) -> None:
        """Drop the saying; its next samples fade out at the head of this block, what follows waits."""
        if self._saying is not None:
            voice, _ = self._take_voice(self._fade, report=False)
            self._mix_into_tail(voice * self._level.peek(self._fade))
            self._saying = None
        self._wait = len(self._tail)
        self._duck.jump(1.0)
        self._unpause()

    def _unpause(self) -> None:
        self._paused = False
        self._pause.jump(1.0)
        self._under.hold(False)

    def _mix_into_tail(self, sound: Samples) -> None:
        """Add `sound`, fading to nothing, to what is left of hushed sound in this block."""
        sound = sound * np.linspace(1.0, 0.0, len(sound), dtype=np.float32)
        if len(sound) < len(self._tail):
            sound, self._tail = self._tail, sound
        sound[: len(self._tail)] += self._tail
        self._tail = sound

    def _hold(self, on: bool) -> None:
        self._paused = on
        self._pause.aim(0.0 if on else 1.0)
        self._under.hold(on)

    def _mix(self, out: Samples) -> None:
        voice, self._now = self._take_voice(len(out), report=True)
        out += voice
        out += self._take_signs(len(out))
        out += self._under.take(len(out))
        out *= self._level.take(len(out))
        out[: len(self._tail)] += self._tail[: len(out)]
        self._tail = self._tail[:0]
        np.clip(out, -1.0, 1.0, out=out)
        saying = self._saying
        self._position = Position(saying.token, saying.sentence, saying.at) if saying else None

    def _take_signs(self, n: int) -> Samples:
        out = np.zeros(n, dtype=np.float32)
        for samples, at in self._signs:
            piece = samples[at : at + n]
            out[: len(piece)] += piece
        self._signs = [(samples, at + n) for samples, at in self._signs if at + n < len(samples)]
        return out

    def _take_voice(self, n: int, report: bool) -> tuple[Samples, Playing | None]:
        """The next `n` samples of the saying with its gains, and the sentence heard last in them."""
        out, at, now = np.zeros(n, dtype=np.float32), 0, None
        stop = min(n, self._pause.left) if self._paused else n
        while at < stop and self._saying is not None:
            waited = min(self._wait, stop - at)
            self._wait -= waited
            at += waited
            if at == stop:
                break
            if not self._saying.clips:
                self.starved += stop - at
                break
            text, begun = self._saying.clips[0].text, self._saying.at
            copied = self._copy(self._saying, out, at, stop, report)
            now, at = Playing(text, (begun + copied) / self.rate), at + copied
        if self._saying is None and at < stop:
            self._wait = max(0, self._wait - (stop - at))
        out *= self._duck.take(n)
        out *= self._pause.take(n)
        return out, now

    def _copy(self, saying: _Saying, out: Samples, at: int, stop: int, report: bool) -> int:
        """Copy from the present sentence into `out[at:stop]`; returns how many samples."""
        samples = saying.clips[0].samples
        piece = samples[saying.at : saying.at + stop - at]
        out[at : at + len(piece)] = piece * saying.gain
        saying.at += len(piece)
        if saying.at >= len(samples) and report:
            self._end_sentence(saying, self._clock + at + len(piece))
        elif saying.at >= len(samples):
            self._saying = None
        return len(piece)

    def _end_sentence(self, saying: _Saying, when: int) -> None:
        self._events.append(SentencePlayed(saying.token, saying.sentence, when))
        saying.clips.popleft()
        saying.sentence += 1
        saying.at = 0
        self._wait = round(GAP * self.rate)
        if saying.sentence >= saying.end:
            self._events.append(Finished(saying.token, when))
            self._saying = None
            self._wait = 0
