"""The one voice: what is said now, what waits, what an interruption does to it."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.model import APART, CLOSED, FIRST, Guide
from voice.guide.parts import Kind, Speech, Utterance
from voice.guide.plan import gate_open
from voice.guide.session import LOUDEST, Session, unsaid
from voice.guide.timing import CLOSE, NEARLY_PATIENCE, SENTENCE_GAP
from voice.guide.wording import filled, variant, wording

RESTART_PAUSE = 1.5
"""Seconds in which a sentence is not begun again twice: one noise is reported as rejected and as cleared."""

NEARLY_ASKED = "did_you_say"
"""The line that asks about a command that was nearly understood."""

MOST_RESTARTS = 2
"""A sentence is begun again at most this often, so that a noisy room cannot hold the guide up."""


def busy(session: Session) -> bool:
    """Something is being said or waits to be said."""
    return session.speech.now is not None or bool(session.speech.waiting)


def then(guide: Guide, session: Session, line: str, kind: Kind = "narration", /, **slots: str) -> Session:
    """`line` will be said after everything that waits."""
    session, utterance = _worded(guide, session, line, kind, slots)
    speech = session.speech
    return replace(session, speech=replace(speech, waiting=(*speech.waiting, utterance)))


def answer(guide: Guide, session: Session, line: str, kind: Kind = "ack", /, **slots: str) -> Session:
    """`line` is said at once; narration that it interrupts is taken up again after it."""
    session, utterance = _worded(guide, session, line, kind, slots)
    speech = session.speech
    if session.suspended:
        held = replace(speech, cut=unsaid(session), waiting=(utterance,))
        return replace(session, speech=_quiet(held, session.at))
    rest = unsaid(session)
    return replace(session, speech=_quiet(replace(speech, waiting=(utterance, *rest), cut=()), session.at))


def answer_louder(guide: Guide, session: Session, line: str, gain: float) -> Session:
    """`line` is said at once as a reply, `gain` dB above her chosen loudness, as far as there is room."""
    session = answer(guide, session, line, "reply")
    first, *rest = session.speech.waiting
    gain = min(gain, LOUDEST - session.level)
    return replace(session, speech=replace(session.speech, waiting=(replace(first, gain=gain), *rest)))


def drop(session: Session) -> Session:
    """Nothing is said, nothing waits, nothing will be taken up again."""
    return replace(
        session, nearly=None, speech=_quiet(replace(session.speech, waiting=(), cut=()), session.at)
    )


def hold(session: Session) -> Session:
    """Silence; the narration is kept to be taken up at the sentence that was cut."""
    speech = replace(session.speech, cut=unsaid(session), waiting=())
    return replace(session, nearly=None, speech=_quiet(speech, session.at))


def cut_short(session: Session) -> Session:
    """What is being said ends now; what waits follows."""
    return replace(session, speech=_quiet(session.speech, session.at))


def take_up(session: Session) -> Session:
    """What was held is said again from the beginning of the sentence that was cut."""
    speech = session.speech
    return replace(session, speech=replace(speech, waiting=(*speech.waiting, *speech.cut), cut=()))


def without(session: Session, lines: tuple[str | None, ...]) -> Session:
    """What waits or was held, without these lines: they are no longer true."""
    speech = session.speech
    waiting = tuple(utterance for utterance in speech.waiting if utterance.line not in lines)
    cut = tuple(utterance for utterance in speech.cut if utterance.line not in lines)
    return replace(session, speech=replace(speech, waiting=waiting, cut=cut))


def say_again(session: Session) -> Session:
    """The present line, or the last one, from its first sentence."""
    speech = session.speech
    spoken = speech.now if speech.now is not None and speech.now.kind != "ack" else speech.last
    if spoken is None:
        return session
    again = replace(spoken, first=0)
    rest = tuple(utterance for utterance in unsaid(session) if utterance.line != again.line)
    if session.suspended:
        return replace(session, speech=_quiet(replace(speech, waiting=(again,), cut=rest), session.at))
    return replace(session, speech=_quiet(replace(speech, waiting=(again, *rest), cut=()), session.at))


def restart_sentence(session: Session) -> Session:
    """The sentence now being said is begun again, unless that was done a moment ago or too often."""
    speech = session.speech
    if speech.now is None or speech.restarts >= MOST_RESTARTS:
        return session
    if speech.restarts and session.at - speech.restarted_at < RESTART_PAUSE:
        return session
    rest = replace(speech.now, first=min(speech.sentence, len(speech.now.sentences) - 1))
    again = replace(
        speech, waiting=(rest, *speech.waiting), restarts=speech.restarts + 1, restarted_at=session.at
    )
    return replace(session, speech=_quiet(again, session.at))


def start_waiting(guide: Guide, session: Session) -> Session:
    """Begin the next waiting utterance when its time has come."""
    speech = session.speech
    waiting = tuple(told for u in speech.waiting if (told := allowed(guide, session, u)) is not None)
    if waiting != speech.waiting:
        session = replace(session, speech=replace(speech, waiting=waiting))
        speech = session.speech
    if speech.now is not None or not waiting or session.at < speech.starts_at - CLOSE:
        return session
    now = waiting[0]
    return replace(
        session,
        speech=replace(
            speech,
            now=now,
            token=speech.token + 1,
            sentence=now.first,
            waiting=waiting[1:],
            last=speech.last if now.kind in ("ack", "note") else now,
            shown=now,
            restarts=speech.restarts if speech.restarted_at == session.at else 0,
        ),
    )


def allowed(guide: Guide, session: Session, utterance: Utterance) -> Utterance | None:
    """The utterance as it may be said now: in the words for a closed gate or for a mother without her baby,
    or not at all when it leads to warmth or massage that are closed to her."""
    line = utterance.line
    fitting = variant(guide, session, line)
    if fitting.endswith((CLOSED, APART)) and fitting != line:
        return replace(utterance, line=fitting, sentences=wording(guide, session, line), first=0)
    return None if not gate_open(session) and line in guide.gated_lines else utterance


def sentence_over(session: Session, say: int, sentence: int) -> Session:
    """A sentence was played to its end."""
    speech = session.speech
    if speech.now is None or say != speech.token:
        return session
    if not speech.sentence <= sentence < len(speech.now.sentences):
        return session
    return replace(session, speech=replace(speech, sentence=sentence + 1, restarts=0))


def line_over(session: Session, say: int) -> Session:
    """The utterance was played to its end; the next one begins after a breath."""
    speech = session.speech
    if speech.now is None or say != speech.token:
        return session
    gap = SENTENCE_GAP
    if session.nearly is not None and speech.now.line == NEARLY_ASKED:
        gap = NEARLY_PATIENCE
        session = replace(session, nearly=replace(session.nearly, until=session.at + gap))
    over = replace(speech, now=None, restarts=0, quiet_since=session.at, starts_at=session.at + gap)
    return replace(session, speech=over)


def _quiet(speech: Speech, at: float) -> Speech:
    return replace(speech, now=None, starts_at=at, quiet_since=at)


def _worded(
    guide: Guide, session: Session, line: str, kind: Kind, slots: dict[str, str]
) -> tuple[Session, Utterance]:
    sentences = filled(wording(guide, session, line), slots)
    counts = {**session.counts, line: session.counts.get(line, 0) + 1}
    fitting = variant(guide, session, line)
    line = line if fitting.endswith(FIRST) else fitting
    return replace(session, counts=counts), Utterance(line, sentences, kind)
