"""When the second pass is believed: its part of the ear's numbers. All of them are measured (see policy)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SecondPolicy:
    """Times in seconds; how far a phrase falls short, and by how much it leads, in nats."""

    longest: float = 4.0
    """What lasts longer is no command, and the second pass is not asked."""

    before: float = 0.6
    """How much of what came before the words the second pass hears with them: who spoke just before was not
    talking to the guide."""

    after: float = 0.3
    """How much of what came after."""

    behind: float = 3.0
    """Nats by which a command of the first pass may fall behind the phrase that the second one likes best."""

    behind_lenient: float = 4.0
    """The same when it silences the guide or tells of pain."""

    lenient: float = 26.0
    """Nats by which it may fall short of the best that could be made of the sound at all, for the same
    commands."""

    normal: float = 8.0
    """The same for other commands."""

    strict: float = 6.0
    """The same for strict ones."""

    room: float = 2.0
    """Nats that a command which only the second pass hears may fall short..."""

    room_phone: float = 0.5
    """...and so many more for each of its phones..."""

    lead_share: float = 0.25
    """...and so many for each nat by which it leads whatever means something else..."""

    lead_most: float = 12.0
    """...as far as this..."""

    most: float = 12.0
    """...but never more than this."""

    lead: float = 3.0
    """Nats by which it must lead whatever means something else."""

    lead_strict: float = 4.0
    """The same for strict commands."""

    shortest: int = 3
    """Phones. Shorter words ("ow", "no") are in many others: the first pass has to have heard them too..."""

    short: int = 2
    """...but one of so many phones may be what it took for another single word..."""

    short_lead: float = 6.0
    """...when it leads whatever means something else by so much."""

    talk: float = 20.0
    """Nats by which the best of all phrases and decoys falls short in talk: nothing in it is asked about."""

    early_most: float = 3.0
    """How far a call to be silent may fall short when it is taken at the end of its sound, before the end of
    the utterance..."""

    early_lead: float = 4.0
    """...and by how much it has to lead whatever means something else."""
