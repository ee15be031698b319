"""What she says means what it should in the state it is said in, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hassil.recognize import RecognizeResult, recognize_all

from voice.data import DATA
from voice.data.reading import read_yaml
from voice.ear.models import check_model, embedded_folder
from voice.language.commands import Commands, Match, normalise
from voice.language.schema import hassil_intents, read_commands

LOCALE = DATA / "locale" / "en"
COMMANDS = Commands.load(LOCALE)
EXAMPLES: dict[str, Any] = read_yaml(Path(__file__).parent / "phrases.yaml").value
MEANS = [
    (listen, meaning, text)
    for listen, meanings in EXAMPLES["means"].items()
    for meaning, texts in meanings.items()
    for text in texts
]
RED_FLAGS = (
    "fever",
    "red_patch",
    "lump",
    "broken_skin",
    "numb",
    "blood",
    "burn",
    "surgery",
    "spinal",
    "pregnant",
)
QUESTIONS = ("yes_no", "choices", "safety", "pain", "crisis", "still_awake", "amount")
MOST_PHRASES = {
    "guiding": 760,
    "nearly": 800,
    "choices": 430,
    "amount": 1500,
    "names": 3200,
    "question": 1900,
    "all": 2200,
}


def test_every_example_means_what_it_says() -> None:
    wrong = []
    for listen, meaning, text in MEANS:
        match = COMMANDS.match(text, listen)
        said = match and ".".join((match.intent, *match.slots.values()))
        if said not in (meaning, f"{meaning}.both"):
            wrong.append(f"'{text}' in {listen} means {said}, not {meaning}")
    assert wrong == []


def test_other_speech_means_nothing_in_any_set() -> None:
    heard = {(text, listen) for text in EXAMPLES["means_nothing"] for listen in COMMANDS.sets()}
    assert [each for each in sorted(heard) if COMMANDS.match(*each)] == []


def test_single_words_of_a_question_are_dead_while_guiding() -> None:
    assert [text for text in EXAMPLES["not_in_guiding"] if COMMANDS.match(text, "guiding")] == []


def test_every_intent_has_an_example() -> None:
    shown = {meaning.split(".")[0] for _, meaning, _ in MEANS}
    assert COMMANDS.intents("all") | {"name"} == shown


def test_a_command_inside_other_words_is_none() -> None:
    for text in ("please do stop", "stop the car", "the next", "how long is the drive", "yes no", "go stop"):
        assert COMMANDS.match(text, "all") is None, text


def test_slots_tell_the_value() -> None:
    assert COMMANDS.match("five more minutes", "guiding") == Match(
        "more_time", {"minutes": "5"}, "five more minutes"
    )
    assert COMMANDS.match("Skip the warm cloth!", "guiding") == Match(
        "skip_phase", {"phase": "warm"}, "skip the warm cloth"
    )


@pytest.mark.parametrize("listen", [name for name in COMMANDS.sets() if name != "idle"])
def test_stop_pain_and_red_flags_are_live_in_every_set(listen: str) -> None:
    assert {"stop", "pause", "pain", "too_hot", *RED_FLAGS} <= COMMANDS.intents(listen)
    for text, intent in {"stop": "stop", "wait": "pause", "ow": "pain", "I've got a fever": "fever"}.items():
        match = COMMANDS.match(text, listen)
        assert match is not None
        assert match.intent == intent


def test_while_nothing_runs_only_start_phrases_and_calls_for_help_are_heard() -> None:
    assert COMMANDS.intents("idle") == {"start", "about", "emergency", "harm"}
    assert all(len(phrase.split()) >= 3 for phrase in COMMANDS.phrases("idle"))
    for text in ("start", "stop", "help", "let's go", "I've got a fever", "yes", "next"):
        assert COMMANDS.match(text, "idle") is None


def test_she_can_leave_a_question_and_hear_it_again() -> None:
    for listen in ("yes_no", "choices", "safety", "pain"):
        assert {"repeat", "help", "next"} <= COMMANDS.intents(listen)


def test_stop_and_pain_count_at_once_and_losing_the_place_needs_certainty() -> None:
    assert {intent for intent, rule in COMMANDS.rules.items() if rule.commits == "first_partial"} == {
        *("stop", "stay_silent", "pause", "helper", "pain", "too_hot")
    }
    assert COMMANDS.rule("stop").strictness == "lenient"
    assert COMMANDS.rule("restart").strictness == COMMANDS.rule("pregnant").strictness == "strict"


def test_a_phrase_that_may_go_on_is_known() -> None:
    assert COMMANDS.may_continue("go back", "guiding")
    assert COMMANDS.may_continue("go", "guiding")
    assert COMMANDS.may_continue("How", "guiding")
    assert not COMMANDS.may_continue("go back a step", "guiding")
    assert not COMMANDS.may_continue("of them", "safety")
    assert not COMMANDS.may_continue("", "guiding")


def test_unions_hold_what_their_members_hold() -> None:
    questions = [COMMANDS.phrases(listen) for listen in QUESTIONS]
    assert set(COMMANDS.phrases("question")) == set().union(*questions)
    needed = [listen for listen in COMMANDS.sets() if listen not in COMMANDS.optional]
    assert set(COMMANDS.phrases("all")) == set().union(*(COMMANDS.phrases(listen) for listen in needed))


@pytest.mark.parametrize("listen", COMMANDS.sets())
def test_the_grammar_is_the_phrases_the_decoys_and_the_garbage_word_last(listen: str) -> None:
    grammar = COMMANDS.grammar(listen)
    assert grammar[-1] == "[unk]"
    assert grammar.count("[unk]") == 1
    assert set(grammar[:-1]) == {*COMMANDS.phrases(listen), *COMMANDS.decoys}
    assert COMMANDS.grammar(listen, "[unk2]")[-1] == "[unk2]"
    assert not any(COMMANDS.match(decoy, "all") for decoy in COMMANDS.decoys)
    assert len(COMMANDS.phrases(listen)) < MOST_PHRASES.get(listen, 350)


def test_the_embedded_model_knows_every_word() -> None:
    words = {word for phrase in COMMANDS.grammar("all")[:-1] for word in phrase.split()}
    assert words == COMMANDS.words()
    models = [path for path in embedded_folder().iterdir() if (path / "conf").is_dir()]
    assert models
    assert [check_model(path, words).unknown for path in models] == [()] * len(models)


def test_a_name_the_model_does_not_know_is_not_offered() -> None:
    tom = COMMANDS.match("my helper is Tom", "names")
    assert tom == Match("name", {"who": "helper", "name": "Tom"}, "my helper is tom")
    assert {"tom", "priya"} <= COMMANDS.optional_words()
    assert not COMMANDS.optional_words() & COMMANDS.words()
    fewer = COMMANDS.offering({"tom", "priya"})
    assert fewer.match("my helper is Tom", "names") is None
    assert fewer.match("Priya", "names") is None
    assert fewer.match("my helper is Rosie", "names") is not None
    assert fewer.match("skip", "names") == COMMANDS.match("skip", "names")
    lost = set(COMMANDS.values("names", "name")) - set(fewer.values("names", "name"))
    assert lost == {"Tom", "Priya"}


def test_names_are_heard_only_while_one_is_asked_for() -> None:
    names = COMMANDS.values("names", "name")
    assert len(names) >= 200
    for listen in (listen for listen in COMMANDS.sets() if listen != "names"):
        assert [name for name in names if COMMANDS.match(name, listen)] == []


def test_hassil_recognises_every_phrase_as_we_do() -> None:
    document = read_yaml(LOCALE / "commands.yaml")
    intents = hassil_intents(document, read_commands(document))
    written = {respelt: word for word, respelt in COMMANDS.spellings.items()}
    missed = []
    for listen in (name for name in COMMANDS.sets() if name not in {*COMMANDS.optional, "question", "all"}):
        for phrase in COMMANDS.phrases(listen):
            match = COMMANDS.match(phrase, listen)
            assert match is not None
            text = " ".join(written.get(word, word) for word in phrase.split())
            found = recognize_all(text, intents)
            if not any(each.intent.name == match.intent and _slots(each) == match.slots for each in found):
                missed.append((listen, phrase))
    assert missed == []


def _slots(result: RecognizeResult) -> dict[str, str]:
    return {entity.name: str(entity.value) for entity in result.entities_list}


def test_spelling_punctuation_and_homophones_do_not_matter() -> None:
    assert normalise("  I\u2019m  DONE, thanks - really! 'ow' ") == "i'm done thanks really ow"
    assert normalise("[unk]") == "unk"
    curly, straight = (
        COMMANDS.match("My partner\u2019s here.", "guiding"),
        COMMANDS.match("partners", "guiding"),
    )
    assert curly is not None
    assert curly.slots == {"company": "helper"}
    assert straight is None


def test_help_names_are_phrases_of_their_intent() -> None:
    names = COMMANDS.help_names()
    assert {"stop", "pause", "next", "repeat", "yes", "none"} <= set(names)
    assert "pregnant" not in names
