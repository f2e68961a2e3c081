"""Ids are given out once: after a return a snapshot counts on from where the newer one stopped.

A client may keep an id that the newer database gave to a row which is now in quarantine.
Given out again, it would name another row, and the client's next update would land there.

SQLite counts in `sqlite_sequence`, for tables declared with AUTOINCREMENT, as Django declares
all of its automatic keys. Other tables take the highest rowid plus one, whatever was deleted:
nothing can be set there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

_COUNTING = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND upper(sql) LIKE '%AUTOINCREMENT%'"
)


def highest_ids(connection: sqlite3.Connection) -> dict[str, int]:
    """The highest id ever given out, by table that counts."""
    found = {str(name): 0 for (name,) in connection.execute(_COUNTING)}
    if not _counts(connection):
        return {}
    for name, highest in connection.execute("SELECT name, seq FROM sqlite_sequence"):
        if name in found:
            found[name] = max(found[name], int(highest or 0))
    return found


def count_on(
    connection: sqlite3.Connection, newer: Mapping[str, int], *, renamed: bool = False
) -> dict[str, int]:
    """Let no table give out an id that `newer` gave out; what was raised.

    Ids of a migration's own rows count too: whoever read them since the opening may have kept
    one. A table that is not in `newer` was dropped or renamed there: it counts on from the
    highest of those that are only there. Where tables may have been `renamed`, one of the same
    name may be another: all count on from the highest of all. Ids that are left out harm nobody.
    """
    own = highest_ids(connection)
    given = {name.lower(): highest for name, highest in newer.items()}
    known = {name.lower() for name in own}
    strangers = max((given[name] for name in given.keys() - known), default=0)
    least = max(given.values(), default=0) if renamed else 0
    raised = {
        name: highest
        for name, before in own.items()
        if (highest := max(least, given.get(name.lower(), strangers))) > before
    }
    if raised:
        _raise(connection, raised)
    return raised


def _counts(connection: sqlite3.Connection) -> bool:
    """Whether any table counts: SQLite makes its table of counters with the first that does."""
    named = ("sqlite_sequence",)
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", named)
    return bool(found.fetchone()[0])


def _raise(connection: sqlite3.Connection, raised: Mapping[str, int]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name, highest in raised.items():
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, highest))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:  # it failed; SQLite takes some failures back by itself
            connection.execute("ROLLBACK")
