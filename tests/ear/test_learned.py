"""What is learned of a voice: within bounds, and applied by the accept policy."""

from __future__ import annotations

import pytest

from voice.ear.accept import Scene, conclude
from voice.ear.learned import (
    QUIETEST_LEAST,
    SCRAP_MOST,
    STRICT_MOST,
    TRUST_MOST,
    Learned,
    Sample,
    learn,
    usual,
)
from voice.ear.policy import Policy
from voice.ear.recogniser import Hypothesis, Word
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

POLICY = Policy()
LOUD = Scene(loudness=-25.0, floor=-70.0)


def sample(
    intent: str,
    phrase: str,
    heard: str = "",
    confidence: float = 0.9,
    scrap: float = 0.0,
    level: float = -30.0,
) -> Sample:
    """One try; not understood when something else was `heard`."""
    right = not heard
    return Sample(intent, phrase, heard or phrase, right, confidence, 0.6, scrap, level, -75.0)


def said(*words: tuple[str, float, float] | tuple[str, float, float, float]) -> Hypothesis:
    made = tuple(Word(*word) for word in words)
    return Hypothesis(" ".join(word.text for word in made), made, True, made[0].began, made[-1].ended)


def judged(learned: Learned, said: Hypothesis, commands: Commands, scene: Scene = LOUD) -> str:
    found = conclude(said, scene, commands, "guiding", 9.0, POLICY, learned)
    assert isinstance(found, Heard | Rejected)
    return found.intent if isinstance(found, Heard) else found.reason


@pytest.mark.parametrize("confidence", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("scrap", [0.0, 0.5, 9.0])
@pytest.mark.parametrize("level", [-100.0, -50.0, -5.0])
def test_stop_never_gets_stricter_and_a_strict_command_never_more_lenient(
    commands: Commands, confidence: float, scrap: float, level: float
) -> None:
    names = {"stop": "stop", "finish": "finish", "next": "next"}
    learned = learn((sample(i, p, "", confidence, scrap, level) for i, p in names.items()), commands, POLICY)
    stop, finish, next_ = (learned.thresholds[intent] for intent in names)
    everybody = usual("stop", commands, POLICY)
    assert stop.confidence == everybody.confidence == 0.0
    assert everybody.scrap <= stop.scrap <= SCRAP_MOST
    assert QUIETEST_LEAST <= stop.quietest <= everybody.quietest
    strict = usual("finish", commands, POLICY)
    assert strict.confidence <= finish.confidence <= STRICT_MOST
    assert (finish.scrap, finish.quietest) == (strict.scrap, strict.quietest)
    assert 0.0 <= next_.confidence <= TRUST_MOST


def test_a_command_she_says_surely_is_doubted_when_it_is_unlike_her(commands: Commands) -> None:
    unsure = said(("help", 1.0, 1.4, 0.3))
    learned = learn([sample("help", "help", confidence=1.0)], commands, POLICY)
    assert judged(Learned(), unsure, commands) == "help"
    assert judged(learned, unsure, commands) == "low_confidence"
    assert judged(learned, said(("help", 1.0, 1.4, 0.6)), commands) == "help"


def test_a_command_that_is_never_trusted_much_in_her_voice_is_asked_about_less(commands: Commands) -> None:
    learned = learn([sample("next", "next", confidence=0.5)], commands, POLICY)
    unsure = said(("next", 1.0, 1.4, 0.5))
    assert judged(Learned(), unsure, commands) == "low_confidence"
    assert judged(learned, unsure, commands) == "next"
    assert judged(learned, said(("next", 1.0, 1.4, 0.3)), commands) == "low_confidence"


def test_the_breath_she_always_ends_with_is_forgiven_for_that_command_alone(commands: Commands) -> None:
    learned = learn([sample("next", "next", scrap=0.45)], commands, POLICY)
    breath = ("[unk]", 1.4, 1.9)
    assert judged(Learned(), said(("next", 1.0, 1.4), breath), commands) == "unknown_words"
    assert judged(learned, said(("next", 1.0, 1.4), breath), commands) == "next"
    assert judged(learned, said(("undo", 1.0, 1.4), breath), commands) == "unknown_words"


def test_a_soft_voice_is_heard_softer(commands: Commands) -> None:
    learned = learn([sample("stop", "stop", level=-56.0)], commands, POLICY)
    soft = Scene(loudness=-60.0, floor=-80.0)
    assert judged(Learned(), said(("stop", 1.0, 1.4)), commands, soft) == "too_quiet"
    assert judged(learned, said(("stop", 1.0, 1.4)), commands, soft) == "stop"


def test_what_the_model_hears_for_her_phrase_stands_for_it_unless_it_means_something_else(
    commands: Commands,
) -> None:
    learned = learn([sample("resume", "carry on", "carry well")], commands, POLICY)
    assert judged(learned, said(("carry", 1.0, 1.3), ("well", 1.3, 1.6)), commands) == "resume"
    for heard in ("stop", "next", "carry", "table", "[unk]", "go back"):
        other = learn([sample("resume", "carry on", heard)], commands, POLICY)
        assert not other.aliases
    strict = learn([sample("finish", "finish", "finish well")], commands, POLICY)
    assert not strict.aliases


def test_commands_that_are_gone_are_passed_over(commands: Commands) -> None:
    assert learn([sample("dance", "dance")], commands, POLICY) == Learned()
