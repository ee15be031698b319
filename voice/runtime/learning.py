"""`lull check --learn`: she says eight commands, and a few numbers of each are kept. No sound is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from voice.ear.accept import Scene
from voice.ear.learned import Sample
from voice.ear.recogniser import UNKNOWN, Hypothesis
from voice.guide.load import load_guide
from voice.guide.wording import filled
from voice.language.commands import Commands
from voice.runtime.assembly import load_commands
from voice.runtime.roomcheck import COMMAND_SET, Examiner, RoomCheck, open_room, spoken
from voice.runtime.settings import Settings
from voice.runtime.voice_file import save_voice

ANSWER_SECONDS = 5.0
TRIES = 2
"""How often she is asked for a command that was not understood."""
LEAST = 4
"""Commands that have to be understood before anything is kept: fewer say little of a voice."""

LINES = ("learn_start", "learn_done", "learn_too_few")
SAY, AGAIN = "learn_say", "learn_again"


def consent(settings: Settings) -> str:
    """What she agrees to."""
    return (
        "Lull will ask you to say eight commands. It keeps numbers of each (what was heard, how surely, how "
        f"loud, how long), no sound, in {settings.voice_path()}. lull forget-voice deletes them. Go on?"
    )


def learn_voice(settings: Settings, tell: Callable[[str], object]) -> int:
    """Ask for the commands on the real card. Returns 0 when her voice was learned, 1 when too little was
    understood and nothing was kept. Raises LullError."""
    commands = load_commands(settings)
    with open_room(settings, tell, wordings(settings, commands)) as (room, examiner):
        samples = interview(commands, room, examiner)
    right = sum(sample.right for sample in samples)
    tell(f"Understood: {right} of {len(commands.learn)} commands.")
    if right < LEAST:
        tell("That is too little to learn from; nothing was kept. Try again closer to the microphone.")
        return 1
    today = datetime.now(UTC).astimezone().date()
    save_voice(settings.voice_path(), samples, settings.locale, today)
    tell(f"Kept in {settings.voice_path()}: numbers, no sound. It counts from the next session on.")
    return 0


def wordings(settings: Settings, commands: Commands) -> dict[str, tuple[str, ...]]:
    """Name of a saying -> its sentences, with each command's name put in."""
    lines = load_guide(locale=settings.locale).lines
    said = {name: spoken(lines[name].wordings[0]) for name in LINES}
    for intent in commands.learn:
        for line in (SAY, AGAIN):
            name = {"phrase": commands.help_names()[intent]}
            said[f"{line} {intent}"] = spoken(filled(lines[line].wordings[0], name))
    return said


def interview(commands: Commands, room: RoomCheck, examiner: Examiner) -> list[Sample]:
    """Ask for each command, once more where it was not understood; the features of every try."""
    samples: list[Sample] = []
    examiner.speak("learn_start", room)
    for intent in commands.learn:
        for line in (SAY, AGAIN)[:TRIES]:
            examiner.speak(f"{line} {intent}", room)
            concluded = room.answer(ANSWER_SECONDS)
            sample = concluded and features(intent, *concluded, commands)
            samples += [sample] if sample else []
            if sample and sample.right:
                break
    understood = sum(sample.right for sample in samples)
    examiner.speak("learn_done" if understood >= LEAST else "learn_too_few", room)
    return samples


def features(intent: str, said: Hypothesis, scene: Scene, commands: Commands) -> Sample | None:
    """What is kept of one try; None when nothing like speech was heard."""
    known = [word for word in said.words if word.text != UNKNOWN]
    if not known:
        return None
    text = " ".join(word.text for word in known)
    match = commands.match(text, COMMAND_SET)
    edges = (said.words[0], said.words[-1])
    inside = any(word.text == UNKNOWN for word in said.words[1:-1])
    return Sample(
        intent=intent,
        phrase=commands.help_names()[intent],
        heard=text if not inside else said.text,
        right=match is not None and match.intent == intent and not inside,
        confidence=min(1.0, min(word.confidence for word in known)),
        seconds=round(known[-1].ended - known[0].began, 3),
        scrap=round(max((w.ended - w.began for w in edges if w.text == UNKNOWN), default=0.0), 3),
        level=round(scene.loudness, 1),
        floor=round(scene.floor, 1),
    )
