"""Whether a row that was just written leaves a foreign key that leads nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from parom.adapters.databases.schemas import Reference
from parom.adapters.databases.tables import quoted
from parom.adapters.databases.values import raw
from parom.quarantine.aim import Values


def refers_to_nothing(
    connection: sqlite3.Connection, references: Sequence[Reference], table: str, now: Values | None
) -> bool:
    """Whether the row refers to one that is not there; one that is gone refers to none."""
    if now is None:
        return False
    return any(
        not _is_there(connection, one.parent, one.targets, found)
        for one in references
        if one.child == table and (found := _filled(now, one.columns))
    )


def still_referred_to(
    connection: sqlite3.Connection,
    references: Sequence[Reference],
    table: str,
    before: Values | None,
) -> bool:
    """Whether some row refers to what the row was before, and nothing is that any more."""
    if before is None:
        return False
    return any(
        not _is_there(connection, one.parent, one.targets, found)
        and _is_there(connection, one.child, one.columns, found)
        for one in references
        if one.parent == table and (found := _filled(before, one.targets))
    )


def _filled(row: Values, columns: Sequence[str]) -> list[object]:
    """The values by which a row refers, or is referred to; none where one of them is NULL."""
    spelled = {name.lower(): one for name, one in row.items()}
    found = [raw(spelled.get(name.lower())) for name in columns]
    return [] if None in found else found


def _is_there(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], values: Sequence[object]
) -> bool:
    where = " AND ".join(f"{quoted(name)} = ?" for name in columns)
    found = connection.execute(
        f"SELECT 1 FROM main.{quoted(table)} WHERE {where} LIMIT 1",  # noqa: S608
        list(values),
    )
    return found.fetchone() is not None
