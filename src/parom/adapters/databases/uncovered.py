"""Tables whose writes the capture did not see, and how they differ from the snapshot.

Whoever runs `manage.py migrate` by hand after the opening makes tables anew, and their triggers
are gone; tables that are made later never had any; virtual tables cannot have one. The snapshot
is older than the migration: a row that only the migration changed is listed too. Rows listed
are never too few.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from parom.adapters.databases import capture
from parom.adapters.databases.tables import Table, any_of, quoted, tables_of
from parom.adapters.databases.values import plain, text_or_bytes
from parom.errors import database as errors
from parom.facts import CapturedRow
from parom.words.said import said

_SNAPSHOT = "parom_snapshot"


def gaps(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Names of the tables that are not covered whole, dropped ones among them."""
    tables = tables_of(connection)
    open_ones = {table.name for table in tables if not capture.covers(connection, table)}
    dropped = capture.noted_tables(connection) - {table.name for table in tables}
    return tuple(sorted(open_ones | dropped | set(_virtual(connection))))


def differing(
    connection: sqlite3.Connection, table_name: str, snapshot_uri: str
) -> Iterator[CapturedRow]:
    """Rows of a table as they are now that the snapshot does not have so; then deleted ones.

    Where the table has columns that the snapshot lacks, nobody knows what was written to
    them: all its rows are listed. Raises `database.not-comparable` for a table that is gone,
    sqlite3.Error for one that cannot be read.
    """
    table = _named(connection, table_name)
    if table is None:
        raise errors.not_comparable(table_name, said("it is no longer there"))
    connection.text_factory = text_or_bytes
    connection.execute(f"ATTACH ? AS {_SNAPSHOT}", (snapshot_uri,))
    try:
        before = _columns(connection, table.name, _SNAPSHOT)
        if not before or not _can_join(table, before):
            yield from _all_rows(connection, table)
            return
        yield from _changed(connection, table, before)
        yield from _deleted(connection, table)
    finally:
        connection.execute(f"DETACH {_SNAPSHOT}")


def _changed(
    connection: sqlite3.Connection, table: Table, before: Sequence[str]
) -> Iterator[CapturedRow]:
    unequal = [
        # By its bytes: to a column's collation, other letters may be the same.
        f"n.{quoted(name)} IS NOT s.{quoted(name)} COLLATE BINARY"
        for name in table.columns
    ]
    is_other = any_of(unequal) if set(table.columns) <= set(before) else "1"
    statement = (
        f"SELECT s.{quoted(table.key[0])} IS NULL, {_listed(table)} "  # noqa: S608
        f"FROM main.{quoted(table.name)} n "
        f"LEFT JOIN {_SNAPSHOT}.{quoted(table.name)} s ON {_same_key(table)} "
        f"WHERE s.{quoted(table.key[0])} IS NULL OR ({is_other})"
    )
    for is_new, *values in connection.execute(statement):
        yield _row(table, "insert" if is_new else "update", values)


def _deleted(connection: sqlite3.Connection, table: Table) -> Iterator[CapturedRow]:
    key = ", ".join(f"s.{quoted(name)}" for name in table.key)
    statement = (
        f"SELECT {key} FROM {_SNAPSHOT}.{quoted(table.name)} s WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM main.{quoted(table.name)} n WHERE {_same_key(table)})"
    )
    for values in connection.execute(statement):
        named = dict(zip(table.key, map(plain, values), strict=True))
        yield CapturedRow(table.name, "delete", named, None)


def _all_rows(connection: sqlite3.Connection, table: Table) -> Iterator[CapturedRow]:
    statement = f"SELECT {_listed(table)} FROM main.{quoted(table.name)} n"  # noqa: S608
    for values in connection.execute(statement):
        yield _row(table, "insert", values)


def _row(table: Table, operation: str, values: Sequence[object]) -> CapturedRow:
    found = [plain(value) for value in values]
    key = dict(zip(table.key, found, strict=False))
    row = dict(zip(table.columns, found[len(table.key) :], strict=True))
    return CapturedRow(table.name, operation, key, row)


def _listed(table: Table) -> str:
    return ", ".join(f"n.{quoted(name)}" for name in (*table.key, *table.columns))


def _same_key(table: Table) -> str:
    return " AND ".join(f"s.{quoted(name)} = n.{quoted(name)}" for name in table.key)


def _can_join(table: Table, before: Sequence[str]) -> bool:
    """Whether the snapshot's table can be asked for a row by the same key."""
    return all(name in before or name not in table.columns for name in table.key)


def _named(connection: sqlite3.Connection, name: str) -> Table | None:
    for table in tables_of(connection):
        if table.name == name:
            return table
    if name not in _virtual(connection):
        return None
    return Table(name, _columns(connection, name, "main"), ("rowid",), ())


def _columns(connection: sqlite3.Connection, table: str, schema: str) -> tuple[str, ...]:
    found = connection.execute(
        "SELECT name FROM pragma_table_xinfo(?, ?) WHERE hidden IN (0, 2, 3) ORDER BY cid",
        (table, schema),
    )
    return tuple(name for (name,) in found)


def _virtual(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'"
    )
    return [name for (name,) in found]
