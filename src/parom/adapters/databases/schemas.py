"""A SQLite schema as a replay must know it: columns, what names a row, what refers to what."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from parom.adapters.databases import tables
from parom.adapters.databases.tables import quoted
from parom.replay.mapping import Column, Table

_GENERATED = (2, 3)
"""`hidden` of pragma_table_xinfo: a virtual and a stored generated column."""

_CONTENT = re.compile(r"""content\s*=\s*['"`\[]?([^'"`\],)]+)""", re.IGNORECASE)
"""The table whose rows a full-text index finds, as its own statement names it."""


@dataclass(frozen=True)
class Reference:
    """A foreign key; columns and targets in the same order."""

    child: str
    columns: tuple[str, ...]
    parent: str
    targets: tuple[str, ...]


def schema_of(connection: sqlite3.Connection) -> dict[str, Table]:
    """The tables that hold rows of the application. Raises `database.no-row-name`."""
    return {one.name: _table(connection, one) for one in tables.tables_of(connection)}


def references_of(
    connection: sqlite3.Connection, schema: Mapping[str, Table]
) -> tuple[Reference, ...]:
    """Foreign keys between tables of `schema`; those that lead elsewhere say nothing."""
    spelled = {name.lower(): name for name in schema}
    found = []
    for table in schema:
        listed = connection.execute(
            'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq',
            (table,),
        ).fetchall()
        for _, group in groupby(listed, key=lambda one: one[0]):
            members = list(group)
            parent = spelled.get(str(members[0][1]).lower())
            if parent is None:
                continue
            columns = tuple(str(one[2]) for one in members)
            named = tuple(str(one[3]) for one in members if one[3] is not None)
            targets = named or _primary_key(connection, parent)
            if len(targets) == len(columns):
                found.append(Reference(table, columns, parent, targets))
    return tuple(found)


def told_elsewhere(connection: sqlite3.Connection) -> set[str]:
    """Tables that have their rows in a virtual table too, such as an index for full-text search:
    by a trigger of the application's own, or by their contents. Rows that are written alone are
    missing there.

    Rather one too many: a trigger that has such a name in a text is taken for one.
    """
    virtual = connection.execute(
        "SELECT t.name, m.sql FROM pragma_table_list t "
        "JOIN main.sqlite_master m ON m.name = t.name WHERE t.schema = 'main' "
        "AND t.type IN ('virtual', 'shadow')"
    ).fetchall()
    if not virtual:
        return set()
    names = "|".join(re.escape(quoted(name)[1:-1]) for name, _ in virtual)
    named = re.compile(rf"(?<!\w)({names})(?!\w)", re.IGNORECASE)
    triggers = connection.execute(
        "SELECT tbl_name, sql FROM main.sqlite_master WHERE type = 'trigger'"
    )
    told = {str(table) for table, sql in triggers if named.search(sql)}
    return told.union(*(_CONTENT.findall(sql) for _, sql in virtual))


def _primary_key(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Also of a table whose rows it does not name for good, since it may be NULL."""
    listed = connection.execute(
        "SELECT name FROM pragma_table_xinfo(?) WHERE pk ORDER BY pk", (table,)
    )
    return tuple(str(name) for (name,) in listed)


def _table(connection: sqlite3.Connection, table: tables.Table) -> Table:
    listed = connection.execute(
        'SELECT name, "notnull", hidden FROM pragma_table_xinfo(?) WHERE hidden IN (0, 2, 3) '
        "ORDER BY cid",
        (table.name,),
    )
    columns = tuple(
        Column(name, not full and name not in table.key, hidden in _GENERATED)
        for name, full, hidden in listed
    )
    # A rowid is no name for good: VACUUM gives out new ones.
    is_named = set(table.key) <= set(table.columns)
    return Table(table.name, columns, table.key if is_named else ())
