"""Triggers that note which rows were written since the application was opened.

Each of the application's tables has a table of notes: the key of a row, and the first
operation seen on it. A row whose first was an insert and that is gone again left nothing
behind. A row is named by its primary key, or by its rowid where none is declared or where
the key may be NULL.

`INSERT OR REPLACE` deletes rows without firing delete triggers; so a row that has a unique
value which is about to be written is noted before the write. Where nothing is replaced then,
it is noted though nothing happened to it: noted rows are never too few.

Limits, documented in `docs/explanation/sqlite.md`: a REPLACE through a partial unique index
or one over expressions; VACUUM, where a table has no usable key. What became of tables
without these triggers is found by `uncovered`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from parom.adapters.databases.tables import Table, quoted, tables_of
from parom.adapters.databases.values import plain_each, text_or_bytes
from parom.facts import CapturedRow

_PREFIX = "parom_capture_"
RUN = f"{_PREFIX}run"
_TABLES = f"{_PREFIX}tables"


def install(connection: sqlite3.Connection, run_id: str) -> None:
    """Make the notes and the triggers for each of the application's tables, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _drop(connection)
        connection.execute(f"CREATE TABLE {RUN} (run_id TEXT NOT NULL)")
        connection.execute(f"INSERT INTO {RUN} VALUES (?)", (run_id,))  # noqa: S608 - a constant
        connection.execute(
            f"CREATE TABLE {_TABLES} (number INTEGER NOT NULL, tbl TEXT NOT NULL, columns TEXT)"
        )
        for number, table in enumerate(tables_of(connection)):
            connection.execute(
                f"INSERT INTO {_TABLES} VALUES (?, ?, ?)",  # noqa: S608 - a constant
                (number, table.name, json.dumps(table.columns)),
            )
            for statement in _statements(number, table):
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def installed_for(connection: sqlite3.Connection) -> str | None:
    """The run whose capture is in the database; None where there is none."""
    try:
        row = connection.execute(f"SELECT run_id FROM {RUN}").fetchone()  # noqa: S608
    except sqlite3.OperationalError:  # no such table
        return None
    return str(row[0])


def clear(connection: sqlite3.Connection) -> None:
    """Forget what was noted, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, _ in _noted(connection):
            connection.execute(f"DELETE FROM {_PREFIX}{number:d}")  # noqa: S608 - a number
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def remove(connection: sqlite3.Connection) -> None:
    """Take everything out again; the application's schema is as it was."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _drop(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def rows(connection: sqlite3.Connection) -> Iterator[CapturedRow]:
    """The last state of every row that was noted since `clear`."""
    for number, table in watched(connection):
        yield from rows_of(connection, number, table)


def watched(connection: sqlite3.Connection) -> Iterator[tuple[int, Table]]:
    """The tables whose rows the notes name, each by the number of its notes."""
    numbers = _numbers_now(connection)
    for table in tables_of(connection):
        number = numbers.get(table.name)
        # A table that was made anew with another key is compared instead: see `uncovered`.
        if number is not None and _keeps_keys_of(connection, number, table):
            yield number, table


def rows_of(
    connection: sqlite3.Connection,
    number: int,
    table: Table,
    *,
    bare: bool = False,
    where: str = "1",
    values: Mapping[str, object] | None = None,
) -> Iterator[CapturedRow]:
    """Those of one table; with `bare` without values: a row that is there is an empty one.

    `where` is a condition on the note `c` and the row `s`, with `values` for its parameters.
    """
    connection.text_factory = text_or_bytes
    columns = () if bare else table.columns
    asked = [*noted_key(table), *(f"s.{quoted(name)}" for name in columns)]
    width = len(table.key)
    statement = (
        f"SELECT c.op, s.{quoted(table.key[0])} IS NOT NULL, {', '.join(asked)} "  # noqa: S608
        f"FROM {noted_with_rows(number, table, 'main')} WHERE {where}"
    )
    for op, exists, *found in connection.execute(statement, dict(values or {})):
        if not exists and op == "insert":
            continue
        values_now = plain_each(found)
        key = dict(zip(table.key, values_now, strict=False))
        row = dict(zip(columns, values_now[width:], strict=True)) if exists else None
        operation = "delete" if row is None else ("insert" if op == "insert" else "update")
        yield CapturedRow(table.name, operation, key, row)


def covers(connection: sqlite3.Connection, table: Table) -> bool:
    """Whether a table has each of its triggers as it was or would be made, and the columns that
    it had then: where somebody renamed one by hand, nobody knows what its values mean."""
    numbers = {name: number for number, name in _noted(connection)}
    if table.name not in numbers:
        return False
    number = numbers[table.name]
    wanted = {one for one in _statements(number, table) if one.startswith("CREATE TRIGGER")}
    found = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table.name,)
    )
    return (
        wanted <= {sql for (sql,) in found}
        and _keeps_keys_of(connection, number, table)
        and _keeps_columns_of(connection, table)
    )


def noted_tables(connection: sqlite3.Connection) -> set[str]:
    """The tables that were there when the capture was installed."""
    return {name for _, name in _noted(connection)}


def written_tables(connection: sqlite3.Connection) -> set[str]:
    """The tables of which something was noted, also where nothing is left of it."""
    return {
        name
        for number, name in _noted(connection)
        if connection.execute(f"SELECT 1 FROM {_PREFIX}{number:d} LIMIT 1").fetchone()  # noqa: S608
    }


def _keeps_keys_of(connection: sqlite3.Connection, number: int, table: Table) -> bool:
    notes = (f"{_PREFIX}{number:d}",)
    found = connection.execute("SELECT name FROM pragma_table_info(?)", notes).fetchall()
    return len(found) == len(table.key) + 1


def _keeps_columns_of(connection: sqlite3.Connection, table: Table) -> bool:
    """Not known of a capture that an older Parom installed: then they do not."""
    if not connection.execute(
        "SELECT 1 FROM pragma_table_info(?) WHERE name = 'columns'", (_TABLES,)
    ).fetchone():
        return False
    statement = f"SELECT columns FROM {_TABLES} WHERE tbl = ?"  # noqa: S608 - a constant
    (columns,) = connection.execute(statement, (table.name,)).fetchone()
    return bool(columns == json.dumps(table.columns))


def noted_key(table: Table) -> list[str]:
    """The columns of a note `c` that name its row."""
    return [f"c.k{place}" for place in range(len(table.key))]


def noted_with_rows(number: int, table: Table, schema: str) -> str:
    """Each note `c` of a table with the row `s` that has its key, if any."""
    fitting = " AND ".join(
        # Twice: by the column's collation its index is used, which may find other rows too.
        f"s.{quoted(name)} IS {note} AND s.{quoted(name)} IS {note} COLLATE BINARY"
        for name, note in zip(table.key, noted_key(table), strict=True)
    )
    notes = f"{schema}.{_PREFIX}{number:d}"
    return f"{notes} c LEFT JOIN {schema}.{quoted(table.name)} s ON {fitting}"


def _statements(number: int, table: Table) -> Iterator[str]:
    notes = f"{_PREFIX}{number:d}"
    names = [f"k{place}" for place in range(len(table.key))]
    # No UNIQUE: the conflict clause of the outer statement would reach into the trigger.
    # A plus takes a column's affinity away: notes have none, and with one on the other side of a
    # comparison their index is of no use, so that each write would read all notes.
    yield f"CREATE TABLE {notes} ({', '.join(names)}, op TEXT NOT NULL)"
    yield f"CREATE INDEX {notes}_key ON {notes} ({', '.join(names)})"

    def note(row: str, op: str) -> str:
        values = [f"{row}.{quoted(name)}" for name in table.key]
        known = " AND ".join(f"{n} IS +{v}" for n, v in zip(names, values, strict=True))
        return (
            f"INSERT INTO {notes} SELECT {', '.join(values)}, '{op}' "  # noqa: S608
            f"WHERE NOT EXISTS (SELECT 1 FROM {notes} WHERE {known});"
        )

    on = f"ON {quoted(table.name)} BEGIN"
    conflicts = " ".join(_conflicts(notes, names, table))
    if conflicts:
        yield f"CREATE TRIGGER {notes}_a BEFORE INSERT {on} {conflicts} END"
        yield f"CREATE TRIGGER {notes}_b BEFORE UPDATE {on} {conflicts} END"
    yield f"CREATE TRIGGER {notes}_i AFTER INSERT {on} {note('NEW', 'insert')} END"
    yield f"CREATE TRIGGER {notes}_d AFTER DELETE {on} {note('OLD', 'delete')} END"
    both = f"{note('OLD', 'update')} {note('NEW', 'insert')}"
    yield f"CREATE TRIGGER {notes}_u AFTER UPDATE {on} {both} END"


def _conflicts(notes: str, names: Sequence[str], table: Table) -> Iterator[str]:
    """Notes of rows that have a unique value which is about to be written."""
    key = [f"s.{quoted(name)}" for name in table.key]
    known = " AND ".join(f"n.{name} IS +{value}" for name, value in zip(names, key, strict=True))
    for unique in table.uniques:
        same = " AND ".join(f"s.{quoted(name)} = NEW.{quoted(name)}" for name in unique)
        yield (
            f"INSERT INTO {notes} SELECT {', '.join(key)}, 'update' "  # noqa: S608
            f"FROM {quoted(table.name)} s WHERE {same} "
            f"AND NOT EXISTS (SELECT 1 FROM {notes} n WHERE {known});"
        )


def _noted(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    return connection.execute(f"SELECT number, tbl FROM {_TABLES}").fetchall()  # noqa: S608


def _numbers_now(connection: sqlite3.Connection) -> dict[str, int]:
    """By the name that a table has now: its triggers follow where somebody renames it, and
    another one may have taken its name."""
    triggers = connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    watched: dict[str, str] = dict(triggers.fetchall())
    noted = _noted(connection)
    named = {number: watched.get(f"{_PREFIX}{number:d}_d") for number, _ in noted}
    lost = {name: number for number, name in noted if named[number] is None}
    return lost | {name: number for number, name in named.items() if name is not None}


def _drop(connection: sqlite3.Connection) -> None:
    for kind in ("trigger", "table"):
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = ? AND name LIKE 'parom\\_capture%' "
            "ESCAPE '\\'",
            (kind,),
        ).fetchall()
        for (name,) in names:
            connection.execute(f"DROP {kind.upper()} {quoted(name)}")
