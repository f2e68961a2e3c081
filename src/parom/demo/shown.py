"""What the demonstration says on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from parom.demo.crossing import Crossing
from parom.demo.tally import Writes
from parom.words.figures import marked
from parom.words.language import Words


def show(words: Words, top: Path, first: Crossing, second: Crossing, found: Writes) -> None:
    """Both crossings side by side, where each write is, and where to read on."""
    table = Table(title=words.say("What the clients saw"))
    for column in ("", "r1 → r2", words.say("r2 → r3 and back")):
        table.add_column(column, justify="right" if column else "left")
    for row in _rows(words, first, second):
        table.add_row(*row)
    console = Console()
    console.print(table)
    told = words.say(
        "writes acknowledged {all}: in the database {present}, in quarantine {apart}, lost {lost}",
        all=found.acknowledged,
        present=found.present,
        apart=found.quarantined,
        lost=len(found.lost),
    )
    console.print(told, highlight=False)
    for report in (first.report, second.report):
        console.print(words.say("report: {path}", path=report), soft_wrap=True)
    console.print(words.say("summary: {path}", path=top / "summary.json"), soft_wrap=True)
    console.print(words.say("All that was started has ended."))


def _rows(words: Words, first: Crossing, second: Crossing) -> Iterator[tuple[str, str, str]]:
    def seconds(value: float) -> str:
        return words.say("{n} s", n=marked(words, str(value)))

    def row(title: str, shown: Callable[[Crossing], str]) -> tuple[str, str, str]:
        return title, shown(first), shown(second)

    yield row(words.say("outcome"), lambda one: words.say(one.outcome))
    yield row(words.say("stop, predicted"), lambda one: seconds(one.predicted_stop_s))
    yield row(words.say("stop, actual"), lambda one: seconds(one.actual_stop_s))
    yield row(words.say("return"), lambda one: seconds(one.rollback_s) if one.rollback_s else "-")
    yield row(words.say("requests meanwhile"), lambda one: str(one.requests.total))
    yield row(words.say("failed requests"), lambda one: str(one.requests.failed))
    yield row(words.say("clean 503"), lambda one: str(one.requests.refused))
    yield row(words.say("longest wait"), lambda one: seconds(one.requests.longest_wait_s))
