"""What happens by itself when time passes: timed lines, the end of a step, questions that stay unanswered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voice.guide import naming, record, safety_awake, safety_crisis
from voice.guide.asking import QUESTION_LINES, ask_again, keep_going, start_steps, take_default
from voice.guide.model import Guide, Step
from voice.guide.moves import enter, forward, to_finish
from voice.guide.plan import guests, holds_baby, length
from voice.guide.session import Session
from voice.guide.speaking import answer, busy, drop, start_waiting, then
from voice.guide.timing import CLOSE, SPOKEN_TAIL, step_length
from voice.guide.words import NAMING

NEAR_END = 15.0
"""A step says that its end is near this many seconds before it."""

LATE = 5.0
"""A timed line that could not be said for this long is dropped: it would be out of place."""

FIRST_SILENCE = 20.0
"""Seconds of silence after which a question is asked once more."""

SECOND_SILENCE = 25.0
"""Further seconds after which the usual answer is taken."""

SAFETY_SILENCE, SAFETY_AGAIN = 30.0, 120.0
"""The safety question waits longer, and is repeated for as long as it takes."""

CALLS_WHILE_WAITING = 3
"""Times that help is named again when it was called for while Lull waited; then it waits in silence again."""

KEEP_EVERY = 20.0
"""While time counts her place is written down at least this often."""

MOST_MOVES = 32
"""Things that can happen at one moment; a bound, never reached by a sound guide."""


SECOND_TRY = "nothing_yet_again"
"""The line of a second try, a while after she said that nothing comes."""


@dataclass(frozen=True)
class Mark:
    """A timed line: `line` is said `at` seconds into the step; `turn` changes sides and is never dropped."""

    key: str
    at: float
    line: str
    turn: bool = False
    always: bool = False


def pass_time(guide: Guide, session: Session, at: float) -> Session:
    """The session at the time `at`: what counts, counts. Never goes back; expressing never passes its cap."""
    gone = at - session.at
    if not 0.0 < gone < float("inf"):
        return session
    session = replace(session, at=at)
    if not session.running:
        return session
    place = session.place
    if guide.step(place.step or "").phase == "express":
        gone = min(gone, max(0.0, guide.express_cap - session.expressed))
        session = replace(session, expressed=session.expressed + gone)
    if guide.step(place.step or "").phase == "warm":
        session = replace(session, warmed=session.warmed + gone)
    if holds_baby(guide, session):
        session = replace(session, with_baby=session.with_baby + gone)
    moved = replace(place, elapsed=place.elapsed + gone, side_elapsed=place.side_elapsed + gone)
    return replace(session, place=moved)


def progress(guide: Guide, session: Session) -> Session:
    """Everything that is due now, one thing after the other."""
    for _ in range(MOST_MOVES):
        moved = _move(guide, session)
        if moved is session:
            break
        session = moved
    return session


def next_due(guide: Guide, session: Session) -> float | None:
    """When something is due again if nobody says anything; None when nothing is."""
    if session.ended:
        return None
    times: list[float] = [] if session.nearly is None else [session.nearly.until]
    if session.running:
        times.append(session.saved_at + KEEP_EVERY)
        if guide.step(session.step or "").phase == "express":
            times.append(session.at + guide.express_cap - session.expressed)
    if session.speech.now is None:
        times += [session.speech.starts_at] if session.speech.waiting else _silent_times(guide, session)
    return max(session.at, min(times)) if times else None


def marks(guide: Guide, session: Session, step: Step) -> tuple[Mark, ...]:
    """The timed lines of a step and of those that run alongside it, earliest first."""
    total = step_length(guide, session, step)
    if total is None:
        return ()
    found = [*_own_marks(guide, session, step, total)]
    for guest in guests(guide, session, step):
        lasts = guest.seconds.get(length(session)) or total
        found += [mark for mark in _own_marks(guide, session, guest, min(lasts, total)) if not mark.turn]
    return tuple(sorted(found, key=lambda mark: mark.at))


def _own_marks(guide: Guide, session: Session, step: Step, total: float) -> list[Mark]:
    found = [
        Mark(f"{step.id}.cue{number}", cue.at, cue.line, always=cue.always)
        for number, cue in enumerate(step.cues)
        if cue.at < total and not (session.place.milk and cue.with_milk == "never")
    ]
    retry = session.place.retry_at
    if retry is not None and step.id == session.step:
        found.append(Mark(f"retry {retry:g}", retry, SECOND_TRY))
    turns = step.sides and step.side_seconds is None
    if step.half or turns:
        found.append(Mark(f"{step.id}.half", total / 2, step.half or "swap_sides_now", turns))
    if step.near_end and total > NEAR_END:
        found.append(Mark(f"{step.id}.near_end", total - NEAR_END, step.near_end))
    return found


def _move(guide: Guide, session: Session) -> Session:
    if session.ended:
        return session
    if _cap_reached(guide, session):
        session = then(guide, drop(session), "express_cap", "reply")
        return enter(guide, session, to_finish(guide, session))
    if session.nearly is not None and session.at >= session.nearly.until - CLOSE:
        return replace(session, nearly=None)
    if busy(session):
        return start_waiting(guide, session)
    if session.closing and not session.suspended:
        return replace(session, ended=session.closing, closing=None, held=False, ask=None)
    if session.mode == "asking":
        return _unanswered(guide, session)
    if session.mode != "guiding" or session.step is None:
        return session
    if not session.place.opened:
        return replace(session, place=replace(session.place, opened=True))
    if safety_awake.due(guide, session):
        return safety_awake.ask(guide, session)
    return _timed(guide, session, guide.step(session.step))


def _cap_reached(guide: Guide, session: Session) -> bool:
    if not session.running or guide.step(session.step or "").phase != "express":
        return False
    return session.expressed >= guide.express_cap - CLOSE


def _unanswered(guide: Guide, session: Session) -> Session:
    wait = _patience(session)
    if wait is None or session.at - session.speech.quiet_since < wait - CLOSE:
        return session
    question, asked = session.question, session.asks
    session = replace(session, asks=asked + 1)
    if question == "awake":
        return safety_awake.unanswered(guide, session)
    if question == "amount":
        return record.over(guide, session)
    if question == "crisis" and session.waiting and asked >= CALLS_WHILE_WAITING:
        return replace(drop(safety_crisis.waiting_again(session)), crisis="")
    if question in NAMING:
        return naming.over(guide, session)
    if question == "pain":
        return answer(guide, session, "pain_wait", "reply")
    if question == "safety" and asked > 0:
        return answer(guide, session, "safety_unanswered", "reply")
    if asked == 0 or question in ("safety", "safety_which", "crisis"):
        return ask_again(guide, session)
    if question == "same_as_last":
        return start_steps(guide, session, read_back=False)
    if question == "confirm_finish":
        return keep_going(guide, session)
    return take_default(guide, session, told=True)


def _patience(session: Session) -> float | None:
    """Seconds of silence until the open question is taken further; None: it waits as long as she likes."""
    question, asked = session.question, session.asks
    if question in ("safety", "safety_which", "crisis"):
        return SAFETY_AGAIN if asked else SAFETY_SILENCE
    if question == "awake":
        return safety_awake.LOUDER_AFTER if session.awake == "asked" else safety_awake.COT_AFTER
    if question == "pain":
        return None if asked else SAFETY_SILENCE
    if asked == 0:
        return FIRST_SILENCE
    known = question not in QUESTION_LINES or question in ("same_as_last", "confirm_finish")
    return SECOND_SILENCE if known else None


def _timed(guide: Guide, session: Session, step: Step) -> Session:
    place, total = session.place, step_length(guide, session, step)
    if total is None and step.advance == "auto":
        return complete(guide, session) if place.elapsed >= SPOKEN_TAIL - CLOSE else session
    over = total is not None and place.elapsed >= total - CLOSE
    if over and step.advance == "auto":
        return complete(guide, session)
    if over or total is None:
        return _wait_for_her(guide, session, step, total or 0.0)
    for mark in marks(guide, session, step):
        if mark.key not in place.told and mark.at <= place.elapsed + CLOSE:
            return _tell(guide, session, mark)
    due = _side_due(step, session, total or 0.0)
    if due is not None and due <= place.elapsed + CLOSE:
        return _turn(guide, session, "swap_sides_now")
    return session


def _tell(guide: Guide, session: Session, mark: Mark) -> Session:
    late = session.place.elapsed - mark.at
    session = _told(session, mark.key)
    if mark.turn:
        return _turn(guide, session, mark.line)
    unwanted = session.wordless and not mark.always
    return session if late > LATE or unwanted else then(guide, session, mark.line)


def _turn(guide: Guide, session: Session, line: str) -> Session:
    place = replace(session.place, side=1 - session.place.side, side_elapsed=0.0)
    return then(guide, replace(session, place=place), line)


def _wait_for_her(guide: Guide, session: Session, step: Step, since: float) -> Session:
    told = session.place.told
    if since and "ready_hint" not in told:
        return _hint(guide, session, "ready_hint", "ready_hint")
    if step.remind and "remind" not in told and session.place.elapsed >= since + step.remind.after - CLOSE:
        return _hint(guide, session, "remind", step.remind.line)
    return session


def _hint(guide: Guide, session: Session, key: str, line: str) -> Session:
    session = _told(session, key)
    return session if session.wordless else then(guide, session, line)


def complete(guide: Guide, session: Session) -> Session:
    """The step ended by itself."""
    return forward(guide, replace(session, steps_done=session.steps_done + 1))


def _told(session: Session, key: str) -> Session:
    return replace(session, place=replace(session.place, told=(*session.place.told, key)))


def _side_due(step: Step, session: Session, total: float) -> float | None:
    """Elapsed time of the next change of sides by itself; none when the step is about to end."""
    if step.side_seconds is None:
        return None
    due = session.place.elapsed + step.side_seconds - session.place.side_elapsed
    return due if due < total - NEAR_END else None


def _silent_times(guide: Guide, session: Session) -> list[float]:
    """Times at which something is due while nothing is being said."""
    if session.mode == "asking":
        wait = _patience(session)
        return [] if wait is None else [session.speech.quiet_since + wait]
    if not session.running:
        return []
    step, place = guide.step(session.step or ""), session.place
    total = step_length(guide, session, step)
    due = [mark.at for mark in marks(guide, session, step) if mark.key not in place.told]
    if total is None and step.advance == "auto":
        due.append(SPOKEN_TAIL)
    elif total is None or place.elapsed >= total - CLOSE:
        due = [(total or 0.0) + step.remind.after] if step.remind and "remind" not in place.told else []
    else:
        due.append(total)
        side = _side_due(step, session, total)
        due += [side] if side is not None else []
    if holds_baby(guide, session):
        due.append(place.elapsed + max(0.0, safety_awake.EVERY - session.with_baby))
    return [session.at + max(0.0, mark - place.elapsed) for mark in due]
