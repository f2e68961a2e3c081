"""A database that exists in memory alone: for tests, and for trying an order of steps out."""

from __future__ import annotations

import copy
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

from parom.adapters.databases.memory_rows import MemoryRows
from parom.errors import ParomError
from parom.errors import database as errors
from parom.errors.release import no_snapshot
from parom.facts import (
    CapturedRow,
    DatabaseCopy,
    DatabaseFacts,
    DatabaseSettings,
    Process,
    Snapshot,
    TableCount,
)
from parom.ports import Progress
from parom.replay.apart import Apart, Carried, name_of
from parom.replay.changes import Changes
from parom.replay.deciding import decide
from parom.replay.mapping import Column, Table, TableMap, map_tables

Row = dict[str, object]
Tables = dict[str, dict[int, Row]]
"""Rows by id, by table."""

_FIRST = "original"


class MemoryDatabase:
    """`write` is what an application does; `open_by` are the processes that hold it open."""

    kind = "memory"
    settings_name = copy_name = "memory"
    carries_rows = True
    lies_on_disk = True
    copies_on_disk = 1

    def __init__(self, tables: Tables | None = None) -> None:
        self.open_by: list[Process] = []
        self._databases: dict[str, Tables] = {} if tables is None else {_FIRST: tables}
        self._live = _FIRST if tables is not None else ""
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

    def facts(self) -> DatabaseFacts:
        size = len(json.dumps(self._tables()))
        return DatabaseFacts("memory", "1", size, self._live, len(self._tables()))

    def is_named_by(
        self,
        settings: DatabaseSettings,
        folder: Path,  # noqa: ARG002
    ) -> bool:
        return settings.name == self.settings_name

    def exists(self) -> bool:
        return bool(self._live) and any(self._databases[self._live].values())

    def applied_count(self) -> int:
        return len(self._tables().get("django_migrations", {}))

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        return tuple(one for one in self.open_by if one.pid not in own)

    def counts(self) -> tuple[TableCount, ...]:
        return _counted(self._tables())

    def openings(self) -> AbstractContextManager[None]:
        return nullcontext()

    def opened_by(self, pids: frozenset[int]) -> tuple[int, ...]:
        return tuple(one.pid for one in self.open_by if one.pid in pids)

    def obstacles(self) -> tuple[ParomError, ...]:
        return ()

    def server(self) -> None:
        return None

    def end_idle(self, own: frozenset[int]) -> tuple[Process, ...]:  # noqa: ARG002
        return ()

    def copy_online(
        self, destination: Path, progress: Progress | None = None
    ) -> tuple[TableCount, ...]:
        destination.write_text(json.dumps(self._tables()), encoding="utf-8")
        if progress:
            progress(1, 1)
        return self.counts()

    def copy_of(
        self, snapshot_id: str, folder: Path, progress: Progress | None = None
    ) -> DatabaseCopy:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        copied = MemoryDatabase(self._databases[snapshot_id])
        file = folder / self.copy_name
        return DatabaseCopy(file, copied.copy_online(file, progress))

    def check_copy(
        self,
        copy: Path,
        *,
        thorough: bool = False,  # noqa: ARG002 - it has no indexes
    ) -> tuple[TableCount, ...]:
        return _counted(_read(copy))

    def checking(
        self, copy: Path, *, thorough: bool = False
    ) -> AbstractContextManager[Callable[[], tuple[TableCount, ...]]]:
        return nullcontext(partial(self.check_copy, copy, thorough=thorough))

    def rehearsed_on(self, copy: Path) -> MemoryDatabase:
        return MemoryDatabase(_read(copy))

    def end_rehearsal(self) -> None:
        """Nothing is beside the copy."""

    def put_back(self, restored: Path) -> None:
        if not restored.exists():
            if self._live:
                return
            raise errors.unreachable(restored, "the restored database is gone")
        if self._live:
            raise errors.in_the_way(Path(self._live))
        self._databases[_FIRST], self._live = _read(restored), _FIRST
        restored.unlink()

    def make_ready(self) -> None:
        self._refuse_holders()

    def prepare_snapshot(self, snapshot_id: str, progress: Progress | None = None) -> None:
        """There is nothing that would be quicker afterwards."""

    def snapshot(self, snapshot_id: str) -> Snapshot:
        found = self.find_snapshot(snapshot_id)
        if found is not None:
            return found
        self._refuse_holders()
        self._databases[snapshot_id] = copy.deepcopy(self._tables())
        self._highest[snapshot_id] = dict(self._highest_in(self._live))
        if self._live in self._run:
            self._run[snapshot_id] = self._run[self._live]
            self._notes[snapshot_id] = dict(self._notes[self._live])
        return Snapshot(snapshot_id, snapshot_id, 1)

    def find_snapshot(self, snapshot_id: str) -> Snapshot | None:
        return Snapshot(snapshot_id, snapshot_id, 1) if snapshot_id in self._databases else None

    def keep_ids(self, snapshot_id: str, *, renamed: bool = False) -> Mapping[str, int]:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        own, newer = self._highest_in(snapshot_id), self._highest_in(self._live)
        least = max(newer.values(), default=0) if renamed else 0
        wanted = {table: max(least, newer.get(table, 0)) for table in own}
        raised = {table: wanted[table] for table in own if wanted[table] > own[table]}
        own.update(raised)
        return raised

    def swap_in(self, snapshot_id: str) -> None:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        if self._live != snapshot_id:
            self._before[snapshot_id], self._live = self._live, snapshot_id

    def swap_back(self, snapshot_id: str) -> None:
        if self._live == snapshot_id:
            self._live = self._before[snapshot_id]

    def start_over(self, snapshot_id: str) -> None:
        if snapshot_id not in self._databases:
            raise no_snapshot(snapshot_id)
        self._refuse_holders()
        numbered = (f"{snapshot_id}-again-{number}" for number in itertools.count(1))
        fresh = next(one for one in numbered if one not in self._databases)
        self._databases[fresh] = copy.deepcopy(self._databases[snapshot_id])
        self._highest[fresh] = dict(self._highest_in(snapshot_id))
        self._live = fresh

    def put_away(self) -> None:
        self._refuse_holders()
        self._live = ""

    def live_id(self) -> str:
        return self._live

    def stale(self, keep: frozenset[str]) -> tuple[str, ...]:
        return tuple(one for one in self._databases if one != self._live and one not in keep)

    def discard(self, database_id: str) -> None:
        if database_id == self._live:
            message = f"database {database_id} is live and is not deleted"
            raise ValueError(message)
        for kept in (
            *(self._databases, self._run, self._notes, self._before),
            *(self._highest, self._marks),
        ):
            kept.pop(database_id, None)

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
        carried: Counter[str] = Counter()
        for row in self.captured_rows():
            found = maps.get(row.table)
            verdict = decide(row, found)
            if verdict is not None:
                apart[name_of(row)] = verdict
            if isinstance(found, TableMap) and (verdict is None or verdict.columns):
                _put(made[found.before], row, found)
                carried[row.table] += 1
        self._databases[carried_id] = made
        self._highest[carried_id] = dict(self._highest_in(snapshot_id))
        return Carried(dict(sorted(carried.items())), apart)

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

    def _refuse_holders(self) -> None:
        if self.open_by:
            raise errors.held(self.open_by)


def _counted(tables: Tables) -> tuple[TableCount, ...]:
    return tuple(TableCount(name, len(rows)) for name, rows in sorted(tables.items()))


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


def _read(file: Path) -> Tables:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {
            table: {int(key): row for key, row in rows.items()} for table, rows in found.items()
        }
    except (OSError, ValueError, AttributeError) as problem:
        raise errors.damaged(file, str(problem)) from None
