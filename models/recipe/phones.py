"""The network's outputs and what Kaldi calls phones, transition pairs and transition ids.

Forty-one outputs ("pdfs"): silence, 39 ARPAbet phones without stress, and one unit that stands for any phone.
Kaldi's phones are silence and each of the others in four positions of a word (B begin, E end, I inside, S
alone), which share one output.
"""

from dataclasses import dataclass

ARPABET = tuple(
    [
        "AA",
        "AE",
        "AH",
        "AO",
        "AW",
        "AY",
        "B",
        "CH",
        "D",
        "DH",
        "EH",
        "ER",
        "EY",
        "F",
        "G",
        "HH",
        "IH",
        "IY",
        "JH",
        "K",
        "L",
        "M",
        "N",
        "NG",
        "OW",
        "OY",
        "P",
        "R",
        "S",
        "SH",
        "T",
        "TH",
        "UH",
        "UW",
        "V",
        "W",
        "Y",
        "Z",
        "ZH",
    ]
)
ANY = "GBG"  # trained by hiding words: a word of the lexicon that means "something else" is a loop of it
SILENCE = "SIL"
OUTPUT = {SILENCE: 0, **{phone: number for number, phone in enumerate(ARPABET, 1)}, ANY: len(ARPABET) + 1}
OUTPUTS = len(OUTPUT)
POSITIONS = "BEIS"
KALDI_PHONES = (SILENCE, *(f"{phone}_{position}" for phone in (*ARPABET, ANY) for position in POSITIONS))
PHONE_ID = {phone: number for number, phone in enumerate(KALDI_PHONES, 1)}  # 0 is epsilon


@dataclass(frozen=True, order=True)
class Pair:
    """One state of one phone: its id and the outputs of its forward arc and of its self-loop."""

    phone: int
    forward: int
    loop: int


def base(phone: str) -> str:
    """``AH_B`` -> ``AH``."""
    return phone.partition("_")[0]


PAIRS = tuple(sorted(Pair(PHONE_ID[p], OUTPUT[base(p)], OUTPUT[base(p)]) for p in KALDI_PHONES))
_ORDER = {pair.phone: number for number, pair in enumerate(PAIRS)}
TRANSITIONS = 2 * len(PAIRS)


def loop(phone: str) -> int:
    """Transition id of the self-loop: of two ids a state it is the first, as the topology lists it first."""
    return 2 * _ORDER[PHONE_ID[phone]] + 1


def forward(phone: str) -> int:
    """Transition id of the arc that leaves the state."""
    return 2 * _ORDER[PHONE_ID[phone]] + 2


def positioned(phones: list[str]) -> list[str]:
    """A word's phones with their positions."""
    if len(phones) == 1:
        return [f"{phones[0]}_S"]
    return [f"{phones[0]}_B", *(f"{phone}_I" for phone in phones[1:-1]), f"{phones[-1]}_E"]
