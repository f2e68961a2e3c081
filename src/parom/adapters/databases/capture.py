"""Triggers that note which rows were written since the application was opened.

A row is named by its table and primary key (rowid where there is none). The first operation
seen is kept: a row whose first was an insert and that is gone again left nothing behind.

Limit: `INSERT OR REPLACE` that deletes *another* row through a unique column fires no delete
trigger unless the writer sets `recursive_triggers`; Django's ORM does not write this way.
"""

from __future__ import annotations

import base64
import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from parom.facts import CapturedRow

TABLE = "parom_capture"
_PREFIX = "parom_capture_"


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """The primary key's columns; `rowid` where none is declared."""


def quoted(name: str) -> str:
    """An identifier as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def install(connection: sqlite3.Connection, run_id: str) -> None:
    """Make the table and three triggers for each of the application's tables, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _drop(connection)
        connection.execute(
            f"CREATE TABLE {TABLE} (tbl TEXT NOT NULL, key NOT NULL, op TEXT NOT NULL, "
            "PRIMARY KEY (tbl, key)) WITHOUT ROWID"
        )
        connection.execute(f"CREATE TABLE {_PREFIX}run (run_id TEXT NOT NULL)")
        connection.execute(f"INSERT INTO {_PREFIX}run VALUES (?)", (run_id,))  # noqa: S608
        for number, table in enumerate(_tables(connection)):
            for statement in _triggers(number, table):
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def installed_for(connection: sqlite3.Connection) -> str | None:
    """The run whose capture is in the database; None where there is none."""
    try:
        row = connection.execute(f"SELECT run_id FROM {_PREFIX}run").fetchone()  # noqa: S608
    except sqlite3.OperationalError:  # no such table
        return None
    return str(row[0])


def clear(connection: sqlite3.Connection) -> None:
    connection.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - a constant


def remove(connection: sqlite3.Connection) -> None:
    """Take everything out again; the application's schema is as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _drop(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def rows(connection: sqlite3.Connection) -> Iterator[CapturedRow]:
    """The last state of every row that was written since `clear`."""
    for table in _tables(connection):
        yield from _rows_of(connection, table)


def _rows_of(connection: sqlite3.Connection, table: _Table) -> Iterator[CapturedRow]:
    columns = ", ".join(f"t.{quoted(name)}" for name in table.columns)
    statement = (
        f"SELECT c.op, c.key, t.rowid_exists, {columns} FROM {TABLE} c "  # noqa: S608
        f"LEFT JOIN (SELECT 1 AS rowid_exists, {_key_of('s', table)} AS parom_key, s.* "
        f"FROM {quoted(table.name)} s) t ON t.parom_key = c.key WHERE c.tbl = ?"
    )
    for op, key, exists, *values in connection.execute(statement, (table.name,)):
        if not exists and op == "insert":
            continue
        row = dict(zip(table.columns, map(_plain, values), strict=True)) if exists else None
        named = {name: row[name] for name in table.key if row and name in row}
        operation = "delete" if row is None else ("insert" if op == "insert" else "update")
        yield CapturedRow(table.name, operation, named or {"|".join(table.key): _plain(key)}, row)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    return value


def _tables(connection: sqlite3.Connection) -> list[_Table]:
    """Ordinary tables; virtual ones and their shadows hold no data of their own kind."""
    listed = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'parom\\_capture%' "
        "ESCAPE '\\' ORDER BY name"
    ).fetchall()
    return [_table(connection, name) for (name,) in listed]


def _table(connection: sqlite3.Connection, name: str) -> _Table:
    info = connection.execute(
        "SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden IN (0, 2, 3) ORDER BY cid", (name,)
    ).fetchall()
    key = tuple(column for column, pk in sorted(info, key=lambda one: one[1]) if pk)
    return _Table(name, tuple(column for column, _ in info), key or ("rowid",))


def _key_of(alias: str, table: _Table) -> str:
    """SQL for the key of a row: the value itself, or the quoted values of several columns."""
    if len(table.key) == 1:
        return f"{alias}.{quoted(table.key[0])}"
    return " || char(31) || ".join(f"quote({alias}.{quoted(name)})" for name in table.key)


def _triggers(number: int, table: _Table) -> Iterator[str]:
    name = "'" + table.name.replace("'", "''") + "'"
    old, new = _key_of("OLD", table), _key_of("NEW", table)

    def noted(key: str, op: str) -> str:
        # Not INSERT OR IGNORE: the outer statement's conflict clause would override it.
        return (
            f"INSERT INTO {TABLE} (tbl, key, op) SELECT {name}, {key}, '{op}' WHERE NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM {TABLE} WHERE tbl = {name} AND key = {key});"
        )

    on = f"ON {quoted(table.name)} BEGIN"
    yield f"CREATE TRIGGER {_PREFIX}i{number} AFTER INSERT {on} {noted(new, 'insert')} END"
    yield f"CREATE TRIGGER {_PREFIX}d{number} AFTER DELETE {on} {noted(old, 'delete')} END"
    yield (
        f"CREATE TRIGGER {_PREFIX}u{number} AFTER UPDATE {on} "
        f"{noted(old, 'update')} {noted(new, 'insert')} END"
    )


def _drop(connection: sqlite3.Connection) -> None:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'parom\\_capture\\_%' "
        "ESCAPE '\\'"
    ).fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {quoted(name)}")
    connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
    connection.execute(f"DROP TABLE IF EXISTS {_PREFIX}run")
