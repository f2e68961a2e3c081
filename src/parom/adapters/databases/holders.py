"""Who has a file open: by every process's descriptors, and by locks where those are closed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from parom.adapters.databases.locks import lockers_of
from parom.adapters.databases.suspects import has_log, suspect
from parom.facts import Process
from parom.masking import shown_command


def holders_of(database: Path, leave_out: frozenset[int]) -> tuple[Process, ...]:
    """Processes that have a SQLite database, its log or its index open; names do not matter.

    Processes of others that cannot be looked into, and may have it open, are among them: see
    `suspects`. Containers on the same machine are seen only from the machine itself.
    """
    beside = [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm")]
    wanted = set()
    for file in beside:
        with suppress(FileNotFoundError):  # whoever closes last takes the log away
            wanted.add(_identity(file.stat()))
    found, closed = set[int](), list[int]()
    for pid in psutil.pids() if wanted else ():
        if pid in leave_out:
            continue
        opened = _opened(pid)
        if opened is None:
            closed.append(pid)
        elif opened & wanted:
            found.add(pid)
    if closed:
        found |= lockers_of(beside) - leave_out
    held = [one for one in map(_described, sorted(found)) if one is not None]
    return (*held, *_suspects(database, set(closed) - found))


def those_with_open(database: Path, pids: Iterable[int]) -> tuple[int, ...]:
    """Which of these processes have the file itself open."""
    wanted = _identity(database.stat())
    return tuple(pid for pid in pids if wanted in (_opened(pid) or ()))


def _suspects(database: Path, closed: Iterable[int]) -> list[Process]:
    if not closed or not database.exists() or has_log(database):
        return []
    found = (suspect(pid, database, _started(pid)) for pid in sorted(closed))
    return [one for one in found if one is not None]


def _opened(pid: int) -> set[tuple[int, int]] | None:
    """The files that a process has open; None where that is closed to us."""
    opened = set()
    folder = f"/proc/{pid}/fd"
    # Plain strings: this is asked under the stop, of every descriptor of the machine.
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except PermissionError:
        return None
    except OSError:  # the process ended
        return set()
    for name in names:
        try:
            opened.add(_identity(os.stat(f"{folder}/{name}")))  # noqa: PTH116
        except OSError:  # closed meanwhile
            continue
    return opened


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _started(pid: int) -> float:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _described(pid: int) -> Process | None:
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            command = shown_command(process.cmdline())
            return Process(pid, process.name(), command, process.create_time())
    except psutil.NoSuchProcess:
        return None
