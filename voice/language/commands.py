"""What she can say: from commands.yaml to exact phrases, and to the recogniser's grammar."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from voice.data.reading import Document, read_yaml
from voice.language.schema import ALL, CommandsData, Commits, Phrase, Strictness, expand, read_commands
from voice.language.text import normalise, respell

__all__ = ["Commands", "IntentRule", "Match", "normalise"]

FILE = "commands.yaml"


@dataclass(frozen=True)
class Match:
    """A live phrase that was said, and what it means."""

    intent: str
    slots: dict[str, str]
    phrase: str


@dataclass(frozen=True)
class IntentRule:
    """How an intent is taken: its name in "help" (None: not offered), how sure the ear must be, and when."""

    help: str | None
    strictness: Strictness
    commits: Commits


@dataclass(frozen=True)
class CommandSet:
    """The commands that are live together. `starts`: all that a longer live phrase begins with."""

    intents: frozenset[str]
    matches: Mapping[str, Match]
    phrases: Mapping[str, str] = field(repr=False)
    starts: frozenset[str] = field(repr=False)


@dataclass(frozen=True)
class Commands:
    """Everything she can say, by set. Made by `load`; never changes."""

    path: Path
    decoys: tuple[str, ...]
    rules: Mapping[str, IntentRule] = field(repr=False)
    command_sets: Mapping[str, CommandSet] = field(repr=False)
    lines: Mapping[str, int] = field(repr=False)
    intent_lines: Mapping[str, int] = field(repr=False)
    spellings: Mapping[str, str] = field(repr=False)
    learn: tuple[str, ...] = ()
    """The intents she says when her voice is learned, in this order; each has a name in "help"."""
    optional: frozenset[str] = frozenset()
    """Sets whose phrases are left out where a model lacks one of their words; part of no union."""

    @staticmethod
    def load(folder: Path) -> Commands:
        """Read `commands.yaml` in a locale's folder. Raises DataError for the first broken rule."""
        document = read_yaml(folder / FILE)
        data = read_commands(document)
        phrases = tuple(expand(document, data))
        sets = {name: _one_set(document, data, phrases, name) for name in data.listen}
        every = [name for name in data.listen if name not in data.optional]
        for name, members in {**data.unions, ALL: every}.items():
            sets[name] = _union(sets[member] for member in members)
        lines: dict[str, int] = {}
        for phrase in phrases:
            lines.setdefault(phrase.text, document.line(*phrase.keys))
        for place, decoy in enumerate(data.decoys):
            lines.setdefault(decoy, document.line("decoys", place))
        rules = {
            name: IntentRule(each.help, each.strictness, each.commits) for name, each in data.intents.items()
        }
        intent_lines = {name: document.line("intents", name) for name in rules}
        decoys = tuple(data.decoys)
        for place, intent in enumerate(data.learn):
            if rules[intent].help is None:
                rule = f"'{intent}' has no name in the help, so she cannot be asked to say it; give it one."
                raise document.error(rule, "learn", place)
        learn, optional = tuple(data.learn), frozenset(data.optional)
        return Commands(
            document.path, decoys, rules, sets, lines, intent_lines, data.spellings, learn, optional
        )

    def sets(self) -> tuple[str, ...]:
        """The names of all sets, unions (`question`, `all`) last."""
        return tuple(self.command_sets)

    def intents(self, listen: str) -> frozenset[str]:
        """The intents that are live in a set."""
        return self.command_sets[listen].intents

    def phrases(self, listen: str) -> Mapping[str, str]:
        """Every live phrase of a set, normalised -> its intent."""
        return self.command_sets[listen].phrases

    def match(self, text: str, listen: str) -> Match | None:
        """What `text` means as a whole, or None."""
        return self.command_sets[listen].matches.get(self._spelt(text))

    def may_continue(self, text: str, listen: str) -> bool:
        """Whether a longer live phrase begins with the words of `text`."""
        return self._spelt(text) in self.command_sets[listen].starts

    def grammar(self, listen: str, garbage: str = "[unk]") -> tuple[str, ...]:
        """The recogniser's phrase list for a set: live phrases, decoys, and the garbage word last."""
        return (*self.known(listen), garbage)

    def known(self, listen: str) -> tuple[str, ...]:
        """Whatever can be told apart in a set: live phrases and decoys."""
        return (*self.phrases(listen), *self.decoys)

    def words(self) -> frozenset[str]:
        """Every word the model has to know: those of any grammar but the optional ones, and the decoys."""
        phrases = (*self.phrases(ALL), *self.decoys)
        return frozenset(word for phrase in phrases for word in phrase.split())

    def optional_words(self) -> frozenset[str]:
        """Words that only optional phrases have, such as first names: a model may lack some of them."""
        phrases = [phrase for name in self.optional for phrase in self.phrases(name)]
        return frozenset(word for phrase in phrases for word in phrase.split()) - self.words()

    def offering(self, unknown: Collection[str]) -> Commands:
        """The same commands, without the optional phrases that have a word the model does not know."""
        narrowed = {name: _without(self.command_sets[name], frozenset(unknown)) for name in self.optional}
        return replace(self, command_sets={**self.command_sets, **narrowed})

    def values(self, listen: str, slot: str) -> tuple[str, ...]:
        """What can be said for a slot in a set, each once, in the order of the file."""
        said = (match.slots.get(slot) for match in self.command_sets[listen].matches.values())
        return tuple(dict.fromkeys(value for value in said if value is not None))

    def rule(self, intent: str) -> IntentRule:
        """How an intent is taken. Raises KeyError for an intent that is not in the file."""
        return self.rules[intent]

    def line(self, phrase: str) -> int:
        """The line of commands.yaml a phrase or decoy comes from."""
        return self.lines[phrase]

    def intent_line(self, intent: str) -> int:
        """The line of commands.yaml an intent is defined in."""
        return self.intent_lines[intent]

    def help_names(self) -> dict[str, str]:
        """Intent -> how "help" names it, in the order of the file; only those that are offered."""
        return {intent: rule.help for intent, rule in self.rules.items() if rule.help is not None}

    def _spelt(self, text: str) -> str:
        return respell(normalise(text), self.spellings)


def _one_set(document: Document, data: CommandsData, phrases: Iterable[Phrase], name: str) -> CommandSet:
    live = data.live(name)
    matches: dict[str, Match] = {}
    for phrase in phrases:
        if phrase.intent not in live or not (phrase.only_in is None or name in phrase.only_in):
            continue
        match = Match(phrase.intent, phrase.slots, phrase.text)
        first = matches.setdefault(phrase.text, match)
        if first != match:
            meanings = f"{_meaning(first)} and {_meaning(match)}"
            rule = f"'{phrase.text}' means both {meanings} in the set '{name}'; take it out of one."
            raise document.error(rule, *phrase.keys)
    return _command_set(live, matches)


def _without(whole: CommandSet, unknown: frozenset[str]) -> CommandSet:
    kept = {text: match for text, match in whole.matches.items() if not unknown & set(text.split())}
    return _command_set(whole.intents, kept)


def _union(members: Iterable[CommandSet]) -> CommandSet:
    """Where sets give one phrase different meanings, the first set's meaning holds."""
    intents: frozenset[str] = frozenset()
    matches: dict[str, Match] = {}
    for member in members:
        intents |= member.intents
        matches = {**member.matches, **matches}
    return _command_set(intents, matches)


def _command_set(intents: frozenset[str], matches: dict[str, Match]) -> CommandSet:
    starts = {" ".join(words[:end]) for words in map(str.split, matches) for end in range(1, len(words))}
    phrases = {text: match.intent for text, match in matches.items()}
    return CommandSet(intents, matches, phrases, frozenset(starts))


def _meaning(match: Match) -> str:
    slots = ", ".join(f"{name} {value}" for name, value in match.slots.items())
    return f"'{match.intent}'" + (f" ({slots})" if slots else "")
