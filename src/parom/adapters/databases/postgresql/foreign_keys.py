"""Foreign keys: what the server knows of them, and rows that would leave one lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.staging import Work, places_of
from parom.replay.apart import Apart, Why

_LISTED = """
SELECT c.conname, c.conrelid::bigint, n.nspname, r.relname, c.confrelid::bigint, f_n.nspname,
 f.relname, c.confmatchtype = 'f', c.condeferrable, c.condeferred, c.confdeltype <> 'a',
 coalesce((to_jsonb(c) ->> 'conperiod')::bool, false), pg_get_constraintdef(c.oid),
 coalesce(obj_description(c.oid, 'pg_constraint'), ''),
 (SELECT array_agg(a.attname::text ORDER BY k.place)
  FROM unnest(c.conkey) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number),
 (SELECT array_agg(a.attname::text ORDER BY k.place)
  FROM unnest(c.confkey) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number)
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
JOIN pg_class f ON f.oid = c.confrelid JOIN pg_namespace f_n ON f_n.oid = f.relnamespace
WHERE c.contype = 'f' AND c.conparentid = 0
 AND coalesce((to_jsonb(c) ->> 'conenforced')::bool, true) ORDER BY n.nspname, r.relname, c.conname
"""
"""Those of a partition are its root's, unless it has some of its own. `conenforced` and
`conperiod` are columns of the catalogue from 18 on."""


@dataclass(frozen=True)
class ForeignKey:
    """Columns and targets in the same order."""

    name: str
    child_oid: int
    child_schema: str
    child_name: str
    parent_oid: int
    parent_schema: str
    parent_name: str
    is_full: bool
    """MATCH FULL: of its columns all are NULL, or none."""
    is_deferrable: bool
    is_deferred: bool
    acts: bool
    """Whether it does something, or refuses at once, where a row that it leads to is deleted."""
    is_period: bool
    """Whether it is no comparison of values alone."""
    definition: str
    comment: str
    columns: Sequence[str]
    targets: Sequence[str]

    @property
    def child(self) -> sql.Identifier:
        return quoted(self.child_schema, self.child_name)

    @property
    def parent(self) -> sql.Identifier:
        return quoted(self.parent_schema, self.parent_name)

    def touches(self, oids: frozenset[int]) -> bool:
        return bool(oids & {self.child_oid, self.parent_oid})


def foreign_keys(connection: Connection) -> tuple[ForeignKey, ...]:
    """Those that the server enforces."""
    return tuple(ForeignKey(*one) for one in connection.execute(_LISTED).fetchall())


def dangling(
    connection: Connection, works: Sequence[Work], keys: Sequence[ForeignKey]
) -> dict[str, Apart]:
    """Rows that have to stay apart, lest a foreign key leads nowhere."""
    by_oid = {oid: work for work in works for oid in work.before.oids}
    found: dict[str, Apart] = {}
    for one in keys:
        child, parent = by_oid.get(one.child_oid), by_oid.get(one.parent_oid)
        if one.is_period:
            continue  # the server's own look at the end has the word
        if child is not None:
            found |= _named(connection, child, _refer(child, one), Why.REFERS)
        if parent is not None:
            found |= _named(connection, parent, _referred(parent, child, one), Why.REFERRED)
    return found


def _named(
    connection: Connection, work: Work, statement: Statement, why: Why
) -> Mapping[str, Apart]:
    return {work.names[place]: Apart(why) for place in places_of(connection, statement)}


def _refer(child: Work, one: ForeignKey) -> Statement:
    """Carried rows whose parent is not there."""
    filled = _each("c.{} IS NOT NULL", one.columns, " OR " if one.is_full else " AND ")
    leads = sql.SQL(" AND ").join(
        sql.SQL("p.{} = c.{}").format(quoted(target), quoted(column))
        for column, target in zip(one.columns, one.targets, strict=True)
    )
    return sql.SQL(
        "SELECT k.parom_place FROM {} k JOIN {} c ON {} WHERE k.is_there AND ({})"
        " AND NOT EXISTS (SELECT FROM {} p WHERE {})"
    ).format(child.keys, one.child, child.same("c"), filled, one.parent, leads)


def _referred(parent: Work, child: Work | None, one: ForeignKey) -> Statement:
    """Rows that are gone, or have another value, to which one refers that was not carried."""
    was = [quoted("o", f"o{parent.kept.index(target)}") for target in one.targets]
    filled = sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(each) for each in was)
    still = sql.SQL(" AND ").join(
        sql.SQL("p.{} = {}").format(quoted(target), each)
        for target, each in zip(one.targets, was, strict=True)
    )
    refers = sql.SQL(" AND ").join(
        sql.SQL("c.{} = {}").format(quoted(column), each)
        for column, each in zip(one.columns, was, strict=True)
    )
    stays: Statement = sql.SQL("")
    if child is not None:
        stays = sql.SQL(
            " AND NOT EXISTS (SELECT FROM {} k WHERE k.is_there AND {})"
        ).format(child.keys, child.same("c"))  # fmt: skip
    return sql.SQL(
        "SELECT o.parom_place FROM {keys} had JOIN {older} o USING (parom_place) WHERE {filled}"
        " AND NOT EXISTS (SELECT FROM {parent} p WHERE {still})"
        " AND EXISTS (SELECT FROM {child} c WHERE {refers}{stays})"
    ).format(
        keys=parent.keys, older=parent.older, filled=filled, parent=one.parent, still=still,
        child=one.child, refers=refers, stays=stays,
    )  # fmt: skip


def _each(pattern: str, names: Sequence[str], between: str) -> sql.Composed:
    return sql.SQL(between).join(sql.SQL(pattern).format(quoted(name)) for name in names)
