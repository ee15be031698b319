"""Where she is: one frozen value that can be saved, asked, replayed and compared. Times are seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from voice.errors import LullError
from voice.guide.model import Guide
from voice.guide.parts import (
    Amount,
    Apart,
    Awake,
    Crisis,
    Hurt,
    Nearly,
    Place,
    Safety,
    Snapshot,
    Speech,
    Utterance,
    Wishes,
)
from voice.guide.words import NAMING

Mode = Literal["idle", "asking", "guiding", "paused", "ended"]
End = Literal["finished", "left", "referred"]
SLOWEST, FASTEST = 0.7, 1.3
QUIETEST, LOUDEST = -30.0, 0.0


@dataclass(frozen=True)
class Session:
    """The whole state. `mode` and `question` follow from the rest.

    `ask` is the set-up or safety question in turn; on top of it may lie a pause (`held`), the question about
    pain, about carrying on (`offering`) or about finishing.
    """

    guide: str
    version: str
    at: float
    night: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    last_choices: dict[str, str] | None = None
    answered: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    ask: str | None = None
    asks: int = 0
    held: bool = False
    silenced: bool = False
    asking_pain: bool = False
    hurt: Hurt | None = None
    offering: bool = False
    finishing: bool = False
    returning: bool = False
    offered: bool = False
    closing: End | None = None
    ended: End | None = None
    safety: Safety = "unasked"
    flags: tuple[str, ...] = ()
    blocked_told: bool = False
    place: Place = field(default_factory=Place)
    speech: Speech = field(default_factory=Speech)
    counts: dict[str, int] = field(default_factory=dict)
    expressed: float = 0.0
    rate: float = 1.0
    level: float = -6.0
    lost: tuple[str, ...] = ()
    misses: int = 0
    missed_at: float = 0.0
    turned_away: float | None = None
    """When something said to the guide was last rejected."""
    helped_at: float | None = None
    """When she was last told how to get help after two tries that were not understood."""
    nearly: Nearly | None = None
    nearly_at: float | None = None
    """When she was last asked about a command that was nearly understood."""
    signs_missed: int = 0
    steps_done: int = 0
    saved_at: float = 0.0
    history: tuple[Snapshot, ...] = ()
    wordless: bool = False
    """She wants silence: only what changes is said."""
    names: dict[str, str] = field(default_factory=dict)
    """Names by role, "mother" and "helper", where they were given."""
    told_names: dict[str, str] = field(default_factory=dict)
    """Those she told by voice, for later nights too; an empty one is not to be said."""
    asks_names: bool = False
    """The ear knows enough first names to ask for one."""
    name_asked: tuple[str, ...] = ()
    """Roles that were asked about, on this night or an earlier one: nobody is asked twice."""
    heard_name: tuple[str, str] | None = None
    """Role and name that she is asked about: was that heard right?"""
    crisis: Crisis = ""
    apart: Apart = ""
    awake: Awake = ""
    with_baby: float = 0.0
    """Seconds with her baby in her arms since she was last known to be awake."""
    warmed: float = 0.0
    amounts: tuple[Amount, ...] = ()
    expressed_at: str = ""
    amount_asked: bool = False
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def question(self) -> str | None:
        """The question that is open now."""
        if self.ended:
            return None
        if self.crisis:
            return "crisis"
        if self.finishing:
            return "confirm_finish"
        if self.offering:
            return "carry_on"
        if self.asking_pain:
            return "pain"
        if self.held:
            return None
        return "awake" if self.awake else self.ask

    @property
    def mode(self) -> Mode:
        """What is going on."""
        if self.ended:
            return "ended"
        if self.question:
            return "asking"
        if self.held:
            return "paused"
        return "idle" if self.place.step is None and not self.closing else "guiding"

    @property
    def waiting(self) -> bool:
        """Nothing has begun in this run: Lull is silent until it is asked to start."""
        return self.mode == "idle" or self.unbegun or (self.returning and not self.offered)

    @property
    def unbegun(self) -> bool:
        """She called for help while Lull was waiting: there is no session under that call."""
        return bool(self.crisis) and not (self.ended or self.held or self.ask or self.step or self.closing)

    @property
    def step(self) -> str | None:
        """The step she is at; None before the first."""
        return self.place.step

    @property
    def suspended(self) -> bool:
        """The narration of the step is put aside: a pause, or a question on top of the step."""
        naming = self.ask in NAMING and self.step is not None
        on_top = self.finishing or self.offering or self.asking_pain or naming
        return self.held or on_top or bool(self.crisis or self.awake)

    @property
    def running(self) -> bool:
        """Time counts."""
        return self.mode == "guiding" and self.place.opened and self.closing is None


def new_session(
    guide: Guide,
    *,
    at: float,
    night: int = 0,
    last_choices: dict[str, str] | None = None,
    rate: float = 1.0,
    level: float = -6.0,
    extras: tuple[str, ...] = (),
    wishes: Wishes | None = None,
    names: dict[str, str] | None = None,
    asks_names: bool = False,
) -> Session:
    """A session that has not begun. `night` varies the wordings; choices that no longer exist are dropped."""
    defaults = {question.id: question.default for question in guide.questions}
    last = {key: value for key, value in (last_choices or {}).items() if _fits(guide, key, value)}
    return Session(
        guide=guide.id,
        version=guide.version,
        at=at,
        night=night,
        choices={**defaults, **last},
        last_choices={**defaults, **last} if last else None,
        extras=tuple(step.id for step in guide.steps if step.off_by_default and step.id in extras),
        rate=min(FASTEST, max(SLOWEST, rate)),
        level=min(LOUDEST, max(QUIETEST, level)),
        saved_at=at,
        wishes=wishes or Wishes(),
        names=dict(names or {}),
        asks_names=asks_names,
    )


def resumed(session: Session, *, at: float) -> Session:
    """A saved session in a new run: nothing runs, and `begin` offers to carry on.

    One that had no place yet, or that was over, begins afresh with the same choices.
    """
    speech = Speech(token=session.speech.token, last=session.speech.last, starts_at=at, quiet_since=at)
    again = replace(
        session,
        at=at,
        saved_at=at,
        missed_at=at,
        turned_away=None,
        misses=0,
        helped_at=None,
        nearly=None,
        nearly_at=None,
        asks=0,
        speech=speech,
        lost=(),
        silenced=False,
        held=False,
        returning=False,
        offered=False,
        asking_pain=False,
        offering=False,
        finishing=False,
        closing=None,
        ended=None,
        crisis="",
        awake="",
        with_baby=0.0,
    )
    over = session.ended in ("finished", "referred") or session.closing in ("finished", "referred")
    if over:
        again = replace(again, flags=(), left_out=(), safety="unasked", blocked_told=False, expressed=0.0)
        again = replace(again, warmed=0.0, amounts=(), expressed_at="", amount_asked=False)
    if over or session.place.step is None:
        return replace(again, ask=None, hurt=None, place=Place(), answered=(), history=(), skipped=())
    return replace(again, held=True, returning=True, speech=replace(speech, cut=unsaid(session)))


def unsaid(session: Session) -> tuple[Utterance, ...]:
    """The narration not yet spoken, beginning with the sentence that was being said."""
    speech = session.speech
    rest = [*speech.waiting, *speech.cut]
    if speech.now is not None:
        rest.insert(0, replace(speech.now, first=speech.sentence))
    return tuple(u for u in rest if u.kind in ("narration", "note") and u.first < len(u.sentences))


def to_json(session: Session) -> str:
    """The session as one line of JSON."""
    return json.dumps(asdict(session), separators=(",", ":"))


def from_json(text: str, guide: Guide) -> Session:
    """The session written by `to_json`. Raises LullError when it is damaged or is not one of this guide."""
    try:
        session = _adapter().validate_json(text)
    except ValidationError as problem:
        where = ".".join(str(key) for key in problem.errors()[0]["loc"]) or "it is no JSON"
        raise LullError(f"The saved session is damaged ({where}); start a new one.") from None
    misfit = _misfit(session, guide)
    if misfit:
        raise LullError(f"The saved session does not fit this guide ({misfit}); start a new one.")
    return session


@cache
def _adapter() -> TypeAdapter[Session]:
    return TypeAdapter(Session)


def _misfit(session: Session, guide: Guide) -> str:
    if session.guide != guide.id:
        return f"it is of the guide '{session.guide}'"
    places = [session.place, *(snapshot.place for snapshot in session.history)]
    for step in [*(place.step for place in places), *session.extras, *session.left_out, *_unwanted(session)]:
        if step is not None and step not in guide.by_id:
            return f"unknown step '{step}'"
    for ask in [session.ask, *(snapshot.ask for snapshot in session.history)]:
        known = (None, "same_as_last", "safety", "safety_which", "amount", *NAMING, *guide.question_ids)
        if ask not in known:
            return f"unknown question '{ask}'"
    for choices in [session.choices, *(snapshot.choices for snapshot in session.history)]:
        fits = all(_fits(guide, *each) for each in choices.items())
        if set(choices) != set(guide.question_ids) or not fits:
            return "unknown choices"
    if not all(_fits(guide, *each) for each in (session.last_choices or {}).items()):
        return "unknown choices"
    if not all(_sound(utterance) for utterance in _utterances(session)):
        return "a line without sentences"
    return ""


def _unwanted(session: Session) -> Iterable[str]:
    for wishes in [session.wishes, *(snapshot.wishes for snapshot in session.history)]:
        yield from (*wishes.unwanted, *wishes.later)


def _utterances(session: Session) -> Iterable[Utterance]:
    speech = session.speech
    yield from (utterance for utterance in (speech.now, speech.last, speech.shown) if utterance)
    yield from (*speech.waiting, *speech.cut)
    for snapshot in session.history:
        yield from snapshot.cut


def _sound(utterance: Utterance) -> bool:
    return 0 <= utterance.first < len(utterance.sentences)


def _fits(guide: Guide, question: str, option: str) -> bool:
    return question in guide.by_question and option in guide.by_question[question].options
