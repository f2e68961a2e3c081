"""Statement triggers that note which rows were written since the application was opened.

A row whose first operation was an insert and that is gone again left nothing behind. What
became of tables without these triggers is found by `uncovered`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import (
    CAPTURE,
    Column,
    Table,
    partitions_of,
    tables_of,
)
from parom.adapters.databases.postgresql.triggers import notes_name, statements
from parom.adapters.databases.postgresql.values import as_written, plain
from parom.facts import CapturedRow

_BATCH = 500
_WITH_EXTENSIONS = """
SELECT set_config('search_path', concat_ws(', ', 'pg_catalog', string_agg(DISTINCT
 quote_ident(n.nspname), ', ')), true)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
"""
"""A key of an extension's type (citext) is found by that type's own equality."""
_WAIT = "10s"
"""A table that somebody writes to is waited for so long; whoever comes after waits behind."""


def install(connection: Connection, run_id: str) -> None:
    """Make the notes and the triggers for each of the application's tables, or none of it."""
    with connection.transaction():
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (_WAIT,))
        _drop(connection)
        schema = quoted(CAPTURE)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        connection.execute(sql.SQL("CREATE TABLE {}.run (run_id text)").format(schema))
        connection.execute(sql.SQL("INSERT INTO {}.run VALUES (%s)").format(schema), (run_id,))
        connection.execute(
            sql.SQL(
                "CREATE TABLE {}.tables (number int, oid oid, shown text, key text[],"
                " columns text[])"
            ).format(schema)
        )
        for number, table in enumerate(tables_of(connection)):
            if not table.is_inherited:
                _install_for(connection, number, table)


def installed_for(connection: Connection) -> str | None:
    """The run whose capture is in the database; None where there is none."""
    if not _is_there(connection):
        return None
    asking = sql.SQL("SELECT run_id FROM {}.run").format(quoted(CAPTURE))
    row = connection.execute(asking).fetchone()
    return str(row[0]) if row else None


def clear(connection: Connection) -> None:
    """Forget what was noted, in one transaction."""
    with connection.transaction():
        for one in noted_tables(connection).values():
            connection.execute(sql.SQL("DELETE FROM {}").format(_notes(one.number)))


def remove(connection: Connection) -> None:
    """Take everything out again; the application's schema is as it was."""
    with connection.transaction():
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (_WAIT,))
        _drop(connection)


@dataclass(frozen=True)
class Noted:
    """A table as it was when the capture was installed."""

    number: int
    shown: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def fits(self, table: Table) -> bool:
        """Whether its notes still name this table's rows."""
        return self.key == table.key and (bool(table.key) or self.columns == table.names)

    def tells_of(self, table: Table) -> bool:
        """Whether its notes name rows of this table that were written before somebody renamed
        the key's columns."""
        was = [self.columns.index(name) for name in self.key]
        now = [table.names.index(name) for name in table.key]
        return bool(was) and was == now and len(self.columns) == len(table.names)


def noted_tables(connection: Connection) -> dict[int, Noted]:
    """The tables that were there when the capture was installed, by oid."""
    asking = sql.SQL("SELECT oid::bigint, number, shown, key, columns FROM {}.tables").format(
        quoted(CAPTURE)
    )
    return {
        oid: Noted(number, shown, tuple(key), tuple(columns))
        for oid, number, shown, key, columns in connection.execute(asking).fetchall()
    }


def written_tables(connection: Connection) -> set[str]:
    """Tables in which somebody wrote since `clear`, if only for a moment."""
    asking = sql.SQL("SELECT EXISTS (SELECT FROM {})")
    return {
        one.shown
        for one in noted_tables(connection).values()
        if (connection.execute(asking.format(_notes(one.number))).fetchone() or (True,))[0]
    }


@dataclass(frozen=True)
class Seen:
    """A row that was noted, and its values as they were read (`values.as_written`)."""

    captured: CapturedRow
    key: Sequence[object] = ()
    row: Sequence[object] = ()
    """Empty for one that is gone, or that has no name."""


def rows(connection: Connection) -> Iterator[CapturedRow]:
    """The last state of every row that was noted since `clear`."""
    with reading(connection) as tables:
        for noted, table in tables:
            for one in rows_of(connection, noted, table):
                yield one.captured


@contextmanager
def reading(connection: Connection) -> Iterator[list[tuple[Noted, Table]]]:
    """The tables whose rows the notes name, all as they are at one instant."""
    noted = noted_tables(connection)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # It stays open as long as the reader takes.
        connection.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        connection.execute(_WITH_EXTENSIONS)
        # Of one that was made anew with another key nobody can say: see `uncovered`.
        yield [
            (noted[table.oid], table)
            for table in tables_of(connection)
            if (one := noted.get(table.oid)) and (one.fits(table) or one.tells_of(table))
        ]


def rows_of(connection: Connection, noted: Noted, table: Table) -> Iterator[Seen]:
    """Those of one table, while `reading`."""
    return (
        _keyed(connection, noted, table) if table.key else _whole(connection, noted.number, table)
    )


def _keyed(connection: Connection, noted: Noted, table: Table) -> Iterator[Seen]:
    key, columns = [quoted("c", name) for name in noted.key], table.columns
    # By row comparison of the key's own type and collation, so that the index is used; a
    # collation by which different texts are equal is the key's own uniqueness too.
    fitting = [
        sql.SQL("{} = {}").format(quoted("s", name), note)
        for name, note in zip(table.key, key, strict=True)
    ]
    statement = sql.SQL("SELECT c.parom_op::text, {}, {} FROM {} c LEFT JOIN {} s ON {}").format(
        sql.SQL("{} IS NOT NULL").format(quoted("s", table.key[0])),
        sql.SQL(", ").join([*key, *(quoted("s", one.name) for one in columns)]),
        _notes(noted.number),
        quoted(table.schema, table.name),
        sql.SQL(" AND ").join(fitting),
    )
    by_name = {one.name: one for one in columns}
    for op, exists, *values in streamed(connection, statement):
        if not exists and op == "i":
            continue
        names, now = values[: len(table.key)], values[len(table.key) :] if exists else ()
        named = {n: plain(by_name[n], v) for n, v in zip(table.key, names, strict=True)}
        row = in_words(table, now) if exists else None
        operation = "delete" if row is None else ("insert" if op == "i" else "update")
        yield Seen(CapturedRow(table.shown, operation, named, row), names, now)


def _whole(connection: Connection, number: int, table: Table) -> Iterator[Seen]:
    """Of a table whose rows have no name: what was put in more often than taken out, and the
    reverse; a row stands as often as it is meant. Its key is the row."""
    columns = sql.SQL(", ").join([quoted(name) for name in table.names])
    statement = sql.SQL(
        "SELECT parom_net, {columns} FROM (SELECT {columns},"
        " sum(parom_op) OVER same AS parom_net, row_number() OVER same AS parom_place"
        " FROM (SELECT *, ROW({columns})::text AS parom_row FROM {notes}) n"
        " WINDOW same AS (PARTITION BY parom_row)) found"
        " WHERE parom_place = 1 AND parom_net <> 0"
    ).format(columns=columns, notes=_notes(number))
    for net, *values in streamed(connection, statement):
        found = in_words(table, values)
        for _ in range(abs(net)):
            if net > 0:
                yield Seen(CapturedRow(table.shown, "insert", found, found))
            else:
                yield Seen(CapturedRow(table.shown, "delete", found, None))


def in_words(table: Table, values: Sequence[object]) -> dict[str, object]:
    """A row by its columns' names, as JSON can hold it."""
    return in_words_of(table.columns, values)


def in_words_of(columns: Sequence[Column], values: Sequence[object]) -> dict[str, object]:
    return {one.name: plain(one, value) for one, value in zip(columns, values, strict=True)}


def streamed(connection: Connection, statement: Statement) -> Iterator[Sequence[Any]]:
    with psycopg.ServerCursor(connection, "parom_rows") as cursor:
        as_written(cursor)
        cursor.itersize = _BATCH
        yield from cursor.execute(statement)


def _install_for(connection: Connection, number: int, table: Table) -> None:
    partitions = partitions_of(connection, table) if table.is_partitioned else []
    for statement in statements(number, table, partitions):
        connection.execute(statement)
    connection.execute(
        sql.SQL("INSERT INTO {}.tables VALUES (%s, %s, %s, %s, %s)").format(quoted(CAPTURE)),
        (number, table.oid, table.shown, list(table.key), list(table.names)),
    )


def _notes(number: int) -> sql.Identifier:
    return quoted(CAPTURE, notes_name(number))


def _is_there(connection: Connection) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{CAPTURE}.run",))
    return bool((found.fetchone() or (False,))[0])


def _drop(connection: Connection) -> None:
    """The functions take their triggers along."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(quoted(CAPTURE)))
