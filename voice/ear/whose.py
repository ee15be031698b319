"""Whose words they are, hers or the guide's own: by levels, and by the text of what it is saying."""

from __future__ import annotations

from voice.ear.accept import Scene
from voice.ear.frames import SILENT
from voice.ear.level import Meter
from voice.ear.own_voice import OwnVoice
from voice.ear.policy import Policy
from voice.ear.recogniser import UNKNOWN, Hypothesis
from voice.guide.events import Heard
from voice.language.commands import Commands


class Whose:
    """Judges by what `meter` and `own_voice` know at the time of each question."""

    def __init__(self, meter: Meter, own_voice: OwnVoice, commands: Commands, policy: Policy) -> None:
        self._meter = meter
        self._own_voice = own_voice
        self._commands = commands
        self._policy = policy

    @property
    def speaking(self) -> bool:
        """Whether the guide's voice may be in the microphone's sound at all."""
        return self._meter.leak > SILENT

    @property
    def leaking(self) -> bool:
        """Whether the loudspeaker may be audible in what is left of the microphone's sound."""
        return self._meter.leak > self._meter.floor + self._policy.leak_matters

    def hers(self, said: Hypothesis) -> Hypothesis:
        """While the guide speaks: without the words, at either end, that its own voice explains."""
        words = said.words
        if not self.speaking:
            return said
        while words and self._explained(words[0].began, words[0].ended):
            words = words[1:]
        while words and self._explained(words[-1].began, words[-1].ended):
            words = words[:-1]
        if not words or words == said.words:
            return said
        text = " ".join(word.text for word in words)
        return Hypothesis(text, words, said.final, words[0].began, words[-1].ended)

    def scene(self, said: Hypothesis, now: float, listen: str) -> Scene:
        """What is known of an utterance besides its words."""
        began, ended = said.began - 0.1, min(said.ended, now) + 0.1
        spoken = " ".join(word for word in said.text.split() if word != UNKNOWN)
        own = bool(spoken) and self._own_voice.said(spoken, said.began, said.ended)
        if self.speaking:
            own = own and not self._second_voice(spoken, said, listen)
            evidence = max(self._policy.own_evidence, self._policy.own_share * (said.ended - said.began))
            own = own or self._meter.sounded(began, ended) < evidence
        return Scene(self._meter.loudness(began, ended), self._meter.floor, own)

    def guide_says(self, heard: Heard) -> bool:
        """Whether the guide, speaking just then, says the phrase itself."""
        return self.speaking and self.guide_said(heard)

    def guide_said(self, heard: Heard) -> bool:
        """Whether it is a phrase of what the guide says or said a moment ago: a room goes on with it."""
        return self._own_voice.said(heard.text, heard.began, heard.ended)

    def _explained(self, began: float, ended: float) -> bool:
        return self._meter.sounded(began, ended) < self._policy.own_share * (ended - began)

    def _second_voice(self, spoken: str, said: Hypothesis, listen: str) -> bool:
        """Whether somebody speaks besides the guide, so clearly that the phrase is hers as well."""
        match = self._commands.match(spoken, listen)
        strictness = self._commands.rule(match.intent).strictness if match else "strict"
        if strictness == "strict":
            return False
        lenient = strictness == "lenient"
        share = self._policy.second_voice_lenient if lenient else self._policy.second_voice
        return self._meter.sounded(said.began, said.ended) >= share * (said.ended - said.began)
