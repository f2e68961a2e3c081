"""The results on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.promises import Promise
from bench.seen import DEFINITIONS

_VERDICTS = {True: "reached", False: "MISSED", None: "NOT MEASURED"}


def tell(results: dict[str, Any], found: Sequence[Promise]) -> None:
    """Both plans side by side, then every promise with its figure and whether it is reached."""
    console = Console()
    data = results["data"]
    console.print(
        f"\nHR Helper r1 -> r2, {data['size_bytes'] / 1e6:.0f} MB in {data['rows']} rows, "
        f"{data['rate']:g} requests/s, on {data['processors']} processors"
    )
    console.print(_crossings(results["shell"], results["parom"]))
    console.print(_steps("What the stop was made of, shell", results["shell"]["over"]["steps"]))
    console.print(_steps("What the crossing was made of, Parom", results["parom"]["over"]["steps"]))
    console.print(promises_table(found))
    for name, meaning in DEFINITIONS.items():
        console.print(f"{name}: {meaning}", style="dim", highlight=False)


def _crossings(shell: dict[str, Any], parom: dict[str, Any]) -> Table:
    table = Table(title="What the clients saw")
    for column in ("", "shell over", "Parom over", "shell back", "Parom back"):
        table.add_column(column, justify="right" if column else "left")
    spans = (shell["over"], parom["over"], shell["back"], parom["back"])
    for title, key, unit in (
        ("requests", "requests", ""),
        ("failed", "failed", ""),
        ("clean 503", "refused_503", ""),
        ("downtime", "downtime_s", " s"),
        ("not answered quickly", "not_quick_s", " s"),
        ("longest wait", "longest_wait_s", " s"),
        ("the command took", "seconds", " s"),
    ):
        table.add_row(title, *(f"{round(one[key], 2)}{unit}" for one in spans))
    lost = (shell["writes_over"], parom["writes_over"], shell["writes"], parom["writes"])
    table.add_row("acknowledged writes lost", *(str(one["lost"]) for one in lost))
    table.add_row("... set aside and listed", *(str(one["listed"]) for one in lost))
    memory = [one.get("peak_memory_bytes", 0) for one in spans]
    table.add_row("peak memory of Parom", *(f"{n / 1e6:.0f} MB" if n else "-" for n in memory))
    speed = parom["over"]["backup_mb_per_s"]
    table.add_row("backup under load", "-", f"{speed:.0f} MB/s", "-", "-")
    return table


def _steps(title: str, steps: dict[str, float]) -> str:
    return f"{title}: " + ", ".join(f"{name} {took:.2f}" for name, took in steps.items()) + " s"


def promises_table(found: Sequence[Promise]) -> Table:
    """One line a promise."""
    table = Table(title="What was promised")
    for column in ("", "figure", "at most", ""):
        table.add_column(column)
    for one in found:
        verdict = _VERDICTS[one.reached]
        style = "green" if one.reached else "bold red"
        table.add_row(one.name, one.figure, one.limit, f"[{style}]{verdict}[/]")
    return table
