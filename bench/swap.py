"""How long the database's return takes, by itself, at any size."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.databases.sqlite import SQLiteDatabase

_TIMES = 9


@dataclass(frozen=True)
class Swap:
    """Seconds that making the snapshot the live database took."""

    size_bytes: int
    median_s: float
    worst_s: float


def measure_swap(database: Path, scratch: Path) -> Swap:
    """On a copy of `database`: snapshot it, change it, and return to the snapshot, repeatedly."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    live = scratch / "db.sqlite3"
    shutil.copyfile(database, live)
    adapter = SQLiteDatabase(live, scratch / "databases")
    adapter.make_ready()
    adapter.snapshot("before")
    with sqlite3.connect(live) as connection:
        connection.execute("CREATE TABLE newer (id INTEGER PRIMARY KEY)")
    connection.close()
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        adapter.swap_in("before")
        times.append(time.perf_counter() - began)
        adapter.swap_back("before")
    size = live.stat().st_size
    shutil.rmtree(scratch)
    return Swap(size, statistics.median(times), max(times))
