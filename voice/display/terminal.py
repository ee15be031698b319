"""Live captions and the remaining time in the terminal; plain lines where there is no terminal."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from voice.runtime.view import View

_CALM = "rgb(180,160,200)"
_DIM = "grey58"


def clock_text(seconds: float | None) -> str:
    """Minutes and seconds as m:ss; empty where no timer runs."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _heading(view: View) -> Table:
    heading = Table.grid(expand=True)
    heading.add_column()
    heading.add_column(justify="right")
    place = f"{view.phase}  {view.step_number} of {view.step_count}" if view.step_count else view.mode
    heading.add_row(Text(place, style=_DIM), Text(clock_text(view.whole_remaining), style=_DIM))
    return heading


def picture_of(view: View, heard: str, step_seconds: float | None) -> Panel:
    """One calm panel: phase and place, the line now spoken, the step's time, what is being listened for."""
    parts: list[Text | Table | ProgressBar] = [
        _heading(view),
        Text(view.caption or " ", style="bold", justify="center"),
    ]
    if view.remaining is not None and step_seconds:
        parts.append(
            ProgressBar(total=step_seconds, completed=step_seconds - view.remaining, complete_style=_CALM)
        )
        parts.append(Text(f"{clock_text(view.remaining)} in this step", style=_DIM, justify="center"))
    if heard:
        parts.append(Text(f"heard: {heard}", style=_DIM))
    title = "paused" if view.mode == "paused" else view.step.replace("_", " ")
    return Panel(Group(*parts), title=title or "Lull", border_style=_CALM, padding=(1, 2))


class Captions:
    """A display for the loop: call it with each View. Use as a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._live = Live(console=self._console, refresh_per_second=4, transient=False)
        self._heard = ""
        self._last = ""
        self._step = ("", 0.0)

    def __enter__(self) -> Captions:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def heard(self, text: str) -> None:
        """Show what the ear understood."""
        self._heard = text
        if not self._console.is_terminal:
            self._console.print(f"   she: {text}", markup=False, highlight=False)

    def notice(self, text: str) -> None:
        """Show one line of the program's own, such as a device that went away."""
        self._console.print(text, style=_DIM, markup=False, highlight=False)

    def __call__(self, view: View) -> None:
        """Show the view: redrawn in a terminal, else one plain line for each new caption."""
        if self._console.is_terminal:
            self._live.update(picture_of(view, self._heard, self._step_seconds(view)))
        elif view.caption and view.caption != self._last:
            left = clock_text(view.whole_remaining)
            self._console.print(f"{left:>6}  {view.caption}", markup=False, highlight=False)
        self._last = view.caption

    def _step_seconds(self, view: View) -> float | None:
        if view.remaining is None:
            return None
        name, longest = self._step
        longest = max(longest, view.remaining) if name == view.step else view.remaining
        self._step = (view.step, longest)
        return longest
