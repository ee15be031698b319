"""When the second pass is believed: its part of the ear's numbers. All of them are measured (see policy); the
weights are learnt (`bench.hearing.weighing`)."""

from __future__ import annotations

from dataclasses import dataclass

from voice.ear.evidence import Evidence, Weights

BY_PHONES = Weights(
    0.608,
    Evidence(shortfall=-0.190, each_phone=-0.187, lead=0.192, agrees=2.121, disagrees=-0.006, short=-1.177),
)
"""Of what the first pass heard and of how the phones fit."""

BY_WORDS = Weights(
    1.594,
    Evidence(
        shortfall=0.001,
        each_phone=-1.586,
        lead=0.219,
        agrees=2.067,
        disagrees=1.118,
        short=-1.381,
        behind=-0.177,
        behind_lead=0.141,
    ),
)
"""The same with what the decoder makes of it, learnt where the phones leave it open."""


@dataclass(frozen=True)
class SecondPolicy:
    """Times in seconds; how far a phrase falls short, and by how much it leads, in nats; how sure a command
    has to be, in log-odds."""

    longest: float = 4.0
    """What lasts longer is no command, and the second pass is not asked."""

    before: float = 0.6
    """How much of what came before the words the second pass hears with them: who spoke just before was not
    talking to the guide."""

    after: float = 0.3
    """How much of what came after."""

    after_longer: float = 0.6
    """The same where a longer phrase of another meaning begins with the command ("start", "start over")."""

    more_to_come: float = 20.0
    """How much further, in nats, such a phrase may fall short for her to be given time to go on."""

    phones: Weights = BY_PHONES
    words: Weights = BY_WORDS

    open_from: float = -2.0
    open_to: float = 2.5
    """How sure the phones have to be for the decoder not to be asked: it takes ten times as long."""

    clear: float = 1.5
    """How much, in nats, a command that the first pass did not hear has to lead by where the decoder is not
    asked: what fits about as well may be what was said."""

    sure: float = 0.5
    """How sure a command has to be..."""

    sure_strict: float = 1.5
    """...and a strict one."""

    tiny: int = 1
    """Phones. A word so short ("ow") is in many others: the first pass has to have heard it too."""

    guessed: float = 0.08
    """How unsure, in nats a row, the network may be for each phone of a command that the first pass did not
    hear: in a baby's crying it guesses words, short ones above all..."""

    guessed_least: float = 0.22
    """...how unsure it may be of the shortest..."""

    guessed_lead: float = 1.5
    """...and by how much more than it falls behind the decoder's text what it guessed has to lead."""

    asked: float = -1.0
    """How sure a command has to be for her to be asked about it, where that may be done (see near)."""

    early_most: float = 3.0
    """How far a call to be silent may fall short when it is taken at the end of its sound, before the end of
    the utterance..."""

    early_lead: float = 4.0
    """...by how much it has to lead whatever means something else..."""

    early_phones: int = 3
    """...and how many phones it has at least."""
