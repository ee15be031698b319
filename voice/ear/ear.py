"""The ear: sound in, what she meant out. Synchronous; load() and everything after it belong to one thread."""

from __future__ import annotations

from dataclasses import replace

from voice.ear.accept import Scene, Showing, at_once, conclude, follow, means, ripe
from voice.ear.alignment import AlignedCanceller
from voice.ear.delay import Delay
from voice.ear.echo import EchoCanceller, KalmanCanceller
from voice.ear.frames import EAR_RATE, AudioFrame, Samples
from voice.ear.front_end import FrontEnd
from voice.ear.intake import Block, Intake
from voice.ear.learned import NOTHING, Learned
from voice.ear.level import Meter
from voice.ear.looks import Span, cut_short, just_faded, just_over
from voice.ear.own_voice import Narration, OwnVoice, SentenceVeto
from voice.ear.policy import Policy
from voice.ear.recent import Recent
from voice.ear.recogniser import UNKNOWN, Hypothesis, Recogniser
from voice.ear.second_hearing import SecondHearing
from voice.ear.second_pass import SecondPass
from voice.ear.suspicion import Suspicion
from voice.ear.whose import Whose
from voice.errors import LullError
from voice.guide.events import Cleared, Heard, Rejected, Suspected
from voice.language.commands import Commands, Match

Hearing = Heard | Rejected | Suspected | Cleared


class Ear:
    """Hears one stream. Construction loads nothing; load() opens the model.

    `echo`: takes the loudspeaker out of the microphone wherever a reference is given; the Kalman filter
    unless told.
    `own_voice`: knows what the guide is saying itself; the text of its sentences unless told.
    `learned`: what is known of her voice. `second_pass`: hears every finished sound once more as a whole.
    """

    def __init__(
        self,
        commands: Commands,
        recogniser: Recogniser,
        policy: Policy | None = None,
        echo: EchoCanceller | None = None,
        own_voice: OwnVoice | None = None,
        learned: Learned = NOTHING,
        second_pass: SecondPass | None = None,
    ) -> None:
        self._commands = commands
        self._recogniser = recogniser
        self._policy = policy or Policy()
        self._echo = AlignedCanceller(echo or KalmanCanceller())
        self._own_voice = own_voice or SentenceVeto(self._policy.own_voice_tail)
        self._learned = learned
        self._second_pass = second_pass
        self.concluded: tuple[Hypothesis, Scene] | None = None
        """The words and levels of the last verdict, for those who want to know more than the verdict; None
        when it was on a sound without words."""

        self._listen = commands.sets()[0]
        self._loaded = False
        self._now = 0.0
        self._showing: Showing = Showing()
        self._begin(EAR_RATE, 0.0)

    def load(self) -> None:
        """Open the model. Raises LullError when it cannot be opened."""
        self._recogniser.load()
        if self._second_pass is not None:
            self._second_pass.load()
        self._loaded = True
        self._recogniser.use(self._grammar(), self._now)

    @property
    def listening(self) -> str:
        """The set of commands that is live."""
        return self._listen

    @property
    def delay(self) -> Delay | None:
        """From loudspeaker to microphone, and how sure that is; None while it is not known."""
        return self._echo.delay

    def has_word(self, word: str) -> bool:
        """Whether the loaded model knows the word."""
        return self._recogniser.has_word(word)

    def listen(self, commands_set: str) -> None:
        """Make another set of commands live. Speech in progress is heard again with the new set.

        Raises LullError when there is no such set.
        """
        if commands_set not in self._commands.sets():
            known = ", ".join(self._commands.sets())
            raise LullError(f"There is no set of commands called '{commands_set}'; choose one of {known}.")
        if commands_set == self._listen:
            return
        self._listen = commands_set
        if not self._loaded:
            return
        in_progress = bool(self._showing.text) or self._meter.active > 0.0
        self._hear_again(self._policy.replay_longest if in_progress else self._policy.open_silence)

    def hear(
        self,
        frame: AudioFrame,
        reference: Samples | None = None,
        narrating: Narration | str | None = None,
    ) -> list[Hearing]:
        """Take one frame; what became clear with it. `at` is the end of the frame in stream seconds.

        `reference`: float32 (n,), what the loudspeaker played during the frame, at the frame's rate;
        None: not known, so that the guide may be speaking.
        `narrating`: the sentence now being played, as far as is known how much of it was. Odd input (NaN,
        no samples, another rate, gaps) is borne.
        """
        events: list[Hearing] = []
        if not self._intake.continues(frame):
            events += self.finish()
            self._begin(frame.rate, frame.start / frame.rate)
        blocks = self._intake.take(frame, reference)
        late = self.delay.seconds if self.delay else 0.0
        self._own_voice.note(narrating, self._intake.reached, self._listen, late)
        for block in blocks:
            events += self._block(block)
        return [replace(event, at=self._intake.reached) for event in events]

    def finish(self) -> list[Hearing]:
        """The end of the stream: whatever is in progress is concluded."""
        events: list[Hearing] = []
        for block in self._intake.finish():
            events += self._block(block)
        if self._loaded:
            cut = cut_short(self._meter, self._now, self._policy)
            events += self._end(self._recogniser.finish()) or self._look_late(cut)
            self._recogniser.reset(self._reached)
        cleared = self._suspicion.clear(self._now)
        events += [cleared] if cleared else []
        return [replace(event, at=max(self._intake.reached, self._now)) for event in events]

    @property
    def _reached(self) -> float:
        """Up to when the recogniser has heard the stream, s."""
        return self._now - self._front.lag

    def _begin(self, rate: int, origin: float) -> None:
        """An unbroken stretch of sound starts at stream second `origin`."""
        self._now = origin
        self._intake = Intake(rate, origin)
        self._meter = Meter(self._policy, origin)
        self._whose = Whose(self._meter, self._own_voice, self._commands, self._policy)
        self._suspicion = Suspicion(self._policy)
        self._showing = Showing()
        self._started = self._over_at = origin
        self._looks = 0
        self._taken_at = -1.0
        self._silent = False
        self._front = FrontEnd(self._echo, self._meter, self._whose, self._policy)
        self._recent = Recent(self._policy.utterance_longest)
        self._second = SecondHearing(
            self._second_pass, self._recent, self._whose, self._commands, self._policy
        )
        if self._loaded:
            self._recogniser.reset(origin)

    def _block(self, block: Block) -> list[Hearing]:
        self._now = block.ended
        residue, heard = self._front.take(block)
        self._silent = block.reference is not None and not self._whose.speaking
        self._recent.take(heard, self._reached)
        if self._whose.leaking and self._meter.onset:
            self._hear_again(self._policy.gate_ahead + self._policy.onset_before)
        events: list[Hearing] = []
        if self._loaded:
            over = just_over(self._meter, self._now, self._policy)
            events += self._words(heard) or self._look_early() or self._look_late(over)
        shown = self._showing.text
        doubt = self._suspicion.take(self._meter, residue, block.reference, shown, self._now)
        return [*events, doubt] if doubt else events

    def _words(self, sound: Samples) -> list[Hearing]:
        said = self._recogniser.feed(sound)
        if said is not None and said.final:
            return self._end(said)
        self._showing = follow(self._showing, said.text if said else "", self._now)
        if not self._showing.text:
            self._started = self._now
            return []
        if self._now - self._started > self._policy.utterance_longest:
            return self._close(self._recogniser.finish())
        match = ripe(
            self._showing,
            self._now,
            self._meter.quiet,
            self._commands,
            self._listen,
            self._policy,
            self._silent,
        )
        return self._commit(match) if match else []

    def _look_early(self) -> list[Hearing]:
        """The end of a short sound: is it one of the phrases that silence the guide? The recogniser's steps
        would show it later."""
        policy, meter = self._policy, self._meter
        if self._silent or not just_faded(meter, self._now, policy):
            return []
        sound, began = self._newest(self._now - meter.began + policy.look_before)
        if not len(sound):
            return []
        said = self._whose.hers(self._recogniser.look(sound, began))
        if at_once(said, self._commands, self._listen, policy):
            return self._close(said)
        return self._instead(self._second.silencer(meter.began, self._reached, self._listen))

    def _look_late(self, unheard: Span | None) -> list[Hearing]:
        """A short sound is over in which the recogniser shows no word: the second pass may know it."""
        if unheard is None or not self._silent or self._showing.text or unheard[0] < self._over_at:
            return []
        self.concluded = None
        return self._instead(self._second.unheard(*unheard, self._now, self._listen))

    def _instead(self, heard: Heard | None) -> list[Hearing]:
        """What the second pass heard, if anything, takes the place of what the first is at."""
        return self._cut(heard) if heard else []

    def _commit(self, match: Match) -> list[Hearing]:
        """Take the command shown, unless a look at the very last samples says that it is becoming another
        one, or the second pass would have more of it first."""
        said = self._whose.hers(self._recogniser.finish())
        meant = means(said, self._commands, self._listen, self._policy, self._learned)
        if meant == match.intent:
            verdict = self._verdict(said)
            self._looks += 1
            if self._looks > self._policy.patience or not self._second.may_change_yet(verdict):
                return self._cut(verdict)
        shown = self._showing
        self._hear_again(self._now - self._started + self._policy.before_shown)
        self._showing = replace(shown, doubted=self._now)
        return []

    def _cut(self, verdict: Heard | Rejected | None) -> list[Hearing]:
        """The utterance is over before the recogniser says so."""
        self._recogniser.reset(self._reached)
        return self._over(verdict)

    def _close(self, said: Hypothesis) -> list[Hearing]:
        events = self._end(said)
        self._recogniser.reset(self._reached)
        return events

    def _hear_again(self, longest: float) -> None:
        """Let the recogniser hear the speech in progress again, with the set of commands that is live now."""
        sound, began = self._newest(longest)
        self._recogniser.use(self._grammar(), began)
        self._showing = Showing()
        said = self._recogniser.feed(sound) if len(sound) else None
        if said is not None and not said.final:
            self._showing = follow(self._showing, said.text, self._now)

    def _newest(self, longest: float) -> tuple[Samples, float]:
        """Up to `longest` seconds of the utterance in progress, and when they begin."""
        return self._recent.last(min(longest, self._now - self._over_at))

    def _end(self, said: Hypothesis) -> list[Hearing]:
        """The utterance is over, or a long silence, in which she may just have begun to speak."""
        said = self._whose.hers(said)
        if said.text:
            return self._over(self._verdict(said))
        if self._meter.quiet > 1.0:
            self._recogniser.reset(self._reached)
        self._showing = Showing()
        self._started = self._now
        return []

    def _over(self, verdict: Heard | Rejected | None) -> list[Hearing]:
        """The next sound is an utterance of its own. What was no command may have been the beginning of one:
        only the second pass hears it once more."""
        self._showing, self._looks = Showing(), 0
        self._started = self._over_at = self._now
        if isinstance(verdict, Heard):
            self._recent.clear()
        return self._reported(verdict)

    def _verdict(self, said: Hypothesis) -> Heard | Rejected | None:
        scene = self._whose.scene(said, self._now, self._listen)
        self.concluded = said, scene
        verdict = conclude(said, scene, self._commands, self._listen, self._now, self._policy, self._learned)
        return self._second.revised(verdict, said, self._listen) if verdict else None

    def _reported(self, verdict: Heard | Rejected | None) -> list[Hearing]:
        if verdict is None:
            return []
        since = verdict.began - self._taken_at
        if self._taken_at >= 0.0 and since < (
            self._policy.deaf if isinstance(verdict, Heard) else self._policy.tail
        ):
            return []
        if isinstance(verdict, Heard):
            self._taken_at = self._now
            self._suspicion.settle()
        return [verdict]

    def _grammar(self) -> tuple[str, ...]:
        return self._commands.grammar(self._listen, UNKNOWN)
