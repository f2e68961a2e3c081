"""Rows carried ahead, while the newer release is served, and the rest of them once it stands still.

What the copy has of a row is compared with what the row is now, so that a row which was written
twice, or back to what it was, is what it is at the end. Which rows were carried is remembered for
one question alone: whether one of them is apart now (`Ahead.stands_against`).
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from parom.adapters.databases import capture, uncovered
from parom.adapters.databases.asking import asking
from parom.adapters.databases.behind import ReplacedError, captured_count, rows_behind
from parom.adapters.databases.carrying import (
    Sorted,
    maps_of,
    opened_copy,
    rows_asking,
    sorted_out,
    was_migrated_since,
)
from parom.adapters.databases.opening import held_still, opened, standing_still
from parom.adapters.databases.rounds import NEWER
from parom.adapters.databases.tables import Table
from parom.replay.ahead import Ahead
from parom.replay.apart import Carried, name_of
from parom.replay.changes import Changes
from parom.replay.mapping import TableMap


def carriable(snapshot: Path, newer: Path, changes: Changes, *, timeout_s: float) -> int:
    """See `Database.carriable`. Raises sqlite3.Error."""
    before = sqlite3.connect(standing_still(snapshot), uri=True)
    with contextlib.closing(before), opened(newer, timeout_s) as source:
        maps = maps_of(source, before, changes)
        return sum(
            captured_count(source, "main", number, table)
            for number, table in capture.watched(source)
            if isinstance(maps.get(table.name), TableMap)
        )


def carry_ahead(
    copy: Path, snapshot: Path, newer: Path, changes: Changes, *, timeout_s: float
) -> Ahead | None:
    """Carry the rows that `newer` has captured by now; others write to it meanwhile. None where
    nothing can be carried before it stands still.

    `newer` has to be in WAL mode, in which whoever reads keeps nobody waiting. Raises
    `database.not-carried`, `database.locked`, sqlite3.Error.
    """
    with opened(newer, timeout_s) as source, opened_copy(copy, snapshot, newer) as target:
        with held_still(newer, timeout_s):  # for a moment: both are to see the same instant
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            target.execute("BEGIN IMMEDIATE")
        if was_migrated_since(source) or uncovered.gaps(source):
            return None
        maps = maps_of(source, target, changes)
        # Of the others nothing is written, and it is looked at when nobody writes any more.
        found = sorted_out(source, {k: one for k, one in maps.items() if isinstance(one, TableMap)})
        found.write(target)
        return Ahead(found.carried)


def catch_up(
    copy: Path, snapshot: Path, newer: Path, changes: Changes, ahead: Ahead, *, timeout_s: float
) -> Carried | None:
    """Carry onto `copy`, which has the rows `ahead` in it, what was written since then.

    The same as carrying everything onto a copy of the snapshot; None where it would not be. Raises
    `database.not-carried`, sqlite3.Error.
    """
    with opened(newer, timeout_s) as source, opened_copy(copy, snapshot, newer) as target:
        if was_migrated_since(source) or uncovered.gaps(source):
            return None
        found = Sorted(maps_of(source, target, changes))
        try:
            for number, table in capture.watched(source):
                _sort_out(source, target, number, table, found)
        except ReplacedError:
            return None
        if ahead.stands_against(found.apart, found.apart_tables):
            return None
        target.execute("BEGIN IMMEDIATE")
        found.write(target)
    stands = ahead.stands_against(found.apart, found.apart_tables)
    return None if stands else found.result


def _sort_out(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    number: int,
    table: Table,
    found: Sorted,
) -> None:
    one = found.maps.get(table.name)
    if found.leave(source, number, table) or not isinstance(one, TableMap):
        return
    behind = {name_of(each.row): each for each in rows_behind(target, number, table, one)}
    left = captured_count(target, NEWER, number, table)
    # What a row has in columns that the copy lacks is to be looked at all the same.
    for row in rows_asking(source, number, table, asking(one)):
        found.add(row, is_behind=behind.pop(name_of(row), None) is not None)
        left -= 1
    for name, each in behind.items():
        if each.is_captured:
            found.add(each.row, asks=False)
            left -= 1
        else:
            found.want(each.row, name, one)
    found.add_whole(table.name, left)
