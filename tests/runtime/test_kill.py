"""After kill -9 at any moment the next run knows the step, the sentence and the time of the step."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import voice
from voice.data import DATA
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.runtime.dialogues import DialogueStage
from voice.runtime.journal import Journal
from voice.runtime.script import ScriptPart

CHILD = Path(__file__).parent / "killed_night.py"
NOTHING = ScriptPart.model_validate({"about": "after", "script": []})


def killed_after(steps: int, journal: Path) -> list[str]:
    """Run the night for about `steps` half seconds and kill it while it works; what it had printed."""
    child = subprocess.Popen(
        [sys.executable, str(CHILD), str(journal)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        env={**os.environ, "PYTHONPATH": str(Path(voice.__file__).parents[1])},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    printed = []
    for _ in range(steps):
        child.stdin.write("\n")
        printed.append(child.stdout.readline().strip())
    child.stdin.write("\n" * 3)
    child.stdin.flush()
    threading.Event().wait(random.uniform(0.0, 0.004))
    child.kill()
    printed += [line.strip() for line in child.stdout]
    child.wait()
    assert all(printed), "the night must not end by itself"
    return printed


@pytest.mark.parametrize("steps", random.Random(7).sample(range(4, 400), 5))
def test_a_killed_night_goes_on_from_its_sentence(steps: int, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    printed = [line.split() for line in killed_after(steps, path)]
    near = [(step, line, int(number)) for step, line, number, *_ in printed[-2:]]
    last_ones = {(line, int(count) - 1) for _, line, _, count, _ in printed[-2:]}
    times = [float(elapsed) for *_, elapsed in printed[-2:]]

    guide, commands = load_guide(), Commands.load(DATA / "locale" / "en")
    journal = Journal.open(path)
    assert journal.take_notices() == []
    stage = DialogueStage(guide, commands, NOTHING, journal)
    stage.advance(1.0)
    offered = stage.witness.said[-1]
    assert offered.say.line == "carry_on_offer"
    stage.hear("yes")
    assert stage.session().step in {step for step, _, _ in near}
    assert stage.session().place.elapsed <= times[-1] + 2.0
    said_until = len(stage.witness.said)
    stage.advance(8.0)
    begun = [(said.say.line, said.say.first) for said in stage.witness.said[said_until - 1 :]]
    cut = {(line, number) for _, line, number in near if line != "-" and not line.startswith("ok_")}
    after = [(line, first) for line, first in begun if line != "ok_resume"]
    if len(cut) == 1 and len({line for _, line, _ in near}) == 1:
        if after:
            assert after[0] in {(line, number + ahead) for line, number in cut for ahead in (0, 1)}
        else:  # it was killed as the line ended: only then may nothing be left to say
            assert cut <= last_ones
