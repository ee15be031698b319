"""The command `lull`. Parses words and prints; every deed is elsewhere."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from voice import __version__
from voice.errors import LullError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A calm voice that guides you through warming, massage and relaxation. Offline, hands free.",
)


class ListeningSet(StrEnum):
    """Which commands `lull hear` listens for."""

    guiding = "guiding"
    question = "question"
    idle = "idle"
    all = "all"


@app.command()
def run(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Do not offer to carry on a session cut short.")
    ] = False,
    wait: Annotated[
        bool | None,
        typer.Option("--wait/--no-wait", help="Wait in silence for a start phrase, before and after each."),
    ] = None,
) -> None:
    """Guide a session by voice. Without a microphone: say so, and rehearse."""
    from voice.display.terminal import Captions
    from voice.runtime import live
    from voice.runtime.settings import load_settings

    with Captions() as captions:
        code = live.run(load_settings(options={"wait": wait}).settings, fresh, captions)
    raise typer.Exit(code)


@app.command()
def rehearse(
    script: Annotated[
        Path | None, typer.Argument(help="A rehearsal script; the built-in one when left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write what the room would hear to this WAV.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="As fast as the machine can, not in real time.")
    ] = False,
) -> None:
    """A recorded mother in a simulated room speaks to the real ear, and the real voice answers."""
    from voice.display.terminal import Captions
    from voice.runtime.rehearsal import rehearse_and_tell
    from voice.runtime.settings import load_settings

    with Captions() as captions:
        code = rehearse_and_tell(script, out, quick, load_settings().settings, captions)
    raise typer.Exit(code)


@app.command()
def talk() -> None:
    """The guide by typing: commands in, captions out."""
    from voice.runtime.console import talk as converse
    from voice.runtime.settings import load_settings

    raise typer.Exit(converse(load_settings().settings))


@app.command()
def hear(
    files: Annotated[list[Path], typer.Argument(help="Recordings: WAV or FLAC, any rate.")],
    listen: Annotated[ListeningSet, typer.Option(help="Which commands to listen for.")] = ListeningSet.all,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON line for each thing heard or rejected.")
    ] = False,
) -> None:
    """The real ear over recordings."""
    from voice.ear.files import Record, hear_file
    from voice.runtime.assembly import ear_maker
    from voice.runtime.settings import load_settings

    def show(record: Record) -> str:
        if as_json:
            return json.dumps(asdict(record), ensure_ascii=False)
        verdict = record.intent or f"rejected, {record.reason}"
        return f"{record.file}  {record.began:.2f}-{record.ended:.2f} s  {verdict}  ({record.text})"

    new_ear = ear_maker(load_settings().settings)
    failures = 0
    for file in files:
        try:
            for record in hear_file(file, new_ear, str(listen.value)):
                print(show(record), flush=True)
        except LullError as error:
            print(error, file=sys.stderr)
            failures += 1
    raise typer.Exit(LullError.exit_code if failures else 0)


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What to say.")],
    out: Annotated[Path, typer.Option(help="The WAV or FLAC file to write.")],
    rate: Annotated[float, typer.Option(min=0.5, max=2.0, help="Pace; 0.8 is slower.")] = 1.0,
) -> None:
    """Speak a text into a file with the voice of the guide."""
    from voice.runtime.assembly import say_to_file
    from voice.runtime.settings import load_settings

    print(say_to_file(text, out, rate, load_settings().settings))


@app.command()
def replay(
    journal: Annotated[Path | None, typer.Argument(help="A journal file; her own when left out.")] = None,
) -> None:
    """Play a journal through the guide again, without sound; says where it would differ today."""
    from voice.runtime.replay import replay as play_again
    from voice.runtime.settings import load_settings

    chosen = load_settings().settings
    path = journal or chosen.journal_path()
    raise typer.Exit(play_again(path, print, chosen.locale, chosen.country))


@app.command()
def history(
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    chart: Annotated[Path | None, typer.Option(help="Draw what you told, as an SVG file.")] = None,
) -> None:
    """Past sessions: when, how long, how they ended, and the amounts you told."""
    from voice.chart import write_chart
    from voice.runtime.history import history as past_sessions
    from voice.runtime.settings import load_settings
    from voice.tables import history_csv, print_history

    path = load_settings().settings.journal_path()
    past = past_sessions(path) if path.exists() else []
    if chart is not None:
        print(write_chart(past, chart))
    elif as_csv:
        print(history_csv(past), end="")
    else:
        print_history(past)


@app.command()
def settings() -> None:
    """The settings in force and where each comes from."""
    from voice.runtime.settings import load_settings
    from voice.runtime.voice_file import described
    from voice.tables import print_settings

    effective = load_settings()
    print_settings(effective)
    print(f"Your voice: {described(effective.settings.voice_path())}.")


@app.command()
def doctor() -> None:
    """What works on this machine, and what to do about the rest."""
    from voice.runtime.doctor import examine
    from voice.runtime.settings import load_settings
    from voice.tables import print_findings

    findings = examine(load_settings().settings)
    print_findings(findings)
    raise typer.Exit(1 if any(finding.state == "trouble" for finding in findings) else 0)


@app.command()
def check(
    learn: Annotated[
        bool, typer.Option("--learn", help="Say eight commands, so that it fits your voice; asks first.")
    ] = False,
) -> None:
    """Microphone and room by ear: plays, listens, reports level, noise and delay, asks for a word."""
    from voice.runtime.learning import consent, learn_voice
    from voice.runtime.roomcheck import check_room
    from voice.runtime.settings import load_settings

    chosen = load_settings().settings
    if not learn:
        raise typer.Exit(check_room(chosen, print))
    if not typer.confirm(consent(chosen)):
        print("Nothing was kept.")
        raise typer.Exit(1)
    raise typer.Exit(learn_voice(chosen, print))


@app.command(name="forget-voice")
def forget_voice() -> None:
    """Delete what `check --learn` kept of your voice."""
    from voice.runtime.settings import load_settings
    from voice.runtime.voice_file import forget_voice as forget

    print(forget(load_settings().settings.voice_path()))


@app.command()
def ghosts() -> None:
    """Lets the ear listen to every sentence of the guide; lists those in which it hears a command."""
    from voice.runtime.ghosthunt import hunt, told
    from voice.runtime.settings import load_settings

    for line in told(hunt(load_settings().settings, print)):
        print(line)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lull {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A calm voice that guides you through warming, massage and relaxation. Offline, hands free."""


def main() -> None:
    """Run the command; a LullError becomes one sentence and its exit code, Ctrl-C a quiet end."""
    try:
        app()
    except LullError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
