"""A night that is to be killed: each line of its input lets it go on by half a second and tell its place."""

from __future__ import annotations

import sys
from pathlib import Path

from voice.data import DATA
from voice.guide.load import load_guide
from voice.language.commands import Commands
from voice.runtime.dialogues import DialogueStage
from voice.runtime.journal import Journal
from voice.runtime.script import ScriptPart

part = ScriptPart.model_validate(
    {"about": "killed", "remember": {"choices": {"length": "short"}}, "script": []}
)
stage = DialogueStage(
    load_guide(), Commands.load(DATA / "locale" / "en"), part, Journal.open(Path(sys.argv[1]))
)
stage.hear("yes")
stage.hear("none")
for number, _ in enumerate(sys.stdin):
    stage.advance(0.5)
    if number == 40:
        stage.hear("ready")
    speech = stage.session().speech
    line, sentences = (speech.now.line, len(speech.now.sentences)) if speech.now else ("-", 0)
    elapsed = f"{stage.session().place.elapsed:.3f}"
    print(stage.session().step, line, speech.sentence, sentences, elapsed, flush=True)
