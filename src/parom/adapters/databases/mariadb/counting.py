"""Exact row counts."""

from __future__ import annotations

from parom.adapters.databases.mariadb.opening import Session, quoted
from parom.adapters.databases.mariadb.tables import names_of
from parom.facts import TableCount


def counted(session: Session, schema: str) -> tuple[TableCount, ...]:
    """Of all tables at one instant, in the order of their names."""
    names = sorted(names_of(session, schema))
    with session.transaction(reads=True):
        return tuple(TableCount(name, rows_in(session, schema, name)) for name in names)


def rows_in(session: Session, schema: str, name: str) -> int:
    return int(session.one(f"SELECT count(*) FROM {quoted(schema, name)}"))  # noqa: S608
