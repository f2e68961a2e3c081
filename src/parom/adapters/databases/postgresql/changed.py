"""What a migration did to values of columns that both schemas have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.noted_rows import streamed
from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.adapters.databases.postgresql.schemas import Known, mapped, schema_of
from parom.adapters.databases.postgresql.uncovered import Read, side_by_side
from parom.replay.changes import Changes
from parom.replay.mapping import Pair, TableMap


def changed_rows(newer: Connection, snapshot: Connection, changes: Changes) -> dict[str, int]:
    """By table, rows that are not as in the snapshot; rows that only one of them has say nothing.

    Raises psycopg.Error.
    """
    after, before = schema_of(newer), schema_of(snapshot)
    counted = {
        name: _changed(
            Side(newer, after[name], _after(found.key), _after(_both(found))),
            Side(snapshot, before[found.before], _before(found.key), _before(_both(found))),
        )
        for name, found in mapped(before, after, changes).items()
        if isinstance(found, TableMap)
    }
    return {name: number for name, number in counted.items() if number}


@dataclass(frozen=True)
class Side:
    """One table of one of the two, with columns in the same order on both sides."""

    connection: Connection
    table: Known
    key: Sequence[str]
    columns: Sequence[str]


def _changed(newer: Side, snapshot: Side) -> int:
    """Tables that are the same take no sorting, which is most of the time."""
    if _digest(newer) == _digest(snapshot):
        return 0
    return sum(
        new is not None and old is not None and new != old
        for new, old in side_by_side(_read(newer), _read(snapshot))
    )


def _digest(side: Side) -> Sequence[object]:
    """The same for the same rows, in whatever order they lie: 128 bits, and how many they are."""
    asking = sql.SQL(
        "SELECT count(*), sum(hashtextextended(told, 1)), sum(hashtextextended(told, 2))"
        ' FROM (SELECT ROW({})::text COLLATE "C" AS told FROM {} s) found'
    ).format(_listed([*side.key, *side.columns]), side.table.place)
    return side.connection.execute(asking).fetchone() or ()


def _both(found: TableMap) -> Sequence[Pair]:
    return (*found.columns, *found.computed)


def _after(pairs: Sequence[Pair]) -> list[str]:
    return [one.after for one in pairs]


def _before(pairs: Sequence[Pair]) -> list[str]:
    return [one.before for one in pairs]


def _read(side: Side) -> Iterator[Read]:
    """In the order of the keys' bytes, which both databases and Python sort alike, so that it
    takes no memory. A row is told by what the server writes for it, of which a hash comes over."""
    written = sql.SQL("convert_to(ROW({})::text, 'UTF8')")
    statement = sql.SQL("SELECT {}, sha256({}) FROM {} s ORDER BY 1").format(
        written.format(_listed(side.key)), written.format(_listed(side.columns)), side.table.place
    )
    connection = side.connection
    with connection.transaction():
        connection.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        for place, told in streamed(connection, statement):
            yield place, [told]


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(quoted("s", name) for name in names)
