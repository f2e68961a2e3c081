"""How a SQLite file is opened, so that looking never makes one or changes one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from parom.errors import database as errors


@contextmanager
def opened(file: Path, timeout_s: float) -> Iterator[sqlite3.Connection]:
    """A connection in autocommit mode to a database that is there and readable.

    Raises `database.unreachable`, `database.locked`, `database.damaged`.
    """
    try:
        # Never created by looking: `rw` refuses a file that is not there.
        connection = sqlite3.connect(
            f"file:{quote(str(file))}?mode=rw", uri=True, timeout=timeout_s, isolation_level=None
        )
    except sqlite3.OperationalError as problem:
        raise errors.unreachable(file, str(problem)) from None
    try:
        _read_something(connection, file)
        yield connection
    finally:
        connection.close()


@contextmanager
def held_still(file: Path, timeout_s: float) -> Iterator[None]:
    """Nobody else writes to a database meanwhile; whoever tries waits. Reading goes on.

    Raises what `opened` raises.
    """
    with opened(file, timeout_s) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise errors.locked(file) from None
            raise errors.unreachable(file, str(problem)) from None
        yield


def standing_still(copy: Path) -> str:
    """How to open a copy that nobody writes: `immutable` leaves no -wal or -shm beside it."""
    log = copy.with_name(copy.name + "-wal")
    is_whole = not log.exists() or log.stat().st_size == 0
    return f"file:{quote(str(copy))}?mode=ro" + ("&immutable=1" if is_whole else "")


def _read_something(connection: sqlite3.Connection, file: Path) -> None:
    """SQLite opens a file for good at the first read."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as problem:
        if problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise errors.locked(file) from None
        raise errors.damaged(file, str(problem)) from None
