"""A row that goes back with its id: the sequence that numbers its table must not reach that id.

SQLite counts on from the highest one by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, quoted

_MOST_STEPS = 1000
"""So many numbers are left out one by one, whoever else takes some meanwhile; for more the
sequence is set, which would be wrong only if others took as many in that instant."""
_SEQUENCES = """
SELECT d.refobjid::bigint, a.attname::text, n.nspname::text, c.relname::text,
 s.seqincrement, s.seqmin, s.seqmax
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid JOIN pg_sequence s ON s.seqrelid = c.oid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
 AND d.deptype IN ('a', 'i') ORDER BY c.oid
"""


@dataclass(frozen=True)
class Numbered:
    """A column, and the sequence that belongs to it."""

    column: str
    schema: str
    name: str
    step: int
    least: int
    most: int


def numbered_columns(connection: Connection) -> dict[int, list[Numbered]]:
    """By the oid of the table."""
    found = dict[int, list[Numbered]]()
    for oid, *one in connection.execute(_SEQUENCES).fetchall():
        found.setdefault(oid, []).append(Numbered(*one))
    return found


def count_past(connection: Connection, one: Numbered, value: int) -> None:
    """Let the sequence not give out `value` any more. It is not taken back with a transaction:
    numbers that are left out harm nobody."""
    asking = sql.SQL("SELECT last_value, is_called FROM {}").format(quoted(one.schema, one.name))
    last, is_called = connection.execute(asking).fetchone() or (0, False)
    if not is_called:
        last -= one.step
    steps = (min(max(value, one.least), one.most) - last) // one.step
    if steps <= 0:
        return
    named = quoted(one.schema, one.name).as_string(None)
    if steps <= _MOST_STEPS:
        taking = "SELECT max(nextval(%s::regclass)) FROM generate_series(1, %s)"
        connection.execute(taking, (named, steps))
    else:
        connection.execute("SELECT setval(%s::regclass, %s)", (named, last + steps * one.step))
