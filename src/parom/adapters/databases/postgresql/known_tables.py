"""What must be known of the application's tables before one of their rows is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parom.adapters.databases.postgresql.foreign_keys import ForeignKey, foreign_keys
from parom.adapters.databases.postgresql.numbering import Numbered, numbered_columns
from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.schemas import schema_of
from parom.adapters.databases.postgresql.tables import CAPTURE, Table, tables_of
from parom.replay import mapping

_WITH_TRIGGERS = """
SELECT g.tgrelid::bigint FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND n.nspname <> %s
UNION SELECT ev_class::bigint FROM pg_rewrite WHERE ev_type <> '1' AND ev_enabled IN ('O', 'A')
"""
"""Rules count as triggers: both write more than the row."""


@dataclass(frozen=True)
class KnownTable:
    """Equal to another one where nothing has changed that matters to the rows."""

    table: Table
    mapped: mapping.Table
    references: tuple[ForeignKey, ...]
    """Those that lead to it, or to a partition of it."""
    has_triggers: bool
    """Whether the application has triggers or rules of its own on it that run."""
    numbered: tuple[Numbered, ...]


def known_tables(connection: Connection) -> Mapping[str, KnownTable]:
    """By the name as people and other databases call it."""
    tables = {one.oid: one for one in tables_of(connection)}
    keys, numbered = foreign_keys(connection), numbered_columns(connection)
    watched = {oid for (oid,) in connection.execute(_WITH_TRIGGERS, (CAPTURE,)).fetchall()}
    return {
        name: KnownTable(
            tables[known.oids[0]],
            known.table,
            tuple(one for one in keys if one.parent_oid in known.oids),
            not watched.isdisjoint(known.oids),
            tuple(numbered.get(known.oids[0], ())),
        )
        for name, known in schema_of(connection).items()
        if known.oids[0] in tables
    }
