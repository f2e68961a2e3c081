"""What was written to a database in memory, and what of it comes along to another."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from parom.adapters.databases.memory_rows import MemoryRows
from parom.errors import database as errors
from parom.errors.release import no_snapshot
from parom.facts import CapturedRow, Process
from parom.ports import Progress
from parom.replay.apart import Apart, Carried, Why, name_of
from parom.replay.changes import Changes
from parom.replay.deciding import decide
from parom.replay.mapping import Column, Table, TableMap, map_tables

Row = dict[str, object]
Tables = dict[str, dict[int, Row]]
"""Rows by id, by table."""

FIRST = "original"


class MemoryWritten:
    """`write` is what an application does; `open_by` are the processes that hold it open."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.open_by: list[Process] = []
        self._databases: dict[str, Tables] = {} if tables is None else {FIRST: tables}
        self._live = FIRST if tables is not None else ""
        self._before: dict[str, str] = {}
        self._run: dict[str, str] = {}
        """The run whose capture is in a database, by that database's id."""
        self._notes: dict[str, dict[tuple[str, int], str]] = {}
        self._highest: dict[str, dict[str, int]] = {}
        """The highest id ever given out, by database and table."""
        self._marks: dict[str, dict[str, str]] = {}

    def add(self, table: str, row: Row) -> int:
        """Insert a row under an id that no row had before."""
        key = 1 + self._highest_in(self._live).get(table, 0)
        self.write(table, key, row)
        return key

    def write(self, table: str, key: int, row: Row | None) -> None:
        """Insert, update or (with None) delete a row of the live database."""
        rows = self._tables().setdefault(table, {})
        highest = self._highest_in(self._live)
        highest[table] = max(key, highest.get(table, 0))
        known = key in rows
        if row is None:
            rows.pop(key, None)
        else:
            rows[key] = row
        if self._live in self._run and (known or row is not None):
            operation = "delete" if row is None else "update" if known else "insert"
            self._notes[self._live].setdefault((table, key), operation)

    def rows(self, table: str) -> dict[int, Row]:
        """The live rows of a table."""
        return self._tables().get(table, {})

    def install_capture(self, run_id: str) -> None:
        self._tables()
        if self._run.get(self._live) != run_id:
            self._run[self._live], self._notes[self._live] = run_id, {}

    def clear_capture(self) -> None:
        self._notes[self._live] = {}

    def capture_installed(self) -> bool:
        return self._live in self._run

    def captured_rows(self) -> Iterator[CapturedRow]:
        for (table, key), operation in sorted(self._notes.get(self._live, {}).items()):
            row = self.rows(table).get(key)
            if row is None and operation == "insert":
                continue
            now = "delete" if row is None else "insert" if operation == "insert" else "update"
            yield CapturedRow(table, now, {"id": key}, None if row is None else {"id": key, **row})

    def capture_gaps(self) -> tuple[str, ...]:
        return ()

    def differing_rows(self, table: str, snapshot_id: str) -> Iterator[CapturedRow]:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        now, before = self.rows(table), self._databases[snapshot_id].get(table, {})
        for key, row in now.items():
            if row != before.get(key):
                operation = "update" if key in before else "insert"
                yield CapturedRow(table, operation, {"id": key}, {"id": key, **row})
        for key in before.keys() - now.keys():
            yield CapturedRow(table, "delete", {"id": key}, None)

    def held_still(self) -> AbstractContextManager[None]:
        return nullcontext()

    def copy_ahead(
        self,
        snapshot_id: str,
        ahead_id: str,
        progress: Progress | None = None,  # noqa: ARG002 - nothing takes time
    ) -> None:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        self._databases.setdefault(ahead_id, copy.deepcopy(self._databases[snapshot_id]))

    def carriable(self, snapshot_id: str, changes: Changes) -> int:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        maps = map_tables(_schema(self._databases[snapshot_id]), _schema(self._tables()), changes)
        return sum(isinstance(maps.get(one.table), TableMap) for one in self.captured_rows())

    def carry_ahead(
        self,
        snapshot_id: str,
        applied_id: str,
        changes: Changes,
        ahead_id: str,
    ) -> bool:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        if self._databases.pop(ahead_id, None) is None:
            return False
        self.carry(snapshot_id, applied_id, changes)
        return True

    def carry(
        self,
        snapshot_id: str,
        carried_id: str,
        changes: Changes,
        ahead_id: str = "",
        applied_id: str = "",
    ) -> Carried:
        for used_up in (ahead_id, applied_id):
            self._databases.pop(used_up, None)
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        made = copy.deepcopy(self._databases[snapshot_id])
        maps = map_tables(_schema(made), _schema(self._tables()), changes)
        apart: dict[str, Apart] = {}
        apart_tables: dict[str, Apart] = {}
        carried: Counter[str] = Counter()
        for row in self.captured_rows():
            found = maps.get(row.table)
            if not isinstance(found, TableMap):
                apart_tables[row.table] = Apart(found or Why.NO_TABLE)
                continue
            verdict = decide(row, found)
            if verdict is not None:
                apart[name_of(row)] = verdict
            if verdict is None or verdict.columns:
                _put(made[found.before], row, found)
                carried[row.table] += 1
        self._databases[carried_id] = made
        self._highest[carried_id] = dict(self._highest_in(snapshot_id))
        return Carried(dict(sorted(carried.items())), apart, apart_tables=apart_tables)

    def changed_rows(self, snapshot_id: str, changes: Changes) -> Mapping[str, int]:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        before, counted = self._databases[snapshot_id], Counter[str]()
        for name, found in map_tables(_schema(before), _schema(self._tables()), changes).items():
            if isinstance(found, TableMap):
                older = before[found.before]
                counted[name] = sum(
                    any(older[key].get(one.before) != row.get(one.after) for one in found.columns)
                    for key, row in self.rows(name).items()
                    if key in older
                )
        return {name: number for name, number in counted.items() if number}

    def single_rows(self, database_id: str = "") -> AbstractContextManager[MemoryRows]:
        if database_id and database_id not in self._databases:
            raise no_snapshot(database_id)
        is_live = database_id in ("", self._live)
        tables = self._tables() if is_live else self._databases[database_id]
        write = self.write if is_live else None
        marks, place = self._marks, database_id or self._live
        return nullcontext(MemoryRows(tables, _schema(tables), marks, place, write))

    def trial_rows(self) -> AbstractContextManager[MemoryRows]:
        tables, marks = copy.deepcopy(self._tables()), copy.deepcopy(self._marks)
        return nullcontext(MemoryRows(tables, _schema(tables), marks, self._live))

    def remove_capture(self) -> None:
        self._run.pop(self._live, None)
        self._notes.pop(self._live, None)

    def _tables(self) -> Tables:
        if not self._live:
            raise errors.unreachable(Path("memory"), "there is none")
        return self._databases[self._live]

    def _highest_in(self, database_id: str) -> dict[str, int]:
        found = {name: max(rows, default=0) for name, rows in self._databases[database_id].items()}
        return self._highest.setdefault(database_id, found)


def _schema(tables: Tables) -> dict[str, Table]:
    """Columns are those that any row has."""
    return {
        name: Table(name, tuple(map(Column, ["id", *_columns(rows)])), ("id",))
        for name, rows in tables.items()
    }


def _columns(rows: Mapping[int, Row]) -> list[str]:
    return sorted({column for row in rows.values() for column in row} - {"id"})


def _put(rows: dict[int, Row], row: CapturedRow, found: TableMap) -> None:
    key = int(str(row.key["id"]))
    older = rows.pop(key, {})
    if row.row is None:
        return
    kept = {one.name: older.get(one.name, one.default) for one in found.removed}
    carried = {one.before: row.row.get(one.after) for one in found.columns}
    rows[key] = {name: value for name, value in {**kept, **carried}.items() if name != "id"}
