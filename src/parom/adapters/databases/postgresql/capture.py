"""The capture: triggers that note which rows were written since the application was opened.

How it comes and goes; what is noted is read by `noted_rows`, what notes it is in `triggers`.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.noted_rows import is_written
from parom.adapters.databases.postgresql.notes import UNSEEN, WATCHED, notes_of
from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.adapters.databases.postgresql.since import begun, looked_through, without_writers
from parom.adapters.databases.postgresql.tables import CAPTURE, Table, partitions_of, tables_of
from parom.adapters.databases.postgresql.triggers import (
    TRIGGERS,
    anew,
    function_name,
    identified,
    statements,
)
from parom.adapters.databases.postgresql.watched import Noted, noted_tables

_WAIT = "10s"
"""A table that somebody writes to is waited for so long; whoever comes after waits behind."""
_SHORT_WAIT = "1s"
"""Where nothing depends on it, and the public waits."""
_MADE = """
SELECT t.oid::bigint FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = %s AND p.proname = ANY(%s)
"""


def install(connection: Connection, run_id: str) -> None:
    """Make the notes and the triggers for each of the application's tables, or none of it."""
    with connection.transaction():
        _prepare(connection)
        _drop(connection)
        schema = quoted(CAPTURE)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        connection.execute(sql.SQL("CREATE TABLE {}.run (run_id text)").format(schema))
        connection.execute(sql.SQL("INSERT INTO {}.run VALUES (%s)").format(schema), (run_id,))
        connection.execute(
            sql.SQL(
                "CREATE TABLE {} (number int, oid oid, shown text, key text[], columns text[],"
                " since bigint, floor bigint, looked bigint, numbers int[], types bigint[],"
                " triggers bigint[])"
            ).format(WATCHED)
        )
        connection.execute(sql.SQL("CREATE TABLE {} (number int)").format(UNSEEN))
        for place in (WATCHED, UNSEEN):
            connection.execute(identified(place))
        tables = [one for one in tables_of(connection) if one.can_be_noted]
        looked = looked_through(connection, tables)
        for number, table in enumerate(tables):
            _install_for(connection, number, table, is_looked=table.oid in looked)


def installed_for(connection: Connection) -> str | None:
    """The run whose capture is in the database; None where there is none."""
    if not _is_there(connection):
        return None
    asking = sql.SQL("SELECT run_id FROM {}.run").format(quoted(CAPTURE))
    row = connection.execute(asking).fetchone()
    return str(row[0]) if row else None


def clear(connection: Connection) -> None:
    """Forget what was noted: table by table, so that nobody's lock is waited for while another is
    held. A table that somebody writes to is left as it is: rows are listed that need not be, and
    none is missing."""
    tables = {one.oid: one for one in tables_of(connection)}
    for oid, noted in noted_tables(connection).items():
        try:
            with connection.transaction():
                _prepare(connection, _SHORT_WAIT)
                _clear_one(connection, noted, tables.get(oid))
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            continue


def remove(connection: Connection) -> None:
    """Take everything out again; the application's schema is as it was."""
    with connection.transaction():
        _prepare(connection)
        _drop(connection)


def _clear_one(connection: Connection, noted: Noted, table: Table | None) -> None:
    if table is None or not (noted.since is None or noted.fits(table)):
        return
    if not is_written(connection, noted, table):
        return
    if noted.since is not None:
        _begin_again(connection, noted, table)
        return
    if noted.key:
        # Whoever is writing to a row that is noted noted nothing himself.
        connection.execute(without_writers(table))
    _forget(connection, noted.number)


def _prepare(connection: Connection, wait: str = _WAIT) -> None:
    # What is committed before a lock is given must be seen after it.
    connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    connection.execute("SELECT set_config('lock_timeout', %s, true)", (wait,))


def _install_for(connection: Connection, number: int, table: Table, *, is_looked: bool) -> None:
    since = begun(connection, table, is_looked=is_looked)
    partitions = partitions_of(connection, table) if table.is_partitioned else []
    for statement in statements(number, table, partitions, since):
        connection.execute(statement)
    times = (since.xid, since.floor, since.looked) if since else (None, None, None)
    made_of = [one.number for one in table.columns], [one.type_oid for one in table.columns]
    functions = [function_name(number, letter) for letter in TRIGGERS]
    triggers = [oid for (oid,) in connection.execute(_MADE, (CAPTURE, functions)).fetchall()]
    connection.execute(
        sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)").format(
            WATCHED
        ),
        (
            *(number, table.oid, table.shown, list(table.key), list(table.names)),
            *(*times, *made_of, triggers),
        ),
    )


def _begin_again(connection: Connection, noted: Noted, table: Table) -> None:
    """Rows that were written until now are as good as those that were always there."""
    since = begun(connection, table, is_looked=noted.looked is not None)
    if since is None:
        return
    _forget(connection, noted.number)
    for statement in anew(noted.number, table, since):
        connection.execute(statement)
    connection.execute(
        sql.SQL("UPDATE {} SET since = %s, floor = %s, looked = %s WHERE number = %s").format(
            WATCHED
        ),
        (since.xid, since.floor, since.looked, noted.number),
    )


def _forget(connection: Connection, number: int) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(notes_of(number)))
    connection.execute(sql.SQL("DELETE FROM {} WHERE number = %s").format(UNSEEN), (number,))


def _is_there(connection: Connection) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{CAPTURE}.run",))
    return bool((found.fetchone() or (False,))[0])


def _drop(connection: Connection) -> None:
    """The functions take their triggers along."""
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(quoted(CAPTURE)))
