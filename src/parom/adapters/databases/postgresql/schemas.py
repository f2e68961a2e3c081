"""A schema of PostgreSQL as a replay must know it, and which of its rows belong to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql import tables
from parom.adapters.databases.postgresql.opening import Connection, quoted
from parom.replay.apart import Why
from parom.replay.changes import Changes
from parom.replay.mapping import NEVER, Column, Table, TableMap, map_tables

_COLUMNS = """
SELECT a.attrelid::bigint, a.attname, NOT a.attnotnull, a.attgenerated <> '',
 format_type(a.atttypid, -1)
FROM pg_attribute a WHERE a.attrelid = ANY(%s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
_BELOW = """
SELECT pg_partition_root(c.oid)::oid::bigint, c.oid::bigint
FROM pg_class c WHERE c.relispartition AND c.relkind IN ('r', 'p')
"""
"""One on another server is none: tables that have such have no key."""
_PUBLIC = "public"


@dataclass(frozen=True)
class Known:
    """One table of a database."""

    table: Table
    schema: str
    name: str
    is_partitioned: bool
    oids: tuple[int, ...]
    """Its own, and those of its partitions."""
    types: Mapping[str, str]
    """By column, the type without its limits, as SQL has it."""

    @property
    def place(self) -> sql.Identifier:
        return quoted(self.schema, self.name)

    def type_of(self, column: str) -> sql.SQL:
        return sql.SQL(self.types[column])


def schema_of(connection: Connection) -> dict[str, Known]:
    """The tables that hold rows of the application, by what they are called; two that are
    called the same are left out."""
    found = tables.tables_of(connection)
    columns = _columns_of(connection, [one.oid for one in found])
    below = dict[int, list[int]]()
    for root, oid in connection.execute(_BELOW).fetchall():
        below.setdefault(root, []).append(oid)
    called = Counter(one.shown for one in found)
    return {
        one.shown: Known(
            # Which of its tables a row of an inherited one is in, nobody notes.
            Table(
                one.shown,
                tuple(column for column, _ in columns[one.oid]),
                () if one.is_inherited else one.key,
                is_exact=True,
            ),
            one.schema,
            one.name,
            one.is_partitioned,
            (one.oid, *below.get(one.oid, ())),
            {column.name: kind for column, kind in columns[one.oid]},
        )
        for one in found
        if called[one.shown] == 1
    }


def mapped(
    before: Mapping[str, Known], after: Mapping[str, Known], changes: Changes
) -> dict[str, TableMap | Why]:
    """For each table of the newer schema how its rows are carried, or why none of them is."""
    found = map_tables(
        {name: one.table for name, one in before.items()},
        {name: one.table for name, one in after.items()},
        changes,
    )
    spoken_of = _spoken_of(changes)
    for name, one in after.items():
        if one.name in NEVER:
            found[name] = Why.NEVER
        elif one.schema != _PUBLIC and not spoken_of.isdisjoint((name, one.name)):
            # Models say no schema: nobody knows which of several tables is meant.
            found[name] = Why.REFUSED
    return found


def _spoken_of(changes: Changes) -> set[str]:
    """As `schema.table`, where somebody wrote a model's table so that Django quotes it so."""
    told = {name for one in changes.tables for name in (one.before, one.after)}
    return {name.replace('"."', ".") for name in told | {one.table for one in changes.refusals}}


def _columns_of(connection: Connection, oids: list[int]) -> dict[int, list[tuple[Column, str]]]:
    found: dict[int, list[tuple[Column, str]]] = {oid: [] for oid in oids}
    for oid, name, null, is_generated, kind in connection.execute(_COLUMNS, (oids,)).fetchall():
        found[oid].append((Column(name, null, is_generated), kind))
    return found
