"""Tables whose writes the capture did not see, and how they differ from the snapshot.

The snapshot is older than the migration: a row that only the migration changed is listed too.
Rows listed are never too few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.noted_rows import (
    in_words,
    in_words_of,
    streamed,
)
from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.adapters.databases.postgresql.since import meddled
from parom.adapters.databases.postgresql.tables import (
    CAPTURE,
    Table,
    extensions_tables_of,
    partitions_of,
    tables_of,
)
from parom.adapters.databases.postgresql.triggers import TRIGGERS, function_name, trigger_name
from parom.adapters.databases.postgresql.watched import noted_tables, unseen_ones
from parom.errors import database as errors
from parom.facts import CapturedRow

_LARGE_OBJECTS = "pg_largeobject"
_TRIGGERS = """
SELECT t.oid::bigint, t.tgrelid::bigint, t.tgname, p.proname FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = %s AND t.tgenabled = 'A'
"""
Read = tuple[bytes, list[object]]
"""What a row is sorted by, and its values."""


def gaps(connection: Connection) -> tuple[str, ...]:
    """Names of what is not covered whole: tables, dropped ones among them, large objects."""
    noted, tables = noted_tables(connection), tables_of(connection)
    rows = connection.execute(_TRIGGERS, (CAPTURE,)).fetchall()
    oids, found = {oid for oid, *_ in rows}, {(table, *names) for _, table, *names in rows}
    unseen = unseen_ones(connection) if noted else frozenset[int]()
    others = meddled(connection)
    open_ones = {
        table.shown
        for table in tables
        if (one := noted.get(table.oid)) is None
        or not one.fits(table)
        or one.is_another(table)
        or one.number in unseen
        or (one.looked is not None and table.oid in others)
        or not one.triggers <= oids
        or not _wanted(connection, one.number, table) <= found
    }
    there = {table.oid for table in tables}
    dropped = {one.shown for oid, one in noted.items() if oid not in there}
    large = connection.execute("SELECT FROM pg_largeobject_metadata LIMIT 1").fetchall()
    return tuple(sorted(open_ones | dropped | ({_LARGE_OBJECTS} if large else set())))


def unwatched(connection: Connection) -> tuple[str, ...]:
    """Names of tables that are no part of a replay, and that somebody may have written to."""
    return tuple(one.shown for one in extensions_tables_of(connection))


def differing(connection: Connection, snapshot: Connection, shown: str) -> Iterator[CapturedRow]:
    """Rows of a table as they are now that the snapshot does not have so, and deleted ones.

    Where the table has columns that the snapshot lacks, nobody knows what was written to
    them: all its rows are listed. Raises `database.not-comparable` for what is no table now.
    """
    table, before = _named(connection, shown), _named(snapshot, shown)
    if table is None:
        raise errors.not_comparable(shown, "it is no table that is there now")
    if before is None or not set(table.key or table.names) <= set(before.names):
        yield from _all(connection, table)
        return
    is_whole = set(table.names) <= set(before.names)
    common = [one for one in table.names if one in before.names]
    older = _read(snapshot, before, table.key or table.names, common)
    newer = _read(connection, table, table.key or table.names, table.names)
    for new, old in side_by_side(newer, older):
        if new is None:
            assert old is not None  # noqa: S101 - one of the two is there
            yield _deleted(table, dict(zip(common, old, strict=True)))
        elif old is None or not is_whole or new != old:
            row = in_words(table, new)
            key = {name: row[name] for name in table.key or table.names}
            yield CapturedRow(table.shown, "insert" if old is None else "update", key, row)


def _deleted(table: Table, old: dict[str, object]) -> CapturedRow:
    columns = [one for one in table.columns if one.name in (table.key or table.names)]
    key = in_words_of(columns, [old[one.name] for one in columns])
    return CapturedRow(table.shown, "delete", key, None)


def _all(connection: Connection, table: Table) -> Iterator[CapturedRow]:
    for _, values in _read(connection, table, (), table.names):
        row = in_words(table, values)
        key = {name: row[name] for name in table.key or table.names}
        yield CapturedRow(table.shown, "insert", key, row)


def side_by_side(
    newer: Iterator[Read], older: Iterator[Read]
) -> Iterator[tuple[list[object] | None, list[object] | None]]:
    """Rows of two sorted tables that stand at the same place, or alone."""
    new, old = next(newer, None), next(older, None)
    while new or old:
        if old is None or (new is not None and new[0] < old[0]):
            assert new is not None  # noqa: S101 - not both are None
            yield new[1], None
            new = next(newer, None)
        elif new is None or old[0] < new[0]:
            yield None, old[1]
            old = next(older, None)
        else:
            yield new[1], old[1]
            new, old = next(newer, None), next(older, None)


def _read(
    connection: Connection, table: Table, key: Sequence[str], columns: Sequence[str]
) -> Iterator[Read]:
    """By the bytes of the key's text: both databases and Python sort these alike."""
    named = sql.SQL(", ").join([quoted("s", name) for name in key])
    sorting = sql.SQL("convert_to(ROW({})::text, 'UTF8')").format(named)
    statement = sql.SQL("SELECT {}, {} FROM {}{} s ORDER BY 1").format(
        sorting,
        sql.SQL(", ").join([quoted("s", name) for name in columns]),
        sql.SQL("" if table.is_partitioned else "ONLY "),
        quoted(table.schema, table.name),
    )
    with connection.transaction():
        connection.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        for place, *values in streamed(connection, statement):
            assert isinstance(place, bytes)  # noqa: S101 - that is what convert_to gives
            yield place, values


def _wanted(connection: Connection, number: int, table: Table) -> set[tuple[int, str, str]]:
    below = partitions_of(connection, table) if table.is_partitioned else []
    return {
        (one.oid, trigger_name(letter), function_name(number, letter))
        for one in (table, *below)
        for letter in TRIGGERS
    }


def _named(connection: Connection, shown: str) -> Table | None:
    tables = [*tables_of(connection), *extensions_tables_of(connection)]
    return next((one for one in tables if one.shown == shown), None)
