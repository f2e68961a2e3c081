"""Processes of an installation, by /proc alone; part of the independent checker."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def nothing_runs(top: Path) -> list[str]:
    """Processes that still belong to an installation which was shut down."""
    left = [f"{pid}: {command}" for pid, command in belonging(top)]
    return [f"still runs: {one}" for one in left]


def belonging(top: Path) -> Iterator[tuple[int, str]]:
    """Living processes that work in the folder, name it, or were started for it."""
    mark_file = next(top.glob("*/.parom/supervisor/mark"), None)
    mark = b"PAROM_SUPERVISED=" + (mark_file.read_bytes() if mark_file else b"?")
    folder = os.fsencode(top)
    for process in Path("/proc").iterdir():
        name = process.name
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            command = (process / "cmdline").read_bytes()
            place = os.fsencode((process / "cwd").readlink())
            environ = (process / "environ").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        inside = place == folder or place.startswith(folder + b"/") or folder + b"/" in command
        if state != "Z" and (inside or mark in environ.split(b"\0")):
            yield int(name), command.replace(b"\0", b" ").decode("utf-8", "replace").strip()


def is_child_of_gunicorn(pid: int) -> bool:
    try:
        parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
        return b"gunicorn" in Path(f"/proc/{parent}/cmdline").read_bytes()
    except OSError:
        return True  # it ended meanwhile


def can_lock(file: Path) -> bool:
    if not file.exists():
        return True
    with file.open("r+") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
