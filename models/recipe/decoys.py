"""Chooses the decoys of commands.yaml: ``python -m recipe.decoys LOCALE MODEL`` prints them.

More than half by sound: the known words nearest to the short commands, so that the recogniser has something
else to choose where a word is nearly one. The rest by frequency: the words most often spoken, so that
ordinary talk has somewhere to go. Frequencies are wordfreq's for English, made of subtitles, chat and text;
nobody publishes counts of talk in kitchens at night.
"""

import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from wordfreq import top_n_list, zipf_frequency

from recipe.lexicon import Lexicon, pronunciations
from voice.ear.models import vocabulary
from voice.language.commands import Commands

SHORT_SETS = ("guiding", "yes_no", "choices", "safety", "pain")
BY_SOUND, BY_FREQUENCY = 110, 80
NEAREST = 4  # words at most for one command
SOUND_ZIPF = 4.2  # rarer words (16 in a million) are not worth a place, however near
FARTHEST = 0.45  # distance a phone above which a word is not near
NOT_SAID = frozenset({"rt", "lol", "gt", "www", "http", "https", "com", "en", "de", "la", "el"})  # the web's

VOWELS = frozenset(("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"))
ALIKE = (  # voiceless and voiced, then said alike
    *({"P", "B"}, {"T", "D"}, {"K", "G"}, {"F", "V"}, {"TH", "DH"}, {"S", "Z"}, {"SH", "ZH"}, {"CH", "JH"}),
    *({"P", "T", "K"}, {"B", "D", "G"}, {"F", "TH", "S", "SH", "HH"}, {"V", "DH", "Z", "ZH"}),
    *({"M", "N", "NG"}, {"L", "R"}, {"W", "Y"}),
)


def cost(one: str, other: str) -> float:
    """0..1: how unlike two phones are."""
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return 0.5
    return 0.4 if any(one in kind and other in kind for kind in ALIKE) else 1.0


def distance(one: Sequence[str], other: Sequence[str]) -> float:
    """Edit distance of two pronunciations, per phone of the longer one."""
    row = [float(place) for place in range(len(other) + 1)]
    for phone in one:
        before, row[0] = row[0], row[0] + 1.0
        for place, wanted in enumerate(other, 1):
            swapped = before + cost(phone, wanted)
            before, row[place] = row[place], min(swapped, row[place] + 1.0, row[place - 1] + 1.0)
    return row[-1] / max(len(one), len(other), 1)


def nearest(command: str, words: Iterable[str], lexicon: Lexicon) -> list[str]:
    """The words most like a one-word command, nearest first."""
    scored = [
        (min(distance(a.split(), b.split()) for a in lexicon[command] for b in lexicon[word]), word)
        for word in words
    ]
    return [word for far, word in sorted(scored) if 0.0 < far <= FARTHEST][:NEAREST]


def choose(commands: Commands, known: Iterable[str]) -> list[str]:
    """By sound, one for each command in turn until there are enough; then by frequency."""
    live = commands.words() - set(commands.decoys)
    words = {word for word in known if word.isalpha() and len(word) > 1} - live - NOT_SAID
    lexicon = pronunciations(words | live)
    near = sorted(w for w in words if w in lexicon and zipf_frequency(w, "en") >= SOUND_ZIPF)
    singles = sorted({p for name in SHORT_SETS for p in commands.phrases(name) if p in lexicon})
    found = [nearest(command, near, lexicon) for command in singles]
    turns = (word for turn in range(NEAREST) for some in found for word in some[turn : turn + 1])
    by_sound = list(dict.fromkeys(turns))[:BY_SOUND]
    often = (w for w in top_n_list("en", 5000) if w in words and w in lexicon and w not in by_sound)
    return [*by_sound, *islice(often, BY_FREQUENCY)]


def wrapped(words: Sequence[str], width: int = 112) -> str:
    """The words as commands.yaml writes them."""
    lines = [""]
    for word in words:
        item = f"{word},"
        if lines[-1] and len(lines[-1]) + len(item) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {item}".strip()
    return "\n".join(f"  {line}" for line in lines).rstrip(",")


def main(arguments: Sequence[str]) -> int:
    locale, model = map(Path, arguments)
    print(wrapped(choose(Commands.load(locale), vocabulary(model))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
