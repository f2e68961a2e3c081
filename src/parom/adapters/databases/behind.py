"""Captured rows that a copy, onto which rows were carried before, has not as they are now.

The two files are compared: what the copy lacks is what it lacks, whoever wrote it and when.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from parom.adapters.databases import capture
from parom.adapters.databases.rounds import NEWER, OLDER, differs
from parom.adapters.databases.tables import Table, quoted, same_key
from parom.adapters.databases.values import plain, text_or_bytes
from parom.facts import CapturedRow
from parom.replay.mapping import TableMap


class ReplacedError(Exception):
    """A row is gone under whose key the snapshot has another one, which a carry took out."""


@dataclass(frozen=True)
class Behind:
    """A row as it is now; one that is there is an empty one."""

    row: CapturedRow
    is_captured: bool
    """False for one that was put in and carried, and is gone again: it left nothing behind."""


def rows_behind(
    connection: sqlite3.Connection, number: int, table: Table, found: TableMap
) -> Iterator[Behind]:
    """Rows of one table of the newer database.

    `connection` has the copy, and the snapshot and the newer database beside it. Raises
    `ReplacedError`: what then stands in the copy is not for this to say.
    """
    connection.text_factory = text_or_bytes
    noted = capture.noted_key(table)
    key = [one.before for one in found.key]
    now, then = f"s.{quoted(table.key[0])}", f"b.{quoted(key[0])}"
    was = f"SELECT 1 FROM {OLDER}.{quoted(found.before)} o WHERE {same_key('o', key, noted)}"  # noqa: S608
    statement = (
        f"SELECT c.op, {now} IS NOT NULL, "  # noqa: S608
        f"{now} IS NULL AND c.op = 'insert' AND EXISTS ({was}), {', '.join(noted)} "
        f"FROM {capture.noted_with_rows(number, table, NEWER)} "
        f"LEFT JOIN main.{quoted(found.before)} b ON {same_key('b', key, noted)} "
        f"WHERE CASE WHEN {now} IS NULL THEN {then} IS NOT NULL "
        f"ELSE {then} IS NULL OR {differs(found, 'b', 's')} END"
    )
    for op, exists, is_replaced, *values in connection.execute(statement):
        if is_replaced:
            raise ReplacedError
        named = dict(zip(table.key, map(plain, values), strict=True))
        is_new = op == "insert"
        operation = "delete" if not exists else "insert" if is_new else "update"
        row = CapturedRow(table.name, operation, named, {} if exists else None)
        yield Behind(row, is_captured=bool(exists) or not is_new)


def captured_count(connection: sqlite3.Connection, schema: str, number: int, table: Table) -> int:
    """How many captured rows a table of the newer database has, which is `schema`."""
    (found,) = connection.execute(
        f"SELECT count(*) FROM {capture.noted_with_rows(number, table, schema)} "  # noqa: S608
        f"WHERE s.{quoted(table.key[0])} IS NOT NULL OR c.op <> 'insert'"
    ).fetchone()
    return int(found)
