"""Questions: the set-up at the start, and what happens to a question that stays open."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.model import Guide
from voice.guide.moves import enter, settled
from voice.guide.parts import Place
from voice.guide.plan import needs_helper, next_step
from voice.guide.session import Session
from voice.guide.speaking import answer, drop, then
from voice.guide.timing import human, whole_left
from voice.guide.wording import choices_text, name_of, step_name
from voice.guide.words import NAMING

QUESTION_LINES = {
    "same_as_last": "ask_same_as_last",
    "safety_which": "safety_which",
    "pain": "pain_pause",
    "confirm_finish": "confirm_finish",
    "carry_on": "carry_on_offer",
    "awake": "awake_ask",
    "amount": "ask_amount",
    "helper_name": "ask_helper_name",
    "mother_name": "ask_mother_name",
    "name_right": "name_right",
}
"""Questions of the core -> the line that asks them; the set-up's questions name theirs in the guide."""


def begin(guide: Guide, session: Session) -> Session:
    """Greets her and opens the set-up."""
    session = settled(drop(session))
    session = replace(session, place=Place(), ended=None, answered=(), skipped=(), history=())
    session = replace(session, silenced=False, wordless=False)
    for line in ("greet", "disclaimer") if session.night == 0 else ("greet",):
        session = then(guide, session, line)
    return ask_first(guide, session)


def ask_first(guide: Guide, session: Session) -> Session:
    """The first question: as last time, or else the first of the set-up that is open."""
    return ask(guide, session, "same_as_last") if session.last_choices else ask_next(guide, session)


def ask(guide: Guide, session: Session, question: str) -> Session:
    """`question` is open and is asked after what waits to be said."""
    session = replace(session, ask=question, asks=0)
    slots = _slots(guide, session, question)
    return then(guide, session, question_line(guide, session, question), "narration", **slots)


def ask_next(guide: Guide, session: Session) -> Session:
    """The first question without an answer; after the last one, what she chose and the first step."""
    for question in guide.question_ids:
        if question not in session.answered and not (question == "cue" and session.apart):
            return ask(guide, session, question)
    return start_steps(guide, session, read_back=True)


def start_steps(guide: Guide, session: Session, *, read_back: bool) -> Session:
    """The set-up is done: the first step."""
    session = replace(session, answered=guide.question_ids, last_choices=dict(session.choices), ask=None)
    if read_back:
        session = then(guide, session, "read_back", "reply", choices=_choices(guide, session))
    return begin_steps(guide, session)


def begin_steps(guide: Guide, session: Session) -> Session:
    """The first step, once the names that will be said are asked for."""
    for role in ("helper", "mother"):
        unknown = not session.names.get(role) and role not in session.name_asked
        if unknown and session.asks_names and needs_helper(guide, session):
            return ask(guide, session, f"{role}_name")
    session = then(guide, session, "start_now", "ack")
    return enter(guide, session, next_step(guide, session, None))


def ask_again(guide: Guide, session: Session) -> Session:
    """The open question once more, from its beginning. It keeps count of how often it was asked."""
    question = session.question
    if question is None:
        return session
    line = question_line(guide, session, question)
    if session.suspended:
        return answer(guide, session, line, "reply", **_slots(guide, session, question))
    return then(guide, drop(session), line, "narration", **_slots(guide, session, question))


def question_line(guide: Guide, session: Session, question: str) -> str:
    """The line that asks `question`."""
    if question == "crisis":
        return f"refer_{session.crisis}"
    if question in QUESTION_LINES:
        return QUESTION_LINES[question]
    if question in guide.by_question:
        return guide.by_question[question].line
    return guide.step(session.step or guide.steps[0].id).line


def take(guide: Guide, session: Session, question: str, option: str) -> Session:
    """`option` is her answer to `question`."""
    answered = tuple(name for name in guide.question_ids if name in session.answered or name == question)
    return replace(session, choices={**session.choices, question: option}, answered=answered)


def take_default(guide: Guide, session: Session, *, told: bool) -> Session:
    """The open set-up question is answered by what is usual for her; `told`: she did not ask for that."""
    question = session.question or ""
    option = session.choices[question]
    session = take(guide, drop(session), question, option)
    if told:
        session = then(guide, session, "default_taken", "ack", choice=name_of(guide, f"choice_{option}"))
    else:
        session = then(guide, session, f"choice_{option}", "ack")
    return ask_next(guide, session)


def previous_question(guide: Guide, session: Session) -> Session:
    """Back to the question before the open one; its answer is open again."""
    if session.ask in NAMING:
        last = guide.question_ids[-1]
        answered = tuple(name for name in session.answered if name != last)
        return ask(guide, replace(drop(session), answered=answered), last)
    place = guide.question_ids.index(session.ask) if session.ask in guide.question_ids else 0
    if place == 0:
        if session.ask != "same_as_last" and session.last_choices:
            return ask(guide, drop(session), "same_as_last")
        return ask(guide, then(guide, drop(session), "at_first", "ack"), session.ask or guide.question_ids[0])
    before = guide.question_ids[place - 1]
    answered = tuple(name for name in session.answered if name != before)
    return ask(guide, replace(drop(session), answered=answered), before)


def offer_to_carry_on(guide: Guide, session: Session) -> Session:
    """A session of an earlier run: says where she was and asks whether to go on there."""
    session = replace(session, offering=True, offered=True, returning=False, asks=0)
    return answer(guide, session, "carry_on_offer", "reply", **_slots(guide, session, "carry_on"))


def keep_going(guide: Guide, session: Session) -> Session:
    """She does not want to finish: everything is as it was before that question."""
    return answer(guide, replace(session, finishing=False, asks=0), "confirm_kept")


def _choices(guide: Guide, session: Session) -> str:
    """Her choices as she hears them; what she would look at is left unsaid when her baby is not with her."""
    told = {name: option for name, option in session.choices.items() if name != "cue" or not session.apart}
    return choices_text(guide, told)


def _slots(guide: Guide, session: Session, question: str) -> dict[str, str]:
    if question == "same_as_last":
        return {"choices": _choices(guide, session)}
    if question == "name_right":
        return {"name": session.heard_name[1] if session.heard_name else ""}
    if question == "carry_on":
        left = human(guide.times, whole_left(guide, session) or 0.0)
        return {"step_name": step_name(guide, session.step), "whole": left}
    return {}
