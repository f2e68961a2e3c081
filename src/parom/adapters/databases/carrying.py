"""Writes captured rows onto a copy of the snapshot, in one transaction.

Rounds: what is to be carried is taken out of the copy, and put in as the newer database has
it. What the copy does not take, or what would refer to nothing, goes apart; then the round is
taken back, and the next one tries without. The rows apart only grow, and with all apart the
copy is the snapshot: it ends. After thirty rounds whole tables go apart.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from parom.adapters.databases import capture, rounds, uncovered
from parom.adapters.databases.opening import opened, standing_still
from parom.adapters.databases.references import refuse_broken
from parom.adapters.databases.rounds import Wanted, Work
from parom.adapters.databases.schemas import references_of, schema_of, told_elsewhere
from parom.adapters.databases.tables import quoted
from parom.adapters.databases.values import raw
from parom.facts import CapturedRow
from parom.replay.apart import Apart, Carried, Why, is_carried, name_of
from parom.replay.changes import Changes
from parom.replay.deciding import decide
from parom.replay.mapping import NEVER, TableMap, map_tables
from parom.replay.settling import settled


def carry(
    copy: Path, snapshot: Path, newer: Path, changes: Changes, *, timeout_s: float
) -> Carried:
    """Carry the rows that `newer` captured onto `copy`, a copy of `snapshot`; or none of them.

    Raises `database.not-carried`, sqlite3.Error.
    """
    with opened(newer, timeout_s) as source, _opened(copy, snapshot, newer) as target:
        if _was_migrated_since(source):
            return Carried({}, {}, Apart(Why.REFUSED))
        works, apart = _sorted_out(source, target, changes)
        references = references_of(target, schema_of(target))
        target.execute("BEGIN IMMEDIATE")
        with _without_triggers(target, {one.found.before for one in works}):
            names = [[one.name for one in work.rows] for work in works]
            apart = settled(names, apart, partial(rounds.tried, target, works, references))
            refuse_broken(target, works, references)
        target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    carried = Counter(
        work.found.after for work in works for one in work.rows if is_carried(apart.get(one.name))
    )
    return Carried(dict(sorted(carried.items())), apart)


def _was_migrated_since(newer: sqlite3.Connection) -> bool:
    """Whether somebody ran `migrate` by hand after the opening, or may have: then `changes` no
    longer tell how the two differ."""
    return not NEVER.isdisjoint((*capture.written_tables(newer), *uncovered.gaps(newer)))


def _sorted_out(
    source: sqlite3.Connection, target: sqlite3.Connection, changes: Changes
) -> tuple[list[Work], dict[str, Apart]]:
    """The rows to carry, by table, and those that cannot be."""
    maps = map_tables(schema_of(target), schema_of(source), changes)
    maps |= dict.fromkeys(uncovered.gaps(source), Why.UNSEEN)
    aside = {name.strip().lower() for name in told_elsewhere(target)}
    for name, one in maps.items():
        if isinstance(one, TableMap) and one.before.lower() in aside:
            maps[name] = Why.UNSEEN
    works: dict[str, Work] = {}
    apart: dict[str, Apart] = {}
    # Values go from file to file; here they are read where they decide what becomes of a row.
    bare = {name for name, one in maps.items() if isinstance(one, TableMap) and one.asks_nothing}
    for row in capture.rows(source, bare):
        name, found = name_of(row), maps.get(row.table)
        verdict = decide(row, found) or _unnamed(row)
        if verdict is not None:
            apart[name] = verdict
        if isinstance(found, TableMap) and is_carried(verdict):
            work = works.setdefault(row.table, Work(len(works), found))
            key = tuple(raw(value) for value in row.key.values())
            work.rows.append(Wanted(name, key, is_there=row.row is not None))
    return list(works.values()), apart


def _unnamed(row: CapturedRow) -> Apart | None:
    """A key of bytes may have been a text that is not UTF-8, which could not be asked for."""
    is_bytes = any(isinstance(raw(value), bytes) for value in row.key.values())
    return Apart(Why.NO_KEY) if is_bytes else None


@contextmanager
def _opened(copy: Path, snapshot: Path, newer: Path) -> Iterator[sqlite3.Connection]:
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
