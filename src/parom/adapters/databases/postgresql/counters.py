"""Ids are given out once: after a return a snapshot counts on from where the newer one stopped.

See `parom.adapters.databases.counters`, which does it for SQLite.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, quoted

_SEQUENCES = """
SELECT n.nspname, c.relname, s.seqincrement > 0,
 coalesce((SELECT CASE t_n.nspname WHEN 'public' THEN '' ELSE t_n.nspname || '.' END || t.relname
  FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
  JOIN pg_namespace t_n ON t_n.oid = t.relnamespace
  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
   AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1), '')
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
 JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Counter:
    """One sequence, and how far it is."""

    schema: str
    name: str
    rises: bool
    table: str
    """Whose column it numbers; empty for one that belongs to none."""
    last: int | None
    """What it gave out last; None where it gave out nothing yet."""

    @property
    def shown(self) -> str:
        name = self.name if self.schema == "public" else f"{self.schema}.{self.name}"
        return self.table or name

    def is_behind(self, other: int) -> bool:
        return self.last is None or (other > self.last if self.rises else other < self.last)


def counters(connection: Connection) -> list[Counter]:
    found = connection.execute(_SEQUENCES).fetchall()
    return [
        Counter(schema, name, rises, table, _last(connection, schema, name))
        for schema, name, rises, table in found
    ]


def count_on(snapshot: Connection, newer: list[Counter]) -> dict[str, int]:
    """Let no sequence give out what `newer` gave out; what was set, by table.

    One that is not in `newer` was dropped or renamed there: it counts on from the furthest of
    those that are only there. Ids that are left out harm nobody.
    """
    own, given = counters(snapshot), {(one.schema, one.name): one for one in newer}
    known = {(one.schema, one.name) for one in own}
    strangers = [one for place, one in given.items() if place not in known]
    changed = dict[str, int]()
    with snapshot.transaction():
        for one in own:
            furthest = _furthest(one, given.get((one.schema, one.name)), strangers)
            if furthest is not None and one.is_behind(furthest):
                _set(snapshot, one, furthest)
                changed[one.shown] = furthest
    return changed


def _furthest(own: Counter, same: Counter | None, strangers: list[Counter]) -> int | None:
    if same is not None:
        return same.last
    lasts = [one.last for one in strangers if one.last is not None and one.rises == own.rises]
    return (max if own.rises else min)(lasts, default=None)


def _last(connection: Connection, schema: str, name: str) -> int | None:
    asking = sql.SQL("SELECT last_value, is_called FROM {}").format(quoted(schema, name))
    found = connection.execute(asking).fetchone()
    return int(found[0]) if found and found[1] else None


def _set(connection: Connection, one: Counter, last: int) -> None:
    named = quoted(one.schema, one.name).as_string(None)
    connection.execute("SELECT setval(%s::regclass, %s)", (named, last))
