"""A database that exists in memory alone: for tests, and for trying an order of steps out."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

from parom.adapters.databases.memory_written import FIRST, MemoryWritten, Tables
from parom.errors import ParomError
from parom.errors import database as errors
from parom.errors.release import no_snapshot
from parom.facts import (
    DatabaseCopy,
    DatabaseFacts,
    DatabaseSettings,
    Process,
    Snapshot,
    TableCount,
)
from parom.ports import Progress


class MemoryDatabase(MemoryWritten):
    """Facts, copies and the swap; see `MemoryWritten` for the rest."""

    kind = "memory"
    settings_name = copy_name = "memory"
    carries_rows = True
    lies_on_disk = True
    copies_on_disk = 1

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
        self._databases[FIRST], self._live = _read(restored), FIRST
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

    def _refuse_holders(self) -> None:
        if self.open_by:
            raise errors.held(self.open_by)


def _counted(tables: Tables) -> tuple[TableCount, ...]:
    return tuple(TableCount(name, len(rows)) for name, rows in sorted(tables.items()))


def _read(file: Path) -> Tables:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {
            table: {int(key): row for key, row in rows.items()} for table, rows in found.items()
        }
    except (OSError, ValueError, AttributeError) as problem:
        raise errors.damaged(file, str(problem)) from None
