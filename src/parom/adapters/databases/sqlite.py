"""SQLite behind the `Database` port."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from parom.adapters.databases import capture, uncovered
from parom.adapters.databases.carried_copy import (
    applied_ahead,
    carried_copy,
    copied_ahead,
)
from parom.adapters.databases.catching_up import carriable
from parom.adapters.databases.changed import changed_rows
from parom.adapters.databases.counters import count_on, highest_ids
from parom.adapters.databases.counting import counted, names_of
from parom.adapters.databases.delta import copy_ahead, make_equal
from parom.adapters.databases.holders import holders_of
from parom.adapters.databases.live_rows import live_rows, trial_rows
from parom.adapters.databases.on_disk import disk_full_named
from parom.adapters.databases.opening import held_still, opened, standing_still
from parom.adapters.databases.sqlite_copies import SQLiteCopies
from parom.adapters.databases.versions import PLAIN, copy_mode
from parom.durable import fsync_directory
from parom.errors import database as errors
from parom.errors.release import no_snapshot
from parom.facts import CapturedRow, DatabaseFacts, Process, Snapshot, TableCount
from parom.ports import LiveRows, Progress
from parom.replay.apart import Carried
from parom.replay.changes import Changes

_IMPATIENT_S = 1.0


class SQLiteDatabase(SQLiteCopies):
    """`live` is the path that the application's settings name; `store` a folder on the same
    file system for its versions. `busy_timeout_s` is how long to wait for a lock."""

    kind = "sqlite"

    def facts(self) -> DatabaseFacts:
        with self._connected() as connection:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
            tables = len(names_of(connection))
            # Inside: as long as this connection is open, nobody is the last who takes the log
            # away.
            real = self._live.resolve()
            log = real.with_name(real.name + "-wal")
            size = real.stat().st_size + (log.stat().st_size if log.exists() else 0)
        return DatabaseFacts(
            "sqlite", sqlite3.sqlite_version, size, str(self._live), tables, str(mode)
        )

    def exists(self) -> bool:
        if not self._live.exists():
            return False
        with self._connected() as connection:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def applied_count(self) -> int:
        try:
            with opened(self._live, _IMPATIENT_S) as connection:
                row = connection.execute("SELECT COUNT(*) FROM django_migrations").fetchone()
        except sqlite3.Error as problem:
            raise errors.unreachable(self._live, str(problem)) from None
        return int(row[0])

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        return holders_of(self._live.resolve(), own | {os.getpid()})

    def counts(self) -> tuple[TableCount, ...]:
        with self._connected() as connection:
            return counted(connection)

    def make_ready(self) -> None:
        if self.live_id() != PLAIN or not self._live.exists():
            return
        self._refuse_holders()
        self._merge_log()
        self._files.put_behind_link()

    def prepare_snapshot(self, snapshot_id: str, progress: Progress | None = None) -> None:
        if self.find_snapshot(snapshot_id):
            return
        self._files.check_linkable()
        self._files.make_store()
        with disk_full_named(self._files.store):
            copy_ahead(self._live.resolve(), self._files.partial_of(snapshot_id), progress)

    def snapshot(self, snapshot_id: str) -> Snapshot:
        existing = self.find_snapshot(snapshot_id)
        if existing:
            return existing
        self._refuse_holders()
        self._merge_log()
        self._files.make_store()
        real, partial = self._live.resolve(), self._files.partial_of(snapshot_id)
        with disk_full_named(self._files.store):
            if not partial.exists():
                copy_ahead(real, partial)
            make_equal(real, partial)
        copy_mode(real, partial)
        partial.replace(self._files.file_of(snapshot_id))
        fsync_directory(self._files.store)
        made = self.find_snapshot(snapshot_id)
        assert made is not None  # noqa: S101 - renamed into place just now
        return made

    def find_snapshot(self, snapshot_id: str) -> Snapshot | None:
        file = self._files.file_of(snapshot_id)
        if not file.exists():
            return None
        return Snapshot(snapshot_id, str(file), file.stat().st_size)

    def keep_ids(self, snapshot_id: str, *, renamed: bool = False) -> Mapping[str, int]:
        if self.find_snapshot(snapshot_id) is None:
            raise no_snapshot(snapshot_id)
        if self.live_id() == snapshot_id:
            return {}
        try:
            with self._connected() as newer:
                given = highest_ids(newer)
            with opened(self._files.file_of(snapshot_id), self._timeout) as snapshot:
                return count_on(snapshot, given, renamed=renamed)
        except sqlite3.Error as problem:
            raise errors.ids_not_kept(str(problem)) from None

    def swap_in(self, snapshot_id: str) -> None:
        if self.find_snapshot(snapshot_id) is None:
            raise no_snapshot(snapshot_id)
        # A plain file over the link is what somebody put there by hand: it is kept too.
        self.make_ready()
        self._files.swap_in(snapshot_id)

    def swap_back(self, snapshot_id: str) -> None:
        self._files.swap_back(snapshot_id)

    def start_over(self, snapshot_id: str) -> None:
        if self.find_snapshot(snapshot_id) is None:
            raise no_snapshot(snapshot_id)
        self._refuse_holders()
        snapshot, fresh = self._files.file_of(snapshot_id), self._files.fresh_id(snapshot_id)
        partial = self._files.partial_of(fresh)
        with disk_full_named(self._files.store):
            copy_ahead(snapshot, partial)
        copy_mode(snapshot, partial)
        partial.replace(self._files.file_of(fresh))
        fsync_directory(self._files.store)
        self._files.point_to(fresh)

    def put_away(self) -> None:
        if os.path.lexists(self._live):
            self.make_ready()
            self._refuse_holders()
            self._files.put_away()

    def live_id(self) -> str:
        return self._files.live_id()

    def stale(self, keep: frozenset[str]) -> tuple[str, ...]:
        wanted = keep | {self.live_id()}
        return tuple(one for one in self._files.ids() if one not in wanted)

    def discard(self, database_id: str) -> None:
        self._files.discard(database_id)

    def install_capture(self, run_id: str) -> None:
        with self._connected() as connection:
            if capture.installed_for(connection) != run_id:
                capture.install(connection, run_id)

    def clear_capture(self) -> None:
        with self._connected() as connection:
            capture.clear(connection)

    def capture_installed(self) -> bool:
        with self._connected() as connection:
            return capture.installed_for(connection) is not None

    def captured_rows(self) -> Iterator[CapturedRow]:
        with self._connected() as connection:
            if capture.installed_for(connection) is not None:
                yield from capture.rows(connection)

    def capture_gaps(self) -> tuple[str, ...]:
        with self._connected() as connection:
            return uncovered.gaps(connection)

    def differing_rows(self, table: str, snapshot_id: str) -> Iterator[CapturedRow]:
        snapshot = self.find_snapshot(snapshot_id)
        if snapshot is None:
            raise no_snapshot(snapshot_id)
        uri = standing_still(Path(snapshot.location))
        with self._connected() as connection:
            try:
                yield from uncovered.differing(connection, table, uri)
            except sqlite3.Error as problem:
                raise errors.not_comparable(table, str(problem)) from None

    def held_still(self) -> contextlib.AbstractContextManager[None]:
        return held_still(self._live, self._timeout)

    def copy_ahead(self, snapshot_id: str, ahead_id: str, progress: Progress | None = None) -> None:
        if self.find_snapshot(snapshot_id) is None:
            raise no_snapshot(snapshot_id)
        if self.find_snapshot(ahead_id) is None:
            copied_ahead(self._files, snapshot_id, ahead_id, progress)

    def carriable(self, snapshot_id: str, changes: Changes) -> int:
        snapshot = self.find_snapshot(snapshot_id)
        if snapshot is None:
            raise no_snapshot(snapshot_id)
        try:
            return carriable(Path(snapshot.location), self._live, changes, timeout_s=self._timeout)
        except sqlite3.Error as problem:
            raise errors.not_carried(str(problem)) from None

    def carry_ahead(
        self, snapshot_id: str, applied_id: str, changes: Changes, ahead_id: str
    ) -> bool:
        if self.find_snapshot(snapshot_id) is None:
            raise no_snapshot(snapshot_id)
        self._applied = None
        found = applied_ahead(
            self._files,
            self._live,
            snapshot_id,
            applied_id,
            changes,
            ahead_id=ahead_id,
            timeout_s=self._timeout,
        )
        self._applied = (applied_id, found) if found else None
        return found is not None

    def carry(
        self,
        snapshot_id: str,
        carried_id: str,
        changes: Changes,
        ahead_id: str = "",
        applied_id: str = "",
    ) -> Carried:
        if self.find_snapshot(snapshot_id) is None:
            raise no_snapshot(snapshot_id)
        applied, self._applied = self._applied, None
        return carried_copy(
            self._files,
            self._live,
            snapshot_id,
            carried_id,
            changes,
            ahead_id=ahead_id,
            applied=applied if applied and applied[0] == applied_id else None,
            timeout_s=self._timeout,
        )

    def changed_rows(self, snapshot_id: str, changes: Changes) -> Mapping[str, int]:
        snapshot = self.find_snapshot(snapshot_id)
        if snapshot is None:
            raise no_snapshot(snapshot_id)
        try:
            with self._connected() as connection:
                return changed_rows(connection, Path(snapshot.location), changes)
        except sqlite3.Error as problem:
            raise errors.not_comparable("*", str(problem)) from None

    def single_rows(self, database_id: str = "") -> contextlib.AbstractContextManager[LiveRows]:
        if database_id and self.find_snapshot(database_id) is None:
            raise no_snapshot(database_id)
        file = self._files.file_of(database_id) if database_id else self._live
        return live_rows(file, self._timeout)

    def trial_rows(self) -> contextlib.AbstractContextManager[LiveRows]:
        return trial_rows(self._files, self._live, self._timeout)

    def remove_capture(self) -> None:
        with self._connected() as connection:
            capture.remove(connection)

    def _connected(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return opened(self._live, self._timeout)

    def _refuse_holders(self) -> None:
        holders = self.holders(frozenset())
        if holders:
            raise errors.held(holders)

    def _merge_log(self) -> None:
        """Merge the log into the file, and recover what a crash of the application left."""
        with self._connected() as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        real = self._live.resolve()
        log = real.with_name(real.name + "-wal")
        if busy or (log.exists() and log.stat().st_size):
            raise errors.busy(self._live)
