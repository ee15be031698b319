"""What becomes of a verdict once the second pass has heard the sound as well."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from voice.ear.phrase_tree import Fit
from voice.ear.second_hearing import heard_again
from voice.ear.second_opinion import disputable, longer_ones, more_to_come, silencer
from voice.ear.second_pass import ScriptedSecondPass
from voice.ear.second_policy import SecondPolicy
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

POLICY = SecondPolicy()
SOUND = np.zeros(16_000, np.float32)


def heard(intent: str, phrase: str) -> Heard:
    return Heard(9.0, intent, {}, phrase, 7.0, 8.0)


def rejected(text: str, reason: str = "unknown_words") -> Rejected:
    return Rejected(9.0, reason, text, 7.0, 8.0)


def both(
    verdict: Heard | Rejected, *fits: Fit, commands: Commands, listen: str = "guiding"
) -> Heard | Rejected:
    return heard_again(ScriptedSecondPass(fits), SOUND, verdict, commands, listen, POLICY, hurried=True)


def test_a_command_both_passes_heard_is_taken_as_it_is(commands: Commands) -> None:
    first = heard("next", "next")
    assert both(first, Fit("next", 1.0, 5), Fit("rest", 6.0, 4), commands=commands) is first


def test_what_the_first_pass_missed_is_taken_when_the_second_is_sure(commands: Commands) -> None:
    found = both(rejected("[unk]"), Fit("swap sides", 0.5, 8), Fit("slower", 14.0, 5), commands=commands)
    assert found == Heard(9.0, "swap_sides", {}, "swap sides", 7.0, 8.0)


@pytest.mark.parametrize(
    "fits",
    [
        pytest.param((Fit("swap sides", 40.0, 8), Fit("slower", 44.0, 5)), id="it fits badly: talk"),
        pytest.param((Fit("swap sides", 0.5, 8), Fit("stop", 1.0, 4)), id="another command fits as well"),
        pytest.param(
            (Fit("table", 0.0, 5), Fit("swap sides", 9.0, 8)), id="a word that is no command fits best"
        ),
        pytest.param((), id="nothing fits"),
    ],
)
def test_what_the_second_pass_is_not_sure_of_stays_rejected(
    commands: Commands, fits: tuple[Fit, ...]
) -> None:
    found = both(rejected("[unk]"), *fits, commands=commands)
    assert isinstance(found, Rejected)
    assert replace(found, nearly="", slots={}, phrase="") == rejected("[unk]")


def test_two_phrases_of_one_meaning_do_not_compete(commands: Commands) -> None:
    found = both(
        rejected("go back step"), Fit("go back a step", 0.5, 9), Fit("go back", 1.0, 5), commands=commands
    )
    assert isinstance(found, Heard)
    assert found.intent == "back"


def test_a_tiny_word_needs_both_passes(commands: Commands) -> None:
    """ "Ow" is in "down": the second pass alone would stop the guide at half of all words."""
    alone = rejected("down", "not_a_command")
    assert both(alone, Fit("ow", 0.0, 1), Fit("down", 4.0, 3), commands=commands) == alone
    found = both(rejected("ow [unk]"), Fit("ow", 0.0, 1), Fit("down", 4.0, 3), commands=commands)
    assert isinstance(found, Heard)


@pytest.mark.parametrize(
    ("phrase", "phones", "unsure", "behind", "taken"),
    [
        pytest.param("skip", 4, 0.1, 6.0, True, id="the network is sure of it"),
        pytest.param("skip", 4, 0.5, 6.0, False, id="a cry"),
        pytest.param("skip", 4, 0.5, 0.0, True, id="the decoder would write it too"),
        pytest.param("swap sides", 8, 0.5, 6.0, True, id="a long phrase needs less"),
        pytest.param("swap sides", 8, 0.9, 6.0, False, id="a long cry"),
    ],
)
def test_a_word_that_the_network_guessed_in_crying_is_none(
    phrase: str, phones: int, unsure: float, behind: float, taken: bool, commands: Commands
) -> None:
    fits = Fit(phrase, 0.0, phones, unsure=unsure), Fit("table", 4.0, 5, unsure=unsure)
    second = ScriptedSecondPass(fits, {phrase: behind, "table": behind + 4.0})

    def taken_after(verdict: Heard | Rejected) -> bool:
        return isinstance(heard_again(second, SOUND, verdict, commands, "guiding", POLICY), Heard)

    assert taken_after(rejected("[unk]")) == taken
    assert taken_after(heard("next" if phrase == "skip" else "swap_sides", phrase)), "both passes heard it"


def test_a_short_word_needs_more_when_the_second_pass_alone_hears_it(commands: Commands) -> None:
    fits = Fit("no", 0.0, 2), Fit("low", 5.5, 2)
    for text, taken in (("low table", False), ("no table", True)):
        found = both(rejected(text, "not_a_command"), *fits, commands=commands, listen="question")
        assert isinstance(found, Heard) == taken


@pytest.mark.parametrize(
    ("longer", "lags"),
    [
        pytest.param(Fit("skip the massage", 9.0, 12), 8.0, id="another command"),
        pytest.param(Fit("skip this step", 9.0, 11), math.inf, id="the same meaning"),
        pytest.param(Fit("swap sides", 9.0, 8), math.inf, id="it does not begin with it"),
        pytest.param(Fit("skipping", 9.0, 8), math.inf, id="it begins with a part of a word"),
    ],
)
def test_a_command_may_be_the_beginning_of_another(longer: Fit, lags: float, commands: Commands) -> None:
    skip = heard("next", "skip")
    live = longer_ones(skip, commands, "guiding")
    assert more_to_come(skip, (Fit("skip", 1.0, 4), longer), live) == lags


@pytest.mark.parametrize(
    ("fits", "phrase"),
    [
        pytest.param((Fit("stop", 0.5, 4), Fit("star", 9.0, 4)), "stop", id="without doubt"),
        pytest.param((Fit("stop", 0.5, 4), Fit("star", 2.0, 4)), None, id="another word fits as well"),
        pytest.param((Fit("stop", 9.0, 4), Fit("star", 30.0, 4)), None, id="it fits badly"),
        pytest.param((Fit("swap sides", 0.5, 8), Fit("star", 30.0, 4)), None, id="it silences nothing"),
        pytest.param((Fit("ow", 0.0, 1), Fit("star", 30.0, 4)), None, id="a tiny word"),
        pytest.param((), None, id="nothing fits"),
    ],
)
def test_only_a_clear_call_to_be_silent_is_taken_early(
    commands: Commands, fits: tuple[Fit, ...], phrase: str | None
) -> None:
    match = silencer(fits, commands, "guiding", POLICY)
    assert (match.phrase if match else None) == phrase


def test_a_command_that_is_not_sure_is_asked_about(commands: Commands) -> None:
    near = Fit("swap sides", 1.0, 8), Fit("table", 2.0, 5)
    for verdict in (rejected("[unk]"), heard("next", "next")):
        doubted = both(verdict, *near, commands=commands)
        assert isinstance(doubted, Rejected)
        assert (doubted.nearly, doubted.phrase) == ("swap_sides", "swap sides")


def test_nothing_in_talk_is_asked_about(commands: Commands) -> None:
    near = replace(rejected("swap [unk]"), nearly="swap_sides", phrase="swap sides")
    for verdict in (near, heard("swap_sides", "swap sides")):
        for fits in ((Fit("table", 40.0, 5),), (Fit("table", 20.0, 5), Fit("swap sides", 35.0, 8))):
            talk = both(verdict, *fits, commands=commands)
            assert isinstance(talk, Rejected)
            assert (talk.nearly, talk.phrase) == ("", "")


def test_what_silences_the_guide_is_never_asked_about(commands: Commands) -> None:
    doubted = both(heard("stop", "stop"), Fit("star", 1.0, 4), Fit("stop", 14.0, 4), commands=commands)
    assert isinstance(doubted, Rejected)
    assert doubted.nearly == ""


def test_what_the_first_pass_heard_too_may_fit_worse(commands: Commands) -> None:
    fits = Fit("swap", 9.0, 4), Fit("swap sides", 9.5, 8), Fit("table", 10.0, 5)
    assert isinstance(both(heard("swap_sides", "swap sides"), *fits, commands=commands), Heard)
    assert isinstance(both(rejected("[unk]"), *fits, commands=commands), Rejected)


def test_a_strict_command_has_to_be_surer(commands: Commands) -> None:
    strict = next(intent for intent, rule in commands.rules.items() if rule.strictness == "strict")
    phrase = next(p for p, intent in commands.phrases("guiding").items() if intent == strict)

    def taken(phrase: str, lead: float) -> bool:
        fits = Fit(phrase, 0.5, 8), Fit("table", 0.5 + lead, 5)
        return isinstance(both(rejected("[unk]"), *fits, commands=commands), Heard)

    leads = [lead / 2 for lead in range(24)]
    assert not taken(phrase, 0.0)
    assert taken(phrase, 12.0)
    assert sum(taken(phrase, lead) for lead in leads) < sum(taken("swap sides", lead) for lead in leads)


@pytest.mark.parametrize("reason", ["own_voice", "too_quiet"])
def test_it_is_not_asked_about_what_was_not_said_to_the_guide(reason: str, commands: Commands) -> None:
    assert not disputable(rejected("stop", reason), commands, False, POLICY)
    assert disputable(rejected("stop"), commands, False, POLICY)


def test_it_is_not_asked_about_long_talk(commands: Commands) -> None:
    assert not disputable(replace(rejected("[unk]"), began=2.0, ended=8.0), commands, False, POLICY)


def test_a_stop_over_the_guides_voice_waits_for_nobody(commands: Commands) -> None:
    assert not disputable(heard("stop", "stop"), commands, True, POLICY)
    assert disputable(heard("stop", "stop"), commands, False, POLICY)
    assert disputable(heard("swap_sides", "swap sides"), commands, True, POLICY)
