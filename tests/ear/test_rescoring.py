"""The real decoder on recordings, what may be wrong with its files, and when it is asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from voice.ear.frames import Samples
from voice.ear.phrase_tree import Fit
from voice.ear.rescoring import DECODER, ENCODER, PIECES, Rescorer, read_pieces, spellings
from voice.ear.second_hearing import heard_again
from voice.ear.second_pass import OnnxSecondPass, ScriptedSecondPass
from voice.ear.second_policy import SecondPolicy
from voice.errors import LullError
from voice.guide.events import Heard, Rejected
from voice.language.commands import Commands

Say = Callable[[str], Samples]
POLICY = SecondPolicy()
TURNED_AWAY = Rejected(9.0, "unknown_words", "[unk]", 7.0, 8.0)
HEARD_BACK = Heard(9.0, "back", {}, "back", 7.0, 8.0)
SOUND = np.zeros(8000, np.float32)


@pytest.fixture(scope="session")
def rescorer(second_pass: OnnxSecondPass) -> Rescorer:
    rescorer = Rescorer(second_pass.folder)
    rescorer.load()
    return rescorer


@pytest.mark.parametrize(
    ("recording", "said", "alike"),
    [
        ("bm_daniel/stop now", "stop now", "star"),
        ("louder", "louder", "lower"),
    ],
)
def test_what_was_said_is_likelier_than_what_sounds_like_it(
    rescorer: Rescorer, say: Say, recording: str, said: str, alike: str
) -> None:
    behind = rescorer.behind(say(recording), [said, alike])
    assert behind[said] < 2.0
    assert behind[alike] > behind[said] + 4.0


def test_every_command_falls_far_behind_a_sentence_that_is_none(
    rescorer: Rescorer, commands: Commands, say: Say
) -> None:
    phrases = list(commands.phrases("guiding"))[:40]
    behind = rescorer.behind(say("hm_omega/oov_put the kettle on would you"), phrases)
    assert min(behind.values()) > 10.0


def test_how_many_phrases_are_compared_changes_little(rescorer: Rescorer, say: Say) -> None:
    alone = rescorer.behind(say("louder"), ["louder"])
    among = rescorer.behind(say("louder"), ["louder", "slower", "how much longer do I do this"])
    assert alone["louder"] == pytest.approx(among["louder"], abs=1.5)


def test_a_phrase_with_a_word_it_cannot_write_is_left_out(rescorer: Rescorer, say: Say) -> None:
    assert rescorer.behind(say("louder"), ["zzxq"]) == {}
    assert rescorer.behind(say("louder"), ["louder", "zzxq"]).keys() == {"louder"}


def test_it_can_write_every_phrase_and_every_decoy(rescorer: Rescorer, commands: Commands) -> None:
    words = read_pieces(rescorer.folder / PIECES)
    assert [phrase for phrase in commands.grammar("all")[:-1] if not spellings(phrase, words)] == []


def test_a_phrase_is_written_as_a_sentence_or_in_small_letters() -> None:
    words = {".": ("1", "1"), "!": ("2", "2"), "?": ("3", "3"), "go": ("4", "5 50"), "on": ("6 60", "7")}
    assert spellings("go on", words) == [
        (5, 50, 6, 60, 1), (5, 50, 6, 60, 2), (5, 50, 6, 60, 3), (5, 50, 6, 60), (4, 6, 60),
    ]  # fmt: skip


def test_a_table_of_pieces_with_a_bad_line_is_refused(second_pass: OnnxSecondPass, tmp_path: Path) -> None:
    text = (second_pass.folder / PIECES).read_text("utf-8")
    (tmp_path / PIECES).write_text(text + "word\tx\t3\n", "utf-8")
    with pytest.raises(LullError, match=r"pieces\.tsv cannot be read; restore it"):
        read_pieces(tmp_path / PIECES)


@pytest.mark.parametrize("name", [ENCODER, DECODER, PIECES])
@pytest.mark.parametrize(
    "spoil", [lambda file: file.write_bytes(b"\xff\0"), Path.unlink], ids=["spoilt", "missing"]
)
def test_a_spoilt_or_missing_file_is_told_in_one_sentence(
    second_pass: OnnxSecondPass, tmp_path: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    for each in (ENCODER, DECODER, PIECES):
        shutil.copyfile(second_pass.folder / each, tmp_path / each)
    spoil(tmp_path / name)
    with pytest.raises(LullError, match=rf"{name} cannot be (opened|read); restore it"):
        Rescorer(tmp_path).load()


def test_it_is_not_used_before_it_is_opened() -> None:
    with pytest.raises(LullError, match="before its networks were opened"):
        Rescorer(Path("anywhere")).behind(SOUND, ("stop",))


def test_a_command_that_nobody_would_write_down_is_not_taken(commands: Commands) -> None:
    """ "Again" fits the end of "try again" well, and is not what was said."""
    fits = [Fit("again", 1.5, 4), Fit("table", 6.0, 3)]
    for behind, taken in ((0.0, True), (12.0, False)):
        second = ScriptedSecondPass(fits, {"again": behind, "table": 8.0})
        found = heard_again(second, SOUND, TURNED_AWAY, commands, "guiding", POLICY)
        assert isinstance(found, Heard) == taken


def test_the_decoder_decides_between_two_that_sound_alike(commands: Commands) -> None:
    fits = [Fit("bath", 0.5, 3), Fit("back", 1.0, 3), Fit("table", 9.0, 3)]
    for behind, taken in ({"bath": 9.0}, True), ({"back": 14.0}, False):
        second = ScriptedSecondPass(fits, {"table": 9.0, **behind})
        found = heard_again(second, SOUND, HEARD_BACK, commands, "guiding", POLICY)
        assert isinstance(found, Heard) == taken


class Counting(ScriptedSecondPass):
    """Counts how often its decoder is asked."""

    asked = 0

    def rescored(self, samples: Samples, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        self.asked += 1
        return super().rescored(samples, fits)


@pytest.mark.parametrize(
    ("fits", "asked"),
    [
        pytest.param([Fit("swap sides", 0.2, 8), Fit("table", 30.0, 3)], 0, id="the phones are sure"),
        pytest.param([Fit("again", 1.5, 4), Fit("table", 6.0, 3)], 1, id="they are not"),
        pytest.param([Fit("again", 40.0, 4), Fit("table", 30.0, 3)], 0, id="it is far from every command"),
        pytest.param([Fit("table", 1.0, 3)], 0, id="nothing near is a command"),
        pytest.param([], 0, id="nothing is near"),
    ],
)
def test_the_decoder_is_asked_only_where_the_phones_leave_it_open(
    commands: Commands, fits: list[Fit], asked: int
) -> None:
    second = Counting(fits)
    heard_again(second, SOUND, TURNED_AWAY, commands, "guiding", POLICY)
    assert second.asked == asked
    heard_again(second, SOUND, TURNED_AWAY, commands, "guiding", POLICY, hurried=True)
    assert second.asked == asked
