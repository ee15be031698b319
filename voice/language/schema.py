"""The shape of commands.yaml, and its expansion from templates into whole phrases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Literal

from hassil.errors import HassilError
from hassil.expression import Sentence, Sequence
from hassil.intents import Intents, SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from hassil.sample import sample_sentence
from pydantic import BaseModel, ConfigDict, Field, model_validator

from voice.data.reading import Document, Key, parse, read_yaml
from voice.language.text import normalise, respell

Strictness = Literal["lenient", "normal", "strict"]
Commits = Literal["first_partial", "stable"]

ALL = "all"  # the union of every set


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentences(_Part):
    """Templates that mean the same, down to their slots."""

    sentences: list[str] = Field(min_length=1)
    slots: dict[str, str] = {}
    only_in: list[str] | None = None


class IntentData(_Part):
    """One intent: how it is named in "help", how sure the ear has to be, and its templates."""

    help: str | None = None
    strictness: Strictness
    commits: Commits
    data: list[Sentences] = Field(min_length=1)


class ListValue(_Part):
    """One value of a list: `in` is what is said (a template), `out` is the slot's value."""

    said: str = Field(alias="in")
    out: str


class ListValues(_Part):
    """A list that templates refer to as {name}: its values, or a file of plain words beside this one."""

    values: list[ListValue] = []
    file: str | None = Field(default=None, pattern=r"^[a-z_]+\.yaml$")

    @model_validator(mode="after")
    def has_one_of_them(self) -> ListValues:
        """Values or a file, not both and not neither."""
        if bool(self.values) == bool(self.file):
            raise ValueError("give its values, or the file that holds them")
        return self


class WordsData(_Part):
    """A file of plain words, each said as it is written."""

    words: list[Annotated[str, Field(pattern=r"^[^\W\d_]+(['-][^\W\d_]+)*$")]] = Field(min_length=1)


class CommandsData(_Part):
    """The whole of commands.yaml."""

    language: str
    spellings: dict[str, str] = {}
    expansion_rules: dict[str, str] = {}
    lists: dict[str, ListValues] = {}
    intents: dict[str, IntentData] = Field(min_length=1)
    always: list[str]
    listen: dict[str, list[str]] = Field(min_length=1)
    bare: list[str] = []
    learn: list[str] = []
    optional: list[str] = []
    unions: dict[str, list[str]] = {}
    decoys: list[str]

    def live(self, name: str) -> frozenset[str]:
        """The intents of a set, with those that are live always unless it is a bare one."""
        return frozenset((*(() if name in self.bare else self.always), *self.listen[name]))


@dataclass(frozen=True)
class Phrase:
    """One whole phrase that a template allows. `keys` is where the template stands in commands.yaml."""

    text: str
    intent: str
    slots: dict[str, str]
    only_in: frozenset[str] | None
    keys: tuple[Key, ...]


def read_commands(document: Document) -> CommandsData:
    """Check the shape and the names. Raises DataError with the line of the first fault."""
    data = parse(document, CommandsData)
    data = data.model_copy(update={"lists": dict(_filled_lists(document, data))})
    for name in data.listen:
        if name == ALL or name in data.unions:
            raise document.error(f"'{name}' names a union of sets; name this set otherwise.", "listen", name)
    for keys, kind, names in _references(data):
        known = data.intents if kind == "intent" else data.listen
        for place, name in enumerate(names):
            if name not in known:
                rule = f"there is no {kind} '{name}'; correct the name or add it."
                raise document.error(rule, *keys, place)
    for intent, entry in data.intents.items():
        for block, sentences in enumerate(entry.data):
            for name in sentences.only_in or ():
                if intent not in data.live(name):
                    rule = f"'{intent}' is not live in '{name}'; leave it out here, or list it there."
                    raise document.error(rule, "intents", intent, "data", block, "only_in")
    return data


def _filled_lists(document: Document, data: CommandsData) -> Iterator[tuple[str, ListValues]]:
    """Every list with its values; those that stand in a file of their own are read from there."""
    for name, listed in data.lists.items():
        if listed.file is None:
            yield name, listed
            continue
        words = parse(read_yaml(document.path.parent / listed.file), WordsData).words
        yield name, ListValues(values=[ListValue.model_validate({"in": word, "out": word}) for word in words])


def _references(data: CommandsData) -> Iterator[tuple[tuple[Key, ...], str, list[str]]]:
    yield ("always",), "intent", data.always
    yield ("bare",), "set", data.bare
    yield ("learn",), "intent", data.learn
    yield ("optional",), "set", data.optional
    for name, listed in data.listen.items():
        yield ("listen", name), "intent", listed
    for name, listed in data.unions.items():
        yield ("unions", name), "set", listed
    for intent, entry in data.intents.items():
        for block, sentences in enumerate(entry.data):
            yield ("intents", intent, "data", block, "only_in"), "set", sentences.only_in or []


def expand(document: Document, data: CommandsData) -> Iterator[Phrase]:
    """Every phrase of every template, normalised, in the order of the file.

    Raises DataError for a template that cannot be read, refers to nothing, or is ambiguous in its slots.
    """
    intents = hassil_intents(document, data)
    for intent, entry in data.intents.items():
        for block, sentences in enumerate(entry.data):
            only_in = None if sentences.only_in is None else frozenset(sentences.only_in)
            for place, template in enumerate(sentences.sentences):
                keys: tuple[Key, ...] = ("intents", intent, "data", block, "sentences", place)
                found = _sample(document, keys, template, intents)
                for said, slots in found.items():
                    text = respell(said, data.spellings)
                    yield Phrase(text, intent, {**sentences.slots, **slots}, only_in, keys)


def hassil_intents(document: Document, data: CommandsData) -> Intents:
    """The file as hassil knows it: the same templates serve its recogniser and our phrases."""
    for rule, body in data.expansion_rules.items():
        _template(document, ("expansion_rules", rule), body)
    for name, listed in data.lists.items():
        for place, value in enumerate(listed.values):
            _template(document, ("lists", name, "values", place), value.said)
    return Intents.from_dict(
        {
            "language": data.language,
            "expansion_rules": data.expansion_rules,
            "lists": {name: listed.model_dump(by_alias=True) for name, listed in data.lists.items()},
            "intents": {
                name: {"data": [block.model_dump(include={"sentences", "slots"}) for block in entry.data]}
                for name, entry in data.intents.items()
            },
        }
    )


def _template(document: Document, keys: tuple[Key, ...], text: str) -> Sentence:
    try:
        return parse_sentence(text, keep_text=True)
    except ParseError as problem:
        what = " ".join(str(problem).split())
        raise document.error(f"the template '{text}' cannot be read ({what}); correct it.", *keys) from None


def _sample(
    document: Document, keys: tuple[Key, ...], text: str, intents: Intents
) -> dict[str, dict[str, str]]:
    """Phrase -> slots of one template."""
    sentence = _template(document, keys, text)
    found: dict[str, dict[str, str]] = {}
    try:
        for lists, slots in _narrowed(sentence, intents):
            for sampled in sample_sentence(sentence, lists, intents.expansion_rules):
                phrase = normalise(sampled)
                if not phrase:
                    raise document.error(f"the template '{text}' allows saying nothing; correct it.", *keys)
                if found.setdefault(phrase, slots) != slots:
                    rule = (
                        f"'{phrase}' does not tell which value of the list is meant; take [ ] off the list."
                    )
                    raise document.error(rule, *keys)
    except HassilError as problem:
        what = str(problem).replace("Missing", "no", 1)
        rule = f"the template '{text}' cannot be expanded ({what}); correct it."
        raise document.error(rule, *keys) from None
    except RecursionError:
        raise document.error(f"the template '{text}' uses a rule that contains itself.", *keys) from None
    return found


def _narrowed(sentence: Sentence, intents: Intents) -> Iterator[tuple[dict[str, SlotList], dict[str, str]]]:
    """For each combination of list values: lists narrowed to these values, and the slots they fill.

    hassil's sampler gives texts alone; sampling value by value keeps what each text means.
    """
    references = Sequence(items=[sentence.expression]).list_references(intents.expansion_rules)
    slot_names = {each.list_name: each.slot_name for each in references}
    lists = {name: each for name, each in intents.slot_lists.items() if name in slot_names}
    values = [
        [(name, value) for value in each.values]
        for name, each in lists.items()
        if isinstance(each, TextSlotList)
    ]
    for combination in product(*values):
        narrowed: dict[str, SlotList] = {
            name: TextSlotList(name=name, values=[value]) for name, value in combination
        }
        yield narrowed, {slot_names[name]: str(value.value_out) for name, value in combination}
