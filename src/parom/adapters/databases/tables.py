"""The application's tables, as far as the capture must know them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from parom.errors import database as errors

_ROWID_NAMES = ("rowid", "_rowid_", "oid")
_IN_A_GROUP = 100


@dataclass(frozen=True)
class Table:
    """One table that holds rows of the application."""

    name: str
    columns: tuple[str, ...]
    """Generated ones too."""
    key: tuple[str, ...]
    """What names a row and is never NULL: the primary key, or a name of the rowid."""
    uniques: tuple[tuple[str, ...], ...]
    """Columns that are unique together, the key among them."""


def quoted(name: str) -> str:
    """An identifier as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def same_key(row: str, names: Sequence[str], other: Sequence[str]) -> str:
    """A condition that finds the row with exactly this key by the index of `row`.

    Twice: by the column's collation and affinity its index is used, and 'a' may be 'A' to it, or
    '01' be 1. The plus takes the affinity away.
    """
    return " AND ".join(
        f"{row}.{quoted(name)} = {value} AND +{row}.{quoted(name)} = {value} COLLATE BINARY"
        for name, value in zip(names, other, strict=True)
    )


def any_of(conditions: Sequence[str]) -> str:
    """A condition that one of these holds, however many: SQLite nests no deeper than a thousand,
    and a table may have two thousand columns."""
    groups = (
        " OR ".join(conditions[start : start + _IN_A_GROUP])
        for start in range(0, len(conditions), _IN_A_GROUP)
    )
    return " OR ".join(f"({one})" for one in groups) or "0"


def tables_of(connection: sqlite3.Connection) -> list[Table]:
    """Ordinary tables; virtual ones and their shadows hold no data of their own kind.

    Raises `database.no-row-name` for one of which no row can be named.
    """
    listed = connection.execute(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'parom\\_capture%' "
        "ESCAPE '\\' ORDER BY name"
    ).fetchall()
    return [_table(connection, name, bool(without_rowid)) for name, without_rowid in listed]


def _table(connection: sqlite3.Connection, name: str, without_rowid: bool) -> Table:
    info = connection.execute(
        'SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden IN (0, 2, 3) '
        "ORDER BY cid",
        (name,),
    ).fetchall()
    columns = tuple(column for column, *_ in info)
    declared = sorted((pk, column, kind, full) for column, kind, full, pk in info if pk)
    key = tuple(column for _, column, _, _ in declared)
    is_rowid = [kind.upper() for _, _, kind, _ in declared] == ["INTEGER"] and not _key_index(
        connection, name
    )
    is_never_null = without_rowid or is_rowid or all(full for *_, full in declared)
    uniques = set(_uniques(connection, name))
    if key and is_rowid:
        uniques.add(key)
    if not key or not is_never_null:
        taken = {column.lower() for column in columns}
        free = [one for one in _ROWID_NAMES if one not in taken]
        if not free:
            raise errors.no_row_name(name)
        key = (free[0],)
        uniques.add(key)
    return Table(name, columns, key, tuple(sorted(uniques)))


def _key_index(connection: sqlite3.Connection, name: str) -> bool:
    """Whether the primary key has an index: then it is not another name of the rowid."""
    found = connection.execute("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'", (name,))
    return found.fetchone() is not None


def _uniques(connection: sqlite3.Connection, name: str) -> list[tuple[str, ...]]:
    """Columns of whole unique indexes; partial ones and expressions are left out."""
    indexes = connection.execute(
        'SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial', (name,)
    ).fetchall()
    found = []
    for (index,) in indexes:
        members = connection.execute(
            "SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)
        ).fetchall()
        if all(column is not None for (column,) in members):
            found.append(tuple(column for (column,) in members))
    return found
