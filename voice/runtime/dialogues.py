"""Scripted sessions on the virtual clock: typed words, the real language, the real guide, the real loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from voice.errors import DataError
from voice.guide.events import Cleared, Command, Suspected
from voice.guide.model import Guide
from voice.guide.session import Session, new_session
from voice.guide.showing import listening_for
from voice.guide.words import ROLES
from voice.language.commands import Commands
from voice.runtime.bookmarks import bookmark, open_session
from voice.runtime.clocks import VirtualClock
from voice.runtime.journal import Journal
from voice.runtime.loop import Loop
from voice.runtime.performance import Outcome, perform
from voice.runtime.script import Entry, Script, ScriptPart, read_script
from voice.runtime.stages import SET_OUT_LIMIT, common_deed, talk_through_set_up
from voice.runtime.twins import MemoryVoice, ScriptedEar
from voice.runtime.view import View
from voice.runtime.witness import Witness

FIRST_PACE, FIRST_LEVEL = 1.0, -6.0
CARRY_ON_HOURS = 12.0
SET_OUT_STEP = 0.5
SHORTEST_STRIDE, LONGEST_STRIDE = 0.001, 60.0


class DialogueStage:
    """A night in virtual time. Fits performance.Stage. Without a `journal` it is kept in memory."""

    soon = 1.0

    def __init__(
        self, guide: Guide, commands: Commands, part: ScriptPart, journal: Journal | None = None
    ) -> None:
        self._guide = guide.with_help(commands.help_names())
        self._commands = commands
        self._ear = ScriptedEar(commands)
        self._journal = journal or Journal.memory()
        self._waits = part.wait
        self._remember(part)
        self._before = 0.0
        self.witness = Witness()
        self._begin()

    def now(self) -> float:
        return self._before + self._clock.now()

    def session(self) -> Session:
        return self._loop.session

    def view(self, at: float) -> View:
        return self._loop.view(at - self._before)

    def advance(self, seconds: float) -> None:
        self._loop.run_until(self._clock.now() + seconds, self._clock)

    def stride(self) -> float:
        due = self._loop.next_due(self._clock)
        return LONGEST_STRIDE if due is None else max(SHORTEST_STRIDE, due - self._clock.now())

    def sounding(self) -> float:
        return self.now() if self._voice.speaking else self._before + self._voice.last_sound

    def act(self, entry: Entry) -> float:
        if entry.cut:
            self._before += self._clock.now()
            self._begin()
        if entry.hear is not None:
            self.hear(entry.hear)
        if entry.murmur is not None:
            now = self._clock.now()
            self._loop.handle(Suspected(now))
            cleared = Cleared(now + entry.murmur, entry.murmur)
            self._clock.call_at(cleared.at, lambda: self._loop.post(cleared))
        common_deed(entry, self._loop, self._clock.now())
        return entry.murmur or 0.0

    def hear(self, text: str) -> None:
        """She says `text`."""
        self._loop.handle(self._ear.understand(text, self._clock.now()))

    def answer(self, intent: str) -> None:
        """She means `intent`, in the first words her language has for it now."""
        live = self._commands.phrases(self._ear.listening).items()
        self.hear(next((phrase for phrase, meaning in live if meaning == intent), intent))

    def leave(self) -> None:
        """The program ends; her place is kept."""
        self._loop.quit()

    def _begin(self) -> None:
        """The program starts."""
        self._clock = VirtualClock()
        self._voice = MemoryVoice(self._clock)
        began = (0.0, CARRY_ON_HOURS, FIRST_PACE, FIRST_LEVEL)
        session, _ = open_session(self._guide, self._journal, *began, waits=self._waits, asks_names=True)
        self.witness.listening, self.witness.ended = "", None
        for said in self.witness.said[-1:]:
            said.cut = True
        self._loop = Loop(
            self._guide, session, self._voice, self._ear, self._journal, self._clock, watch=self.witness
        )
        if self._waits:
            self.witness.listening = listening_for(session)
            self._ear.listen(self.witness.listening)
        else:
            self._loop.handle(Command(0.0, "begin", {}, "script"))

    def _remember(self, part: ScriptPart) -> None:
        """Let the journal hold the nights the script says there were."""
        kept = part.remember
        choices = kept.choices
        if part.set_out is not None:
            choices = {**(choices or {}), **part.set_out.choices}
        for _ in range(kept.night or (0 if choices is None else 1)):
            past = new_session(self._guide, at=0.0, last_choices=choices, rate=FIRST_PACE, level=FIRST_LEVEL)
            past = replace(past, name_asked=ROLES)
            mark = replace(bookmark(past), choices=past.choices if choices is not None else {})
            self._journal.begin(self._guide.id, self._guide.version, mark)
            self._journal.end("finished")


def run_dialogue(path: Path, guide: Guide, commands: Commands) -> Iterator[Outcome]:
    """Play one script; yields what became of each expectation. Raises DataError for a faulty script."""
    script = read_script(path)
    stage = DialogueStage(guide, commands, script.part)
    set_out(script, stage)
    yield from perform(script, stage)


def set_out(script: Script, stage: DialogueStage) -> None:
    """Talk through the set-up where the script asks for it. Raises DataError when it leads nowhere."""
    wish = script.part.set_out
    if wish is None:
        return
    while not talk_through_set_up(wish, lambda: stage.view(stage.now()), stage.session, stage.answer):
        stage.advance(SET_OUT_STEP)
        if stage.now() > SET_OUT_LIMIT or stage.witness.ended:
            view = stage.view(stage.now())
            where = script.document.where("set_out")
            raise DataError(where, f"the step {wish.to} was never reached; the guide stands at {view.step}")
