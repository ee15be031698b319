"""Ghosts are kept beside the rendered sentences, and only what is new is listened to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice.data import DATA
from voice.ear.ghosts import Ghost, GhostMap
from voice.ear.recogniser import Cue, Recogniser, ScriptedRecogniser
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.runtime.ghostbook import GhostBook, GhostWatch, sets_of_sentences
from voice.runtime.ghosthunt import known_ghosts, told
from voice.runtime.settings import Settings
from voice.speech.clip import Clip
from voice.speech.engines import ANY_VOICE
from voice.speech.narrator import Inline, Narrator
from voice.speech.player import Player
from voice.speech.silent import SilentEngine
from voice.speech.store import Store

STOP = Ghost("stop", 0.8, 1.1)
SENTENCE = "Let the warmth sink in for a moment."


class AtOnce(Inline):
    """Runs what is not urgent too."""

    def submit(self, job: Callable[[], None], urgent: bool) -> None:
        job()


class Making:
    """Makes recognisers that hear "stop" in everything, and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Recogniser:
        self.made += 1
        return ScriptedRecogniser([Cue(0.8, 1.1, "stop")])


@pytest.fixture(scope="module")
def commands() -> Commands:
    return Commands.load(DATA / "locale" / "en")


def clip(text: str = SENTENCE) -> Clip:
    return Clip(np.zeros(32_000, np.float32), 16_000, text)


def test_what_was_found_is_read_back_for_the_same_model_and_phrases_only(
    tmp_path: Path, commands: Commands
) -> None:
    GhostBook(tmp_path, "model one", commands).write("entry", {"guiding": (STOP,), "yes_no": ()})
    book = GhostBook(tmp_path, "model one", commands)
    assert book.read("entry", ("guiding", "yes_no")) == {"guiding": (STOP,), "yes_no": ()}
    assert book.read("entry", ("guiding", "choices")) is None
    assert book.read("another", ("guiding",)) is None
    assert GhostBook(tmp_path, "model two", commands).read("entry", ("guiding",)) is None
    german = Commands.load(DATA / "locale" / "de")
    assert GhostBook(tmp_path, "model one", german).read("entry", ("guiding",)) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"x": 1}', "\x00\xff"])
def test_a_damaged_file_is_listened_to_again(tmp_path: Path, commands: Commands, damage: str) -> None:
    book = GhostBook(tmp_path, "model", commands)
    book.write("entry", {"guiding": (STOP,)})
    (path,) = tmp_path.glob("*.json")
    path.write_text(damage, encoding="latin-1")
    assert book.read("entry", ("guiding",)) is None
    book.write("entry", {"guiding": (STOP,)})
    assert book.read("entry", ("guiding",)) == {"guiding": (STOP,)}


def test_a_place_that_cannot_be_written_costs_nothing_but_the_work(
    tmp_path: Path, commands: Commands
) -> None:
    book = GhostBook(tmp_path / "is" / "not" / "there", "model", commands)
    book.write("entry", {"guiding": (STOP,)})
    assert book.read("entry", ("guiding",)) is None


def test_every_sentence_that_is_said_is_listened_to_once(tmp_path: Path, commands: Commands) -> None:
    def night() -> tuple[GhostMap, Making]:
        ghosts, making = GhostMap(), Making()
        watch = GhostWatch(ghosts, GhostBook(tmp_path, "m", commands), commands, {}, making, AtOnce())
        store = Store(SilentEngine(), tmp_path)
        narrator = Narrator(store, Player(16_000), ANY_VOICE, AtOnce(), {}, (), watch.rendered)
        narrator.prefetch([SENTENCE])
        narrator.say(1, [SENTENCE])
        return ghosts, making

    ghosts, making = night()
    assert ghosts.of(SENTENCE, "guiding") == (STOP,)
    assert ghosts.of(SENTENCE, "yes_no") is None
    assert making.made == 1
    again, none_needed = night()
    assert again.of(SENTENCE, "guiding") == (STOP,)
    assert none_needed.made == 0


def test_a_model_that_fails_leaves_the_night_alone(tmp_path: Path, commands: Commands) -> None:
    def broken() -> Recogniser:
        raise LullError("no model")

    ghosts = GhostMap()
    watch = GhostWatch(ghosts, GhostBook(tmp_path, "m", commands), commands, {}, broken, AtOnce())
    watch.rendered("entry", clip())
    assert ghosts.of(SENTENCE, "guiding") is None
    assert watch.fault == "LullError: no model"


def test_what_is_known_goes_with_the_sentence_when_room_is_needed(tmp_path: Path, commands: Commands) -> None:
    store = Store(SilentEngine(), tmp_path, limit_bytes=3_000)
    store.get("x" * 40)
    GhostBook(tmp_path, "m", commands).write(store.key("x" * 40), {"guiding": ()})
    assert len(list(tmp_path.glob("*.json"))) == 1
    for number in range(40):
        store.get(f"{number} " * 20)
    assert not list(tmp_path.glob("*.json"))


def test_a_question_is_listened_to_with_the_answers_that_are_live() -> None:
    sets = sets_of_sentences(load_guide())
    assert {"choices"} in [set(each) for each in sets.values()]
    assert all(sets.values())
    assert not any("<" in sentence for sentence in sets)


def test_what_is_known_is_listed_without_listening(tmp_path: Path) -> None:
    settings = Settings(cache_folder=str(tmp_path), engine="silent")
    known = known_ghosts(settings)
    assert known.heard == 0
    assert known.unheard > 400
    assert told(known) == ["No sentence was listened to for ghosts with this model yet: lull ghosts does it."]
    assert not list(tmp_path.rglob("*.flac"))
