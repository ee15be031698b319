"""When the ear believes what it hears: every number in one frozen table, with its unit and where it comes
from.

"measured" means: swept over recordings of half of the speakers, reported on the other half (bench of the
ear).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from voice.ear.second_policy import SecondPolicy

Reason = Literal[
    "not_a_command",  # known words, but no phrase that is live now
    "unknown_words",  # something else was said
    "too_quiet",  # a phrase, but too soft to be meant for the guide
    "own_voice",  # the guide's own narration came back through the microphone
    "unstable",  # looked like a command for a moment, then became something else
    "cut_off",  # the beginning of a phrase, and nothing more came
    "low_confidence",  # a strict command with a doubtful word
]


@dataclass(frozen=True)
class Policy:
    """Times in seconds of the stream, levels in dB."""

    first_stable: float = 0.0
    """How long a `first_partial` phrase has to stand. 0: taken as soon as it shows (they silence her,
    nothing is lost)."""

    stable: float = 0.0
    """How long any other phrase has to stand: one more step of the decoder, which works in steps of 0.21
    s."""

    word_shortest: float = 0.15
    """Sound that a word has at least: less is not looked at more closely, and the narration does not give way
    to it."""

    word_longest: float = 1.6
    """Sound that began longer ago is no command of a word or two, and no closer look is worth its cost."""

    fade: float = 20.0
    """dB below the loudest of the sound in progress at which a word may be over."""

    fade_look: float = 0.06
    """How long it has to be so soft before a closer look is taken for a `first_partial` phrase: the model and
    its steps would show the phrase up to 0.4 s later."""

    look_before: float = 0.15
    """How much of what came before the sound such a look hears with it."""

    fade_confidence: float = 0.9
    """Lowest word confidence of what such a look finds; below it the usual way decides."""

    unheard_quiet: float = 0.38
    """Quiet after a short sound in which the recogniser shows no word, before the second pass is asked about
    it: the recogniser's look-ahead and a step."""

    bump_depth: float = 8.0
    """dB by which a sound that stands out of others has fallen when it is over..."""

    bump_over: float = 0.3
    """...and how long it has stayed there. Then, too, the second pass is asked."""

    closed_silence: float = 0.15
    """Quiet needed after a phrase that no longer one begins with: talk that goes on is not a command."""

    open_silence: float = 0.35
    """Quiet needed after a phrase that a longer live phrase begins with ("how long", "how long left")."""

    look_again: float = 0.2
    """When a look at the last samples did not bear the phrase out: time until the next look (a step of the
    decoder)."""

    patience: int = 3
    """How often a phrase that the second pass turns away is heard again before the utterance is over. In
    noise without a pause it would be looked at for ever."""

    open_stable: float = 0.8
    """The same in noise, where no quiet comes: the phrase has stood this long."""

    scrap_unknown: float = 0.35
    """An unknown sound before or after a phrase, no longer than this, is a scrap (breath, click) and
    forgiven."""

    scrap_shortest: float = 0.13
    """So is any word no longer than this: nobody says one so fast."""

    scrap_longest: float = 0.25
    """So is a word no longer than this that the recogniser trusts less than `scrap_confidence`. Measured."""

    scrap_confidence: float = 0.7
    """0..1, see `scrap_longest`."""

    leading_gap: float = 0.3
    """For lenient phrases: pause between something unknown and the phrase that makes the phrase stand on
    its own."""

    strict_confidence: float = 0.8
    """Lowest word confidence of a strict command: the sharpest test against a wrong one (measured on the
    model)."""

    sure_confidence: float = 0.6
    """Lowest mean word confidence of a command that may be asked about (see near.py); below it she is asked.
    Measured: 5 of 11 false accepts of such commands fewer, and 1 of 114 of hers asked about."""

    near_longest: float = 2.0
    """What lasts longer came close to no command: it is talk."""

    near_unknown: float = 0.6
    """Unknown sound beside a phrase that was nearly said, in all."""

    near_confidence: float = 0.8
    """0..1. At least one word of it has to be trusted as much."""

    near_above_floor: float = 12.0
    """dB. So far above the room's own sound it has to be: talk at the far end of it is not asked about."""

    tail: float = 0.4
    """What begins this soon after a command was taken is its tail, not a new attempt."""

    deaf: float = 0.1
    """What begins before this much time has passed since a command was taken is the same word once more."""

    own_evidence: float = 0.15
    """While the loudspeaker plays, a command needs this much sound that the loudspeaker does not explain."""

    own_share: float = 0.4
    """And this share of the time it takes."""

    quietest: float = -58.0
    """dB full scale. A phrase whose loudest tenth is below this was not said to the guide."""

    above_floor: float = 3.0
    """dB. A phrase has to rise this far above the sound that was there before."""

    own_voice_tail: float = 0.4
    """A word of the sentence being played is the guide's own, up to this long after the sentence ended."""

    active_above_floor: float = 8.0
    """dB above the floor from which a block counts as sound."""

    active_above_leak: float = 12.0
    """dB above what the loudspeaker is known to leave in the microphone after cancelling."""

    leak_matters: float = 3.0
    """dB above the floor from which the loudspeaker's rest is worth softening."""

    gate_closed: float = -30.0
    """dB by which it is softened while she is silent."""

    onset_quiet: float = 0.3
    """Sound after this much quiet is a new beginning: what was heard of the narration before it is
    forgotten."""

    onset_before: float = 0.1
    """How much of what came before a new beginning is heard with it."""

    gate_hold: float = 0.25
    """How long it is left alone after she was last heard: soft ends of words."""

    gate_ahead: float = 0.05
    """How long before she was first heard it is left alone: soft beginnings. Delays hearing by as much."""

    gain_room: float = -62.0
    """dB full scale to which the quiet of a room is raised before the recogniser, whose model hears absolute
    level."""

    gain_most: float = 24.0
    """dB by which it is raised at most."""

    gain_loudest: float = -16.0
    """dB full scale above which no block goes to the recogniser: more than that it was not made for."""

    gain_rise: float = 12.0
    """dB a second at which the gain goes up; it goes down at once."""

    gain_wait: float = 0.5
    """Quiet needed before it goes up: no pause within a word or a phrase is so long."""

    active_least: float = -60.0
    """dB full scale below which nothing counts as sound."""

    hint_over_habit: float = 4.0
    """dB by which a band must rise above what the room is used to before the narration gives way at once.
    Measured, as the next two are."""

    hint_over_leak: float = 18.0
    """dB by which it must rise above what the loudspeaker is known to leave in it."""

    hint_least: float = -66.0
    """dB full scale in a band below which nothing is a hint."""

    hint_lasts: float = 0.02
    """Seconds it must stay there: the click of a valve is shorter."""

    hint_longest: float = 0.8
    """A hint that the recogniser shows nothing of is over after this long: its look-ahead and two of its
    steps."""

    hint_rest: float = 2.0
    """Seconds without hints after one that led to nothing; doubled each time, up to `hint_rest_longest`,
    until a command is taken or no hint came for that longest rest."""

    hint_rest_longest: float = 30.0
    """Seconds. What makes sound again and again without words lowers the narration twice a minute at
    most."""

    second_voice_lenient: float = 0.6
    """Share of a phrase's time in which there must be sound that the loudspeaker does not explain, when
    the guide says the phrase itself just then: for commands that lose nothing."""

    second_voice: float = 0.8
    """The same for other commands; strict ones are left to the guide."""

    clear_quiet: float = 0.4
    """Quiet needed before a suspicion ends."""

    suspect_longest: float = 4.0
    """A suspicion that leads to nothing ends by itself, so that steady noise does not keep the narration
    low."""

    utterance_longest: float = 12.0
    """The utterance is closed after this long, whatever is heard: no command lasts so long."""

    before_shown: float = 1.0
    """A word began at most this long before the recogniser first showed anything of it."""

    replay_longest: float = 3.0
    """How much of the speech in progress is heard again when the set of commands changes."""

    second: SecondPolicy = field(default_factory=SecondPolicy)
    """Of the second pass, which hears a finished sound as a whole."""
