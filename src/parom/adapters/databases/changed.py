"""What a migration did to values of columns that both schemas have."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from parom.adapters.databases.opening import standing_still
from parom.adapters.databases.schemas import schema_of
from parom.adapters.databases.tables import any_of, quoted
from parom.replay.changes import Changes
from parom.replay.mapping import TableMap, map_tables

_OLDER = "parom_older"


def changed_rows(
    connection: sqlite3.Connection, snapshot: Path, changes: Changes
) -> dict[str, int]:
    """By table, rows that are not as in the snapshot; rows that only one of them has say nothing.

    `connection` leads to the migrated database. Raises sqlite3.Error.
    """
    with closing(sqlite3.connect(standing_still(snapshot), uri=True)) as older:
        before = schema_of(older)
    maps = map_tables(before, schema_of(connection), changes)
    connection.execute(f"ATTACH ? AS {_OLDER}", (standing_still(snapshot),))
    try:
        counted = {
            name: _changed(connection, found)
            for name, found in maps.items()
            if isinstance(found, TableMap)
        }
    finally:
        connection.execute(f"DETACH {_OLDER}")
    return {name: number for name, number in counted.items() if number}


def _changed(connection: sqlite3.Connection, found: TableMap) -> int:
    same = " AND ".join(
        f"o.{quoted(one.before)} = n.{quoted(one.after)} "
        f"AND o.{quoted(one.before)} = n.{quoted(one.after)} COLLATE BINARY"
        for one in found.key
    )
    other = any_of(
        [
            f"o.{quoted(one.before)} IS NOT n.{quoted(one.after)} COLLATE BINARY "
            f"OR typeof(o.{quoted(one.before)}) <> typeof(n.{quoted(one.after)})"
            for one in (*found.columns, *found.computed)
        ]
    )
    (number,) = connection.execute(
        f"SELECT count(*) FROM main.{quoted(found.after)} n "  # noqa: S608
        f"JOIN {_OLDER}.{quoted(found.before)} o ON {same} WHERE {other}"
    ).fetchone()
    return int(number)
