"""A whole standard night on the virtual clock, and the live parts' memory while guiding.

The night is the dialogue `standard_alone_to_the_end`: real language, real guide, real loop, no sound.
"""

from __future__ import annotations

import time
from pathlib import Path

from bench.figures import Figure, median_and_p95, write
from voice.data import DATA
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.runtime.dialogues import DialogueStage, set_out
from voice.runtime.performance import perform
from voice.runtime.script import read_script

NIGHT = Path(__file__).parent.parent / "tests" / "dialogues" / "standard_alone_to_the_end.yaml"
RUNS = 5


def one_night() -> tuple[float, float]:
    """Seconds of session and seconds of CPU it took, set-up of the parts left out. Raises LullError."""
    guide, commands = load_guide(), Commands.load(DATA / "locale" / "en")
    script = read_script(NIGHT)
    stage = DialogueStage(guide, commands, script.part)
    began = time.process_time()
    set_out(script, stage)
    missed = [str(outcome) for outcome in perform(script, stage) if not outcome.held]
    if missed:
        raise LullError(f"The night did not go as written: {missed[0]}")
    return stage.now(), time.process_time() - began


def main() -> None:
    """Run the night several times and write the figures."""
    nights = [one_night() for _ in range(RUNS)]
    length = nights[0][0]
    median, p95 = median_and_p95([cpu for _, cpu in nights])
    figures = [
        Figure("length of the night", length / 60, "minutes"),
        Figure(
            "CPU for the whole night, median",
            median,
            "s",
            "1",
            f"{RUNS} runs; {length / median:.0f} x real time",
        ),
        Figure("CPU for the whole night, p95", p95, "s", "1"),
        Figure("CPU for 40 minutes of session", 2400 * median / length, "s", "1", "scaled from the night"),
    ]
    print(write("session", "A whole night on the virtual clock", figures))


if __name__ == "__main__":
    main()
