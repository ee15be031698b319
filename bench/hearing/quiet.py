"""What the ear makes of recordings as they are, phrase by phrase, as `lull hear` hears them.

Each is heard with the set of commands in which its phrase is live; what is no command, with `guiding`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Figure, median_and_p95
from bench.hearing.recordings import Clip
from bench.hearing.scoring import rate_interval, wilson
from voice.ear.ear import Ear
from voice.ear.files import Record, hear_file
from voice.ear.sources import read_sound

KINDS = (("voices", "synthetic voices, command phrases"), ("real", "real people"))


@dataclass(frozen=True)
class Outcome:
    """What the ear made of a clip; times in seconds."""

    clip: Clip
    records: tuple[Record, ...]
    seconds: float
    cpu: float

    @property
    def accepted(self) -> list[Record]:
        return [record for record in self.records if record.intent is not None]

    @property
    def right(self) -> bool:
        return any(record.intent == self.clip.intent for record in self.accepted)

    @property
    def wrong(self) -> int:
        return sum(record.intent != self.clip.intent for record in self.accepted)


def hear(clip: Clip, ear: Ear) -> Outcome:
    """Run the real ear over one clip."""
    samples, rate = read_sound(clip.path)
    began = time.process_time()
    records = tuple(hear_file(clip.path, lambda: ear, clip.listen))
    return Outcome(clip, records, len(samples) / rate, time.process_time() - began)


def _share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{100 * hits / max(total, 1):.0f} % of {total} ({100 * low:.0f}-{100 * high:.0f})"


def rows(outcomes: Sequence[Outcome]) -> str:
    """A Markdown table by phrase, commands first, then what is no command by kind."""
    table = [
        "| said | recordings | accepted | as another command | rejected or missed |",
        "|---|---|---|---|---|",
    ]
    by_phrase: dict[tuple[bool, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        clip = outcome.clip
        name = clip.phrase if clip.intent or clip.kind == "voices" else clip.kind
        by_phrase.setdefault((clip.intent is None, clip.kind, name), []).append(outcome)
    for (no_command, kind, name), group in sorted(by_phrase.items()):
        right, wrong = sum(o.right for o in group), sum(bool(o.wrong) for o in group)
        accepted = "-" if no_command else str(right)
        missed = len(group) - wrong - (0 if no_command else right)
        table.append(f"| {name} | {len(group)} {kind} | {accepted} | {wrong} | {max(0, missed)} |")
    return "\n".join(table)


def figures(outcomes: Sequence[Outcome]) -> list[Figure]:
    """Shares and rates over all clips."""
    found: list[Figure] = []
    for kind, label in KINDS:
        group = [o for o in outcomes if o.clip.kind == kind and o.clip.intent]
        if group:
            said = ", ".join(sorted({o.clip.phrase for o in group})) if kind == "real" else "all phrases"
            right = _share(sum(o.right for o in group), len(group))
            wrong = _share(sum(bool(o.wrong) for o in group), len(group))
            found.append(Figure(f"in quiet, accepted: {label}", right, "", "", f"95 % interval; {said}"))
            found.append(Figure(f"in quiet, wrong command: {label}", wrong, ""))
    for kind in dict.fromkeys(o.clip.kind for o in outcomes):
        group = [o for o in outcomes if o.clip.kind == kind and not o.clip.intent]
        if group:
            hours, false = sum(o.seconds for o in group) / 3600, sum(o.wrong for o in group)
            low, high = rate_interval(false, hours)
            note = f"{false} in {hours * 60:.1f} minutes, {len(group)} recordings ({low:.1f}-{high:.1f})"
            found.append(Figure(f"in quiet, false accepts: {kind}", false / hours, "an hour", "", note))
    waits = [
        r.decided - r.ended for o in outcomes if o.right for r in o.accepted if r.intent == o.clip.intent
    ]
    if waits:
        median, p95 = median_and_p95(waits)
        note = "the end as the recogniser has it"
        found.append(Figure("in quiet, end of the word to the decision, median", median, "s", "", note))
        found.append(Figure("in quiet, end of the word to the decision, p95", p95, "s", "", note))
    return found
