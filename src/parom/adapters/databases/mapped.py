"""Checks a large copy of a database while it is mapped into memory, as a process of its own.

    python -P -m parom.adapters.databases.mapped PARENT COPY thorough|quick

SQLite otherwise reads every page by a call to the kernel: for a gigabyte a quarter of a
million of them, three quarters of the time of the check. A disk that fails under a mapping
ends the process, and here that process is not Parom's own.
"""

from __future__ import annotations

import ctypes
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from parom.adapters.databases.counting import found_in
from parom.adapters.databases.opening import standing_still
from parom.environment import clean_environment
from parom.errors import database as errors
from parom.facts import TableCount
from parom.parent import end_with
from parom.words.said import said

_MADV_DONTNEED = 4
_LARGE = 64 << 20
_NICE = 10
_EVERY_S = 0.002
"""At five gigabytes a second so much is looked at as one would not notice."""


def is_large(copy: Path) -> bool:
    """Whether a process of its own is worth its start."""
    return copy.exists() and copy.stat().st_size >= _LARGE


def checked_apart(copy: Path, *, thorough: bool) -> tuple[TableCount, ...]:
    """As `counting.checked`, in another process."""
    with checking_apart(copy, thorough=thorough) as found:
        return found()


@contextmanager
def checking_apart(copy: Path, *, thorough: bool) -> Iterator[Callable[[], tuple[TableCount, ...]]]:
    """`checked_apart`, begun now. What it yields waits for the outcome; without that, the process
    ends with the block."""
    how = "thorough" if thorough else "quick"
    argv = [sys.executable, "-P", "-m", __name__, str(os.getpid()), str(copy), how]
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    ) as process:
        try:
            yield lambda: _found(process, copy)
        finally:
            process.kill()  # nothing, where it has ended


def _found(process: subprocess.Popen[str], copy: Path) -> tuple[TableCount, ...]:
    answer, problems = process.communicate()
    if process.returncode < 0:
        why = said("reading it was ended by signal {signal}", signal=-process.returncode)
        raise errors.damaged(copy, why)
    if process.returncode:
        raise ChildProcessError(f"the check of {copy} ended: {problems[-2000:]}")
    told = json.loads(answer)
    if "damage" in told:
        raise errors.damaged(copy, told["damage"])
    return tuple(TableCount(name, rows) for name, rows in told["counts"])


def main(arguments: list[str]) -> int:
    end_with(int(arguments[0]))
    copy, check = Path(arguments[1]), arguments[2]
    how = standing_still(copy)
    with closing(sqlite3.connect(how, uri=True)) as connection:
        try:
            if how.endswith("immutable=1"):  # else the mapping may move
                connection.execute(f"PRAGMA mmap_size = {copy.stat().st_size}")
            with _let_go_of(copy, connection):
                counts = found_in(connection, thorough=check == "thorough")
        except sqlite3.DatabaseError as problem:
            said: dict[str, object] = {"damage": str(problem)}
        else:
            said = {"counts": [(one.table, one.rows) for one in counts]}
    print(json.dumps(said))  # noqa: T201 - this is how the process answers
    return 0


@contextmanager
def _let_go_of(copy: Path, connection: sqlite3.Connection) -> Iterator[None]:
    """Keep only the last pages that were looked at in this process; the kernel keeps them all.

    SQLite maps the whole file once and keeps it so until the connection closes, as long as
    nobody writes; the thread has ended before.
    """
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    mappings, ended = _mappings(copy.resolve()), threading.Event()
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

    def work() -> None:
        while not ended.wait(_EVERY_S):
            for start, size in mappings:
                madvise(start, size, _MADV_DONTNEED)

    thread = threading.Thread(target=work)
    thread.start()
    # Of this thread alone: the other must not wait. Nobody but root may come back from more.
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _mappings(file: Path) -> list[tuple[int, int]]:
    """(address, size) of where a file is mapped in this process."""
    found = []
    for line in Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines():
        addresses, *_, path = [*line.split(maxsplit=5), ""][:6]
        if path == str(file):
            start, end = (int(one, 16) for one in addresses.split("-"))
            found.append((start, end - start))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
