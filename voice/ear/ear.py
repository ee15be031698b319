"""The ear: sound in, what she meant out. Synchronous; load() and everything after it belong to one thread."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np

from voice.ear.accept import Scene, Showing, at_once, conclude, follow, means, ripe
from voice.ear.alignment import AlignedCanceller
from voice.ear.delay import Delay
from voice.ear.echo import EchoCanceller, KalmanCanceller
from voice.ear.frames import EAR_RATE, AudioFrame, Samples
from voice.ear.gain import Gain
from voice.ear.gate import Gate
from voice.ear.intake import Block, Intake
from voice.ear.learned import NOTHING, Learned
from voice.ear.level import BLOCK_SECONDS, SILENT, Meter
from voice.ear.own_voice import Narration, OwnVoice, SentenceVeto
from voice.ear.policy import Policy
from voice.ear.recogniser import UNKNOWN, Hypothesis, Recogniser
from voice.ear.suspicion import Suspicion
from voice.errors import LullError
from voice.guide.events import Cleared, Heard, Rejected, Suspected
from voice.language.commands import Commands, Match

Hearing = Heard | Rejected | Suspected | Cleared


class Ear:
    """Hears one stream. Construction loads nothing; load() opens the model.

    `echo`: takes the loudspeaker out of the microphone wherever a reference is given; the Kalman filter
    unless told.
    `own_voice`: knows what the guide is saying itself; the text of its sentences unless told.
    `learned`: what is known of her voice.
    """

    def __init__(
        self,
        commands: Commands,
        recogniser: Recogniser,
        policy: Policy | None = None,
        echo: EchoCanceller | None = None,
        own_voice: OwnVoice | None = None,
        learned: Learned = NOTHING,
    ) -> None:
        self._commands = commands
        self._recogniser = recogniser
        self._policy = policy or Policy()
        self._echo = AlignedCanceller(echo or KalmanCanceller())
        self._own_voice = own_voice or SentenceVeto(self._policy.own_voice_tail)
        self._learned = learned
        self.concluded: tuple[Hypothesis, Scene] | None = None
        """The words and levels of the last verdict, for those who want to know more than the verdict."""

        self._listen = commands.sets()[0]
        self._loaded = False
        self._now = 0.0
        self._showing: Showing = Showing()
        self._begin(EAR_RATE, 0.0)

    def load(self) -> None:
        """Open the model. Raises LullError when it cannot be opened."""
        self._recogniser.load()
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

        `reference`: float32 (n,), what the loudspeaker played during the frame, at the frame's rate.
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
            events += self._end(self._recogniser.finish())
            self._recogniser.reset(self._now - self._lag)
        cleared = self._suspicion.clear(self._now)
        events += [cleared] if cleared else []
        return [replace(event, at=max(self._intake.reached, self._now)) for event in events]

    def _begin(self, rate: int, origin: float) -> None:
        """An unbroken stretch of sound starts at stream second `origin`."""
        self._now = origin
        self._intake = Intake(rate, origin)
        self._meter = Meter(self._policy, origin)
        self._suspicion = Suspicion(self._policy)
        self._showing = Showing()
        self._started = origin
        self._taken_at = -1.0
        self._gate = Gate(self._policy)
        self._gain = Gain(self._policy)
        self._lag = 0.0
        self._recent: deque[Samples] = deque(maxlen=round(self._policy.utterance_longest / BLOCK_SECONDS))
        if self._loaded:
            self._recogniser.reset(origin)

    def _block(self, block: Block) -> list[Hearing]:
        self._now = block.ended
        residue = block.microphone
        if block.reference is not None:
            residue = self._echo.process(block.microphone, block.reference)
        self._meter.take(residue, block.reference)
        newest = residue
        if block.reference is not None:
            residue = self._gate.process(residue, self._leaking, self._meter.sounding)
            self._lag = self._policy.gate_ahead
        room = max(self._meter.floor, self._meter.leak)
        residue = self._gain.process(residue, newest, room, self._meter.sounding)
        self._recent.append(residue)
        if self._leaking and self._meter.onset:
            self._hear_again(self._policy.gate_ahead + self._policy.onset_before)
        events: list[Hearing] = []
        if self._loaded:
            events += self._words(residue) or self._look_early()
        shown = self._showing.text
        doubt = self._suspicion.take(self._meter, newest, block.reference, shown, self._now)
        return [*events, doubt] if doubt else events

    @property
    def _leaking(self) -> bool:
        """Whether the loudspeaker may be audible in what is left of the microphone's sound."""
        return self._meter.leak > self._meter.floor + self._policy.leak_matters

    def _words(self, residue: Samples) -> list[Hearing]:
        said = self._recogniser.feed(residue)
        if said is not None and said.final:
            return self._end(said)
        self._showing = follow(self._showing, said.text if said else "", self._now)
        if not self._showing.text:
            self._started = self._now
            return []
        if self._now - self._started > self._policy.utterance_longest:
            return self._close(self._recogniser.finish())
        match = ripe(self._showing, self._now, self._meter.quiet, self._commands, self._listen, self._policy)
        return self._commit(match) if match else []

    def _look_early(self) -> list[Hearing]:
        """The end of a short sound: is it one of the phrases that silence the guide? The recogniser's steps
        would show it later."""
        policy, meter = self._policy, self._meter
        if not policy.fade_look <= meter.faded < policy.fade_look + BLOCK_SECONDS - 1e-6:
            return []
        length = self._now - meter.began
        if meter.active < policy.suspect_active or length > policy.fade_longest:
            return []
        blocks = list(self._recent)[-round((length + policy.look_before) / BLOCK_SECONDS) :]
        if not blocks:
            return []
        said = self._recogniser.look(
            np.concatenate(blocks), self._now - self._lag - len(blocks) * BLOCK_SECONDS
        )
        said = self._hers(said)
        return self._close(said) if at_once(said, self._commands, self._listen, policy) else []

    def _commit(self, match: Match) -> list[Hearing]:
        """Take the command shown, unless a look at the very last samples says that it is becoming another
        one."""
        said = self._hers(self._recogniser.finish())
        meant = means(said, self._commands, self._listen, self._policy, self._learned)
        if meant == match.intent:
            return self._close(said)
        shown = self._showing
        self._hear_again(self._now - self._started + self._policy.before_shown)
        self._showing = replace(shown, doubted=self._now)
        return []

    def _close(self, said: Hypothesis) -> list[Hearing]:
        events = self._end(said)
        self._recogniser.reset(self._now - self._lag)
        return events

    def _hear_again(self, longest: float) -> None:
        """Let the recogniser hear the speech in progress again, with the set of commands that is live now."""
        blocks = list(self._recent)[-round(longest / BLOCK_SECONDS) :]
        self._recogniser.use(self._grammar(), self._now - self._lag - len(blocks) * BLOCK_SECONDS)
        self._showing = Showing()
        said = self._recogniser.feed(np.concatenate(blocks)) if blocks else None
        if said is not None and not said.final:
            self._showing = follow(self._showing, said.text, self._now)

    def _end(self, said: Hypothesis) -> list[Hearing]:
        """The utterance is over."""
        said = self._hers(said)
        self._showing = Showing()
        self._started = self._now
        self._recent.clear()
        if not said.text:
            if self._meter.quiet > 1.0:
                self._recogniser.reset(self._now - self._lag)
            return []
        scene = self._scene(said)
        self.concluded = said, scene
        verdict = conclude(said, scene, self._commands, self._listen, self._now, self._policy, self._learned)
        return self._reported(verdict)

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

    def _hers(self, said: Hypothesis) -> Hypothesis:
        """While the guide speaks: without the words, at either end, that its own voice explains."""
        words = said.words
        if self._meter.leak <= SILENT:
            return said
        while words and self._explained(words[0].began, words[0].ended):
            words = words[1:]
        while words and self._explained(words[-1].began, words[-1].ended):
            words = words[:-1]
        if not words or words == said.words:
            return said
        text = " ".join(word.text for word in words)
        return Hypothesis(text, words, said.final, words[0].began, words[-1].ended)

    def _explained(self, began: float, ended: float) -> bool:
        return self._meter.sounded(began, ended) < self._policy.own_share * (ended - began)

    def _scene(self, said: Hypothesis) -> Scene:
        began, ended = said.began - 0.1, min(said.ended, self._now) + 0.1
        spoken = " ".join(word for word in said.text.split() if word != UNKNOWN)
        own = bool(spoken) and self._own_voice.said(spoken, said.began, said.ended)
        if self._meter.leak > SILENT:
            own = own and not self._second_voice(spoken, said)
            evidence = max(self._policy.own_evidence, self._policy.own_share * (said.ended - said.began))
            own = own or self._meter.sounded(began, ended) < evidence
        return Scene(self._meter.loudness(began, ended), self._meter.floor, own)

    def _second_voice(self, spoken: str, said: Hypothesis) -> bool:
        """Whether somebody speaks besides the guide, so clearly that the phrase is hers as well."""
        match = self._commands.match(spoken, self._listen)
        strictness = self._commands.rule(match.intent).strictness if match else "strict"
        if strictness == "strict":
            return False
        lenient = strictness == "lenient"
        share = self._policy.second_voice_lenient if lenient else self._policy.second_voice
        return self._meter.sounded(said.began, said.ended) >= share * (said.ended - said.began)

    def _grammar(self) -> tuple[str, ...]:
        return self._commands.grammar(self._listen, UNKNOWN)
