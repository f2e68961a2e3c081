"""What a migration did to values of columns that both schemas have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.capture import streamed
from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.adapters.databases.postgresql.schemas import Known, mapped, schema_of
from parom.adapters.databases.postgresql.uncovered import Read, side_by_side
from parom.replay.changes import Changes
from parom.replay.mapping import Pair, TableMap


def changed_rows(newer: Connection, snapshot: Connection, changes: Changes) -> dict[str, int]:
    """By table, rows that are not as in the snapshot; rows that only one of them has say nothing.

    Both are read in the order of their keys, so that it takes no memory. Raises psycopg.Error.
    """
    after, before = schema_of(newer), schema_of(snapshot)
    counted = dict[str, int]()
    for name, found in mapped(before, after, changes).items():
        if isinstance(found, TableMap):
            pairs = (*found.columns, *found.computed)
            new = _read(newer, after[name], _after(found.key), _after(pairs))
            old = _read(snapshot, before[found.before], _before(found.key), _before(pairs))
            counted[name] = sum(
                one is not None and other is not None and one != other
                for one, other in side_by_side(new, old)
            )
    return {name: number for name, number in counted.items() if number}


def _after(pairs: Sequence[Pair]) -> list[str]:
    return [one.after for one in pairs]


def _before(pairs: Sequence[Pair]) -> list[str]:
    return [one.before for one in pairs]


def _read(
    connection: Connection, table: Known, key: Sequence[str], columns: Sequence[str]
) -> Iterator[Read]:
    """A row is told by what the server writes for it, of which a hash comes over."""
    statement = sql.SQL("SELECT {}, sha256({}) FROM {} s ORDER BY 1").format(
        _written(key), _written(columns), table.place
    )
    with connection.transaction():
        connection.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        for place, told in streamed(connection, statement):
            yield place, [told]


def _written(names: Sequence[str]) -> sql.Composed:
    """By bytes, which both databases and Python sort alike."""
    listed = sql.SQL(", ").join(quoted("s", name) for name in names)
    return sql.SQL("convert_to(ROW({})::text, 'UTF8')").format(listed)
