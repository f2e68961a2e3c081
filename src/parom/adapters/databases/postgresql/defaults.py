"""What rows were given in an added column, as the database wrote it."""

from __future__ import annotations

from dataclasses import replace

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.schemas import Known
from parom.replay.apart import Why
from parom.replay.changes import Filled
from parom.replay.mapping import TableMap

_TYPE = """
SELECT format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::oid AND attname = %s AND atttypid = 'numeric'::regtype
"""


def as_written_in(connection: Connection, table: Known, found: TableMap | Why) -> TableMap | Why:
    """The same for a table with its defaults: a decimal has as many places as its column."""
    if not isinstance(found, TableMap):
        return found
    return replace(found, added=tuple(_filled(connection, table, one) for one in found.added))


def _filled(connection: Connection, table: Known, one: Filled) -> Filled:
    kind = connection.execute(_TYPE, (table.oids[0], one.name)).fetchone()
    if kind is None:
        return one
    default, new = (_written(connection, kind[0], told) for told in (one.default, one.new_default))
    return replace(one, default=default, new_default=new)


def _written(connection: Connection, kind: str, told: object) -> object:
    if not isinstance(told, str | int):
        return told
    asking = sql.SQL("SELECT {}::{}::text")
    found = connection.execute(asking.format(sql.Literal(str(told)), sql.SQL(kind))).fetchone()
    return found[0] if found else told
