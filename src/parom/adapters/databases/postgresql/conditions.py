"""What tells, in a trigger's condition, whether a written row has to be noted. Pure.

The server looks at a condition before it calls anything. Nothing in it is found by a search path.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Statement, quoted
from parom.adapters.databases.postgresql.since import Since
from parom.adapters.databases.postgresql.tables import Table

_NUMBERS = frozenset({20, 21, 23, 700, 701})
"""Oids of bigint, smallint, integer, real and double precision."""


def when(letter: str, table: Table, since: Since) -> Statement:
    """Where versions tell what is new. The server reads this again for each statement: the shorter
    the better."""
    if letter == "i" and since.floor is not None:
        is_wanted = is_below(since, table, "NEW")
    elif letter == "d" and since.looked is not None:
        is_wanted = is_below(since, table, "OLD")
    elif letter == "u" and since.looked is not None:
        is_wanted = is_moved(table)
    elif letter in ("u", "d"):
        is_wanted = sql.SQL("{} OR {}").format(
            was_there(since, "OLD"), is_another_file(since, sql.SQL("OLD.tableoid"))
        )
        if letter == "u":
            is_wanted = sql.SQL("{} OR {}").format(is_wanted, is_moved(table))
    else:
        return sql.SQL("")
    return sql.SQL("WHEN ({}) ").format(is_wanted)


def always_when(letter: str, table: Table) -> Statement:
    """Where each write is noted. It holds for each row, since no key is NULL. But the server gives
    no other type to a column that a condition names: neither the notes nor what reads them would be
    right."""
    if letter != "d" or not table.key:
        return sql.SQL("")
    # Of a composite value IS NOT NULL would ask whether all of its parts are there.
    each = [sql.SQL("{} IS DISTINCT FROM NULL").format(of("OLD", name)) for name in table.key]
    return sql.SQL("WHEN ({}) ").format(sql.SQL(" AND ").join(each))


def is_below(since: Since, table: Table, version: str) -> Statement:
    """Rows above the highest key are new, and are found without a note."""
    return sql.SQL("{} OPERATOR(pg_catalog.<=) {}::pg_catalog.int8").format(
        of(version, table.key[0]), sql.Literal(str(since.floor))
    )


def was_there(since: Since, version: str) -> Statement:
    """A version that was there when the capture began, of a transaction that had begun."""
    return sql.SQL(
        "{}.xmin::pg_catalog.text::pg_catalog.int8 OPERATOR(pg_catalog.<) {}::pg_catalog.int8"
    ).format(sql.SQL(version), sql.Literal(str(since.xid)))


def is_another_file(since: Since, table: sql.SQL) -> Statement:
    """All versions were written anew since: their numbers tell nothing."""
    return sql.SQL(
        "pg_catalog.pg_relation_filenode({}) OPERATOR(pg_catalog.<>) {}::pg_catalog.oid"
    ).format(table, sql.Literal(str(since.file)))


def is_moved(table: Table) -> Statement:
    """Numbers as such, everything else by its bytes: no operator of an extension's type need be
    found, also when an archive with this in it is restored, and a session sees of texts what it
    is set to."""
    types = {one.name: one.type_oid for one in table.columns}
    others = [name for name in table.key if types[name] not in _NUMBERS]
    moved = [
        sql.SQL("{} OPERATOR(pg_catalog.<>) {}").format(of("OLD", name), of("NEW", name))
        for name in table.key
        if name not in others
    ]
    if others:
        rows = [joined([of(version, name) for name in others]) for version in ("OLD", "NEW")]
        image = sql.SQL("pg_catalog.record_image_ne(ROW({}), ROW({}))").format(*rows)
        moved.append(image)
    return sql.SQL(" OR ").join(moved)


def of(version: str, name: str) -> Statement:
    """A column of a row that is called so in a query or a trigger."""
    return sql.SQL("{}.{}").format(sql.SQL(version), quoted(name))


def joined(parts: Sequence[sql.Composable]) -> Statement:
    return sql.SQL(", ").join(parts)
