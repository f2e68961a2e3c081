"""What the capture noted: which rows, and their last state.

A row that was put in after the capture began and is gone again left nothing behind. What
became of tables without its triggers is found by `uncovered`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.notes import NEW_ONES, notes_of
from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import Column, Table, tables_of
from parom.adapters.databases.postgresql.unnoted import is_later, unnoted
from parom.adapters.databases.postgresql.values import as_written, plain
from parom.adapters.databases.postgresql.watched import Noted, noted_tables
from parom.facts import CapturedRow

_BATCH = 500
_WITH_EXTENSIONS = """
SELECT set_config('search_path', concat_ws(', ', 'pg_catalog', string_agg(DISTINCT
 quote_ident(n.nspname), ', ')), true)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
"""
"""A key of an extension's type (citext) is found by that type's own equality."""


def are_noted(connection: Connection, names: Collection[str]) -> bool:
    """Whether anything was noted since `clear` in tables that are called so, in any schema."""
    asking = sql.SQL("SELECT EXISTS (SELECT FROM {})")
    return any(
        (connection.execute(asking.format(notes_of(one.number))).fetchone() or (True,))[0]
        for one in noted_tables(connection).values()
        if one.shown.rpartition(".")[2] in names
    )


def is_written(connection: Connection, noted: Noted, table: Table) -> bool:
    """Whether `rows` may give a row of this table, which fits its notes."""
    each: list[Statement] = [sql.SQL("SELECT FROM {}").format(notes_of(noted.number))]
    each += [asking for asking, _ in unnoted(noted, table, sql.SQL(""))]
    found = sql.SQL(" OR ").join([sql.SQL("EXISTS ({})").format(one) for one in each])
    row = connection.execute(sql.SQL("SELECT {}").format(found)).fetchone()
    return bool((row or (True,))[0])


def count_of(connection: Connection, noted: Noted, table: Table) -> int:
    """How many rows `rows` gives of this table, about: who was put in and is gone is counted."""
    each: list[Statement] = [sql.SQL("SELECT count(*) FROM {}").format(notes_of(noted.number))]
    each += [asking for asking, _ in unnoted(noted, table, sql.SQL("count(*)"))]
    found = sql.SQL(" + ").join([sql.SQL("({})").format(one) for one in each])
    return int((connection.execute(sql.SQL("SELECT {}").format(found)).fetchone() or (0,))[0])


@dataclass(frozen=True)
class Seen:
    """A row that was noted, and its values as they were read (`values.as_written`)."""

    captured: CapturedRow
    key: Sequence[object] = ()
    row: Sequence[object] = ()
    """Empty for one that is gone, or that has no name."""
    left_nothing: bool = False
    """Put in after the capture began, and gone again: no captured row."""


def rows(connection: Connection) -> Iterator[CapturedRow]:
    """The last state of every row that was noted since `clear`."""
    with reading(connection) as tables:
        for noted, table in tables:
            for one in rows_of(connection, noted, table):
                yield one.captured


_Found = tuple[Sequence[object], Sequence[object], bool]
"""A key, the row that has it if any, and whether the row is new."""


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


def rows_of(
    connection: Connection,
    noted: Noted,
    table: Table,
    *,
    bare: bool = False,
    since: int | None = None,
) -> Iterator[Seen]:
    """Those of one table, while `reading`; with `bare`, what was captured of a row that is there
    has no values (`Seen.row` has them).

    With `since`, of a table with a key only rows of which no transaction below that wrote the
    version that there is now, and all that are gone, also if they left nothing.
    """
    if not table.key:
        yield from _whole(connection, noted.number, table)
        return
    key = [one for name in table.key for one in table.columns if one.name == name]
    for names, now, is_new in _keyed(connection, noted, table, since):
        named = in_words_of(key, names)
        if not now:
            gone = CapturedRow(table.shown, "delete", named, None)
            yield Seen(gone, names, left_nothing=is_new)
            continue
        row = {} if bare else in_words(table, now)
        operation = "insert" if is_new else "update"
        yield Seen(CapturedRow(table.shown, operation, named, row), names, now)


def _keyed(
    connection: Connection, noted: Noted, table: Table, since: int | None
) -> Iterator[_Found]:
    key, columns = [quoted("c", name) for name in noted.key], table.columns
    # By row comparison of the key's own type and collation, so that the index is used; a
    # collation by which different texts are equal is the key's own uniqueness too.
    fitting = [
        sql.SQL("{} = {}").format(quoted("s", name), note)
        for name, note in zip(table.key, key, strict=True)
    ]
    first = quoted("s", table.key[0])
    later: Statement = sql.SQL("")
    if since is not None:
        written = is_later(since)
        later = sql.SQL(" WHERE {} IS NOT DISTINCT FROM NULL OR {}").format(first, written)
    statement = sql.SQL("SELECT c.parom_new, {}, {} FROM ({}) c LEFT JOIN {} s ON {}{}").format(
        # A row of which a part is NULL counts as NULL itself to IS NOT NULL, and not to this.
        sql.SQL("{} IS DISTINCT FROM NULL").format(first),
        sql.SQL(", ").join([*key, *(quoted("s", one.name) for one in columns)]),
        _keys_of(noted),
        quoted(table.schema, table.name),
        sql.SQL(" AND ").join(fitting),
        later,
    )
    for is_new, exists, *values in streamed(connection, statement):
        if exists or not is_new or since is not None:
            names, now = values[: len(table.key)], values[len(table.key) :] if exists else ()
            yield names, now, is_new
    whole = sql.SQL(", ").join([quoted("s", name) for name in (table.key[0], *table.names)])
    for asking, is_new in unnoted(noted, table, whole, since):
        for name, *now in streamed(connection, asking):
            yield [name], now, is_new


def _keys_of(noted: Noted) -> Statement:
    """Each key once, and whether it was there before nobody noted."""
    columns = sql.SQL(", ").join([quoted(name) for name in noted.key])
    new_ones = sql.SQL(", ").join([sql.Literal(one) for one in NEW_ONES])
    below: Statement = sql.SQL("")
    if noted.floor is not None:
        below = sql.SQL(" WHERE {} <= {}").format(quoted(noted.key[0]), sql.Literal(noted.floor))
    return sql.SQL(
        "SELECT {}, bool_and(parom_op IN ({})) AS parom_new FROM {}{} GROUP BY {}"
    ).format(columns, new_ones, notes_of(noted.number), below, columns)


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
    ).format(columns=columns, notes=notes_of(number))
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
