"""Exact row counts, and whether a file is a whole database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from parom.adapters.databases.opening import standing_still
from parom.adapters.databases.tables import quoted
from parom.errors import database as errors
from parom.facts import TableCount
from parom.words.said import said

_CACHE_KIB = 65_536
"""Comparing an index with its table jumps about; with SQLite's own two megabytes each jump
is a read."""


def names_of(connection: sqlite3.Connection) -> list[str]:
    """All tables but SQLite's own and those of the capture; virtual ones among them."""
    listed = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' AND name NOT LIKE 'parom\\_capture%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in listed]


def counted(connection: sqlite3.Connection) -> tuple[TableCount, ...]:
    return tuple(
        TableCount(
            name,
            connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0],  # noqa: S608
        )
        for name in names_of(connection)
    )


def checked(copy: Path, *, thorough: bool) -> tuple[TableCount, ...]:
    """The counts of a copy that nobody writes. Raises `database.damaged`."""
    if not copy.exists() or copy.stat().st_size == 0:
        raise errors.damaged(copy, said("the file is missing or empty"))
    try:
        with closing(sqlite3.connect(standing_still(copy), uri=True)) as connection:
            return found_in(connection, thorough=thorough)
    except sqlite3.DatabaseError as problem:
        raise errors.damaged(copy, str(problem)) from None


def found_in(connection: sqlite3.Connection, *, thorough: bool) -> tuple[TableCount, ...]:
    """The counts of a database that is whole; raises sqlite3.DatabaseError where it is not."""
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    check = "integrity_check" if thorough else "quick_check"
    found = connection.execute(f"PRAGMA {check}(5)").fetchall()
    if found != [("ok",)]:
        raise sqlite3.DatabaseError("; ".join(str(row[0]) for row in found))
    return counted(connection)
