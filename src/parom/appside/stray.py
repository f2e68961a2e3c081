"""A migration process that outlived the Parom which started it."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

from parom.durable import write_atomically
from parom.errors import application as errors

_EVERY_S = 0.05
_LIMIT_S = 6 * 3600.0
_KILLED_S = 30.0
_SAME_START_S = 2.0
"""psutil reckons a start from the boot time, which moves when the clock is set."""


def note(pid: int, record: Path) -> None:
    """Write down a process that was just started, so that it can be known again."""
    mark = {"pid": pid, "started": psutil.Process(pid).create_time()}
    write_atomically(record, json.dumps(mark).encode(), 0o600)


def running(record: Path) -> bool:
    """Whether the process that `record` names still runs; absent means no."""
    try:
        mark = json.loads(record.read_text(encoding="utf-8"))
        process = psutil.Process(mark["pid"])
        same = abs(process.create_time() - mark["started"]) < _SAME_START_S
        # Nobody may collect an orphan (a container without an init); it has ended all the same.
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, psutil.NoSuchProcess):
        return False


def end_stray(record: Path) -> None:
    """End the process that `record` names with all that it started; absent or ended is fine.

    For a database that is about to be replaced: nobody needs what it would still do.
    """
    if running(record):
        mark = json.loads(record.read_text(encoding="utf-8"))
        with suppress(ProcessLookupError):
            os.killpg(mark["pid"], signal.SIGKILL)
        wait_for_stray(record, _KILLED_S)
    record.unlink(missing_ok=True)
    record.with_suffix(".answer").unlink(missing_ok=True)


def wait_for_stray(record: Path, limit_s: float = _LIMIT_S) -> None:
    """Wait until the process that `record` names has ended; absent or ended is fine.

    Raises `application.migration-still-runs` where it goes on for longer than `limit_s`.
    """
    deadline, pause = time.monotonic() + limit_s, threading.Event()
    while running(record):
        if time.monotonic() > deadline:
            mark = json.loads(record.read_text(encoding="utf-8"))
            raise errors.migration_still_runs(mark["pid"], limit_s)
        pause.wait(_EVERY_S)
    record.unlink(missing_ok=True)
