"""Notes of which rows were written since the application was opened.

Triggers do not fire for TRUNCATE, nor for what a foreign key does to other rows: see `uncovered`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from parom.adapters.databases.mariadb.counting import rows_in
from parom.adapters.databases.mariadb.opening import Session, literal, quoted
from parom.adapters.databases.mariadb.tables import NOTED, RUN, Table, all_names, tables_of
from parom.adapters.databases.mariadb.triggers import (
    PREFIX,
    make_triggers,
    notes_name,
    notes_table,
)
from parom.adapters.databases.mariadb.values import in_words, read
from parom.facts import CapturedRow

_TRIGGERS = """
SELECT trigger_name FROM information_schema.triggers
WHERE trigger_schema = %s AND trigger_name REGEXP '^parom_capture_[0-9]+_[iud]$'
"""


@dataclass(frozen=True)
class Noted:
    """A table as it was when the capture was installed."""

    number: int
    name: str
    key: tuple[str, ...]
    rows: int
    """How many it had when the notes were cleared."""


def install(session: Session, schema: str, run_id: str) -> None:
    """Make the notes and the triggers for each of the application's tables. It counts once the
    run is noted; what a killed Parom left is made anew."""
    remove(session, schema)
    tables = tables_of(session, schema)
    session.ask(
        f"CREATE TABLE {quoted(schema, NOTED)} (number int PRIMARY KEY, name varchar(64),"
        " row_key text, row_count bigint) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
    )
    for number, table in enumerate(tables):
        told = f"{number:d}, {literal(table.name)}, {literal(json.dumps(table.key))}, 0"
        session.ask(f"INSERT INTO {quoted(schema, NOTED)} VALUES ({told})")  # noqa: S608
        if table.key:
            session.ask(notes_table(schema, number, table))
    make_triggers(session, schema)
    clear(session, schema)
    session.ask(
        f"CREATE TABLE {quoted(schema, RUN)} (run_id varchar(200)) ENGINE=InnoDB"
        " DEFAULT CHARSET=utf8mb4"
    )
    session.ask(f"INSERT INTO {quoted(schema, RUN)} VALUES ({literal(run_id)})")  # noqa: S608


def installed_for(session: Session, schema: str) -> str | None:
    """The run whose capture is in a schema; None where there is none."""
    if RUN not in all_names(session, schema):
        return None
    found = session.one(f"SELECT run_id FROM {quoted(schema, RUN)}")  # noqa: S608
    return None if found is None else str(found)


def clear(session: Session, schema: str) -> None:
    """Forget what was noted, and count the rows, in one transaction."""
    there = set(all_names(session, schema))
    noted = noted_tables(session, schema)
    with session.transaction():
        for one in noted:
            if one.key:
                session.ask(f"DELETE FROM {quoted(schema, notes_name(one.number))}")  # noqa: S608
            rows = rows_in(session, schema, one.name) if one.name in there else 0
            session.ask(
                f"UPDATE {quoted(schema, NOTED)} SET row_count = {rows:d}"  # noqa: S608
                f" WHERE number = {one.number:d}"
            )


def remove(session: Session, schema: str) -> None:
    """Take everything out again; the application's tables are as they were."""
    for (name,) in session.ask(_TRIGGERS, schema):
        session.ask(f"DROP TRIGGER IF EXISTS {quoted(schema, name)}")
    own = [name for name in all_names(session, schema) if name == NOTED or name.startswith(PREFIX)]
    if own:
        each = ", ".join(quoted(schema, name) for name in own)
        session.ask(f"DROP TABLE IF EXISTS {each}")


def noted_tables(session: Session, schema: str) -> list[Noted]:
    found = session.ask(f"SELECT number, name, row_key, row_count FROM {quoted(schema, NOTED)}")  # noqa: S608
    return [Noted(number, name, tuple(json.loads(key)), rows) for number, name, key, rows in found]


def rows(session: Session, schema: str) -> Iterator[CapturedRow]:
    """The last state of every row that was noted since `clear`."""
    tables = {one.name: one for one in tables_of(session, schema)}
    for noted in noted_tables(session, schema):
        table = tables.get(noted.name)
        if table and noted.key and table.key == noted.key:
            yield from _rows(session, schema, noted.number, table)


def _rows(session: Session, schema: str, number: int, table: Table) -> Iterator[CapturedRow]:
    """A row whose first operation was an insert and that is gone again left nothing behind."""
    keys = [f"n.k{place}" for place in range(len(table.key))]
    there = f"{quoted('s', table.key[0])} IS NOT NULL"
    columns = [read("s", one) for one in table.columns]
    fitting = " AND ".join(
        f"{quoted('s', name)} = n.k{place}" for place, name in enumerate(table.key)
    )
    statement = (
        f"SELECT n.parom_op, {there}, {', '.join([*keys, *columns])}"  # noqa: S608
        f" FROM {quoted(schema, notes_name(number))} n"
        f" LEFT JOIN {quoted(schema, table.name)} s ON {fitting}"
    )
    for operation, is_there, *values in session.streamed(statement):
        if not is_there and operation == "i":
            continue
        key = in_words(table.key_columns, values[: len(keys)])
        row = in_words(table.columns, values[len(keys) :]) if is_there else None
        done = "delete" if row is None else "insert" if operation == "i" else "update"
        yield CapturedRow(table.name, done, key, row)
