"""Tables that take rows in any order and do nothing of their own, until the last row is in.

An owner may not say `session_replication_role = replica`, and that would look at no foreign key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg import sql

from parom.adapters.databases.postgresql.foreign_keys import ForeignKey
from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.tables import CAPTURE

_TRIGGERS = """
SELECT n.nspname, c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace f ON f.oid = p.pronamespace
WHERE c.oid = ANY(%s::oid[]) AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND f.nspname <> %s
ORDER BY (SELECT count(*) FROM pg_partition_ancestors(c.oid)), n.nspname, c.relname, t.tgname
"""
"""Roots before partitions, to which what is done to a root is done as well."""
_RULES = """
SELECT n.nspname, c.relname, r.rulename, r.ev_enabled::text FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY(%s::oid[]) AND r.ev_enabled <> 'D' ORDER BY n.nspname, c.relname, r.rulename
"""
_LATE_UNIQUES = """
SELECT n.nspname, c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.conrelid = ANY(%s::oid[]) AND c.contype IN ('p', 'u', 'x') AND c.condeferred
"""
_EVENTS = """
SELECT e.evtname FROM pg_event_trigger e WHERE e.evtenabled IN ('O', 'A') AND NOT EXISTS
 (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid
  AND d.deptype = 'e') ORDER BY e.evtname
"""
_ENABLED = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}
Aside = tuple[Statement, Sequence[Statement]]
"""What puts something aside, and what puts it back."""


def event_triggers(connection: Connection) -> list[str]:
    """Those of a superuser that run when a table is altered, and may write then."""
    return [name for (name,) in connection.execute(_EVENTS).fetchall()]


@contextmanager
def loosened(
    connection: Connection, oids: Sequence[int], keys: Sequence[ForeignKey]
) -> Iterator[None]:
    """For part of a transaction; at its end every constraint is checked, and all is as it was.

    The triggers of a capture stay: a deployment before this one can still be taken back.
    """
    aside = [
        *_silenced(connection, oids),
        *(_loose(one, oids) for one in keys if one.touches(frozenset(oids))),
    ]
    for away, _ in aside:
        connection.execute(away)
    for schema, name in connection.execute(_LATE_UNIQUES, (list(oids),)).fetchall():
        # Told at the end, nobody would know which row it was.
        connection.execute(sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(quoted(schema, name)))
    yield
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for _, back in aside:
        for statement in back:
            connection.execute(statement)


def _silenced(connection: Connection, oids: Sequence[int]) -> Iterator[Aside]:
    """What triggers and rules did was captured too."""
    triggers = connection.execute(_TRIGGERS, (list(oids), CAPTURE)).fetchall()
    rules = connection.execute(_RULES, (list(oids),)).fetchall()
    listed = [("TRIGGER", *one) for one in triggers] + [("RULE", *one) for one in rules]
    for kind, schema, table, name, enabled in listed:
        altering = sql.SQL("ALTER TABLE {} {} {} {}")
        place, named = quoted(schema, table), quoted(name)
        yield (
            altering.format(place, sql.SQL("DISABLE"), sql.SQL(kind), named),
            [altering.format(place, sql.SQL(_ENABLED[enabled]), sql.SQL(kind), named)],
        )


def _loose(one: ForeignKey, oids: Sequence[int]) -> Aside:
    """It is checked at the end. What one does when rows are deleted cannot be deferred: it is
    made anew, which looks at all rows of its table."""
    table = sql.SQL("ALTER TABLE {} ").format(one.child)
    named = quoted(one.name)
    if one.acts and one.parent_oid in oids:
        comment = sql.SQL("COMMENT ON CONSTRAINT {} ON {} IS {}").format(
            named, one.child, sql.Literal(one.comment)
        )
        added = sql.SQL("ADD CONSTRAINT {} {}").format(named, sql.SQL(one.definition))
        return (
            table + sql.SQL("DROP CONSTRAINT {}").format(named),
            [table + added, *([comment] if one.comment else [])],
        )
    altering = table + sql.SQL("ALTER CONSTRAINT {} ").format(named)
    return altering + sql.SQL("DEFERRABLE INITIALLY DEFERRED"), [altering + _when(one)]


def _when(one: ForeignKey) -> sql.SQL:
    if not one.is_deferrable:
        return sql.SQL("NOT DEFERRABLE")
    return sql.SQL("DEFERRABLE INITIALLY " + ("DEFERRED" if one.is_deferred else "IMMEDIATE"))
