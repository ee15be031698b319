"""The accept policy on hypotheses: what is taken, when, and why the rest is not."""

from __future__ import annotations

import pytest

from voice.ear.accept import Scene, Showing, conclude, follow, ripe
from voice.ear.policy import Policy
from voice.ear.recogniser import Hypothesis, Word
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

POLICY = Policy()
LOUD = Scene(loudness=-25.0, floor=-70.0)


def said(*words: tuple[str, float, float] | tuple[str, float, float, float]) -> Hypothesis:
    """A finished utterance of words: text, began, ended, confidence (1 unless told)."""
    made = tuple(Word(*word) for word in words)
    return Hypothesis(" ".join(word.text for word in made), made, True, made[0].began, made[-1].ended)


def verdict(
    commands: Commands, utterance: Hypothesis, scene: Scene = LOUD, listen: str = "guiding"
) -> object:
    found = conclude(utterance, scene, commands, listen, 9.0, POLICY)
    if isinstance(found, Heard):
        return found.intent
    return found.reason if isinstance(found, Rejected) else None


def taken(commands: Commands, text: str, stood: float, quiet: float, silent: bool = False) -> str | None:
    match = ripe(follow(Showing(), text, 5.0), 5.0 + stood, quiet, commands, "guiding", POLICY, silent)
    return match.intent if match else None


def test_what_silences_the_guide_is_taken_at_first_sight(commands: Commands) -> None:
    assert taken(commands, "stop", stood=0.0, quiet=0.0) == "stop"


def test_while_the_guide_is_silent_anyway_it_waits_for_the_end_of_the_word(commands: Commands) -> None:
    """ "Stop" may become "stopping", or end too early for the second pass to know it."""
    assert taken(commands, "stop", stood=0.3, quiet=0.0, silent=True) is None
    assert taken(commands, "stop", stood=0.3, quiet=POLICY.open_silence, silent=True) == "stop"


def test_other_commands_wait_until_she_falls_silent_or_the_words_stand(commands: Commands) -> None:
    assert taken(commands, "repeat that", stood=0.1, quiet=0.0) is None
    assert taken(commands, "repeat that", stood=0.1, quiet=POLICY.closed_silence) == "repeat"
    assert taken(commands, "repeat that", stood=POLICY.open_stable + 0.1, quiet=0.0) == "repeat"


def test_a_phrase_that_may_go_on_waits_longer(commands: Commands) -> None:
    assert taken(commands, "how long", stood=0.3, quiet=POLICY.closed_silence) is None
    assert taken(commands, "how long", stood=0.3, quiet=POLICY.open_silence) == "time_left"


def test_nothing_is_taken_in_the_middle_of_a_phrase_or_of_talk(commands: Commands) -> None:
    assert taken(commands, "how", stood=5.0, quiet=5.0) is None
    assert taken(commands, "stop [unk]", stood=5.0, quiet=5.0) is None


def test_a_whole_phrase_is_heard_with_its_times(commands: Commands) -> None:
    heard = conclude(said(("go", 1.0, 1.3), ("back", 1.3, 1.8)), LOUD, commands, "guiding", 2.5, POLICY)
    assert heard == Heard(2.5, "back", {}, "go back", 1.0, 1.8)


@pytest.mark.parametrize(
    "utterance",
    [
        said(("next", 1.0, 1.4), ("[unk]", 1.4, 1.6)),
        said(("next", 1.0, 1.4), ("up", 1.4, 1.6, 0.5)),
        said(("the", 1.0, 1.1, 0.4), ("next", 1.1, 1.5)),
    ],
)
def test_breath_around_a_phrase_is_forgiven(commands: Commands, utterance: Hypothesis) -> None:
    assert verdict(commands, utterance) == "next"


@pytest.mark.parametrize(
    ("utterance", "reason"),
    [
        (said(("next", 1.0, 1.4), ("[unk]", 1.4, 2.4)), "unknown_words"),
        (said(("[unk]", 1.0, 2.4)), "unknown_words"),
        (said(("don't", 1.0, 1.2), ("stop", 1.2, 1.6)), "not_a_command"),
        (said(("how", 1.0, 1.4)), "cut_off"),
        (said(("start", 1.0, 1.4, 0.6), ("over", 1.4, 1.8)), "low_confidence"),
        (said(("go", 1.0, 1.2, 0.5), ("faster", 1.2, 1.6, 0.4)), "low_confidence"),
    ],
)
def test_what_is_not_a_command_says_why(commands: Commands, utterance: Hypothesis, reason: str) -> None:
    assert verdict(commands, utterance) == reason


def test_a_command_of_which_the_ear_is_unsure_is_asked_about(commands: Commands) -> None:
    asked = conclude(said(("next", 1.0, 1.4, 0.55)), LOUD, commands, "guiding", 2.0, POLICY)
    assert isinstance(asked, Rejected)
    assert (asked.nearly, asked.phrase) == ("next", "next")
    for word in ("stop", "yes", "help", "fever"):  # they silence, answer or warn: never put off
        unsure = said((word, 1.0, 1.4, 0.3))
        assert verdict(commands, unsure, listen="question") not in ("low_confidence", "not_a_command")


def test_stop_after_other_talk_counts_when_a_pause_lies_between(commands: Commands) -> None:
    assert verdict(commands, said(("[unk]", 1.0, 2.0), ("stop", 2.4, 2.8))) == "stop"
    assert verdict(commands, said(("[unk]", 1.0, 2.0), ("stop", 2.05, 2.4))) == "unknown_words"
    assert (
        verdict(commands, said(("[unk]", 1.0, 2.0), ("start", 2.4, 2.6), ("over", 2.6, 2.8)))
        == "unknown_words"
    )


def test_a_whisper_from_afar_and_the_guides_own_voice_are_not_hers(commands: Commands) -> None:
    stop = said(("stop", 1.0, 1.4))
    assert verdict(commands, stop, Scene(loudness=-69.0, floor=-90.0)) == "too_quiet"
    assert verdict(commands, stop, Scene(loudness=-30.0, floor=-31.0)) == "too_quiet"
    assert verdict(commands, stop, Scene(loudness=-30.0, floor=-60.0, own_voice=True)) == "own_voice"


def test_silence_is_no_event(commands: Commands) -> None:
    assert verdict(commands, Hypothesis("", final=True)) is None
