"""What must be known of the application's tables before one of their rows is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parom.adapters.databases.postgresql.numbering import Numbered, numbered_columns
from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.tables import CAPTURE, Table, tables_of
from parom.replay import mapping

_COLUMNS = """
SELECT attrelid::bigint, attname::text, attnotnull, attgenerated::text <> ''
FROM pg_attribute WHERE attrelid = ANY(%s::oid[]) AND attnum > 0 AND NOT attisdropped
ORDER BY attrelid, attnum
"""
# A partitioned table's keys are there for each partition too, with a parent; those that lead to
# a partition lead to the whole.
_REFERENCES = """
SELECT coalesce(pg_partition_root(f.confrelid)::oid, f.confrelid)::bigint,
 n.nspname::text, t.relname::text, t.relkind = 'p',
 ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.place),
 ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.place)
FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE f.contype = 'f' AND f.conparentid = 0 ORDER BY f.oid
"""
_WITH_TRIGGERS = """
SELECT coalesce(pg_partition_root(found.oid)::oid, found.oid)::bigint FROM (
 SELECT g.tgrelid AS oid FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
 JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND n.nspname <> %s
 UNION SELECT ev_class FROM pg_rewrite WHERE ev_type <> '1' AND ev_enabled IN ('O', 'A')
) found
"""
"""Rules count as triggers: both write more than the row. Those of a partition are the whole's."""


@dataclass(frozen=True)
class Reference:
    """A foreign key that leads to a table; columns and targets in the same order."""

    schema: str
    child: str
    is_partitioned: bool
    columns: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True)
class KnownTable:
    """Equal to another one where nothing has changed that matters to the rows."""

    table: Table
    mapped: mapping.Table
    references: tuple[Reference, ...]
    """Those that lead to it."""
    has_triggers: bool
    """Whether the application has triggers or rules of its own on it that run."""
    numbered: tuple[Numbered, ...]


def known_tables(connection: Connection) -> Mapping[str, KnownTable]:
    """By the name as people and other databases call it."""
    tables = tables_of(connection)
    columns, references = _columns(connection, tables), _references(connection)
    watched = {oid for (oid,) in connection.execute(_WITH_TRIGGERS, (CAPTURE,)).fetchall()}
    numbered = numbered_columns(connection)
    return {
        one.shown: KnownTable(
            one,
            mapping.Table(one.shown, tuple(columns.get(one.oid, ())), one.key),
            tuple(references.get(one.oid, ())),
            one.oid in watched,
            tuple(numbered.get(one.oid, ())),
        )
        for one in tables
    }


def _columns(connection: Connection, tables: list[Table]) -> dict[int, list[mapping.Column]]:
    keys, found = {one.oid: one.key for one in tables}, dict[int, list[mapping.Column]]()
    for oid, name, full, generated in connection.execute(_COLUMNS, (list(keys),)).fetchall():
        null = not full and name not in keys[oid]
        found.setdefault(oid, []).append(mapping.Column(name, null, generated))
    return found


def _references(connection: Connection) -> dict[int, list[Reference]]:
    found = dict[int, list[Reference]]()
    listed = connection.execute(_REFERENCES).fetchall()
    for parent, schema, child, is_partitioned, columns, targets in listed:
        one = Reference(schema, child, is_partitioned, tuple(columns), tuple(targets))
        found.setdefault(parent, []).append(one)
    return found
