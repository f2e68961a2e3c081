"""What the capture noted: which rows, and their last state.

A row that was put in after the capture began and is gone again left nothing behind. What
became of tables without its triggers is found by `uncovered`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import CAPTURE, Column, Table, tables_of
from parom.adapters.databases.postgresql.triggers import NEW_ONES, notes_name
from parom.adapters.databases.postgresql.values import as_written, plain
from parom.facts import CapturedRow

_BATCH = 500
_WITH_EXTENSIONS = """
SELECT set_config('search_path', concat_ws(', ', 'pg_catalog', string_agg(DISTINCT
 quote_ident(n.nspname), ', ')), true)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
"""
"""A key of an extension's type (citext) is found by that type's own equality."""
WATCHED = quoted(CAPTURE, "watched")
"""What was watched from when on. A Parom that noted otherwise had no such table, or another."""
_IS_KNOWN = """
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'triggers')
"""


@dataclass(frozen=True)
class Noted:
    """A table as it was when the capture was installed."""

    number: int
    shown: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    since: int | None
    """The transaction from which on versions of rows are new; None where each write is noted."""
    floor: int | None
    """Rows with a higher key were put in since, and need no note; None where keys do not tell."""
    made_of: tuple[tuple[int, int], ...]
    """Number and type of each of the columns."""
    triggers: frozenset[int]
    """By their oids, those of partitions too: one that was taken out and put in has others."""

    def fits(self, table: Table) -> bool:
        """Whether its notes still name this table's rows."""
        return self.key == table.key and (bool(table.key) or self.columns == table.names)

    def is_another(self, table: Table) -> bool:
        """Whether rows of this table may have changed without a write: a column was made anew
        or given another's name or another type, or the table got heirs."""
        was = dict(zip(self.columns, self.made_of, strict=True))
        now = {one.name: (one.number, one.type_oid) for one in table.columns}
        return table.is_inherited or any(
            was.get(name, found) != found for name, found in now.items()
        )

    def tells_of(self, table: Table) -> bool:
        """Whether its notes name rows of this table that were written before somebody renamed
        the key's columns."""
        was = [self.columns.index(name) for name in self.key]
        now = [table.names.index(name) for name in table.key]
        return bool(was) and was == now and len(self.columns) == len(table.names)


def noted_tables(connection: Connection) -> dict[int, Noted]:
    """The tables that were there when the capture was installed, by oid."""
    is_known = connection.execute(_IS_KNOWN, (f"{CAPTURE}.watched",)).fetchone()
    if is_known == (False,):
        return {}
    asking = sql.SQL(
        "SELECT oid::bigint, number, shown, key, columns, since, floor, numbers, types, triggers"
        " FROM {}"
    ).format(WATCHED)
    return {
        oid: Noted(
            number,
            shown,
            tuple(key),
            tuple(columns),
            since,
            floor,
            tuple(zip(numbers, types, strict=True)),
            frozenset(triggers),
        )
        for (oid, number, shown, key, columns, since, floor, numbers, types, triggers) in (
            connection.execute(asking).fetchall()
        )
    }


def written_tables(connection: Connection) -> set[str]:
    """Tables of which something was noted since `clear`."""
    asking = sql.SQL("SELECT EXISTS (SELECT FROM {})")
    return {
        one.shown
        for one in noted_tables(connection).values()
        if (connection.execute(asking.format(notes_of(one.number))).fetchone() or (True,))[0]
    }


def is_written(connection: Connection, noted: Noted, table: Table) -> bool:
    """Whether `rows` may give a row of this table, which fits its notes."""
    asking: Statement = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(notes_of(noted.number))
    if noted.floor is not None:
        place = quoted(table.schema, table.name)
        above = sql.SQL(" OR EXISTS (SELECT FROM {} WHERE {})")
        asking = sql.Composed([asking, above.format(place, _is_above(noted.floor, table))])
    return bool((connection.execute(asking).fetchone() or (True,))[0])


def count_of(connection: Connection, noted: Noted, table: Table) -> int:
    """How many rows `rows` gives of this table, about: who was put in and is gone is counted."""
    asking: Statement = sql.SQL("SELECT (SELECT count(*) FROM {})").format(notes_of(noted.number))
    if noted.floor is not None:
        place = quoted(table.schema, table.name)
        above = sql.SQL(" + (SELECT count(*) FROM {} WHERE {})")
        asking = sql.Composed([asking, above.format(place, _is_above(noted.floor, table))])
    return int((connection.execute(asking).fetchone() or (0,))[0])


def notes_of(number: int) -> sql.Identifier:
    return quoted(CAPTURE, notes_name(number))


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


def keys_above(connection: Connection, noted: Noted, table: Table) -> set[int]:
    """The keys that there are of rows which need no note."""
    if noted.floor is None:
        return set()
    asking = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        quoted(table.key[0]), quoted(table.schema, table.name), _is_above(noted.floor, table)
    )
    return {key for (key,) in connection.execute(asking).fetchall()}


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
        later = sql.SQL(" WHERE {} IS NOT DISTINCT FROM NULL OR {}").format(first, _is_later(since))
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
    yield from _above(connection, noted, table, since)


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


def _above(
    connection: Connection, noted: Noted, table: Table, since: int | None
) -> Iterator[_Found]:
    """Rows that need no note: no key was so high when the capture began."""
    if noted.floor is None:
        return
    later = sql.SQL(" AND {}").format(_is_later(since)) if since is not None else sql.SQL("")
    statement = sql.SQL("SELECT {}, {} FROM {} s WHERE {}{}").format(
        quoted("s", table.key[0]),
        sql.SQL(", ").join([quoted("s", one.name) for one in table.columns]),
        quoted(table.schema, table.name),
        _is_above(noted.floor, table),
        later,
    )
    for name, *now in streamed(connection, statement):
        yield [name], now, True


def _is_later(since: int) -> Statement:
    """That no transaction below wrote the version `s` (see `since` for when that can be told)."""
    return sql.SQL("s.xmin::text::bigint >= {}").format(sql.Literal(since))


def _is_above(floor: int, table: Table) -> Statement:
    return sql.SQL("{} > {}::bigint").format(quoted(table.key[0]), sql.Literal(str(floor)))


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
