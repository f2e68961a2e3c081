"""The live database while nobody else may write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql

from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.opening import opened, quoted
from parom.adapters.databases.postgresql.tables import tables_of

_WAIT = "10s"
_SETTINGS = {
    "idle_in_transaction_session_timeout": "0",
    # Who holds it does nothing there; that its machine is gone, the server finds out this way.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
}


@contextmanager
def held_still(access: Access) -> Iterator[None]:
    """Every table can be read and not written, partitions too, until the session ends.

    Raises `database.locked` where somebody is writing, `database.refused`, and what opening it
    raises; also at the end, where the session was ended meanwhile.
    """
    with opened(access, lock_timeout=_WAIT, **_SETTINGS) as connection, connection.transaction():
        tables = [quoted(one.schema, one.name) for one in tables_of(connection)]
        if tables:
            connection.execute(
                sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(tables))
            )
        yield
