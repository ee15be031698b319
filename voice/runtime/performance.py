"""Plays a script on a stage and tells which expectations held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from voice.guide.session import Session
from voice.runtime.script import Condition, Entry, Expectation, Place, Script
from voice.runtime.view import View
from voice.runtime.witness import Said, Witness

LOOK = 0.1
"""Seconds between two looks at a condition."""
TOLERANCE = 2.0
"""Seconds by which a remaining time may differ from what the script says."""
CLOCK_TEST = 3.0
"""Seconds ahead at which a clock is looked at to tell whether it runs."""


class Stage(Protocol):
    """Where a script is played: virtual time and typed words, or samples in a simulated room."""

    witness: Witness
    soon: float
    """Seconds within which expectations must come true, where the entry does not say."""

    def now(self) -> float: ...
    def session(self) -> Session: ...
    def view(self, at: float) -> View:
        """What a display would show at second `at` if nothing happened until then."""

    def advance(self, seconds: float) -> None: ...
    def stride(self) -> float:
        """Seconds until something may change; a wait need not look sooner."""

    def act(self, entry: Entry) -> float:
        """Begin what the entry says happens; returns how many seconds it takes."""

    def sounding(self) -> float:
        """The second at which the guide was last heard to make a sound."""


@dataclass(frozen=True)
class Outcome:
    """One expectation: where it stands, what was wanted, what was found."""

    where: str
    wanted: str
    found: str
    held: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.wanted}" + ("" if self.held else f", but {self.found}")


@dataclass(frozen=True)
class _Since:
    """The moment an entry's deed began, as counts of what had happened."""

    at: float
    said: int
    heard: int
    rejected: int
    earcons: int


def perform(script: Script, stage: Stage) -> Iterator[Outcome]:
    """Play every entry in turn; yields each expectation's outcome. A moment that never comes ends it."""
    turn = _mark(stage)
    for number, entry in enumerate(script.part.script):
        if not _wait(entry, stage, turn):
            state = f"it never came ({_state(stage)})"
            yield Outcome(script.where(number), f"the moment {_shown(entry)}", state, held=False)
            return
        turn = _mark(stage)
        deed_ends = turn.at + stage.act(entry)
        while stage.now() < deed_ends - 1e-9:
            stage.advance(min(LOOK, deed_ends - stage.now()))
        yield from _expect(script, number, entry, stage, turn, deed_ends)


def _mark(stage: Stage) -> _Since:
    seen = stage.witness
    return _Since(stage.now(), len(seen.said), len(seen.heard), len(seen.rejected), len(seen.earcons))


def _wait(entry: Entry, stage: Stage, turn: _Since) -> bool:
    if entry.at is not None:
        stage.advance(max(0.0, entry.at - stage.now()))
    until = stage.now() + entry.within
    while entry.when is not None and not all(held for _, held, _ in _conditions(entry.when, stage, turn)):
        if stage.now() >= until or (stage.witness.ended and not entry.when.ended):
            return False
        stage.advance(min(stage.stride(), until - stage.now()))
    if entry.after is not None:
        stage.advance(entry.after)
    return True


def _expect(
    script: Script, number: int, entry: Entry, stage: Stage, turn: _Since, deed_ends: float
) -> Iterator[Outcome]:
    if entry.expect is None:
        return
    until = deed_ends + (stage.soon if entry.soon is None else entry.soon)
    if entry.expect.quiet_for is not None:
        until = max(until, deed_ends + entry.expect.quiet_for)
    waits = entry.expect.not_says is not None or entry.expect.quiet_for is not None
    while True:
        checked = list(_checks(entry.expect, stage, turn, deed_ends))
        over = stage.now() >= until - 1e-9
        if over or (not waits and all(held for _, held, _ in checked)):
            break
        stage.advance(min(LOOK, until - stage.now()))
    given = entry.expect.model_dump(exclude_none=True)
    for key, held, found in checked:
        wanted = getattr(entry.expect, key)
        yield Outcome(script.where(number, key), f"{key} {_plain(wanted)}", found, held)
    assert len(checked) == len(given), "every kind of expectation is checked"


Check = tuple[str, bool, str]


def _conditions(wish: Condition, stage: Stage, turn: _Since) -> Iterator[Check]:
    seen, view = stage.witness, stage.view(stage.now())
    if wish.saying is not None:
        found = seen.saying
        yield "saying", found is not None and _is_at(found, wish.saying), f"{_line(found)} is being said"
    if wish.said is not None:
        done = [said.say.line for said in seen.said[turn.said :] if said.done]
        current = seen.said[turn.said - 1 : turn.said] if turn.said else []
        done += [said.say.line for said in current if said.done]
        yield "said", wish.said in done, f"said to the end: {', '.join(done) or 'nothing'}"
    if wish.silent is not None:
        yield "silent", (seen.saying is None) == wish.silent, f"{_line(seen.saying)} is being said"
    if wish.clock is not None:
        later = stage.view(stage.now() + CLOCK_TEST)
        runs = (later.remaining, later.whole_remaining) != (view.remaining, view.whole_remaining)
        yield "clock", runs == (wish.clock == "running"), f"it is {'running' if runs else 'stopped'}"
    for key, value in (
        ("step", view.step), ("phase", view.phase), ("mode", view.mode),
        ("question", view.question), ("listening", seen.listening), ("ended", seen.ended),
        ("sound", seen.sound), ("breathing", _breath(seen.breathing)),
    ):  # fmt: skip
        wanted = getattr(wish, key)
        if wanted is not None:
            yield key, wanted == ("none" if value is None else value), f"it is {value}"


def _breath(seconds: tuple[float, float] | None) -> str | None:
    """The breath that tones pace, as a script writes it: "4 in, 6 out"."""
    return None if seconds is None else f"{seconds[0]:g} in, {seconds[1]:g} out"


def _checks(wish: Expectation, stage: Stage, turn: _Since, deed_ends: float) -> Iterator[Check]:
    yield from _conditions(wish, stage, turn)
    yield from _spoken(wish, stage.witness, turn)
    yield from _perceived(wish, stage.witness, turn)
    yield from _timed(wish, stage)
    session = stage.session()
    if wish.choices is not None:
        taken = dict(session.choices)
        yield "choices", wish.choices.items() <= taken.items(), f"they are {taken}"
    if wish.rate is not None:
        yield "rate", abs(session.rate - wish.rate) < 0.005, f"it is {session.rate:.3f}"
    if wish.level is not None:
        yield "level", abs(session.level - wish.level) < 0.05, f"it is {session.level:.1f}"
    if wish.silent_within is not None:
        late = stage.sounding() - deed_ends
        silent = late <= wish.silent_within and stage.now() - stage.sounding() > LOOK
        yield "silent_within", silent, f"last sound {late:.2f} s after it"


def _spoken(wish: Expectation, seen: Witness, turn: _Since) -> Iterator[Check]:
    begun = seen.said[turn.said :]
    lines = [said.say.line for said in begun]
    told = f"it said {', '.join(lines) or 'nothing'}"
    if wish.says is not None:
        wanted = [wish.says] if isinstance(wish.says, str) else wish.says
        yield "says", all(line in lines for line in wanted), told
    if wish.says_from is not None:
        place = wish.says_from
        found = any(said.say.line == place.line and said.say.first + 1 == place.sentence for said in begun)
        yield "says_from", found, f"it said {', '.join(_line(said) for said in begun) or 'nothing'}"
    if wish.words is not None:
        near = begun if begun else seen.said[-1:]
        text = " ".join(sentence for said in near for sentence in said.say.sentences)
        yield "words", wish.words.lower() in text.lower(), f'it said "{text}"'
    if wish.not_says is not None:
        banned = [wish.not_says] if isinstance(wish.not_says, str) else wish.not_says
        yield "not_says", not set(banned) & set(lines), told
    if wish.quiet_for is not None:
        yield "quiet_for", not begun and seen.saying is None, told


def _perceived(wish: Expectation, seen: Witness, turn: _Since) -> Iterator[Check]:
    heard, rejected = seen.heard[turn.heard :], seen.rejected[turn.rejected :]
    told = f"heard {', '.join(h.intent for h in heard) or 'nothing'}"
    told += f", rejected {', '.join(f'{r.text} ({r.reason})' for r in rejected) or 'nothing'}"
    if wish.heard is not None:
        yield "heard", any(event.intent == wish.heard for event in heard), told
    if wish.rejected is not None:
        if isinstance(wish.rejected, bool):
            yield "rejected", bool(rejected) == wish.rejected, told
        else:
            yield "rejected", any(event.reason == wish.rejected for event in rejected), told
    if wish.earcon is not None:
        kinds = [kind for _, kind in seen.earcons[turn.earcons :]]
        held = not kinds if wish.earcon == "none" else wish.earcon in kinds
        yield "earcon", held, f"signs: {', '.join(kinds) or 'none'}"


def _timed(wish: Expectation, stage: Stage) -> Iterator[Check]:
    view = stage.view(stage.now())
    for key, value in (("remaining", view.remaining), ("whole", view.whole_remaining)):
        wanted = getattr(wish, key)
        if wanted is not None:
            held = value is not None and abs(value - wanted) <= TOLERANCE
            yield key, held, "none runs" if value is None else f"it is {value:.1f} s"


def _is_at(said: Said, place: Place) -> bool:
    return said.say.line == place.line and place.sentence in (0, said.sentence)


def _line(said: Said | None) -> str:
    return "nothing" if said is None else f"sentence {said.sentence} of {said.say.line}"


def _plain(wanted: object) -> str:
    if isinstance(wanted, Place):
        return f"sentence {wanted.sentence} of {wanted.line}" if wanted.sentence else wanted.line
    return str(wanted)


def _shown(entry: Entry) -> str:
    given = entry.when.model_dump(exclude_none=True) if entry.when else {}
    return ", ".join(f"{key} {_plain(value)}" for key, value in given.items())


def _state(stage: Stage) -> str:
    view = stage.view(stage.now())
    saying = _line(stage.witness.saying)
    place = f"mode {view.mode}, step {view.step}, question {view.question}"
    return f"after {stage.now():.0f} s: {place}, saying {saying}"
