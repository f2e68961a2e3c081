"""Writes captured rows onto a copy of the snapshot, in one transaction.

Rounds: what is to be carried is taken out of the copy, and put in as the newer database has
it. What the copy does not take, or what would refer to nothing, goes apart; then the round is
taken back, and the next one tries without. The rows apart only grow, and with all apart the
copy is the snapshot: it ends. After thirty rounds whole tables go apart.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from parom.adapters.databases import capture, rounds, uncovered
from parom.adapters.databases.asking import Asking, asking
from parom.adapters.databases.opening import opened, standing_still
from parom.adapters.databases.references import refuse_broken
from parom.adapters.databases.rounds import Wanted, Work
from parom.adapters.databases.schemas import references_of, schema_of, told_elsewhere
from parom.adapters.databases.tables import Table, quoted
from parom.adapters.databases.values import raw
from parom.facts import CapturedRow
from parom.replay.apart import Apart, Carried, Why, is_carried, name_of
from parom.replay.changes import Changes
from parom.replay.deciding import decide
from parom.replay.mapping import NEVER, TableMap, map_tables
from parom.replay.settling import settled

Maps = Mapping[str, TableMap | Why]


def carry(
    copy: Path, snapshot: Path, newer: Path, changes: Changes, *, timeout_s: float
) -> Carried:
    """Carry the rows that `newer` captured onto `copy`, a copy of `snapshot`; or none of them.

    Raises `database.not-carried`, sqlite3.Error.
    """
    with opened(newer, timeout_s) as source, opened_copy(copy, snapshot, newer) as target:
        if was_migrated_since(source):
            return Carried({}, {}, Apart(Why.REFUSED))
        found = sorted_out(source, maps_of(source, target, changes))
        target.execute("BEGIN IMMEDIATE")
        found.write(target)
    return found.result


def was_migrated_since(newer: sqlite3.Connection) -> bool:
    """Whether somebody ran `migrate` by hand after the opening, or may have: then the changes no
    longer tell how the two differ."""
    return not NEVER.isdisjoint((*capture.written_tables(newer), *uncovered.gaps(newer)))


def maps_of(source: sqlite3.Connection, target: sqlite3.Connection, changes: Changes) -> Maps:
    """How the newer database's tables are carried, as both are now."""
    maps = map_tables(schema_of(target), schema_of(source), changes)
    maps |= dict.fromkeys(uncovered.gaps(source), Why.UNSEEN)
    aside = {name.strip().lower() for name in told_elsewhere(target)}
    for name, one in maps.items():
        if isinstance(one, TableMap) and one.before.lower() in aside:
            maps[name] = Why.UNSEEN
    return maps


class Sorted:
    """Captured rows: what is to be written of them, by table, and what becomes of them."""

    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self.apart: dict[str, Apart] = {}
        self.apart_tables: dict[str, Apart] = {}
        self._works: dict[str, Work] = {}
        self._carried: Counter[str] = Counter()

    @property
    def result(self) -> Carried:
        counts = {table: number for table, number in sorted(self._carried.items()) if number}
        return Carried(counts, self.apart, apart_tables=self.apart_tables)

    @property
    def carried(self) -> dict[str, str]:
        """The table of each row that was to be written and is carried, by its name."""
        return {
            one.name: work.found.after
            for work in self._works.values()
            for one in work.rows
            if is_carried(self.apart.get(one.name))
        }

    def add(self, row: CapturedRow, *, asks: bool = True, is_behind: bool = True) -> None:
        """A captured row; with `is_behind` the copy has it not, or not so; without `asks` it is
        known that nothing in it keeps it from being carried."""
        name, found = name_of(row), self.maps.get(row.table)
        verdict = (decide(row, found) if asks else None) or _unnamed(row)
        if verdict is not None:
            self.apart[name] = verdict
        if isinstance(found, TableMap) and is_carried(verdict):
            self._carried[row.table] += 1
            if is_behind:
                self.want(row, name, found)

    def leave(self, source: sqlite3.Connection, number: int, table: Table) -> bool:
        """Whether nothing of a table is carried, whatever its captured rows are."""
        found = self.maps.get(table.name)
        if isinstance(found, TableMap):
            return False
        if next(capture.rows_of(source, number, table, bare=True), None) is not None:
            self.apart_tables[table.name] = Apart(found or Why.NO_TABLE)
        return True

    def add_whole(self, table: str, number: int) -> None:
        """So many rows of a table that are carried, and of which nothing is to be written."""
        self._carried[table] += number

    def want(self, row: CapturedRow, name: str, found: TableMap) -> None:
        """Only write it."""
        work = self._works.setdefault(row.table, Work(len(self._works), found))
        key = tuple(raw(value) for value in row.key.values())
        work.rows.append(Wanted(name, key, is_there=row.row is not None))

    def write(self, target: sqlite3.Connection) -> None:
        """In the transaction that is open, which is committed; what the copy does not take, or
        what would refer to nothing, is apart then."""
        works = list(self._works.values())
        references = references_of(target, schema_of(target))
        with _without_triggers(target, {one.found.before for one in works}):
            names = [[one.name for one in work.rows] for work in works]
            tried = partial(rounds.tried, target, works, references)
            self.apart = settled(names, self.apart, tried)
            refuse_broken(target, works, references)
        target.execute("COMMIT")
        target.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
        for work in works:
            gone = sum(not is_carried(self.apart.get(one.name)) for one in work.rows)
            self._carried[work.found.after] -= gone


def sorted_out(source: sqlite3.Connection, maps: Maps) -> Sorted:
    """All captured rows of the tables in `maps`."""
    found = Sorted(maps)
    for number, table in capture.watched(source):
        one = maps.get(table.name)
        if one is None or found.leave(source, number, table) or not isinstance(one, TableMap):
            continue
        # Values go from file to file; here they are read where they decide what becomes of a row.
        asked = asking(one)
        for row in rows_asking(source, number, table, asked):
            found.add(row)
        rest = f"NOT ({asked.condition})"
        for row in capture.rows_of(
            source, number, table, bare=True, where=rest, values=asked.values
        ):
            found.add(row, asks=False)
    return found


def rows_asking(
    source: sqlite3.Connection, number: int, table: Table, asked: Asking
) -> Iterator[CapturedRow]:
    """Captured rows of one table that are to be looked at."""
    if asked.is_empty:
        return iter(())
    where, values = asked.condition, asked.values
    return capture.rows_of(source, number, table, where=where, values=values)


def _unnamed(row: CapturedRow) -> Apart | None:
    """A key of bytes may have been a text that is not UTF-8, which could not be asked for."""
    is_bytes = any(isinstance(raw(value), bytes) for value in row.key.values())
    return Apart(Why.NO_KEY) if is_bytes else None


@contextmanager
def opened_copy(copy: Path, snapshot: Path, newer: Path) -> Iterator[sqlite3.Connection]:
    """The copy, with the snapshot and the newer database beside it; none of its own actions."""
    with opened(copy, 0) as connection:
        # Nothing of it is needed before it is renamed, and then it is synced as a whole.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        # What ON DELETE did was captured; what is referred to is looked at by `references`.
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"ATTACH ? AS {rounds.OLDER}", (standing_still(snapshot),))
        # To read, so that writing the copy asks for no lock on it: somebody holds it still.
        readable = f"file:{quote(str(newer.resolve()))}?mode=ro"
        connection.execute(f"ATTACH ? AS {rounds.NEWER}", (readable,))
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


@contextmanager
def _without_triggers(connection: sqlite3.Connection, names: set[str]) -> Iterator[None]:
    """Without the application's triggers on these tables: what they did was captured too.

    Those of a capture stay: a deployment before this one can still be taken back.
    """
    listed = connection.execute(
        "SELECT name, tbl_name, sql FROM main.sqlite_master WHERE type = 'trigger' "
        "AND name NOT LIKE 'parom\\_capture%' ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    lower = {name.lower() for name in names}
    found = [(name, sql) for name, table, sql in listed if table.lower() in lower]
    for name, _ in found:
        connection.execute(f"DROP TRIGGER main.{quoted(name)}")
    yield
    for _, sql in found:
        connection.execute(sql)
