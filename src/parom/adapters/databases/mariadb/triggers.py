"""The capture's triggers: one for each kind of write to a table, in the writer's transaction."""

from __future__ import annotations

import json

from parom.adapters.databases.mariadb.opening import Session, quoted
from parom.adapters.databases.mariadb.tables import NOTED, Table

PREFIX = "parom_capture_"
EVENTS = {"i": "INSERT", "u": "UPDATE", "d": "DELETE"}


def notes_name(number: int) -> str:
    return f"{PREFIX}{number}"


def trigger_name(number: int, letter: str) -> str:
    return f"{PREFIX}{number}_{letter}"


def notes_table(schema: str, number: int, table: Table) -> str:
    """A statement that makes the table of a table's notes: key, first operation."""
    columns = [f"k{place} {one.declared} NOT NULL" for place, one in enumerate(table.key_columns)]
    keys = ", ".join(f"k{place}" for place in range(len(table.key)))
    return (
        f"CREATE TABLE {quoted(schema, notes_name(number))}"
        f" (parom_op char(1) CHARACTER SET ascii NOT NULL, {', '.join(columns)},"
        f" PRIMARY KEY ({keys})) ENGINE=InnoDB"
    )


def make_triggers(session: Session, schema: str) -> None:
    """Those of all tables that are noted and there; once more is fine."""
    for number, name, key in _noted(session, schema):
        if key and _is_there(session, schema, name):
            for letter in EVENTS:
                session.ask(_trigger(schema, number, name, key, letter))


def _trigger(schema: str, number: int, table: str, key: list[str], letter: str) -> str:
    notes = quoted(schema, notes_name(number))
    if letter == "u":
        same = " AND ".join(f"OLD.{quoted(one)} <=> NEW.{quoted(one)}" for one in key)
        body = (
            f"BEGIN {_noting(notes, 'u', 'OLD', key)};"
            f" IF NOT ({same}) THEN {_noting(notes, 'i', 'NEW', key)}; END IF; END"
        )
    else:
        body = _noting(notes, letter, "OLD" if letter == "d" else "NEW", key)
    return (
        f"CREATE OR REPLACE TRIGGER {quoted(schema, trigger_name(number, letter))}"
        f" AFTER {EVENTS[letter]} ON {quoted(schema, table)} FOR EACH ROW {body}"
    )


def _noting(notes: str, letter: str, row: str, key: list[str]) -> str:
    """The first operation stays."""
    values = ", ".join([f"'{letter}'", *(f"{row}.{quoted(one)}" for one in key)])
    return f"INSERT INTO {notes} VALUES ({values}) ON DUPLICATE KEY UPDATE parom_op = parom_op"  # noqa: S608


def _noted(session: Session, schema: str) -> list[tuple[int, str, list[str]]]:
    found = session.ask(f"SELECT number, name, row_key FROM {quoted(schema, NOTED)}")  # noqa: S608
    return [(number, name, json.loads(key)) for number, name, key in found]


def _is_there(session: Session, schema: str, name: str) -> bool:
    asking = "SELECT count(*) FROM information_schema.tables WHERE table_schema = %s"
    return bool(session.one(asking + " AND table_name = %s", schema, name))
