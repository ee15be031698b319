"""Texts, shards, sounds, mixtures: what the network is shown."""

from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]

from recipe import rooms
from recipe.align import fits
from recipe.augment import Augmenter, Clip, Settings
from recipe.lexicon import pronunciations, spoken
from recipe.measure import halves, of_half
from recipe.recordings import Recording, recordings
from recipe.shards import RATE, Shard, Writer, open_shard
from recipe.texts import near_misses

WORDS = {
    "stop": ("S T AA P",),
    "top": ("T AA P",),
    "shop": ("SH AA P",),
    "go": ("G OW",),
    "tree": ("T R IY",),
}


def tone(seconds: float, hertz: float = 220.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return (8000 * np.sign(np.sin(2 * np.pi * hertz * time))).astype(np.int16)


def test_a_shard_cut_off_in_the_middle_goes_on_after_its_last_whole_row(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "voices")
    writer.add(tone(0.5), "one", "stop")
    writer.add(tone(0.25), "two", "go back")
    writer.close()
    (tmp_path / "voices.i16").write_bytes((tmp_path / "voices.i16").read_bytes()[:-100])
    with (tmp_path / "voices.tsv").open("a") as file:
        file.write("12000\t40")
    again = Writer(tmp_path, "voices")
    assert again.rows == 1
    again.add(tone(0.3), "three", "next")
    again.close()
    shard = open_shard(tmp_path, "voices")
    assert [row.text for row in shard.rows] == ["stop", "next"]
    assert np.array_equal(shard.samples(shard.rows[1]), tone(0.3))


def test_near_misses_are_close_to_a_command_and_never_one() -> None:
    found = near_misses(["stop", "go"], WORDS, WORDS, seed=1, most=12)
    assert {"top", "shop"} & set(found)
    assert not {"stop", "go"} & set(found)


def test_possessives_get_a_pronunciation_from_their_stem() -> None:
    found = pronunciations(["pump's", "nurse's", "mother's", "qzx"])
    assert found["pump's"][0].endswith("P S")
    assert found["nurse's"][0].endswith("S IH Z")
    assert found["mother's"][0].endswith("ER Z")
    assert "qzx" not in found
    assert spoken("stop qzx", WORDS) is None


def test_a_whisper_keeps_its_time_and_loses_its_pitch() -> None:
    speech = np.pad(tone(0.5).astype(np.float32), 4000)
    whisper = rooms.whispered(speech, np.random.default_rng(1))
    assert len(whisper) == len(speech)
    assert np.abs(whisper[:2000]).max() < 0.05 * np.abs(whisper).max()

    def periodic(sound: np.ndarray) -> float:
        middle = sound[5000:11000] - sound[5000:11000].mean()
        lag = round(RATE / 220)
        return float((middle[lag:] * middle[:-lag]).sum() / np.square(middle).sum())

    assert periodic(speech) > 0.8
    assert periodic(whisper) < 0.4


def noises(tmp_path: Path) -> list[Shard]:
    writer = Writer(tmp_path, "hiss")
    writer.add((np.random.default_rng(1).standard_normal(3 * RATE) * 3000).astype(np.int16), "hiss", "0")
    writer.close()
    return [open_shard(tmp_path, "hiss")]


def test_labels_stay_with_the_sound_through_pads_and_pace(tmp_path: Path) -> None:
    speech = np.concatenate([np.zeros(3200, np.int16), tone(0.4), np.zeros(3200, np.int16)])
    labels = np.zeros(len(speech) // 160 + 1, np.int16)
    labels[20:60] = 7
    mild = Settings(clean=1.0, resized=1.0, whisper=0.0, hushed=0.0, mildest=49.0)
    augmenter = Augmenter(noises(tmp_path), [], mild)
    for number in range(8):
        example = augmenter.example(Clip(speech, labels, "stop"), np.random.default_rng(number))
        level = np.square(example.samples[: len(example.samples) // 160 * 160].reshape(-1, 160)).mean(1)
        onset = int(np.flatnonzero(level > 0.25 * level.max())[0])
        assert abs(onset - int(np.flatnonzero(example.labels)[0])) <= 3
        assert example.text == "stop"


def test_noise_alone_is_labelled_silence(tmp_path: Path) -> None:
    example = Augmenter(noises(tmp_path), []).silence(np.random.default_rng(4))
    assert not example.labels.any()
    assert example.text == ""


def test_an_alignment_beside_the_sound_is_refused() -> None:
    speech = np.concatenate([np.zeros(8000, np.int16), tone(0.5)])
    labels = np.zeros(len(speech) // 160 + 1, np.int16)
    labels[50:100] = 3
    assert fits(speech, labels)
    assert not fits(speech, np.roll(labels, -50))


def test_nobody_is_in_both_halves() -> None:
    people = [Recording(Path(f"{name}.flac"), "stop", name, "words", name < "e") for name in "abcdefgh"]
    dealt = halves(people)
    assert list(dealt.values()).count("choose") == 4
    sides = [{one.speaker for one in of_half(people, half)} for half in ("choose", "report")]
    assert not sides[0] & sides[1]
    assert sides[0] | sides[1] == set("abcdefgh")


def test_the_layouts_of_others_are_read(tmp_path: Path) -> None:
    def sound(path: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(tmp_path / path, tone(0.3), RATE)

    sound("words/stop/ab12_nohash_0.wav")
    sound("books/84/121/84-121-0001.flac")
    (tmp_path / "books/84/121/84-121.trans.txt").write_text("84-121-0001 GO DO YOU HEAR\n")
    sound("crowd/clips/x.wav")
    (tmp_path / "crowd/validated.tsv").write_text("client_id\tpath\tsentence\nme\tx.wav\tIt\u2019s warm.\n")
    assert [(one.text, one.speaker) for one in recordings(tmp_path / "words")] == [("stop", "ab12")]
    assert [(one.text, one.speaker) for one in recordings(tmp_path / "books")] == [("go do you hear", "84")]
    assert [(one.text, one.speaker) for one in recordings(tmp_path / "crowd")] == [("it's warm", "me")]
    with pytest.raises(ValueError, match="layouts known"):
        recordings(tmp_path / "words" / "stop")
