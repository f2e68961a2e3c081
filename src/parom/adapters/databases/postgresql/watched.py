"""Which tables are watched, and as what: what the capture keeps of them beside its notes."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.notes import UNSEEN, WATCHED
from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.tables import CAPTURE, Table

_IS_KNOWN = """
SELECT to_regclass(%s) IS NOT NULL AND EXISTS (
 SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'looked')
"""
"""A Parom that noted otherwise had no such tables, or others."""


@dataclass(frozen=True)
class Noted:
    """A table as it was when the capture was installed."""

    number: int
    shown: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    since: int | None
    """The transaction from which on versions of rows are new; None where each write is noted."""
    floor: int | None
    """Rows with a higher key were put in since, and need no note; None where keys do not tell."""
    looked: int | None
    """Versions of this transaction and later ones are of rows that were written since, and need no
    note; None where each row that is changed is noted."""
    made_of: tuple[tuple[int, int], ...]
    """Number and type of each of the columns."""
    triggers: frozenset[int]
    """By their oids, those of partitions too: one that was taken out and put in has others."""

    def fits(self, table: Table) -> bool:
        """Whether its notes still name this table's rows."""
        return self.key == table.key and (bool(table.key) or self.columns == table.names)

    def is_another(self, table: Table) -> bool:
        """Whether rows of this table may have changed without a write: a column was made anew
        or given another's name or another type, or the table got heirs."""
        was = dict(zip(self.columns, self.made_of, strict=True))
        now = {one.name: (one.number, one.type_oid) for one in table.columns}
        return table.is_inherited or any(
            was.get(name, found) != found for name, found in now.items()
        )

    def tells_of(self, table: Table) -> bool:
        """Whether its notes name rows of this table that were written before somebody renamed
        the key's columns."""
        was = [self.columns.index(name) for name in self.key]
        now = [table.names.index(name) for name in table.key]
        return bool(was) and was == now and len(self.columns) == len(table.names)


def noted_tables(connection: Connection) -> dict[int, Noted]:
    """The tables that were there when the capture was installed, by oid."""
    is_known = connection.execute(_IS_KNOWN, (f"{CAPTURE}.unseen", f"{CAPTURE}.watched")).fetchone()
    if is_known == (False,):
        return {}
    asking = sql.SQL(
        "SELECT oid::bigint, number, shown, key, columns, since, floor, looked, numbers, types,"
        " triggers FROM {}"
    ).format(WATCHED)
    return {
        oid: Noted(
            number,
            shown,
            tuple(key),
            tuple(columns),
            since,
            floor,
            looked,
            tuple(zip(numbers, types, strict=True)),
            frozenset(triggers),
        )
        for oid, number, shown, key, columns, since, floor, looked, numbers, types, triggers in (
            connection.execute(asking).fetchall()
        )
    }


def unseen_ones(connection: Connection) -> frozenset[int]:
    """Numbers of the tables of which the notes may lack rows."""
    found = connection.execute(sql.SQL("SELECT number FROM {}").format(UNSEEN)).fetchall()
    return frozenset(number for (number,) in found)
