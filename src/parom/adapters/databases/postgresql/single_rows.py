"""One row of a PostgreSQL database: locked, compared, written, looked at, and taken back if it is
wrong.

The caller's transaction checks all constraints at once (SET CONSTRAINTS ALL IMMEDIATE).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.foreign_keys import ForeignKey
from parom.adapters.databases.postgresql.known_tables import KnownTable
from parom.adapters.databases.postgresql.noted_rows import in_words
from parom.adapters.databases.postgresql.numbering import count_past
from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import Table
from parom.adapters.databases.postgresql.values import as_written, text_of
from parom.quarantine.aim import Aim, Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted, is_there, why_not

_NOT_TAKEN = (
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.ProgrammingError,
    psycopg.NotSupportedError,
    psycopg.errors.ProgramLimitExceeded,
    KeyError,
    TypeError,
    ValueError,
)
"""What PostgreSQL, a function of the application's in a constraint, and Python say of a value
that a column does not take, or that is none."""


class SingleRows:
    """Rows by their keys; `known` is what the tables are like. With `counts_on` sequences are
    moved past the ids of rows that go back."""

    def __init__(
        self, connection: Connection, known: Mapping[str, KnownTable], *, counts_on: bool
    ) -> None:
        self._connection, self._known, self._counts_on = connection, known, counts_on
        self._cursor = connection.cursor()
        as_written(self._cursor)
        self._asking: dict[tuple[str, tuple[str, ...], bool], bytes] = {}

    def row(self, table: str, key: Values, *, locked: bool = False) -> Values | None:
        """Locked, nobody else changes it, deletes it or begins to refer to it before the end of
        the transaction; and it is the latest one."""
        known, shape = self._known[table].table, (table, tuple(key), locked)
        if shape not in self._asking:
            self._asking[shape] = _asking(known, key, locked=locked).as_bytes(self._connection)
        found = self._cursor.execute(self._asking[shape], _written(key)).fetchone()
        if found is None:
            return None
        row = in_words(known, found)
        # Found by the column's equality, by which another key may be equal too.
        return row if is_there(row, key) else None

    def tried(self, one: Wanted) -> Stay | None:
        """Write a row, or leave it and everything as it was."""
        stay: Stay | None = None
        try:
            with self._connection.transaction() as savepoint:
                stay = self._put(one)
                if stay is not None:
                    raise psycopg.Rollback(savepoint)
        except psycopg.errors.InsufficientPrivilege:
            raise
        except psycopg.errors.ForeignKeyViolation:
            return Stay.REFERS
        except psycopg.errors.RestrictViolation:
            return Stay.REFERRED
        except _NOT_TAKEN:
            return Stay.DOES_NOT_FIT
        return stay

    def _put(self, one: Wanted) -> Stay | None:
        aim, known = one.aim, self._known[one.aim.table]
        now = self.row(aim.table, aim.key, locked=True)
        if is_there(now, aim.values):
            return None
        stay = why_not(one, now)
        if stay is not None:
            return stay
        if known.has_triggers:
            return Stay.TRIGGERS
        if now is None:
            self._insert(known, aim)
        else:
            changed = _changed(aim, now)
            # Before it is written: what ON DELETE and ON UPDATE would do to other rows, nobody
            # asked for.
            if any(self._is_referred_to(known, one, aim.key, changed) for one in known.references):
                return Stay.REFERRED
            self._write_over(known, aim, changed)
        return None if is_there(self.row(aim.table, aim.key), aim.values) else Stay.DIFFERS

    def _insert(self, known: KnownTable, aim: Aim) -> None:
        given = {**aim.fillings, **(aim.values or {})}
        if self._counts_on:
            self._count_past(known, given)
        # What always numbers itself takes a number that is given only when it is told to.
        statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            quoted(known.table.schema, known.table.name),
            _listed(tuple(given)),
            sql.SQL(", ").join([sql.Placeholder()] * len(given)),
        )
        self._connection.execute(statement, _written(given))

    def _count_past(self, known: KnownTable, given: Values) -> None:
        """Before the row is there: whoever was given its id meanwhile would wait for it, and
        then be refused."""
        for one in known.numbered:
            value = given.get(one.column)
            if isinstance(value, int):
                count_past(self._connection, one, value)

    def _write_over(self, known: KnownTable, aim: Aim, changed: Sequence[str]) -> None:
        """Only what differs: a column that always numbers itself takes not even its own value."""
        place = _place(known.table)
        if aim.values is None:
            begun, values = sql.SQL("DELETE FROM {}").format(place), dict[str, object]()
        else:
            values = {name: aim.values[name] for name in changed}
            setting = [sql.SQL("{} = %s").format(quoted(name)) for name in changed]
            begun = sql.SQL("UPDATE {} SET {}").format(place, sql.SQL(", ").join(setting))
        statement = sql.SQL("{} WHERE {}").format(begun, _named(aim.key))
        self._connection.execute(statement, [*_written(values), *_written(aim.key)])

    def _is_referred_to(
        self, known: KnownTable, one: ForeignKey, key: Values, changed: Collection[str]
    ) -> bool:
        """Whether another row refers to it by a column that is to change."""
        if not set(one.targets) & set(changed):
            return False
        leads = [
            sql.SQL("c.{} = p.{}").format(quoted(column), quoted(target))
            for column, target in zip(one.columns, one.targets, strict=True)
        ]
        asking = sql.SQL(
            "SELECT EXISTS (SELECT FROM {} p JOIN {} c ON {}"
            " AND (c.tableoid, c.ctid) <> (p.tableoid, p.ctid) WHERE {})"
        ).format(
            _place(known.table),
            one.child,
            sql.SQL(" AND ").join(leads),
            _named(key, "p"),
        )
        found = self._connection.execute(asking, _written(key)).fetchone()
        return bool(found and found[0])


def _asking(table: Table, key: Values, *, locked: bool) -> sql.Composed:
    return sql.SQL("SELECT {} FROM {} WHERE {}{}").format(
        _listed(table.names),
        _place(table),
        _named(key),
        sql.SQL(" FOR UPDATE" if locked else ""),
    )


def _changed(aim: Aim, now: Values) -> tuple[str, ...]:
    """The columns that will not be as they are; all of them where the row goes."""
    if aim.values is None:
        return tuple(now)
    return tuple(n for n, one in aim.values.items() if not is_there(now, {n: one}))


def _place(table: Table) -> Statement:
    """A table without what inherits from it."""
    only = sql.SQL("" if table.is_partitioned else "ONLY ")
    return sql.SQL("{}{}").format(only, quoted(table.schema, table.name))


def _named(key: Values, table: str = "") -> Statement:
    """The row with a key, of which the values are given."""
    places = [quoted(*filter(None, (table, name))) for name in key]
    return sql.SQL(" AND ").join([sql.SQL("{} = %s").format(one) for one in places])


def _listed(names: Sequence[str]) -> Statement:
    return sql.SQL(", ").join([quoted(name) for name in names])


def _written(values: Values) -> list[str | None]:
    return [text_of(one) for one in values.values()]
