"""Puts single rows into a SQLite database that an application writes to at the same time.

Its own foreign keys are off for the connection: what ON DELETE would do to other rows, nobody
asked for. Instead each row is looked at by `kept_references`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from parom.adapters.databases.kept_references import refers_to_nothing, still_referred_to
from parom.adapters.databases.opening import opened
from parom.adapters.databases.schemas import Reference, references_of, schema_of
from parom.adapters.databases.tables import quoted
from parom.adapters.databases.values import plain, raw, text_or_bytes
from parom.errors import database as errors
from parom.errors import quarantine as quarantine_errors
from parom.ports.live_rows import Results
from parom.quarantine.aim import Aim, Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted
from parom.replay.mapping import Table

_MARKS = "parom_capture_put_back"
"""By this beginning of its name a table is none of the application's: see `tables_of`."""
_NOT_TAKEN = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    KeyError,
    TypeError,
    ValueError,
)
"""What SQLite and Python say of a value that a column does not take, or that is none."""


_PATIENT_S = 20.0


@contextmanager
def live_rows(file: Path, timeout_s: float = _PATIENT_S) -> Iterator[SQLiteRows]:
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
        self._known_version = self._version()

    def schema(self) -> Mapping[str, Table]:
        return self._schema

    def applied(self) -> frozenset[str]:
        try:
            found = self._connection.execute("SELECT app, name FROM django_migrations")
        except sqlite3.OperationalError:  # no such table
            return frozenset()
        return frozenset(f"{app}.{name}" for app, name in found)

    def row(self, table: str, key: Values) -> Values | None:
        columns = [one.name for one in self._schema[table].columns]
        listed = ", ".join(map(quoted, columns))
        found = self._connection.execute(
            f"SELECT {listed} FROM main.{quoted(table)} WHERE {_named(key)}",  # noqa: S608
            _raw_twice(key),
        ).fetchone()
        return None if found is None else dict(zip(columns, map(plain, found), strict=True))

    def marks(self) -> Mapping[str, str] | None:
        if not self._has_marks():
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
                results[one.number] = self._tried(one)
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

    def _tried(self, one: Wanted) -> Stay | None:
        """Write a row, or leave it and everything as it was."""
        self._connection.execute("SAVEPOINT parom_row")
        try:
            stay = self._put(one)
        except _NOT_TAKEN:
            stay = Stay.DOES_NOT_FIT
        if stay is not None:
            self._connection.execute("ROLLBACK TO parom_row")
        self._connection.execute("RELEASE parom_row")
        return stay

    def _put(self, one: Wanted) -> Stay | None:
        aim = one.aim
        now = self.row(aim.table, aim.key)
        if _is_there(now, aim.values):
            return None
        if one.was is None:
            return Stay.NOT_KNOWN
        if not _is_there(now, one.was.row):
            return Stay.TAKEN if one.was.row is None else Stay.CHANGED
        if aim.table in self._with_triggers:
            return Stay.TRIGGERS
        if aim.values is not None and not self._takes_bytes(aim):
            return Stay.DOES_NOT_FIT
        self._write(aim, is_new=now is None)
        after = self.row(aim.table, aim.key)
        if not _is_there(after, aim.values):
            return Stay.DIFFERS
        if refers_to_nothing(self._connection, self._references, aim.table, after):
            return Stay.REFERS
        if still_referred_to(self._connection, self._references, aim.table, now):
            return Stay.REFERRED
        return None

    def _write(self, aim: Aim, *, is_new: bool) -> None:
        table = quoted(aim.table)
        if aim.values is None:
            statement, values = f"DELETE FROM main.{table}", list[object]()  # noqa: S608
        elif is_new:
            given = {**aim.fillings, **aim.values}
            listed = ", ".join(map(quoted, given))
            places = ", ".join("?" * len(given))
            # ABORT: a clause of the table's own (ON CONFLICT REPLACE) would take a row out.
            self._connection.execute(
                f"INSERT OR ABORT INTO main.{table} ({listed}) VALUES ({places})",  # noqa: S608
                [raw(one) for one in given.values()],
            )
            return
        else:
            listed = ", ".join(f"{quoted(name)} = ?" for name in aim.values)
            statement = f"UPDATE OR ABORT main.{table} SET {listed}"  # noqa: S608
            values = [raw(one) for one in aim.values.values()]
        where = _named(aim.key)
        self._connection.execute(f"{statement} WHERE {where}", [*values, *_raw_twice(aim.key)])

    def _takes_bytes(self, aim: Aim) -> bool:
        """Bytes in a column of texts were a text that is not UTF-8: which, nobody wrote down."""
        given = {**(aim.values or {}), **aim.key}
        held = {name for name, one in given.items() if isinstance(raw(one), bytes)}
        if not held:
            return True
        declared = dict(
            self._connection.execute(
                "SELECT name, upper(type) FROM pragma_table_xinfo(?)", (aim.table,)
            ).fetchall()
        )
        return all(not declared[name] or "BLOB" in declared[name] for name in held)

    @cached_property
    def _schema(self) -> Mapping[str, Table]:
        return schema_of(self._connection)

    @cached_property
    def _references(self) -> tuple[Reference, ...]:
        return references_of(self._connection, self._schema)

    @cached_property
    def _with_triggers(self) -> frozenset[str]:
        """Tables with triggers of the application's own, which would write more than the row."""
        found = self._connection.execute(
            "SELECT lower(tbl_name) FROM sqlite_master WHERE type = 'trigger' "
            "AND name NOT LIKE 'parom\\_capture%' ESCAPE '\\'"
        )
        lower = {name for (name,) in found}
        return frozenset(name for name in self._schema if name.lower() in lower)

    def _refuse_other_schema(self) -> None:
        """What is known of the tables must not be from before a change of theirs."""
        if self._version() != self._known_version:
            raise quarantine_errors.schema_changed(self._file)

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA schema_version").fetchone()[0])

    def _has_marks(self) -> bool:
        found = self._connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", (_MARKS,)
        )
        return bool(found.fetchone()[0])


def _named(key: Values) -> str:
    """The row with a key, given twice: by the column's collation its index is used, which may
    find another row too."""
    columns = [quoted(name) for name in key]
    return " AND ".join(
        [*(f"{one} = ?" for one in columns), *(f"{one} = ? COLLATE BINARY" for one in columns)]
    )


def _raw_twice(key: Values) -> list[object]:
    return [raw(one) for one in (*key.values(), *key.values())]


def _is_there(now: Values | None, values: Values | None) -> bool:
    """Whether the row has these values in the columns that they name; None: whether it is gone."""
    if now is None or values is None:
        return now is None and values is None
    return all(_same(now.get(name), one) for name, one in values.items())


def _same(one: object, other: object) -> bool:
    """By value and storage class: 1 is not 1.0, and 0.0 is not -0.0."""
    return type(one) is type(other) and repr(one) == repr(other)
