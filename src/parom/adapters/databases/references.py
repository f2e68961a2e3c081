"""Carried rows that refer to nothing, and deleted ones that something still refers to."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from parom.adapters.databases.schemas import Reference
from parom.adapters.databases.tables import quoted
from parom.errors import database as errors
from parom.replay.apart import Apart, Why

if TYPE_CHECKING:
    from parom.adapters.databases.rounds import Work


def dangling(
    connection: sqlite3.Connection, works: Sequence[Work], references: Sequence[Reference]
) -> dict[str, Apart]:
    """Rows that have to stay apart, lest a foreign key leads nowhere."""
    by_table = {one.found.before: one for one in works}
    found: dict[str, Apart] = {}
    for one in references:
        child, parent = by_table.get(one.child), by_table.get(one.parent)
        if child is not None:
            found |= dict.fromkeys(_refer(connection, child, one), Apart(Why.REFERS))
        if parent is not None:
            found |= dict.fromkeys(_referred(connection, parent, child, one), Apart(Why.REFERRED))
    return found


def refuse_broken(
    connection: sqlite3.Connection, works: Sequence[Work], references: Sequence[Reference]
) -> None:
    """What SQLite itself finds, should something else here have been mistaken.

    Raises `database.not-carried` where a foreign key leads nowhere that did lead somewhere in the
    snapshot.
    """
    touched = {one.found.before for one in works}
    children = {one.child for one in references if touched & {one.child, one.parent}}
    for table in sorted(children):
        now = _broken(connection, table, "main")
        if now and now - _broken(connection, table, "parom_older"):
            raise errors.not_carried(f"rows of {table} would refer to nothing")


def _broken(connection: sqlite3.Connection, table: str, schema: str) -> Counter[object]:
    return Counter(connection.execute(f"PRAGMA {schema}.foreign_key_check({quoted(table)})"))


def _refer(connection: sqlite3.Connection, child: Work, one: Reference) -> list[str]:
    """Carried rows whose parent is not there."""
    filled = " AND ".join(f"c.{quoted(name)} IS NOT NULL" for name in one.columns)
    return _names(
        connection,
        f"SELECT k.name FROM {child.keys} k "  # noqa: S608
        f"JOIN main.{quoted(one.child)} c ON {child.same('c', older=True)} "
        f"WHERE k.is_there AND {filled} AND NOT EXISTS "
        f"(SELECT 1 FROM main.{quoted(one.parent)} p WHERE {_leads(one, 'p', 'c')})",
    )


def _referred(
    connection: sqlite3.Connection, parent: Work, child: Work | None, one: Reference
) -> list[str]:
    """Rows that are gone, or have another value, to which one refers that was not carried."""
    filled = " AND ".join(f"o.{quoted(name)} IS NOT NULL" for name in one.targets)
    refers = " AND ".join(
        # As the parent compares, which is how SQLite follows a foreign key.
        f"o.{quoted(target)} = c.{quoted(column)}"
        for column, target in zip(one.columns, one.targets, strict=True)
    )
    still = " AND ".join(f"p.{quoted(name)} = o.{quoted(name)}" for name in one.targets)
    stays = ""
    if child is not None:
        key = " AND ".join(
            # Without affinity: with one, the index of the keys is of no use.
            f"+c.{quoted(pair.before)} = k.k{place} COLLATE BINARY"
            for place, pair in enumerate(child.found.key)
        )
        stays = (
            f" AND NOT EXISTS (SELECT 1 FROM {child.keys} k "  # noqa: S608
            f"WHERE k.is_there AND {key})"
        )
    return _names(
        connection,
        f"SELECT k.name FROM {parent.keys} k "  # noqa: S608
        f"JOIN parom_older.{quoted(one.parent)} o ON {parent.same('o', older=True)} "
        f"WHERE {filled} "
        f"AND NOT EXISTS (SELECT 1 FROM main.{quoted(one.parent)} p WHERE {still}) "
        f"AND EXISTS (SELECT 1 FROM main.{quoted(one.child)} c WHERE {refers}{stays})",
    )


def _leads(one: Reference, parent: str, child: str) -> str:
    return " AND ".join(
        f"{parent}.{quoted(target)} = {child}.{quoted(column)}"
        for column, target in zip(one.columns, one.targets, strict=True)
    )


def _names(connection: sqlite3.Connection, statement: str) -> list[str]:
    return [name for (name,) in connection.execute(statement)]
