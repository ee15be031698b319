"""Commands that the ear hears in the guide's own voice are known beforehand and not taken for hers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from voice.ear.ear import Ear, Hearing
from voice.ear.frames import EAR_RATE, AudioFrame, Samples
from voice.ear.ghosts import Ghost, GhostMap, find_ghosts
from voice.ear.own_voice import GhostVeto, Narration, SentenceVeto
from voice.ear.recogniser import Cue, Hypothesis, ScriptedRecogniser, VoskRecogniser
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

Say = Callable[[str], Samples]
Quiet = Callable[[float], Samples]
SENTENCE = "Let the warmth sink in for a moment."
TAIL = 0.4


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * EAR_RATE), np.float32)


def test_a_command_heard_in_a_sentence_is_a_ghost_with_its_place(commands: Commands) -> None:
    recogniser = ScriptedRecogniser([Cue(0.8, 1.1, "stop")])
    (ghost,) = find_ghosts(silence(2.0), recogniser, commands, "guiding")
    assert ghost == Ghost("stop", 0.8, 1.1)


def test_commands_among_other_words_are_ghosts_too_and_other_words_are_none(commands: Commands) -> None:
    recogniser = ScriptedRecogniser([Cue(0.0, 0.8, "kettle go back"), Cue(1.5, 1.9, "kettle")])
    assert [ghost.phrase for ghost in find_ghosts(silence(3.0), recogniser, commands, "guiding")] == [
        "go back"
    ]


def test_what_shows_for_a_moment_only_is_a_ghost_as_well(commands: Commands) -> None:
    class Wavering(ScriptedRecogniser):
        """Shows "stop", and thinks better of it."""

        def finish(self) -> Hypothesis:
            super().finish()
            return Hypothesis("", final=True)

    (ghost,) = find_ghosts(silence(2.0), Wavering([Cue(0.8, 1.1, "stop")]), commands, "guiding")
    assert ghost.phrase == "stop"
    assert ghost.began < 0.8
    assert ghost.ended > 1.1


def test_the_real_model_finds_the_word_that_is_said(
    vosk: VoskRecogniser, commands: Commands, say: Say
) -> None:
    said = np.concatenate([silence(0.5), say("stop"), silence(0.2)])
    (ghost,) = find_ghosts(said, vosk, commands, "guiding")
    assert ghost.phrase == "stop"
    assert 0.3 < ghost.began < ghost.ended < len(said) / EAR_RATE
    vosk.reset()


@pytest.fixture
def ghosts() -> GhostMap:
    known = GhostMap()
    known.put(SENTENCE, {"guiding": (Ghost("stop", 1.0, 1.4),)})
    return known


def playing(veto: GhostVeto, start: float, until: float, late: float = 0.0, listen: str = "guiding") -> None:
    """The sentence begins at stream second `start` and is played until `until`."""
    for step in range(round((until - start) / 0.02)):
        played = (step + 1) * 0.02
        veto.note(Narration(SENTENCE, played), start + played, listen, late)


@pytest.mark.parametrize("late", [0.0, 0.3])
def test_a_phrase_on_a_ghost_is_the_guides_own_wherever_the_sentence_began(
    ghosts: GhostMap, late: float
) -> None:
    veto = GhostVeto(ghosts, TAIL)
    playing(veto, 5.0, 8.0, late)
    assert veto.said("stop", 6.0 + late, 6.4 + late)
    assert not veto.said("stop", 7.2 + late, 7.5 + late), "elsewhere in the sentence it is hers"
    assert not veto.said("go back", 6.0 + late, 6.4 + late), "another command is hers"


def test_a_ghost_of_another_set_of_commands_or_of_another_sentence_is_none(ghosts: GhostMap) -> None:
    other_set = GhostVeto(ghosts, TAIL)
    playing(other_set, 5.0, 8.0, listen="yes_no")
    assert not other_set.said("stop", 6.0, 6.4)
    ghosts.put(SENTENCE, {"guiding": ()})
    rendered_anew = GhostVeto(ghosts, TAIL)
    playing(rendered_anew, 5.0, 8.0)
    assert not rendered_anew.said("stop", 6.0, 6.4)


def test_a_sentence_taken_up_again_after_a_pause_has_its_ghosts_later(ghosts: GhostMap) -> None:
    veto = GhostVeto(ghosts, TAIL)
    playing(veto, 5.0, 5.5)
    for step in range(100):
        veto.note(None, 5.5 + 0.02 * step, "guiding", 0.0)
    for step in range(75):
        veto.note(Narration(SENTENCE, 0.5 + 0.02 * step), 7.5 + 0.02 * step, "guiding", 0.0)
    assert veto.said("stop", 8.0, 8.4)
    assert not veto.said("stop", 6.0, 6.4)


def test_the_words_of_a_sentence_are_its_own_before_it_was_listened_to() -> None:
    for veto in (GhostVeto(GhostMap(), TAIL), SentenceVeto(TAIL)):
        veto.note(Narration("You may stop here.", 0.5), 3.0, "guiding", 0.0)
        assert veto.said("stop", 2.8, 3.0)
        assert not veto.said("next", 2.8, 3.0)


def _heard_over(
    ear: Ear, sound: Samples, played: Samples | None = None, sentence: str = SENTENCE
) -> list[Hearing]:
    """The ear over `sound`, in which the sentence begins with the first sample."""
    events: list[Hearing] = []
    for at in range(0, len(sound) - 319, 320):
        reference = None if played is None else played[at : at + 320]
        now = Narration(sentence, (at + 320) / EAR_RATE) if at < 3 * EAR_RATE else None
        events += ear.hear(AudioFrame(sound[at : at + 320], EAR_RATE, at), reference, now)
    return events + ear.finish()


def test_the_ear_rejects_a_ghost_and_hears_her_elsewhere(
    commands: Commands, vosk: VoskRecogniser, say: Say, quiet: Quiet, ghosts: GhostMap
) -> None:
    def ear() -> Ear:
        made = Ear(commands, vosk, own_voice=GhostVeto(ghosts, TAIL))
        made.load()
        made.listen("guiding")
        return made

    on_it = _heard_over(ear(), np.concatenate([quiet(0.8), say("stop"), quiet(2.5)]))
    assert [event.reason for event in on_it if isinstance(event, Rejected)] == ["own_voice"]
    assert not [event for event in on_it if isinstance(event, Heard)]
    elsewhere = _heard_over(ear(), np.concatenate([quiet(1.9), say("stop"), quiet(1.5)]))
    assert [event.intent for event in elsewhere if isinstance(event, Heard)] == ["stop"]


def test_her_stop_on_a_ghost_is_heard_when_the_loudspeaker_does_not_explain_it(
    commands: Commands, vosk: VoskRecogniser, say: Say, quiet: Quiet, ghosts: GhostMap
) -> None:
    ear = Ear(commands, vosk, own_voice=GhostVeto(ghosts, TAIL))
    ear.load()
    ear.listen("guiding")
    hers = np.concatenate([quiet(0.8), say("stop"), quiet(2.5)])
    faint = np.random.default_rng(2).normal(0.0, 0.02, len(hers)).astype(np.float32)
    heard = _heard_over(ear, np.asarray(hers + 0.01 * faint, np.float32), faint)
    assert [event.intent for event in heard if isinstance(event, Heard)] == ["stop"]
