"""What tells a row that was there when the capture began from one that was written since.

PostgreSQL keeps in every version of a row which transaction wrote it (`xmin`). A version that a
transaction wrote which began after the capture is of a row that is noted, or was not there: it
need not be noted again. Transactions are numbered with 32 bits, over and over, so that this holds
only on a server that has not used up the first four billion of them. `ALTER TABLE` may write all
versions of a table anew, in a new file: the file is looked at too.

So of small tables nothing need be noted when a row is changed in place: they are looked through
for newer versions when somebody asks. Of large ones each row is noted, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import Table
from parom.replay.mapping import NEVER

LOOKED_THROUGH = 256 * 2**20
"""Bytes of tables that are looked through, all together: read from memory within tenths of a
second, for which the public of a return waits."""
_REPLACES_TRIGGERS = 140_000
"""Older servers do not say CREATE OR REPLACE TRIGGER; to drop one waits for whoever reads."""
_NUMBERS = frozenset({20, 21, 23})
"""Oids of bigint, smallint and integer."""
_LOWEST = -(2**63)
_NOW = """
SELECT found.next, least(found.next, (
  SELECT min(one::text::bigint) FROM pg_snapshot_xip(found.seen) one WHERE NOT EXISTS (
   SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
   WHERE l.transactionid::text = one::text AND l.mode = 'ExclusiveLock' AND l.granted
   AND a.datname <> current_database())
 )), pg_relation_filenode(%s::oid)::bigint
FROM (SELECT seen, pg_snapshot_xmax(seen)::text::bigint AS next
 FROM (SELECT pg_current_snapshot() AS seen OFFSET 0) instant) found
"""
"""The next transaction; the oldest open one, unless it is known to be another database's."""
_SIZES = "SELECT oid::bigint, pg_relation_size(oid) FROM pg_class WHERE oid = ANY(%s::oid[])"
_MEDDLED = "SELECT DISTINCT tgrelid::bigint FROM pg_trigger WHERE tgtype & 19 = 19"
"""Bits of a trigger's type: for each row (1), before (2), an update (16)."""


@dataclass(frozen=True)
class Since:
    """The instant from which a table's rows are captured."""

    xid: int
    """Versions of a lower one were there, whoever wrote them."""
    file: int
    """`pg_relation_filenode` of the table."""
    floor: int | None
    """No row had a higher key: rows above it need no notes. None where keys are not numbers."""
    looked: int | None
    """Versions of this transaction and later ones are looked for: it was the oldest that was open,
    and may have written since. None where each row that is changed is noted."""


def floored(table: Table) -> bool:
    """Whether the key is one whole number."""
    types = {one.name: one.type_oid for one in table.columns}
    return len(table.key) == 1 and types[table.key[0]] in _NUMBERS


def without_writers(table: Table) -> Statement:
    """Waits for those who write to the table, or to a partition of it, and lets others read."""
    place = quoted(table.schema, table.name)
    return sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(place)


def looked_through(connection: Connection, tables: Iterable[Table]) -> frozenset[int]:
    """Oids of the tables that are small enough, together; the smallest first. None where two rows
    may have one key for a while: what happened to which of them could not be told; and none that is
    `meddled` with."""
    others = meddled(connection)
    able = [one.oid for one in tables if floored(one) and not one.is_late and one.oid not in others]
    sizes = connection.execute(_SIZES, (able,)).fetchall()
    found, left = set[int](), LOOKED_THROUGH
    for oid, size in sorted(sizes, key=itemgetter(1)):
        left -= size
        if left < 0:
            break
        found.add(oid)
    return frozenset(found)


def meddled(connection: Connection) -> frozenset[int]:
    """Oids of tables with a trigger of which the server does not know what columns it changes."""
    return frozenset(oid for (oid,) in connection.execute(_MEDDLED).fetchall())


def begun(connection: Connection, table: Table, *, is_looked: bool) -> Since | None:
    """The instant, from which on nobody else writes until the end of the open transaction, which
    must read what is committed. None where every write is to be noted: where versions tell
    nothing, and in tables of which it counts that somebody wrote, whatever is left of it.

    Raises psycopg.Error, LockNotAvailable among it.
    """
    if table.is_partitioned or table.is_inherited or not table.key or table.name in NEVER:
        return None
    if connection.info.server_version < _REPLACES_TRIGGERS:
        return None
    connection.execute(without_writers(table))
    xid, oldest, file = connection.execute(_NOW, (table.oid,)).fetchone() or (2**32, 0, None)
    if xid >= 2**32 or file is None:
        return None
    if not floored(table):
        return Since(xid, file, None, None)
    return Since(xid, file, _highest(connection, table), oldest if is_looked else None)


def _highest(connection: Connection, table: Table) -> int:
    asking = sql.SQL("SELECT max({})::bigint FROM {}").format(
        quoted(table.key[0]), quoted(table.schema, table.name)
    )
    (found,) = connection.execute(asking).fetchone() or (None,)
    return _LOWEST if found is None else int(found)
