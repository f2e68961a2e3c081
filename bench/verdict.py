"""`python -m bench.verdict`: how often the verdict is wrong, and how soon it is right.

Watches are simulated with the noise of `bench/noise.py` and judged by the code that judges in
production, second by second; beside it, on the same answers, by the rule that most teams use: the
mean of the last minute above 1.5 times the mean before. Prints a table and one line a promise,
and writes `var/bench/verdict.json`. Seeded: the same figures each time.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.cells import CELLS, Cell
from bench.promises import Promise
from bench.tell import promises_table
from bench.watched import Found, watch

_BATCH = 50


@dataclass(frozen=True)
class Result:
    """One cell. Shares from 0 to 1, seconds from the beginning of the fault, grace included."""

    name: str
    watches: int
    found: float
    """The share of watches that ended in a rollback."""
    found_low: float
    found_high: float
    """Wilson's interval, 95 %."""
    median_s: float | None
    p90_s: float | None
    """Of those that were found; the median is None where less than half were."""
    lanes: dict[str, int]
    missing: int
    """Watches without a baseline."""
    mean_found: float
    mean_median_s: float | None
    """The same by the usual rule."""


def main() -> None:
    given = _arguments()
    began = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool:
        jobs = {cell: list(_jobs(pool, cell, given.watches)) for cell in CELLS}
        results = [
            result_of(cell, [one for job in jobs[cell] for one in job.result()]) for cell in CELLS
        ]
    found = promises({one.name: one for one in results})
    given.out.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "watches_a_cell": given.watches,
        "cells": [asdict(one) | {"result": asdict(result)} for one, result in _pairs(results)],
        "promises": [asdict(one) for one in found],
    }
    given.out.write_text(json.dumps(whole, indent=1, default=sorted), "utf-8")
    _tell(results, found)
    print(f"\n{time.monotonic() - began:.0f} s; all figures: {given.out}")


def _pairs(results: Sequence[Result]) -> Iterable[tuple[Cell, Result]]:
    return zip(CELLS, results, strict=True)


def _jobs(pool: Executor, cell: Cell, watches: int) -> Iterable[Future[list[Found]]]:
    for first in range(0, watches, _BATCH):
        yield pool.submit(watches_of, cell, first, min(first + _BATCH, watches))


def watches_of(cell: Cell, first: int, after: int) -> list[Found]:
    """The watches with these seeds."""
    return [watch(cell, seed) for seed in range(first, after)]


def result_of(cell: Cell, watches: Sequence[Found]) -> Result:
    """What many watches of a cell amount to."""
    times = sorted(one.verdict_s for one in watches if one.verdict_s is not None)
    means = [one.mean_s for one in watches if one.mean_s is not None]
    lanes = [one.lane for one in watches if one.lane is not None]
    low, high = _wilson(len(times), len(watches))
    return Result(
        name=cell.name,
        watches=len(watches),
        found=len(times) / len(watches),
        found_low=low,
        found_high=high,
        median_s=median(times) if 2 * len(times) > len(watches) else None,
        p90_s=times[int(0.9 * len(times))] if times else None,
        lanes={lane: lanes.count(lane) for lane in sorted(set(lanes) - {"missing"})},
        missing=lanes.count("missing"),
        mean_found=len(means) / len(watches),
        mean_median_s=median(means) if 2 * len(means) > len(watches) else None,
    )


def _wilson(found: int, of: int) -> tuple[float, float]:
    """The interval in which the true share lies with 95 % (E. B. Wilson, 1927)."""
    z, share = 1.96, found / of
    middle = share + z * z / (2 * of)
    around = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return max(0.0, (middle - around) / whole), (middle + around) / whole


def promises(results: dict[str, Result]) -> tuple[Promise, ...]:
    """What DESIGN says, "Verdict", and issue 4."""
    good, twice = results["unchanged"], results["2 times slower"]
    ten, failing = results["10 times slower"], results["every probe fails"]
    return (
        Promise(
            "false rollback, baseline of 300 s",
            f"{good.found:.2%} (95 %: {good.found_low:.2%} to {good.found_high:.2%})",
            "1 %",
            good.found <= 0.01,
        ),
        _found_within("2 times slower, median", twice, 240),
        _found_within("10 times slower, median", ten, 70),
        _found_within("failing probes, median", failing, 5),
    )


def _found_within(name: str, result: Result, limit_s: float) -> Promise:
    if result.median_s is None:
        return Promise(name, f"found in {result.found:.0%}", f"{limit_s} s", False)
    return Promise(name, f"{result.median_s:.1f} s", f"{limit_s} s", result.median_s <= limit_s)


def _tell(results: Sequence[Result], found: Sequence[Promise]) -> None:
    table = Table(title="What the verdict finds, and the mean of a minute beside it")
    for column in ("release", "rolled back", "median", "p90", "by", "mean rule", "median"):
        table.add_column(column, justify="left" if column in ("release", "by") else "right")
    for cell, one in _pairs(results):
        wrong = " wrongly" if cell.is_good else ""
        table.add_row(
            one.name,
            f"{one.found:.2%}{wrong}",
            *(_seconds(value) for value in (one.median_s, one.p90_s)),
            ", ".join(f"{lane} {times}" for lane, times in one.lanes.items()),
            f"{one.mean_found:.1%}{wrong}",
            _seconds(one.mean_median_s),
        )
    console = Console(width=120)
    console.print(table)
    console.print(promises_table(found))


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.verdict", description=__doc__)
    parser.add_argument("--watches", type=int, default=2000, help="of each cell")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=Path("var/bench/verdict.json"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
