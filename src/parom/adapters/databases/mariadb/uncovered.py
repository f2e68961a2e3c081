"""Tables of which the notes cannot know all that was written, and how they differ from the
snapshot. Rows listed are never too few.

A table whose rows are not as many as its notes account for was emptied past its triggers
(TRUNCATE, a partition dropped or exchanged); to one whose foreign keys act, other tables' rows do
things that fire no trigger.
"""

from __future__ import annotations

from collections.abc import Iterator

from parom.adapters.databases.mariadb import capture
from parom.adapters.databases.mariadb.capture import Noted
from parom.adapters.databases.mariadb.counting import rows_in
from parom.adapters.databases.mariadb.opening import Session, quoted
from parom.adapters.databases.mariadb.tables import Table, tables_of
from parom.adapters.databases.mariadb.triggers import EVENTS, notes_name, trigger_name
from parom.adapters.databases.mariadb.values import in_words, read, same
from parom.errors import database as errors
from parom.facts import CapturedRow
from parom.words.said import said

_TRIGGERS = """
SELECT event_object_table, trigger_name FROM information_schema.triggers WHERE trigger_schema = %s
"""
_ACTING = """
SELECT DISTINCT table_name FROM information_schema.referential_constraints
WHERE constraint_schema = %s AND (delete_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
 OR update_rule IN ('CASCADE', 'SET NULL', 'SET DEFAULT'))
"""


def gaps(session: Session, schema: str) -> tuple[str, ...]:
    """Names of the tables that are not covered whole, dropped ones among them."""
    noted = {one.name: one for one in capture.noted_tables(session, schema)}
    tables = {one.name: one for one in tables_of(session, schema)}
    triggers = set(session.ask(_TRIGGERS, schema))
    acting = {name for (name,) in session.ask(_ACTING, schema)}
    found = (noted.keys() - tables.keys()) | (tables.keys() & acting)
    for name, table in tables.items():
        one = noted.get(name)
        if one is None or not table.key or one.key != table.key:
            found.add(name)
            continue
        wanted = {(name, trigger_name(one.number, letter)) for letter in EVENTS}
        accounted = _accounted(session, schema, one)
        if not wanted <= triggers or rows_in(session, schema, name) != accounted:
            found.add(name)
    return tuple(sorted(found))


def _accounted(session: Session, schema: str, noted: Noted) -> int:
    """How many rows a table has by its notes."""
    fitting = " AND ".join(
        f"{quoted('s', name)} = n.k{place}" for place, name in enumerate(noted.key)
    )
    there = f"{quoted('s', noted.key[0])} IS NOT NULL"
    net = session.one(
        f"SELECT coalesce(sum(IF(n.parom_op = 'i', {there}, ({there}) - 1)), 0)"  # noqa: S608
        f" FROM {quoted(schema, notes_name(noted.number))} n"
        f" LEFT JOIN {quoted(schema, noted.name)} s ON {fitting}"
    )
    return noted.rows + int(net)


def differing(session: Session, now: str, before: str, name: str) -> Iterator[CapturedRow]:
    """Rows of a table in the schema `now` that `before` has not, or not so, and deleted ones.

    Where it has columns that `before` lacks, nobody knows what was written to them: all its rows
    are listed. Raises `database.not-comparable` for what is no table now.
    """
    newer = {one.name: one for one in tables_of(session, now)}.get(name)
    older = {one.name: one for one in tables_of(session, before)}.get(name)
    if newer is None:
        raise errors.not_comparable(name, said("it is no table that is there now"))
    if older is None or not _can_join(newer, older):
        yield from _all(session, now, newer)
        return
    if not newer.key:
        yield from _unnamed(session, now, before, newer)
        return
    yield from _changed(session, now, before, newer, older)
    yield from _deleted(session, now, before, newer)


def _can_join(newer: Table, older: Table) -> bool:
    names = newer.key or tuple(one.name for one in newer.columns)
    return all(
        name in older.by_name and older.by_name[name].declared == newer.by_name[name].declared
        for name in names
    )


def _changed(
    session: Session, now: str, before: str, newer: Table, older: Table
) -> Iterator[CapturedRow]:
    columns = ", ".join(read("s", one) for one in newer.columns)
    was_there = f"{quoted('b', newer.key[0])} IS NOT NULL"
    both = [(one, older.by_name.get(one.name)) for one in newer.columns]
    equal = [same("s", one, "b", other) for one, other in both if other]
    is_whole = len(equal) == len(both)
    unequal = f"NOT ({was_there} AND {' AND '.join(equal)})" if is_whole else "TRUE"
    statement = (
        f"SELECT {was_there}, {columns} FROM {quoted(now, newer.name)} s"  # noqa: S608
        f" LEFT JOIN {quoted(before, newer.name)} b ON {_joined(newer)} WHERE {unequal}"
    )
    for known, *values in session.streamed(statement):
        row = in_words(newer.columns, values)
        key = {name: row[name] for name in newer.key}
        yield CapturedRow(newer.name, "update" if known else "insert", key, row)


def _deleted(session: Session, now: str, before: str, table: Table) -> Iterator[CapturedRow]:
    columns = ", ".join(read("b", one) for one in table.key_columns)
    statement = (
        f"SELECT {columns} FROM {quoted(before, table.name)} b"  # noqa: S608
        f" LEFT JOIN {quoted(now, table.name)} s ON {_joined(table)}"
        f" WHERE {quoted('s', table.key[0])} IS NULL"
    )
    for values in session.streamed(statement):
        yield CapturedRow(table.name, "delete", in_words(table.key_columns, values), None)


def _unnamed(session: Session, now: str, before: str, table: Table) -> Iterator[CapturedRow]:
    """Rows without a name: as many as one of the two has more of. Their key is the row."""
    bare = ", ".join(quoted(one.name) for one in table.columns)
    exact = ", ".join(f"CAST({quoted(one.name)} AS BINARY)" for one in table.columns)
    values = ", ".join(read("u", one) for one in table.columns)
    statement = (
        f"SELECT sum(parom_net), {values} FROM (SELECT 1 parom_net, {bare} FROM"  # noqa: S608
        f" {quoted(now, table.name)} UNION ALL SELECT -1, {bare} FROM"
        f" {quoted(before, table.name)}) u GROUP BY {exact} HAVING sum(parom_net) <> 0"
    )
    for net, *told in session.streamed(statement):
        row = in_words(table.columns, told)
        for _ in range(abs(int(net))):
            is_new = int(net) > 0
            done = "insert" if is_new else "delete"
            yield CapturedRow(table.name, done, row, row if is_new else None)


def _all(session: Session, schema: str, table: Table) -> Iterator[CapturedRow]:
    columns = ", ".join(read("s", one) for one in table.columns)
    for values in session.streamed(f"SELECT {columns} FROM {quoted(schema, table.name)} s"):  # noqa: S608
        row = in_words(table.columns, values)
        yield CapturedRow(table.name, "insert", {k: row[k] for k in table.key or row}, row)


def _joined(table: Table) -> str:
    return " AND ".join(f"{quoted('s', name)} = {quoted('b', name)}" for name in table.key)
