"""What tells a row that was there when the capture began from one that was written since.

PostgreSQL keeps in every version of a row which transaction wrote it (`xmin`). A version that a
transaction wrote which began after the capture is of a row that is noted, or was not there: it
need not be noted again. Transactions are numbered with 32 bits, over and over, so that this holds
only on a server that has not used up the first four billion of them. `ALTER TABLE` may write all
versions of a table anew, in a new file: the file is looked at too.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import Table
from parom.replay.mapping import NEVER

_REPLACES_TRIGGERS = 140_000
"""Older servers do not say CREATE OR REPLACE TRIGGER; to drop one waits for whoever reads."""
_NUMBERS = frozenset({20, 21, 23})
"""Oids of bigint, smallint and integer."""
_LOWEST = -(2**63)
_NOW = """
SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
 pg_relation_filenode(%s::oid)::bigint
"""


@dataclass(frozen=True)
class Since:
    """The instant from which a table's rows are captured."""

    xid: int
    """Versions of a lower one were there, whoever wrote them."""
    file: int
    """`pg_relation_filenode` of the table."""
    floor: int | None
    """No row had a higher key: rows above it need no notes. None where keys are not numbers."""


def floored(table: Table) -> bool:
    """Whether the key is one whole number."""
    types = {one.name: one.type_oid for one in table.columns}
    return len(table.key) == 1 and types[table.key[0]] in _NUMBERS


def without_writers(table: Table) -> Statement:
    """Waits for those who write to the table, or to a partition of it, and lets others read."""
    place = quoted(table.schema, table.name)
    return sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(place)


def begun(connection: Connection, table: Table) -> Since | None:
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
    xid, file = connection.execute(_NOW, (table.oid,)).fetchone() or (2**32, None)
    if xid >= 2**32 or file is None:
        return None
    return Since(xid, file, _highest(connection, table) if floored(table) else None)


def _highest(connection: Connection, table: Table) -> int:
    asking = sql.SQL("SELECT max({})::bigint FROM {}").format(
        quoted(table.key[0]), quoted(table.schema, table.name)
    )
    (found,) = connection.execute(asking).fetchone() or (None,)
    return _LOWEST if found is None else int(found)
