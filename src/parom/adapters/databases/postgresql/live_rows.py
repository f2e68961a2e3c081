"""Puts rows into a PostgreSQL database that an application writes to at the same time.

A batch is one short transaction, which leaves a mark; what becomes of a row is in `single_rows`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from parom.adapters.databases.postgresql import put_back_marks
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.known_tables import known_tables
from parom.adapters.databases.postgresql.opening import (
    Connection,
    is_passing,
    opened,
    quoted,
    reason_of,
)
from parom.adapters.databases.postgresql.rights import check_direct
from parom.adapters.databases.postgresql.single_rows import SingleRows
from parom.errors import postgresql as errors
from parom.errors import quarantine as quarantine_errors
from parom.ports.live_rows import Results
from parom.quarantine.aim import Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted
from parom.replay.mapping import Table

_TURN = 0x7061726F, 0x726F7773
"""The advisory lock, of this database, that a batch holds until its end is known to all."""
_PATIENT_S, _PAUSE_S = 20.0, 0.05
_WAIT = "100ms"
"""So long a batch waits for one lock. Whoever waits for the batch meanwhile is a second away from
being taken for a part of a deadlock (deadlock_timeout), and ended in its stead."""
_TRIAL = {"idle_in_transaction_session_timeout": "60s"}
_IN_THE_WAY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
_PATH = """
SELECT set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''),
 string_agg(DISTINCT quote_ident(n.nspname), ', ')), false)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname <> 'pg_catalog'
"""
"""As the application has it, for its functions in constraints; and a key of an extension's type
(citext) is found by that type's own equality."""
_DURABLE = """
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off'
"""
"""A batch is recorded as done once it is committed: it must hold after a power cut."""


@contextmanager
def live_rows(access: Access) -> Iterator[PostgreSQLRows]:
    """A connection to the live database. Raises what `opened` raises, `database.pooled`, and
    `quarantine.not-written` for what PostgreSQL says later."""
    with opened(access) as connection, _named_errors(access):
        check_direct(connection, access.location)
        _prepare(connection)
        yield PostgreSQLRows(connection, access.location)


@contextmanager
def trial_rows(access: Access) -> Iterator[PostgreSQLRows]:
    """The same in one transaction, which is taken back. Whoever writes to the same rows waits
    for its end; where it would have to wait itself it is given up."""
    with opened(access, **_TRIAL) as connection, _named_errors(access):
        check_direct(connection, access.location)
        _prepare(connection)
        with connection.transaction(force_rollback=True):
            yield PostgreSQLRows(connection, access.location, is_trial=True)


@contextmanager
def rows_of_version(
    administration: Administration, access: Access, database_id: str
) -> Iterator[PostgreSQLRows]:
    """Those of a version, into which nobody else is let meanwhile. Raises `database.no-snapshot`,
    and what `Administration.changing` raises."""
    with administration.changing() as (connection, catalogue):
        version = catalogue.known(database_id)
        with administration.let_in(connection, version) as inside, _named_errors(access):
            _prepare(inside)
            yield PostgreSQLRows(inside, access.location)


def _prepare(connection: Connection) -> None:
    # Each row is one and the same question; that no pooler is in between, was looked at.
    connection.prepare_threshold = 3
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    connection.execute("RESET search_path")
    connection.execute(_PATH)
    connection.execute(_DURABLE)


@contextmanager
def _named_errors(access: Access) -> Iterator[None]:
    """What says nothing about the rows is named by `opened`."""
    try:
        yield
    except psycopg.Error as problem:
        if isinstance(problem, _IN_THE_WAY):
            raise errors.busy(access.name, reason_of(problem)) from None
        state = problem.diag.sqlstate or ""
        if is_passing(problem) or state == "42501" or state.startswith("53"):
            raise
        raise quarantine_errors.not_written(access.location, reason_of(problem)) from None


class PostgreSQLRows:
    """`LiveRows` of one connection."""

    def __init__(self, connection: Connection, location: str, *, is_trial: bool = False) -> None:
        self._connection, self._location = connection, location
        self._patient_s = 0 if is_trial else _PATIENT_S
        self._known = known_tables(connection)
        self._rows = SingleRows(connection, self._known, counts_on=not is_trial)

    def schema(self) -> Mapping[str, Table]:
        return {name: one.mapped for name, one in self._known.items()}

    def row(self, table: str, key: Values) -> Values | None:
        is_within = self._connection.info.transaction_status is TransactionStatus.INTRANS
        try:
            with self._connection.transaction() if is_within else nullcontext():
                return self._rows.row(table, key)
        except psycopg.DataError:  # no row can have a key that its column does not take
            return None

    def applied(self) -> frozenset[str]:
        asking = "SELECT to_regclass('django_migrations') IS NOT NULL"
        if self._connection.execute(asking).fetchone() != (True,):
            return frozenset()
        found = self._connection.execute("SELECT app, name FROM django_migrations").fetchall()
        return frozenset(f"{app}.{name}" for app, name in found)

    def marks(self) -> Mapping[str, str] | None:
        with self._connection.transaction():
            self._take_turn()
            is_there = put_back_marks.is_there(self._connection)
            return put_back_marks.read(self._connection) if is_there else None

    def make_ready(self) -> None:
        with self._connection.transaction():
            self._take_turn()
            put_back_marks.make(self._connection)

    def put(self, batch: str, wanted: Sequence[Wanted], mark: Callable[[Results], str]) -> Results:
        """Where somebody is in the way, all of it is taken back, and tried again for a while."""
        until = time.monotonic() + self._patient_s
        while True:
            try:
                with self._connection.transaction():
                    return self._put(batch, wanted, mark)
            except _IN_THE_WAY:
                if time.monotonic() >= until:
                    raise
                time.sleep(_PAUSE_S)

    def clear_marks(self) -> None:
        if put_back_marks.is_there(self._connection):
            with self._connection.transaction():
                put_back_marks.clear(self._connection, _WAIT)

    def _put(
        self, batch: str, wanted: Sequence[Wanted], mark: Callable[[Results], str]
    ) -> dict[int, Stay | None]:
        self._take_turn()
        self._connection.execute("SELECT set_config('lock_timeout', %s, true)", (_WAIT,))
        self._hold({one.aim.table for one in wanted})
        self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        results = {one.number: self._rows.tried(one) for one in wanted}
        put_back_marks.leave(self._connection, batch, mark(results))
        return results

    def _take_turn(self) -> None:
        """What is seen from here on has all of every batch of before in it: also of one that the
        server still commits for a Parom that was killed."""
        self._connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", _TURN)

    def _hold(self, names: set[str]) -> None:
        """These tables are as they are known to be, until the end of the transaction."""
        if not names:
            return
        held = {name: self._known[name] for name in sorted(names)}
        places = [quoted(one.table.schema, one.table.name) for one in held.values()]
        locking = sql.SQL("LOCK TABLE {} IN ROW EXCLUSIVE MODE").format(sql.SQL(", ").join(places))
        try:
            self._connection.execute(locking)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise quarantine_errors.schema_changed(self._location) from None
        now = known_tables(self._connection)
        if any(now.get(name) != one for name, one in held.items()):
            raise quarantine_errors.schema_changed(self._location)
