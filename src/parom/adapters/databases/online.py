"""A consistent copy of a database that others go on writing.

SQLite begins a backup anew whenever somebody else has written since its last step, unless the
connection that reads has a transaction open (sqlite3_backup_step): under a steady load it
would never end. With the write-ahead log, reading in one transaction costs writers nothing;
the log grows meanwhile, since it cannot be reused before the copy is complete. With a rollback
journal it makes writers wait, so that there the copy is first tried without.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from parom.errors import database as errors
from parom.ports import Progress

_PAGES = 2048
_MOST_RESTARTS = 3
"""After so many, writers wait for the copy rather than the copy for writers."""


def copy_pages(
    source: sqlite3.Connection, live: Path, target: Path, progress: Progress | None
) -> None:
    """Write the state of one instant to `target`, a new file. `source` is open on `live`.

    An exception of `progress` ends the copy and passes through. Raises `database.disk-full`,
    `database.locked`, `database.damaged`.
    """
    try:
        _copy(source, target, progress)
    except sqlite3.DatabaseError as problem:
        code = problem.sqlite_errorcode & 0xFF  # the low byte is the primary code
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise errors.locked(live) from None
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise errors.damaged(live, str(problem)) from None
        raise errors.disk_full(target, str(problem)) from None


def _copy(source: sqlite3.Connection, target: Path, progress: Progress | None) -> None:
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        # Synced once at the end, by the caller: before that the copy counts for nothing.
        copy.execute("PRAGMA synchronous=OFF")
        has_log = source.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        if has_log or not _copied_between_writes(source, copy, progress):
            _copy_in_one_transaction(source, copy, progress)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


def _copied_between_writes(
    source: sqlite3.Connection, copy: sqlite3.Connection, progress: Progress | None
) -> bool:
    """False where writers let it begin anew too often."""
    restarts, fewest = 0, None

    def told(_status: int, remaining: int, total: int) -> None:
        nonlocal restarts, fewest
        if fewest is not None and remaining >= fewest:
            restarts += 1
            if restarts > _MOST_RESTARTS:
                raise _RestartedTooOftenError
        fewest = remaining
        if progress:
            progress(total - remaining, total)

    try:
        source.backup(copy, pages=_PAGES, progress=told)
    except _RestartedTooOftenError:
        return False
    return True


def _copy_in_one_transaction(
    source: sqlite3.Connection, copy: sqlite3.Connection, progress: Progress | None
) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    source.execute("BEGIN")
    try:
        # A transaction that only began reads nothing yet, and fixes no instant.
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=_PAGES, progress=told)
    finally:
        source.execute("ROLLBACK")


class _RestartedTooOftenError(Exception):
    """Leaves SQLite's own loop, which knows no other way out."""
