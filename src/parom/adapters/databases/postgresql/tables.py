"""The application's tables, as far as counting and the capture must know them."""

from __future__ import annotations

from dataclasses import dataclass

from parom.adapters.databases.postgresql.opening import Connection

CAPTURE = "parom_capture"
"""The schema of the capture's own tables; it is nobody's data."""

_TABLES = """
SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.relispartition,
 EXISTS (SELECT FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
  WHERE p.relkind = 'r' AND c.oid IN (i.inhrelid, i.inhparent))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
 AND n.nspname NOT IN ('pg_catalog', 'information_schema', %s) AND n.nspname !~ '^pg_toast'
 AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
  AND d.objid = c.oid AND d.deptype = 'e') = %s
ORDER BY n.nspname, c.relname
"""
_COLUMNS = """
SELECT a.attrelid::bigint, a.attname,
 (WITH RECURSIVE base AS (
   SELECT t.oid, t.typbasetype FROM pg_type t WHERE t.oid = a.atttypid
   UNION ALL SELECT t.oid, t.typbasetype FROM pg_type t JOIN base ON t.oid = base.typbasetype
  ) SELECT oid::bigint FROM base WHERE typbasetype = 0), a.attnum::int, a.attgenerated = 'v'
FROM pg_attribute a WHERE a.attrelid = ANY(%s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
_KEYS = """
SELECT i.indrelid::bigint, array_agg(a.attname::text ORDER BY k.place), NOT i.indimmediate
FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place), pg_attribute a
WHERE i.indrelid = ANY(%s::oid[]) AND i.indisunique AND i.indisvalid
 AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
 AND a.attrelid = i.indrelid AND a.attnum = k.number
GROUP BY i.indexrelid, i.indrelid, i.indisprimary HAVING bool_and(a.attnotnull)
ORDER BY i.indrelid, i.indisprimary DESC, count(*), i.indexrelid
"""


@dataclass(frozen=True)
class Column:
    name: str
    type_oid: int
    """Of a domain, the type that it restricts."""
    number: int
    """Never given to another column of the table."""
    is_virtual: bool
    """Computed when it is read: triggers see NULL in it."""


@dataclass(frozen=True)
class Table:
    """One table that holds rows of the application: an ordinary one, or a partitioned one."""

    oid: int
    schema: str
    name: str
    columns: tuple[Column, ...]
    """Generated ones too."""
    key: tuple[str, ...]
    """What names a row and is never NULL; empty where nothing does."""
    is_partitioned: bool
    is_inherited: bool
    """Whether it has to do with inheritance other than of partitions: one name, several tables."""
    is_late: bool
    """Whether two rows may have one key for a part of a transaction (DEFERRABLE)."""

    @property
    def can_be_noted(self) -> bool:
        return not self.is_inherited and (
            bool(self.key) or not any(one.is_virtual for one in self.columns)
        )

    @property
    def shown(self) -> str:
        """As people and other databases call it."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.columns)


def tables_of(connection: Connection) -> list[Table]:
    """All but partitions, whose rows are the partitioned table's, and what extensions made."""
    return [one for one, is_partition in _found(connection) if not is_partition]


def extensions_tables_of(connection: Connection) -> list[Table]:
    """What extensions made, and the application may write to all the same: nobody watches it."""
    return [one for one, is_partition in _found(connection, True) if not is_partition]


def partitions_of(connection: Connection, table: Table) -> list[Table]:
    """All below it, whether they hold rows or are partitioned again."""
    found = connection.execute(
        "SELECT relid::oid::bigint FROM pg_partition_tree(%s::oid::regclass)", (table.oid,)
    )
    wanted = {oid for (oid,) in found.fetchall()} - {table.oid}
    return [one for one, _ in _found(connection) if one.oid in wanted]


def _found(connection: Connection, of_extensions: bool = False) -> list[tuple[Table, bool]]:
    listed = connection.execute(_TABLES, (CAPTURE, of_extensions)).fetchall()
    oids = [oid for oid, *_ in listed]
    columns = dict[int, list[Column]]()
    for oid, *column in connection.execute(_COLUMNS, (oids,)).fetchall():
        columns.setdefault(oid, []).append(Column(*column))
    keys = dict[int, tuple[list[str], bool]]()
    for oid, *key in connection.execute(_KEYS, (oids,)).fetchall():
        keys.setdefault(oid, (key[0], key[1]))
    return [
        (
            Table(
                oid,
                schema,
                name,
                tuple(columns.get(oid, ())),
                tuple(keys[oid][0]) if oid in keys else (),
                kind == "p",
                is_inherited,
                oid in keys and keys[oid][1],
            ),
            is_partition,
        )
        for oid, schema, name, kind, is_partition, is_inherited in listed
    ]
