"""Exact row counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.adapters.databases.postgresql.tables import Table, tables_of
from parom.facts import TableCount


def counted(connection: Connection) -> tuple[TableCount, ...]:
    """Of all tables at one instant, in the order of their names."""
    with one_instant(connection):
        return counted_within(connection)


@contextmanager
def one_instant(connection: Connection) -> Iterator[str]:
    """A transaction that sees one instant, by whose name others see the same. It may stand
    still as long as they need."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        (name,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield str(name)


def counted_within(connection: Connection) -> tuple[TableCount, ...]:
    """The same, in a transaction that sees one instant."""
    found = [TableCount(one.shown, _rows(connection, one)) for one in tables_of(connection)]
    return tuple(sorted(found, key=lambda one: one.table))


def has_tables(connection: Connection) -> bool:
    return bool(tables_of(connection))


def _rows(connection: Connection, table: Table) -> int:
    """An inheriting table is counted by itself."""
    only = sql.SQL("" if table.is_partitioned else "ONLY ")
    counting = sql.SQL("SELECT count(*) FROM {}{}").format(only, quoted(table.schema, table.name))
    return int((connection.execute(counting).fetchone() or (0,))[0])
