"""What becomes of a SQLite database's copies: written, proven, rehearsed on, put back."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from parom.adapters.databases.counting import checked, counted
from parom.adapters.databases.holders import those_with_open
from parom.adapters.databases.mapped import checked_apart, checking_apart, is_large
from parom.adapters.databases.on_disk import disk_full_named, fsync_file
from parom.adapters.databases.online import copy_pages
from parom.adapters.databases.opening import opened
from parom.adapters.databases.openings import FileOpenings, openings_of
from parom.adapters.databases.versions import VersionedFiles, copy_mode
from parom.durable import fsync_directory
from parom.errors import ParomError
from parom.errors import database as errors
from parom.errors.release import no_snapshot
from parom.facts import DatabaseCopy, DatabaseSettings, Process, TableCount
from parom.ports import Progress
from parom.replay.ahead import Ahead
from parom.words.said import said

if TYPE_CHECKING:
    from parom.adapters.databases.sqlite import SQLiteDatabase


class SQLiteCopies:
    """`live` is the path that the application's settings name. A copy is a database too."""

    copy_name = "database.sqlite3"
    carries_rows = True
    lies_on_disk = True
    copies_on_disk = 3
    """The snapshot; the online copy, on which the rehearsal works; and its own snapshot of that."""

    def __init__(self, live: Path, store: Path, *, busy_timeout_s: float = 20) -> None:
        self._files = VersionedFiles(live, store)
        self._live, self._timeout = live, busy_timeout_s
        self._applied: tuple[str, Ahead] | None = None
        """The copy that has rows in it already, and which: of nobody else's is that known."""

    @property
    def settings_name(self) -> str:
        return str(self._live)

    def is_named_by(self, settings: DatabaseSettings, folder: Path) -> bool:
        named = folder / settings.name
        is_sqlite = settings.engine.rpartition(".")[2] in ("sqlite3", "spatialite")
        return is_sqlite and os.path.realpath(named) == os.path.realpath(self._live)

    def openings(self) -> AbstractContextManager[FileOpenings | None]:
        return openings_of(self._live)

    def opened_by(self, pids: frozenset[int]) -> tuple[int, ...]:
        return those_with_open(self._live, pids) if self._live.exists() else ()

    def obstacles(self) -> tuple[ParomError, ...]:
        try:
            if self._live.exists():
                self._files.check_linkable()
        except ParomError as problem:
            return (problem,)
        return ()

    def server(self) -> None:
        return None

    def end_idle(self, own: frozenset[int]) -> tuple[Process, ...]:  # noqa: ARG002
        return ()

    def copy_online(
        self, destination: Path, progress: Progress | None = None
    ) -> tuple[TableCount, ...]:
        partial = destination.with_name(destination.name + ".partial")
        partial.unlink(missing_ok=True)
        try:
            with opened(self._live, self._timeout) as source:
                copy_pages(source, self._live, partial, progress)
            partial.chmod(0o600)
            fsync_file(partial)
            partial.replace(destination)
        finally:
            partial.unlink(missing_ok=True)
        return self._counts_of(destination)

    def copy_of(
        self,
        snapshot_id: str,
        folder: Path,  # noqa: ARG002 - it is a file already
        progress: Progress | None = None,  # noqa: ARG002
    ) -> DatabaseCopy:
        file = self._files.file_of(snapshot_id)
        if not file.exists():
            raise no_snapshot(snapshot_id)
        return DatabaseCopy(file, self._counts_of(file))

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:
        look = checked_apart if is_large(copy) else checked
        return look(copy, thorough=thorough)

    def checking(
        self, copy: Path, *, thorough: bool = False
    ) -> AbstractContextManager[Callable[[], tuple[TableCount, ...]]]:
        return _checking(copy, thorough=thorough)

    def rehearsed_on(self, copy: Path) -> SQLiteDatabase:
        from parom.adapters.databases.sqlite import SQLiteDatabase

        return SQLiteDatabase(copy, copy.parent / "databases")

    def end_rehearsal(self) -> None:
        """All of it lies beside the copy, and goes with that."""

    def put_back(self, restored: Path) -> None:
        if not restored.exists():
            if self._live.exists():
                return
            raise errors.unreachable(restored, said("the restored database is gone"))
        self._clear_empty()
        if self._live.exists():
            raise errors.in_the_way(self._live)
        self._live.parent.mkdir(parents=True, exist_ok=True)
        fsync_file(restored)
        try:
            restored.rename(self._live)
        except OSError as problem:
            if problem.errno != errno.EXDEV:
                raise
            partial = self._live.with_name(self._live.name + ".partial")
            with disk_full_named(self._live.parent):
                shutil.copyfile(restored, partial)
                copy_mode(restored, partial)
                fsync_file(partial)
            partial.rename(self._live)
            restored.unlink()
        fsync_directory(self._live.parent)

    def _counts_of(self, file: Path) -> tuple[TableCount, ...]:
        with opened(file, self._timeout) as connection:
            return counted(connection)

    def _clear_empty(self) -> None:
        """An empty file is what a look through Django leaves where there was no database."""
        if self._live.exists() and self._live.stat().st_size == 0:
            self._live.unlink()


@contextmanager
def _checking(copy: Path, *, thorough: bool) -> Iterator[Callable[[], tuple[TableCount, ...]]]:
    """Of a copy that is all in its file: what stands in a log beside it is in no backup of it."""
    look = checking_apart if is_large(copy) else _checking_here

    def found(of: Callable[[], tuple[TableCount, ...]]) -> tuple[TableCount, ...]:
        counts = of()
        log = copy.with_name(copy.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise errors.damaged(copy, said("a part of it is in a log beside it"))
        return counts

    with look(copy, thorough=thorough) as checked_copy:
        yield partial(found, checked_copy)


def _checking_here(
    copy: Path, *, thorough: bool
) -> AbstractContextManager[Callable[[], tuple[TableCount, ...]]]:
    return nullcontext(partial(checked, copy, thorough=thorough))
