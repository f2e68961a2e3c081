"""Puts rows into a SQLite database that an application writes to at the same time.

A batch is one short transaction, which leaves a mark; what becomes of a row is in `single_rows`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from parom.adapters.databases.online import copy_pages
from parom.adapters.databases.opening import opened
from parom.adapters.databases.single_rows import SingleRows
from parom.adapters.databases.values import text_or_bytes
from parom.adapters.databases.versions import VersionedFiles
from parom.errors import database as errors
from parom.errors import quarantine as quarantine_errors
from parom.ports.live_rows import Results
from parom.quarantine.aim import Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted
from parom.replay.mapping import Table

_MARKS = "parom_capture_put_back"
"""By this beginning of its name a table is none of the application's: see `tables_of`."""
_TRIAL = "trial"
"""The id of the copy on which things are tried out; it is never finished."""


@contextmanager
def live_rows(file: Path, timeout_s: float) -> Iterator[SQLiteRows]:
    """A connection that waits `timeout_s` for whoever is writing.

    Raises what `opened` raises, and `quarantine.not-written` for what SQLite says later.
    """
    with opened(file, timeout_s) as connection, _named_errors(file):
        # A batch is recorded as done once it is committed: it must hold after a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.text_factory = text_or_bytes
        yield SQLiteRows(connection, file)


@contextmanager
def trial_rows(files: VersionedFiles, live: Path, timeout_s: float) -> Iterator[SQLiteRows]:
    """The same of a copy, which is gone afterwards; one that a killed Parom left goes before.

    Raises what `copy_pages` raises too.
    """
    copy = files.partial_of(_TRIAL)
    files.make_store()
    files.clear_partial(_TRIAL)
    try:
        with opened(live, timeout_s) as source:
            copy_pages(source, live, copy, None)
        with live_rows(copy, timeout_s) as rows:
            yield rows
    finally:
        files.clear_partial(_TRIAL)


@contextmanager
def _named_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise errors.locked(file) from None
        raise quarantine_errors.not_written(file, str(problem)) from None


class SQLiteRows:
    """`LiveRows` of a SQLite file."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection, self._file = connection, file
        self._rows = SingleRows(connection)
        self._known_version = self._version()

    def schema(self) -> Mapping[str, Table]:
        return self._rows.schema

    def row(self, table: str, key: Values) -> Values | None:
        return self._rows.row(table, key)

    def applied(self) -> frozenset[str]:
        if not self._has("django_migrations"):
            return frozenset()
        found = self._connection.execute("SELECT app, name FROM django_migrations")
        return frozenset(f"{app}.{name}" for app, name in found)

    def marks(self) -> Mapping[str, str] | None:
        if not self._has(_MARKS):
            return None
        return dict(self._connection.execute(f"SELECT batch, told FROM {_MARKS}").fetchall())  # noqa: S608

    def make_ready(self) -> None:
        def make() -> None:
            self._refuse_other_schema()
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {_MARKS} "
                "(batch TEXT NOT NULL PRIMARY KEY, told TEXT NOT NULL)"
            )
            self._known_version = self._version()

        self._written(make)

    def put(self, batch: str, wanted: Sequence[Wanted], mark: Callable[[Results], str]) -> Results:
        results: dict[int, Stay | None] = {}

        def write() -> None:
            self._refuse_other_schema()
            for one in wanted:
                results[one.number] = self._rows.tried(one)
            self._connection.execute(
                f"INSERT INTO {_MARKS} VALUES (?, ?)",  # noqa: S608 - a constant
                (batch, mark(results)),
            )

        self._written(write)
        return results

    def clear_marks(self) -> None:
        self._written(lambda: self._connection.execute(f"DROP TABLE IF EXISTS {_MARKS}"))

    def _written(self, write: Callable[[], object]) -> None:
        """In one transaction."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            write()
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _refuse_other_schema(self) -> None:
        """What is known of the tables must not be from before a change of theirs."""
        if self._version() != self._known_version:
            raise quarantine_errors.schema_changed(self._file)

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA schema_version").fetchone()[0])

    def _has(self, table: str) -> bool:
        found = self._connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
        )
        return bool(found.fetchone()[0])
