"""Who has a file open, by looking at every process's descriptors."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import psutil

from parom.facts import Process


def holders_of(files: Iterable[Path], leave_out: frozenset[int]) -> tuple[Process, ...]:
    """Processes that have one of `files` open, by device and inode; names do not matter."""
    wanted = {_identity(file.stat()) for file in files if file.exists()}
    found = []
    for pid in psutil.pids():
        if pid in leave_out:
            continue
        if _opened(pid) & wanted:
            process = _described(pid)
            if process is not None:
                found.append(process)
    return tuple(found)


def _opened(pid: int) -> set[tuple[int, int]]:
    opened = set()
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names only, of a folder that may vanish
    except OSError:  # the process ended, or belongs to another user
        return set()
    for name in names:
        try:
            opened.add(_identity(Path(folder, name).stat()))
        except OSError:  # closed meanwhile
            continue
    return opened


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _described(pid: int) -> Process | None:
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            command = " ".join(process.cmdline())[:200]
            return Process(pid, process.name(), command, process.create_time())
    except psutil.NoSuchProcess:
        return None
