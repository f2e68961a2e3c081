"""The live view on a terminal: steps with their times, progress, and what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from parom.cli.lines import detail_of, line_of
from parom.cli.spoken import words as spoken_words
from parom.engine import progress
from parom.journal.durations import usual_durations
from parom.journal.models import Run
from parom.journal.told import Told
from parom.plan.plan import Plan, phase_of
from parom.words.figures import marked
from parom.words.language import ENGLISH, Words
from parom.words.titles import doing, done

_QUIET = ("intent", "ok", "undo-intent", "undone", "engine", "started", "looked", "turned-back")
_TITLE_WIDTH = 48
_LINES_AROUND = 6
_MARKS = {"intent": "●", "ok": "✓", "failed": "✗",
          "undo-intent": "◐", "undone": "↩", "undo-failed": "✗"}  # fmt: skip
_STYLES = {
    "intent": "bold cyan",
    "ok": "green",
    "failed": "red",
    "undo-failed": "red",
    "undo-intent": "yellow",
    "undone": "yellow",
}


class View:
    """What is drawn, kept up to date by events."""

    def __init__(self, run: Run, state: Path, words: Words = ENGLISH) -> None:
        self._words = words
        self._plan, self._run = Plan.from_record(run.plan), run
        self._progress = state / "runs" / run.id / "progress.json"
        self._usual = usual_durations(run.kind, run.id)
        self._seen: dict[str, Told] = {}
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._back = ""
        self._failed: set[str] = set()

    def take(self, told: Told) -> None:
        if told.kind == "turned-back":
            say = self._words.say
            self._back = say("going back") if "error" in told.data else say("clearing up")
        if told.kind not in _MARKS:
            return
        if told.kind == "failed":
            self._failed.add(told.step)
        at = datetime.fromisoformat(told.at).timestamp()
        if told.kind in ("intent", "undo-intent"):
            self._began[told.step] = at
        else:
            self._took[told.step] = at - self._began.get(told.step, at)
        self._seen[told.step] = told

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        kind = self._words.say(self._plan.kind)
        yield Text(f"{kind}: {self._plan.described}", "bold", overflow="ellipsis")
        release = self._words.say("release {id}", id=self._plan.release_id)
        yield Text(release, "dim", overflow="ellipsis")
        room = console.size.height - _LINES_AROUND
        yield self._table(short=len(self._plan.steps) + len(self._phases()) > room)
        if left := self._left():
            yield left

    def _phases(self) -> dict[str, list[str]]:
        phases: dict[str, list[str]] = {}
        for step in self._plan.steps:
            phases.setdefault(phase_of(step), []).append(step)
        return phases

    def _table(self, *, short: bool) -> Table:
        """All steps by phase; on a low terminal only those of the phase that runs."""
        # As wide as the terminal, or what is too long in the last column would take from the first.
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=1)
        table.add_column(no_wrap=True, width=_TITLE_WIDTH)
        table.add_column(justify="right", no_wrap=True, width=8)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for phase, steps in self._phases().items():
            if self._back and not any(step in self._seen for step in steps):
                continue
            table.add_row("", Text(_phase(phase, self._words), "bold dim"), "", "")
            if short and not any(self._is_running(step) for step in steps):
                table.add_row(*self._summed(steps))
                continue
            for step in steps:
                if step in self._seen or not self._back:
                    table.add_row(*self._row(step))
        return table

    def _is_running(self, step: str) -> bool:
        told = self._seen.get(step)
        return told is not None and told.kind in ("intent", "undo-intent", "failed", "undo-failed")

    def _summed(self, steps: list[str]) -> tuple[RenderableType, ...]:
        begun = [step for step in steps if step in self._seen]
        took = sum(self._took.get(step, 0.0) for step in begun)
        if not begun:
            return Text("○", "dim"), Text(self._steps(len(steps)), "dim"), "", ""
        counted = Text(self._steps(len(begun)), "green")
        return Text("✓", "green"), counted, self._seconds(took), ""

    def _steps(self, number: int) -> str:
        return self._words.count("{number} step", "{number} steps", number)

    def _seconds(self, took: float) -> str:
        return self._words.say("{n} s", n=marked(self._words, f"{took:.1f}"))

    def _row(self, step: str) -> tuple[RenderableType, ...]:
        told = self._seen.get(step)
        if told is None:
            return Text("○", "dim"), Text(self._words.say(doing(step)), "dim"), "", ""
        style = _STYLES[told.kind]
        running = told.kind in ("intent", "undo-intent")
        took = time.time() - self._began[step] if running else self._took.get(step, 0.0)
        detail: RenderableType = Text(
            detail_of(step, told.data, self._words), "dim", overflow="ellipsis"
        )
        if running:
            detail = self._bar(step)
        mark, text = _MARKS[told.kind], _titled(told, self._words)
        if told.kind == "undone" and step in self._failed:
            what = self._words.say(doing(step))
            text = self._words.say("failed, and taken back: {what}", what=what)
            mark, style = "✗", "red"
        title = Text(text, style, overflow="ellipsis")
        return Text(mark, style), title, self._seconds(took), detail

    def _bar(self, step: str) -> RenderableType:
        now = progress.read(self._progress)
        if now.get("step") != step or not now.get("total"):
            return Text("")
        bar = ProgressBar(total=now["total"], completed=now["done"], width=12)
        grid = Table.grid(padding=(0, 1))
        grid.add_row(bar, f"{100 * now['done'] // now['total']} %")
        return grid

    def _left(self) -> Text:
        """What is left, from the last runs of the same kind; said to be unknown before that."""
        if self._back:
            return Text(f"↩ {self._back}", "yellow")
        waiting = [one for one in self._plan.steps if one not in self._took]
        if not waiting or not self._usual:
            unknown = self._words.say("how long it takes is known after a first run")
            return Text(unknown if waiting else "", "dim")
        running = next((one for one in waiting if one in self._began), "")
        spent = time.time() - self._began[running] if running else 0.0
        usual = sum(self._usual.get(one, 0.0) for one in waiting)
        left = max(0.0, usual - min(spent, self._usual.get(running, 0.0)))
        return Text(self._words.say("about {n} s left", n=f"{left:.0f}"), "dim")


def _phase(phase: str, words: Words) -> str:
    match phase:
        case "prepare":
            return words.say("prepare: the public notices nothing")
        case "cutover":
            return words.say("cutover: the public waits")
    return words.say("after: the public is in")


def _titled(told: Told, words: Words) -> str:
    match told.kind:
        case "undo-intent":
            return words.say("back: {what}", what=words.say(doing(told.step)))
        case "undone":
            return words.say("taken back: {what}", what=words.say(done(told.step)))
        case "ok":
            return words.say(done(told.step))
    return words.say(doing(told.step))


def show_live(run_id: str, state: Path, events: Iterator[Told]) -> None:
    """Draw until the events end; what must be read stays above the picture."""
    console = Console()
    run = Run.objects.get(id=run_id)
    words = spoken_words()
    view = View(run, state, words)
    with Live(view, console=console, refresh_per_second=8, transient=False) as live:
        for told in events:
            view.take(told)
            if told.kind not in _QUIET and (line := line_of(told, words)):
                live.console.print(line, highlight=False, markup=False)
        live.refresh()
