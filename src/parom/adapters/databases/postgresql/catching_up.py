"""Rows carried ahead, while the newer release is served, and the rest of them once it stands still.

Every version of a row tells which transaction wrote it (`xmin`). What one wrote that was over when
the first part was read is in that part. Savepoints have numbers of their own, which no snapshot
lists: so all counts as written later from the oldest transaction on that was open then. Rows that
are gone are all looked at again. See `since` for when numbers tell at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from psycopg import sql

from parom.adapters.databases.postgresql import noted_rows, uncovered
from parom.adapters.databases.postgresql.carrying import Sorted, begun, was_migrated_since
from parom.adapters.databases.postgresql.noted_rows import Seen
from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.schemas import mapped, schema_of
from parom.adapters.databases.postgresql.staging import Work, places_of
from parom.adapters.databases.postgresql.tables import Table
from parom.adapters.databases.postgresql.unnoted import keys_above
from parom.adapters.databases.postgresql.watched import Noted
from parom.facts import CapturedRow
from parom.replay.ahead import Ahead
from parom.replay.apart import Apart, Carried, name_of
from parom.replay.changes import Changes
from parom.replay.mapping import TableMap

_OPEN_SINCE = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_HIGHEST = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_LASTING = [16, 20, 21, 23, 25, 1043, 1082, 2950]
"""Oids of types of which equal values are written alike: boolean, whole numbers, text and varchar
(unless a collation takes different ones for the same), date, uuid."""
_NAMES_LAST = """
SELECT bool_and(a.atttypid::bigint = ANY(%s) AND coalesce(c.collisdeterministic, true))
FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation
WHERE a.attrelid = %s::oid AND a.attname = ANY(%s)
"""


class _OtherError(Exception):
    """All has to be carried at once."""


@dataclass(frozen=True)
class Then:
    """What a copy has in it."""

    ahead: Ahead
    apart: Mapping[str, Apart]
    """Rows of which something is not in it."""
    apart_tables: frozenset[str]
    """Tables of which nothing is in it."""
    since: int
    """Versions that a lower transaction wrote were read."""
    replaced: frozenset[str]
    """Carried rows that are new to the newer database, under whose keys the snapshot has others."""
    gone: frozenset[str]
    """Rows that are deleted in the copy, of tables with columns that only the snapshot has."""
    above: Mapping[str, frozenset[int]]
    """By table, keys of rows that need no note."""
    again: frozenset[str]
    """Tables with rows that are apart for what is said of other rows: that may change."""
    unnamed: frozenset[str]
    """Rows of tables without a key, which are all read again."""


def carriable(newer: Connection, older: Connection, changes: Changes) -> int:
    """See `Database.carriable`. Raises psycopg.Error."""
    maps = mapped(schema_of(older), schema_of(newer), changes)
    with noted_rows.reading(newer) as tables:
        return sum(
            noted_rows.count_of(newer, noted, table)
            for noted, table in tables
            if isinstance(maps.get(table.shown), TableMap)
        )


def carry_ahead(newer: Connection, copy: Connection, changes: Changes) -> Then | None:
    """Carry the rows that `newer` has captured by now; others write to it meanwhile. None where
    what was written later could not be told from it.

    Raises `database.not-carried`, psycopg.Error.
    """
    if was_migrated_since(newer) or uncovered.gaps(newer):
        return None
    first = _First()
    with begun(newer, copy) as keys:
        found = Sorted(newer, copy, changes, keys)
        with noted_rows.reading(newer) as tables:
            if not _can_tell(newer, tables):
                return None
            since = _open_since(newer)
            for noted, table in tables:
                bare = found.asks_nothing_of(table)
                seen = noted_rows.rows_of(newer, noted, table, bare=bare)
                work = found.stage(noted, table, first.told(noted, table, seen))
                if work:
                    first.staged(copy, work)
        decided = dict(found.apart)
        found.write()
    carried = found.carried
    again = {
        work.found.after
        for work in found.works
        if any(decided.get(name) != found.apart.get(name) for name in work.names)
    }
    return Then(
        Ahead(carried),
        found.apart,
        frozenset(found.apart_tables),
        since,
        frozenset(first.replaced & carried.keys()),
        frozenset(first.gone),
        {table: frozenset(keys) for table, keys in first.above.items()},
        frozenset(again),
        frozenset(first.unnamed),
    )


def catch_up(newer: Connection, copy: Connection, changes: Changes, then: Then) -> Carried | None:
    """Carry onto `copy` what was written since `then`.

    The same as carrying everything onto a copy of the snapshot; None where it would not be. Raises
    `database.not-carried`, psycopg.Error.
    """
    if was_migrated_since(newer) or uncovered.gaps(newer):
        return None
    with begun(newer, copy) as keys:
        found, second = Sorted(newer, copy, changes, keys), _Second(then)
        try:
            with noted_rows.reading(newer) as tables:
                if not _can_tell(newer, tables):
                    return None
                for noted, table in tables:
                    if found.carries(table) and table.shown in then.apart_tables:
                        return None
                    found.stage(noted, table, second.told(newer, noted, table, found))
        except _OtherError:
            return None
        found.write()
    if then.ahead.stands_against(found.apart, found.apart_tables):
        return None
    now = {name: table for name, table in found.carried.items() if name not in second.left_nothing}
    kept = {n: t for n, t in then.ahead.carried.items() if n not in second.names}
    apart = {name: one for name, one in then.apart.items() if name not in second.names}
    carried = Counter([*kept.values(), *now.values()])
    return Carried(
        dict(sorted(carried.items())), apart | found.apart, apart_tables=found.apart_tables
    )


def _open_since(newer: Connection) -> int:
    """The oldest transaction that is not over, as the open one sees it."""
    (found,) = newer.execute(_OPEN_SINCE).fetchone() or (0,)
    return int(found)


def _can_tell(newer: Connection, tables: Sequence[tuple[Noted, Table]]) -> bool:
    """Whether numbers of transactions tell what is later, and what a row is called is what it is
    called whenever it is read; of tables that are what they were watched as."""
    (highest,) = newer.execute(_HIGHEST).fetchone() or (2**32,)
    return highest < 2**32 and all(
        (noted.shown, noted.columns) == (table.shown, table.names)
        and (not table.key or _names_last(newer, table))
        for noted, table in tables
    )


def _names_last(newer: Connection, table: Table) -> bool:
    return newer.execute(_NAMES_LAST, (_LASTING, table.oid, list(table.key))).fetchone() == (True,)


@dataclass
class _First:
    """What the second part has to know of the first."""

    replaced: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    above: dict[str, set[int]] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)
    _new: set[str] = field(default_factory=set)

    def told(self, noted: Noted, table: Table, seen: Iterator[Seen]) -> Iterator[Seen]:
        self._new.clear()
        above = self.above.setdefault(table.shown, set())
        for one in seen:
            if not table.key:
                self.unnamed.add(name_of(one.captured))
            elif one.captured.operation == "insert":
                self._new.add(name_of(one.captured))
                if noted.floor is not None and (key := int(str(one.key[0]))) > noted.floor:
                    above.add(key)
            yield one

    def staged(self, copy: Connection, work: Work) -> None:
        had = places_of(copy, sql.SQL("SELECT parom_place FROM {}").format(work.older))
        self.replaced |= {name for place in had if (name := work.names[place]) in self._new}
        if work.found.removed:
            there = places_of(
                copy, sql.SQL("SELECT parom_place FROM {} WHERE NOT is_there").format(work.rows)
            )
            self.gone |= {work.names[place] for place in there}


class _Second:
    """The rows to look at once more; what is not among them is what it was."""

    def __init__(self, then: Then) -> None:
        self._then = then
        self.names: set[str] = set(then.unnamed)
        self.left_nothing: set[str] = set()

    def told(self, newer: Connection, noted: Noted, table: Table, found: Sorted) -> Iterator[Seen]:
        """Raises `_OtherError` where the copy cannot be brought to what it has to be."""
        bare = found.asks_nothing_of(table)
        is_looked_at = found.carries(table) and table.shown not in self._then.again
        since = self._then.since if is_looked_at else 0
        for one in noted_rows.rows_of(newer, noted, table, bare=bare, since=since):
            if self._is_due(one):
                yield one
        known = self._then.above.get(table.shown, frozenset())
        for key in sorted(known - keys_above(newer, noted, table)) if known else ():
            gone = CapturedRow(table.shown, "delete", {table.key[0]: key}, None)
            if self._is_due(Seen(gone, [key], left_nothing=True)):
                yield Seen(gone, [key])

    def _is_due(self, one: Seen) -> bool:
        name = name_of(one.captured)
        self.names.add(name)
        if one.row and name in self._then.gone:
            raise _OtherError  # what only the snapshot had of it is gone from the copy
        if not one.left_nothing:
            return True
        self.left_nothing.add(name)
        if name in self._then.replaced:
            raise _OtherError
        return name in self._then.ahead.carried
