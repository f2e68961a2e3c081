"""What committed batches of rows that were put back left in the database: see `LiveRows.marks`.

In the capture's schema a table is none of the application's: see `tables_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.adapters.databases.postgresql.tables import CAPTURE

_PLACE = quoted(CAPTURE, "put_back")


def is_there(connection: Connection) -> bool:
    found = connection.execute(
        "SELECT to_regclass(%s) IS NOT NULL", (_PLACE.as_string(None),)
    ).fetchone()
    return bool(found and found[0])


def make(connection: Connection) -> None:
    """May be called twice."""
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(quoted(CAPTURE)))
    making = "CREATE TABLE IF NOT EXISTS {} (batch text PRIMARY KEY, told text NOT NULL)"
    connection.execute(sql.SQL(making).format(_PLACE))


def read(connection: Connection) -> Mapping[str, str]:
    return dict(connection.execute(sql.SQL("SELECT batch, told FROM {}").format(_PLACE)).fetchall())


def leave(connection: Connection, batch: str, told: str) -> None:
    connection.execute(sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(_PLACE), (batch, told))


def clear(connection: Connection, wait: str) -> None:
    """Within a transaction. The place stays for the next one to clear where somebody reads it for
    longer than `wait`: a dump."""
    connection.execute(sql.SQL("DELETE FROM {}").format(_PLACE))
    with suppress(psycopg.errors.LockNotAvailable), connection.transaction():
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (wait,))
        connection.execute(sql.SQL("DROP TABLE {}").format(_PLACE))
        # The schema stays where a capture is in it.
        with suppress(psycopg.errors.DependentObjectsStillExist), connection.transaction():
            connection.execute(sql.SQL("DROP SCHEMA {}").format(quoted(CAPTURE)))
