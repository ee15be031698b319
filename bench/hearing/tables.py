"""The results as figures and as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bench.figures import Figure
from bench.hearing import conditions, echo
from bench.hearing.jobs import Results
from bench.hearing.listeners import BARE, EAR, LISTED, NAIVE, PREVIOUS, SPHINX, sphinx_installed
from bench.hearing.narrated import LEVELS
from bench.hearing.recordings import CORE
from bench.hearing.scoring import Outcome, Tally, percentile, rate_interval, tally

TARGET_KINDS = ("pump", "crying", "water")
TARGET_NOISE = tuple(
    f"{kind} {ratio} dB" for kind in TARGET_KINDS for ratio in conditions.RATIOS if ratio >= 6
)
SILENT = "0.3; 0.46 with the model's look-ahead"
QUIETING = ("stop", "pause", "stay_silent")
"""Intents that only silence the guide: it waits for her, and nothing is lost."""
LISTENERS = (EAR, PREVIOUS, BARE, LISTED, NAIVE, SPHINX)


class Picked:
    """Outcomes by listener and condition. Core commands only, but for talk."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._cells: dict[tuple[str, str], list[Outcome]] = {}
        for outcome in outcomes:
            self._cells.setdefault((outcome.listener, outcome.condition), []).append(outcome)

    def of(self, listener: str, names: Iterable[str], core: str | None = None) -> list[Outcome]:
        return [
            outcome
            for name in names
            for outcome in self._cells.get((listener, name), ())
            if core is None or outcome.core == core
        ]

    def listeners(self) -> list[str]:
        """Those who took part, the ear first."""
        there = {listener for listener, _ in self._cells}
        return [listener for listener in LISTENERS if listener in there]

    def conditions(self) -> list[str]:
        """In the order they were run."""
        return list(dict.fromkeys(name for _, name in self._cells))


def figures(results: Results) -> list[Figure]:
    """The numbers with targets, and what else is one number."""
    picked = Picked(results.outcomes)
    found = []
    if (noisy := tally(picked.of(EAR, TARGET_NOISE))).clips:
        name = "core commands accepted, 6-24 dB, mean of pump, crying, water"
        found.append(Figure(name, noisy.text(), "%", "97", f"{noisy.clips} trials"))
        found.append(Figure("the same, wrong command", 100 * noisy.wrong / noisy.clips, "%", "1"))
    if (stops := tally(picked.of(EAR, ["echo +10 dB"], "stop"))).clips:
        name = "'stop' over the guide's voice 10 dB above hers"
        found.append(Figure(name, stops.text(), "%", "95", f"{stops.clips} trials"))
    return [*found, *false_accepts(results), *own_voice(results), *_times(picked), *_cpu(results)]


def false_accepts(results: Results) -> list[Figure]:
    """Commands taken from speech that was not meant for the guide."""
    talk = Picked(results.outcomes).of(EAR, [each.name for each in conditions.for_talk()])
    hours, false = sum(o.speech for o in talk) / 3600, sum(o.wrong for o in talk)
    if not hours:
        return []
    low, high = rate_interval(false, hours)
    note = f"{false} in {60 * hours:.0f} minutes of speech not meant for it ({low:.1f}-{high:.1f})"
    moving = sum(intent not in QUIETING for o in talk for intent in o.mistaken)
    low, high = rate_interval(moving, hours)
    rest = f"{moving} of them, the others only made the guide wait ({low:.1f}-{high:.1f})"
    return [
        Figure("false accepts", false / hours, "an hour", "0.5", note),
        Figure("false accepts but for stop, pause and silence", moving / hours, "an hour", "", rest),
    ]


def own_voice(results: Results) -> list[Figure]:
    found = []
    for over in LEVELS:
        runs = [run for run in results.narrated if run.over == over]
        hours, false = sum(r.seconds for r in runs) / 3600, sum(len(r.triggers) for r in runs)
        if hours:
            low, high = rate_interval(false, hours)
            lowered = sum(r.lowered for r in runs)
            note = (
                f"{false} in {60 * hours:.0f} minutes of narration ({low:.1f}-{high:.1f}); "
                f"the voice gave way to itself {lowered} times"
            )
            found.append(
                Figure(f"self-triggers, echo {echo.signed(over)} dB", false / hours, "an hour", "0", note)
            )
    return found


def _times(picked: Picked) -> list[Figure]:
    plain = picked.of(EAR, ["quiet", *TARGET_NOISE])
    echoes = picked.of(EAR, [each.name for each in echo.conditions() if each.over <= 10])
    lowered = [o.ducked for o in echoes if o.ducked is not None]
    waited = [o.waited for o in plain if o.waited is not None]
    silent = [o.silent for o in echoes if o.silent is not None]
    never = (
        [Figure("never 12 dB down", len(echoes) - len(lowered), f"of {len(echoes)}", "0")] if echoes else []
    )
    return [
        *_spread("end of the word to the decision, quiet and 6-24 dB", waited, ""),
        *_spread("end of the word to silence, over the voice up to +10 dB", silent, SILENT),
        *_spread("her first sound to 12 dB down, over the voice up to +10 dB", lowered, "0.1"),
        *never,
    ]


def _spread(name: str, values: Sequence[float], target: str) -> list[Figure]:
    if not values:
        return []
    note = f"{len(values)} times"
    return [
        Figure(f"{name}, median", percentile(values, 50), "s", "", note),
        Figure(f"{name}, p95", percentile(values, 95), "s", target, note),
    ]


def _cpu(results: Results) -> list[Figure]:
    mine = [o for o in results.outcomes if o.listener == EAR]
    sound = sum(o.sound for o in mine) + sum(run.seconds for run in results.narrated)
    cpu = sum(o.cpu for o in mine) + sum(run.cpu for run in results.narrated)
    note = f"canceller included, over {sound / 60:.0f} minutes"
    return [Figure("the ear, share of one core", cpu / sound, "", "0.10", note)] if sound else []


def overview(results: Results) -> str:
    """Acceptance by condition, everybody beside each other."""
    picked = Picked(results.outcomes)
    there = picked.listeners()
    talk = {each.name for each in conditions.for_talk()}
    head = [f"{name}{'' if name in there else ' (not installed)'}" for name in (*there, *_absent(there))]
    lines = [
        f"| core commands accepted, % | recordings | {' | '.join(head)} |",
        "|---" * (2 + len(head)) + "|",
    ]
    for name in picked.conditions():
        if name not in talk:
            cells = [_cell(picked, listener, [name]) for listener in there]
            lines.append(_line(name, tally(picked.of(EAR, [name])), [*cells, *["-"] * len(_absent(there))]))
    cells = [_cell(picked, listener, TARGET_NOISE) for listener in there]
    mean = tally(picked.of(EAR, TARGET_NOISE))
    lines.append(_line("**6-24 dB: pump, crying, water**", mean, [*cells, *["-"] * len(_absent(there))]))
    return "\n".join(lines)


def _absent(there: Sequence[str]) -> list[str]:
    return [] if SPHINX in there or sphinx_installed() else [SPHINX]


def _line(name: str, count: Tally, cells: Sequence[str]) -> str:
    return f"| {name} | {count.clips} | {' | '.join(cells)} |"


def _cell(picked: Picked, listener: str, names: Iterable[str]) -> str:
    count = tally(picked.of(listener, names))
    wrong = f", wrong {100 * count.wrong / count.clips:.0f}" if count.wrong else ""
    return (count.text() if listener == EAR else f"{100 * count.share:.0f}") + wrong if count.clips else "-"


def by_command(results: Results) -> str:
    """The ear by command and condition: taken of said, and the 95 % interval in percent."""
    picked = Picked(results.outcomes)
    talk = {each.name for each in conditions.for_talk()}
    lines = [f"| | {' | '.join(CORE)} |", "|---" * (1 + len(CORE)) + "|"]
    for name in picked.conditions():
        if name not in talk:
            counts = [tally(picked.of(EAR, [name], core)) for core in CORE]
            cells = [
                f"{c.right}/{c.clips} ({100 * c.interval[0]:.0f}-{100 * c.interval[1]:.0f})"
                if c.clips
                else "-"
                for c in counts
            ]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def cells(results: Results) -> list[dict[str, object]]:
    """Every count by listener, condition and command (empty: no command), for whoever wants to draw them."""
    picked = Picked(results.outcomes)
    found: list[dict[str, object]] = []
    for listener in picked.listeners():
        for name in picked.conditions():
            for core in (*CORE, None):
                group = [o for o in picked.of(listener, [name]) if o.core == core]
                if group:
                    count = tally(group)
                    low, high = (round(each, 4) for each in count.interval)
                    found.append(
                        {
                            "listener": listener,
                            "condition": name,
                            "command": core or "",
                            "recordings": count.clips,
                            "accepted": count.right,
                            "wrong": count.wrong,
                            "low": low,
                            "high": high,
                        }
                    )
    return found


def stages(results: Results) -> str:
    """The same recordings, one stage of difficulty after the other."""
    picked = Picked(results.outcomes)
    steps = [
        ("the model alone, in quiet: same phrases and decoys, exact match", BARE, ["quiet"]),
        ("with the policy (the whole ear), in quiet", EAR, ["quiet"]),
        ("the model alone, 6-24 dB of pump, crying, water", BARE, TARGET_NOISE),
        ("the ear, 6-24 dB of pump, crying, water", EAR, TARGET_NOISE),
        ("the model alone, the guide's voice 10 dB above hers", BARE, ["echo +10 dB"]),
        ("the ear (canceller, ducking), the guide's voice 10 dB above hers", EAR, ["echo +10 dB"]),
    ]
    lines = ["| stage | accepted, % | wrong command, % |", "|---|---|---|"]
    for name, listener, names in steps:
        count = tally(picked.of(listener, names))
        if count.clips:
            lines.append(f"| {name} | {count.text()} | {100 * count.wrong / count.clips:.0f} |")
    return "\n".join(lines)


def reasons(results: Results) -> str:
    """Why core commands were not taken, by kind of condition."""
    picked = Picked(results.outcomes)
    talk = {each.name for each in conditions.for_talk()}
    counted: dict[str, Counter[str]] = {}
    for name in picked.conditions():
        if name not in talk:
            for outcome in picked.of(EAR, [name]):
                if not outcome.right:
                    why = "another command" if outcome.wrong else (*outcome.reasons, "nothing heard")[0]
                    counted.setdefault(name, Counter())[why] += 1
    columns = sorted({why for counter in counted.values() for why in counter})
    if not columns:
        return "Every core command was taken."
    lines = [f"| not taken, because | {' | '.join(columns)} |", "|---" * (1 + len(columns)) + "|"]
    for name, counter in counted.items():
        lines.append(f"| {name} | {' | '.join(str(counter[why] or '-') for why in columns)} |")
    return "\n".join(lines)


def talk_table(results: Results) -> str:
    """False accepts an hour of speech, everybody beside each other."""
    picked = Picked(results.outcomes)
    there = picked.listeners()
    lines = [
        f"| false accepts an hour of speech | minutes | {' | '.join(there)} |",
        "|---" * (2 + len(there)) + "|",
    ]
    for each in conditions.for_talk():
        minutes = sum(o.speech for o in picked.of(EAR, [each.name])) / 60
        rates = [talk_rate(picked, listener, [each.name]) for listener in there]
        cells = ["-" if rate is None else f"{rate:.1f}" for rate in rates]
        lines.append(f"| {each.name} | {minutes:.0f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def mistaken_table(results: Results) -> str:
    """What the ear took speech for that was not meant for it."""
    picked = Picked(results.outcomes)
    names = [each.name for each in conditions.for_talk()]
    taken = {name: Counter(i for o in picked.of(EAR, [name]) for i in o.mistaken) for name in names}
    total = sum(taken.values(), Counter[str]())
    if not total:
        return "Nothing was taken for a command."
    lines = [f"| taken by the ear for | {' | '.join(names)} |", "|---" * (1 + len(names)) + "|"]
    for intent, _ in total.most_common():
        cells = (str(taken[name][intent] or "-") for name in names)
        lines.append(f"| {intent} | {' | '.join(cells)} |")
    return "\n".join(lines)


def talk_rate(picked: Picked, listener: str, names: Iterable[str]) -> float | None:
    """Commands taken from an hour of speech that held none; None when none was heard."""
    heard = picked.of(listener, names)
    hours = sum(o.speech for o in heard) / 3600
    return sum(o.wrong for o in heard) / hours if hours else None


def triggers(results: Results) -> str:
    """The sentences in which the ear took the guide's voice for hers."""
    found = [trigger for run in results.narrated for trigger in run.triggers]
    if not found:
        return "No sentence of the narration was taken for a command."
    lines = ["| sentence of the guide | taken for | echo over her voice, dB |", "|---|---|---|"]
    counted = Counter((trigger.sentence, trigger.intent, trigger.over) for trigger in found)
    lines += [f"| {sentence} | {intent} | {echo.signed(over)} |" for sentence, intent, over in counted]
    return "\n".join(lines)
