"""The rows that are to be carried, in temporary tables beside the older one.

Everything comes over as the text that the newer database writes, and becomes a value where it is
put in, by the older column's own reading of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.schemas import Known
from parom.replay.apart import Apart
from parom.replay.mapping import Pair, TableMap

_TEMPORARY = "pg_temp"
EXACT = sql.SQL("pg_catalog.format('%s', {}) COLLATE \"C\"")
"""The text that the server writes for a value that is not NULL; a cast may write another."""


@dataclass
class Work:
    """The rows of one table that are to be carried, each known by its place in `names`."""

    number: int
    found: TableMap
    before: Known
    targets: tuple[str, ...] = ()
    """Columns that a foreign key leads to."""
    names: list[str] = field(default_factory=list)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Columns whose values come over; those that the older table computes are compared."""
        return (*self.found.columns, *self.found.computed)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """Columns whose values of the snapshot are asked for later."""
        removed = [one.name for one in self.found.removed]
        return (*removed, *(one for one in self.targets if one not in removed))

    @property
    def rows(self) -> sql.Identifier:
        """The texts: k0, k1 of the key, v0, v1 of `pairs`."""
        return quoted(_TEMPORARY, f"parom_rows_{self.number:d}")

    @property
    def keys(self) -> sql.Identifier:
        """Of the rows that are not apart: k0, k1 as the older key's columns have them."""
        return quoted(_TEMPORARY, f"parom_keys_{self.number:d}")

    @property
    def older(self) -> sql.Identifier:
        """Of those that the snapshot has: o0, o1 of `kept`."""
        return quoted(_TEMPORARY, f"parom_older_{self.number:d}")

    def same(self, row: str) -> sql.Composed:
        """That `row` of the older table has the very key in the row `k` of `keys`: by its index,
        and of what that takes for the same, no other."""
        return sql.SQL(" AND ").join(
            sql.SQL("{row} = k.{key} AND {exact} = {exact_key}").format(
                row=quoted(row, one.before),
                key=quoted(f"k{place}"),
                exact=EXACT.format(quoted(row, one.before)),
                exact_key=EXACT.format(quoted("k", f"k{place}")),
            )
            for place, one in enumerate(self.found.key)
        )

    def key_type(self, place: int) -> sql.SQL:
        return self.before.type_of(self.found.key[place].before)

    def left(self, apart: Mapping[str, Apart]) -> list[int]:
        """Places of those that are not apart as a whole."""
        return [
            place
            for place, name in enumerate(self.names)
            if (found := apart.get(name)) is None or found.columns
        ]


def make(connection: Connection, work: Work) -> None:
    """The empty tables. They go with the transaction, which is to be open."""
    places = range(len(work.found.key))
    texts = [
        *(_column(f"k{place}", sql.SQL("text")) for place in places),
        *(_column(f"v{place}", sql.SQL("text")) for place in range(len(work.pairs))),
    ]
    typed = [_column(f"k{place}", work.key_type(place)) for place in places]
    for name, columns in ((work.rows, texts), (work.keys, typed)):
        connection.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE {} (parom_place int PRIMARY KEY, is_there bool, {})"
                " ON COMMIT DROP"
            ).format(name, sql.SQL(", ").join(columns))
        )


def fill(
    connection: Connection, work: Work, rows: Iterable[tuple[bool, Sequence[str | None]]]
) -> None:
    """Write texts, of the key and of `pairs`, in the order of `names`; nothing of a row that was
    deleted but its key."""
    copying = sql.SQL("COPY {} FROM STDIN").format(work.rows)
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for place, (is_there, texts) in enumerate(rows):
            copy.write_row((place, is_there, *texts))
    connection.execute(sql.SQL("ANALYZE {}").format(work.rows))


def keying(work: Work) -> Statement:
    """Reads the keys as the older columns do; for `each`."""
    places = range(len(work.found.key))
    return sql.SQL(
        "INSERT INTO {} SELECT r.parom_place, r.is_there, {} FROM {} r WHERE true"
    ).format(
        work.keys,
        sql.SQL(", ").join(
            sql.SQL("r.{}::{}").format(quoted(f"k{place}"), work.key_type(place))
            for place in places
        ),
        work.rows,
    )


def other_keys(connection: Connection, work: Work) -> list[int]:
    """Places of rows whose key is another to the older column: 1 for '01'."""
    other = sql.SQL(" OR ").join(
        sql.SQL("{} <> r.{}").format(EXACT.format(quoted("k", f"k{place}")), quoted(f"k{place}"))
        for place in range(len(work.found.key))
    )
    return places_of(
        connection,
        sql.SQL("SELECT parom_place FROM {} k JOIN {} r USING (parom_place) WHERE {}").format(
            work.keys, work.rows, other
        ),
    )


def keep_older(connection: Connection, work: Work) -> None:
    """What the snapshot has of these rows, before any of them is taken out."""
    kept = [
        sql.SQL(", {} AS {}").format(quoted("o", name), quoted(f"o{place}"))
        for place, name in enumerate(work.kept)
    ]
    connection.execute(sql.SQL("ANALYZE {}").format(work.keys))
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS"
            " SELECT k.parom_place{} FROM {} k JOIN {} o ON {}"
        ).format(work.older, sql.SQL("").join(kept), work.keys, work.before.place, work.same("o"))
    )
    # Asked for row by row where all at once fails.
    connection.execute(sql.SQL("CREATE UNIQUE INDEX ON {} (parom_place)").format(work.older))
    connection.execute(sql.SQL("ANALYZE {}").format(work.older))


def leave_out(connection: Connection, work: Work, apart: Mapping[str, Apart]) -> None:
    """Let `keys` name no row that is apart."""
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE NOT parom_place = ANY(%s::int[])").format(work.keys),
        (work.left(apart),),
    )


def places_of(connection: Connection, statement: Statement) -> list[int]:
    return [place for (place,) in connection.execute(statement).fetchall()]


def _column(name: str, kind: sql.SQL) -> sql.Composed:
    return sql.SQL("{} {}").format(quoted(name), kind)
