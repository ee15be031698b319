"""What was learned of one voice: thresholds by command, only ever within bounds that keep everybody safe.

No model is trained and no sound is kept: a few numbers of each command she once said, from which the
thresholds follow anew at every start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from voice.ear.near import may_be_asked
from voice.ear.policy import Policy
from voice.ear.recogniser import UNKNOWN
from voice.language.commands import Commands, normalise

SCRAP_MOST = 0.6
"""s. No unknown sound beside a phrase is forgiven above this, whoever speaks."""
SCRAP_SPARE = 0.1
"""s more than the longest that was seen beside a right command of hers."""
QUIETEST_LEAST = -64.0
"""dB full scale. No command below this is taken, however softly she speaks."""
QUIETEST_SPARE = 6.0
"""dB below the level of her softest right command."""
TRUST_SHARE = 0.5
"""A normal command is doubted below this share of the trust it has in her voice..."""
TRUST_MOST = 0.5
"""...but never above this."""
SURE_SHARE = 0.9
"""She is asked below this share of the trust, where everybody is asked sooner."""
STRICT_SHARE = 0.95
STRICT_MOST = 0.9
"""The same for strict commands, whose threshold is never below everybody's."""


@dataclass(frozen=True)
class Sample:
    """One command as she said it: features, no sound. `heard`: what the model made of it, unknown sounds
    written as the model writes them. `scrap`: s of unknown sound at its ends. Levels in dB full scale."""

    intent: str
    phrase: str
    heard: str
    right: bool
    confidence: float
    seconds: float
    scrap: float
    level: float
    floor: float


@dataclass(frozen=True)
class Threshold:
    """How one command is judged in her voice: see the policy's fields `strict_confidence`, `sure_confidence`,
    `scrap_unknown`, `quietest`."""

    confidence: float
    mean_confidence: float
    scrap: float
    quietest: float


@dataclass(frozen=True)
class Learned:
    """Thresholds by intent, and other words the model hears for a phrase of hers -> that phrase."""

    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def threshold(self, intent: str, commands: Commands, policy: Policy) -> Threshold:
        """Hers, or else everybody's."""
        return self.thresholds.get(intent) or usual(intent, commands, policy)


NOTHING = Learned()


def usual(intent: str, commands: Commands, policy: Policy) -> Threshold:
    """The threshold for a voice of which nothing is known."""
    strict = commands.rule(intent).strictness == "strict"
    return Threshold(
        confidence=policy.strict_confidence if strict else 0.0,
        mean_confidence=policy.sure_confidence if may_be_asked(intent, commands) else 0.0,
        scrap=policy.scrap_unknown,
        quietest=policy.quietest,
    )


def learn(samples: Iterable[Sample], commands: Commands, policy: Policy, listen: str = "guiding") -> Learned:
    """Thresholds from her samples. Lenient commands are never judged more strictly than everybody's, strict
    ones never more leniently; samples of intents that no longer exist are passed over."""
    by_intent: dict[str, list[Sample]] = {}
    aliases: dict[str, str] = {}
    for sample in samples:
        if sample.intent not in commands.rules:
            continue
        if sample.right:
            by_intent.setdefault(sample.intent, []).append(sample)
        elif alias := _alias(sample, commands, listen):
            aliases[alias] = sample.phrase
    thresholds = {intent: _threshold(intent, said, commands, policy) for intent, said in by_intent.items()}
    return Learned(thresholds, aliases)


def _threshold(intent: str, said: list[Sample], commands: Commands, policy: Policy) -> Threshold:
    everybody = usual(intent, commands, policy)
    strictness = commands.rule(intent).strictness
    trust = min(sample.confidence for sample in said)
    if strictness == "strict":
        stricter = max(everybody.confidence, min(STRICT_MOST, STRICT_SHARE * trust))
        return replace(everybody, confidence=stricter)
    scrap = max(sample.scrap for sample in said)
    softest = min(sample.level for sample in said)
    return Threshold(
        confidence=0.0 if strictness == "lenient" else max(0.0, min(TRUST_MOST, TRUST_SHARE * trust)),
        mean_confidence=min(everybody.mean_confidence, SURE_SHARE * trust),
        scrap=max(everybody.scrap, min(SCRAP_MOST, scrap + SCRAP_SPARE)) if scrap else everybody.scrap,
        quietest=min(everybody.quietest, max(QUIETEST_LEAST, softest - QUIETEST_SPARE)),
    )


def _alias(sample: Sample, commands: Commands, listen: str) -> str:
    """What the model heard in place of her phrase, if it can stand for it: at least one word of the phrase,
    nothing unknown, no other command, and never for a strict one."""
    heard = normalise(sample.heard)
    words = sample.heard.split()
    if UNKNOWN in words or commands.rule(sample.intent).strictness == "strict":
        return ""
    if commands.match(sample.phrase, listen) is None or not set(words) & set(sample.phrase.split()):
        return ""
    taken = any(commands.match(heard, name) for name in commands.sets()) or commands.may_continue(
        heard, listen
    )
    return "" if taken or len(words) < 2 else heard
