"""The live view on a terminal: steps with their times, progress, and what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from parom.cli.durations import usual_durations
from parom.cli.lines import detail_of, line_of, title
from parom.cli.told import Told
from parom.engine import progress
from parom.journal.models import Run
from parom.plan.plan import Plan

_QUIET = ("intent", "ok", "undo-intent", "undone", "engine", "started", "looked")
_MARKS = {"intent": "●", "ok": "✓", "failed": "✗", "undo-intent": "◐", "undone": "↩"}
_STYLES = {
    "intent": "bold cyan",
    "ok": "green",
    "failed": "red",
    "undo-intent": "yellow",
    "undone": "yellow",
}


class View:
    """What is drawn, kept up to date by events."""

    def __init__(self, run: Run, state: Path) -> None:
        self._plan, self._run = Plan.from_record(run.plan), run
        self._progress = state / "runs" / run.id / "progress.json"
        self._usual = usual_durations(run.kind, run.id)
        self._seen: dict[str, Told] = {}
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}

    def take(self, told: Told) -> None:
        if told.kind not in _MARKS:
            return
        at = datetime.fromisoformat(told.at).timestamp()
        if told.kind in ("intent", "undo-intent"):
            self._began[told.step] = at
        else:
            self._took[told.step] = at - self._began.get(told.step, at)
        self._seen[told.step] = told

    def __rich__(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        for column in ("mark", "step", "time", "detail"):
            table.add_column(column, justify="right" if column == "time" else "left")
        for step in self._plan.steps:
            table.add_row(*self._row(step))
        head = Text(f"{self._plan.kind}: {self._plan.described} → {self._plan.release_id}", "bold")
        return Group(head, table, self._left())

    def _row(self, step: str) -> tuple[RenderableType, ...]:
        told = self._seen.get(step)
        if told is None:
            return Text("○", "dim"), Text(title(step), "dim"), "", ""
        style = _STYLES[told.kind]
        running = told.kind in ("intent", "undo-intent")
        took = time.time() - self._began[step] if running else self._took.get(step, 0.0)
        detail: RenderableType = Text(detail_of(step, told.data), "dim")
        if running:
            detail = self._bar(step)
        return Text(_MARKS[told.kind], style), Text(title(step), style), f"{took:.1f} s", detail

    def _bar(self, step: str) -> RenderableType:
        now = progress.read(self._progress)
        if now.get("step") != step or not now.get("total"):
            return Text("")
        bar = ProgressBar(total=now["total"], completed=now["done"], width=24)
        grid = Table.grid(padding=(0, 1))
        grid.add_row(bar, f"{100 * now['done'] // now['total']} %")
        return grid

    def _left(self) -> RenderableType:
        """What is left, from the last runs of the same kind; said to be unknown before that."""
        waiting = [one for one in self._plan.steps if one not in self._took]
        if not waiting or not self._usual:
            return Text("time left: unknown until a first run" if waiting else "", "dim")
        running = next((one for one in waiting if one in self._began), "")
        spent = time.time() - self._began[running] if running else 0.0
        usual = sum(self._usual.get(one, 0.0) for one in waiting)
        left = max(0.0, usual - min(spent, self._usual.get(running, 0.0)))
        return Text(f"about {left:.0f} s left", "dim")


def show_live(run_id: str, state: Path, events: Iterator[Told]) -> None:
    """Draw until the events end; what must be read stays above the picture."""
    console = Console()
    run = Run.objects.get(id=run_id)
    view = View(run, state)
    with Live(view, console=console, refresh_per_second=8, transient=False) as live:
        for told in events:
            view.take(told)
            if told.kind not in _QUIET and (line := line_of(told)):
                live.console.print(line, highlight=False, markup=False)
        live.refresh()
