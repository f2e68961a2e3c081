"""One row of a SQLite database: read, compared, written, looked at, and taken back if it is wrong.

The database's own foreign keys are off meanwhile: what ON DELETE would do to other rows, nobody
asked for. Instead each row is looked at by `kept_references`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cached_property

from parom.adapters.databases.kept_references import refers_to_nothing, still_referred_to
from parom.adapters.databases.schemas import Reference, references_of, schema_of
from parom.adapters.databases.tables import quoted
from parom.adapters.databases.values import plain, raw
from parom.quarantine.aim import Aim, Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted, is_there, why_not
from parom.replay.mapping import Table

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


class SingleRows:
    """Rows by their keys. What is known of the tables is what it was at the first question."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def row(self, table: str, key: Values) -> Values | None:
        columns = [one.name for one in self.schema[table].columns]
        listed = ", ".join(map(quoted, columns))
        found = self._connection.execute(
            f"SELECT {listed} FROM main.{quoted(table)} WHERE {_named(key)}",  # noqa: S608
            _raw_twice(key),
        ).fetchone()
        return None if found is None else dict(zip(columns, map(plain, found), strict=True))

    def tried(self, one: Wanted) -> Stay | None:
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
        if is_there(now, aim.values):
            return None
        stay = why_not(one, now)
        if stay is not None:
            return stay
        if aim.table in self._with_triggers:
            return Stay.TRIGGERS
        if aim.values is not None and not self._takes_bytes(aim):
            return Stay.DOES_NOT_FIT
        self._write(aim, is_new=now is None)
        after = self.row(aim.table, aim.key)
        if not is_there(after, aim.values):
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
    def schema(self) -> Mapping[str, Table]:
        return schema_of(self._connection)

    @cached_property
    def _references(self) -> tuple[Reference, ...]:
        return references_of(self._connection, self.schema)

    @cached_property
    def _with_triggers(self) -> frozenset[str]:
        """Tables with triggers of the application's own, which would write more than the row."""
        found = self._connection.execute(
            "SELECT lower(tbl_name) FROM sqlite_master WHERE type = 'trigger' "
            "AND name NOT LIKE 'parom\\_capture%' ESCAPE '\\'"
        )
        lower = {name for (name,) in found}
        return frozenset(name for name in self.schema if name.lower() in lower)


def _named(key: Values) -> str:
    """The row with a key, given twice: by the column's collation its index is used, which may
    find another row too."""
    columns = [quoted(name) for name in key]
    return " AND ".join(
        [*(f"{one} = ?" for one in columns), *(f"{one} = ? COLLATE BINARY" for one in columns)]
    )


def _raw_twice(key: Values) -> list[object]:
    return [raw(one) for one in (*key.values(), *key.values())]
