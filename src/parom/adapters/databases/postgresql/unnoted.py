"""Rows that were written since the capture began and need no note: their versions tell it.

Those above the highest key that there was are new. In a table that is looked through, a row that
stayed where it was has a version of a transaction that wrote since; one that has a note is not
among them: what happened to it is in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.notes import notes_of
from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import Table
from parom.adapters.databases.postgresql.watched import Noted

_NEXT = "(SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"


def unnoted(
    noted: Noted, table: Table, values: sql.Composable, since: int | None = None
) -> list[tuple[Statement, bool]]:
    """What selects `values` of such rows, as `s`, and whether those are new; `since` as in
    `noted_rows.rows_of`."""
    if noted.floor is None:
        return []
    is_above = _is_above(noted.floor, table)
    found = [(_selected(table, values, [is_above], since), True)]
    if noted.looked is not None:
        has_note = sql.SQL("EXISTS (SELECT FROM {} c WHERE {} = {})").format(
            notes_of(noted.number), quoted("c", noted.key[0]), quoted("s", table.key[0])
        )
        no_one = [sql.SQL("NOT ({})").format(one) for one in (is_above, has_note)]
        wanted = [_is_recent(noted.looked), _was_written(noted.looked), *no_one]
        found.append((_selected(table, values, wanted, since), False))
    return found


def keys_above(connection: Connection, noted: Noted, table: Table) -> set[int]:
    """The keys that there are of rows above the highest."""
    if noted.floor is None:
        return set()
    is_above = _is_above(noted.floor, table)
    asking = _selected(table, quoted("s", table.key[0]), [is_above], None)
    return {key for (key,) in connection.execute(asking).fetchall()}


def is_later(since: int) -> Statement:
    """That no transaction below wrote the version `s` (see `since` for when that can be told)."""
    return sql.SQL("s.xmin::text::bigint >= {}").format(sql.Literal(since))


def _selected(
    table: Table, values: sql.Composable, wanted: Sequence[Statement], since: int | None
) -> Statement:
    later = [] if since is None else [is_later(since)]
    return sql.SQL("SELECT {} FROM {} s WHERE {}").format(
        values, quoted(table.schema, table.name), sql.SQL(" AND ").join([*wanted, *later])
    )


def _is_above(floor: int, table: Table) -> sql.Composed:
    highest = sql.Literal(str(floor))
    return sql.SQL("{} > {}::bigint").format(quoted("s", table.key[0]), highest)


def _is_recent(looked: int) -> sql.Composed:
    """What `_was_written` finds, and little else, much faster: numbers are not made texts. By age
    nothing can be told once there were two billion transactions since."""
    return sql.SQL(
        "age(s.xmin) <= (SELECT CASE WHEN {} - {} < 2147483647 THEN age({}::text::xid)"
        " ELSE 2147483647 END)"
    ).format(sql.SQL(_NEXT), sql.Literal(looked), sql.Literal(looked))


def _was_written(looked: int) -> sql.Composed:
    """That a transaction wrote the version `s` that may have written since the capture began. Past
    four billion the numbers begin again: what is below the next one is new then, or very old."""
    return sql.SQL("(s.xmin::text::bigint >= {} OR s.xmin::text::bigint < {} - 4294967296)").format(
        sql.Literal(looked), sql.SQL(_NEXT)
    )
