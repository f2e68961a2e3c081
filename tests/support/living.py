"""Trees in which living processes write, and processes that may end at any moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil


def contents_below(top: Path) -> Iterator[tuple[Path, bytes]]:
    """All files below `top` with what they hold, links left out.

    What is gone when its turn comes holds nothing any more: living processes replace their
    files, and SQLite takes its log away with the last connection.
    """
    for folder, _folders, names in os.walk(top):
        for name in names:
            file = Path(folder, name)
            if not file.is_file() or file.is_symlink():
                continue
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                continue
            yield file, content


def has_ended(process: psutil.Process) -> bool:
    """Whether it can do nothing any more; somebody may still have to collect it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def is_gone(pid: int) -> bool:
    """The same of a process that is known by its number alone."""
    try:
        return has_ended(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return True
