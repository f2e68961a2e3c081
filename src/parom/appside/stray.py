"""A migration process that outlived the Parom which started it."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from parom.birth import living, read_birth, write_birth
from parom.errors import application as errors

_EVERY_S = 0.05
_LIMIT_S = 6 * 3600.0
_KILLED_S = 30.0


def note(pid: int, record: Path) -> None:
    """Write down a process that was just started, so that it can be known again."""
    write_birth(record, pid, record=str(record.resolve()))


def running(record: Path) -> bool:
    """Whether the process that `record` names still runs; absent means no."""
    return living(read_birth(record)) is not None


def end_stray(record: Path) -> None:
    """End the process that `record` names with all that it started; absent or ended is fine.

    For a database that is about to be replaced: nobody needs what it would still do. The
    record in a copy of an installation names the original's: that is waited for alone.
    """
    known = read_birth(record)
    if living(known) is not None:
        if known["record"] == str(record.resolve()):
            with suppress(ProcessLookupError):
                os.killpg(known["pid"], signal.SIGKILL)
        wait_for_stray(record, _KILLED_S)
    record.unlink(missing_ok=True)
    for half in (".answer", ".answer.partial"):
        record.with_suffix(half).unlink(missing_ok=True)


def wait_for_stray(record: Path, limit_s: float = _LIMIT_S) -> None:
    """Wait until the process that `record` names has ended; absent or ended is fine.

    Raises `application.migration-still-runs` where it goes on for longer than `limit_s`.
    """
    deadline, pause = time.monotonic() + limit_s, threading.Event()
    while running(record):
        if time.monotonic() > deadline:
            raise errors.migration_still_runs(read_birth(record).get("pid", 0), limit_s)
        pause.wait(_EVERY_S)
    record.unlink(missing_ok=True)
