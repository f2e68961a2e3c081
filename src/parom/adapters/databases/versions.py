"""Versioned database files behind a symbolic link.

A file under a live writer must never be renamed: the names of `-wal` and `-shm` follow the
path, and two databases would share one log. SQLite resolves links, so that each version has
a log of its own beside it, and replacing the link is the swap.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
from pathlib import Path

from parom.durable import fsync_directory, replace_symlink, write_atomically

SUFFIX = ".sqlite3"
PLAIN = "plain"
"""The id of a live file that is not behind a link yet."""


class VersionedFiles:
    """The path that the application opens (`live`) and the folder of versions (`store`)."""

    def __init__(self, live: Path, store: Path) -> None:
        self.live, self.store = live, store

    def live_id(self) -> str:
        if not self.live.is_symlink():
            return PLAIN
        return self.live.readlink().name.removesuffix(SUFFIX)

    def file_of(self, database_id: str) -> Path:
        return self.live if database_id == PLAIN else self.store / (database_id + SUFFIX)

    def partial_of(self, database_id: str) -> Path:
        return self.store / (database_id + ".partial")

    def make_store(self) -> None:
        self.store.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put_behind_link(self) -> None:
        """Turn the plain live file into a link to a version. Nobody may have it open.

        The file keeps its inode: it is linked into the store first, then the link takes
        its name in one rename, so that the live path leads to the data at every instant.
        """
        if self.live.is_symlink():
            return
        self.make_store()
        version = self._same_inode() or self._linked()
        fsync_directory(self.store)
        for suffix in ("-wal", "-shm"):
            self._beside(suffix).unlink(missing_ok=True)
        self.point_to(version)

    def point_to(self, database_id: str) -> None:
        """Make a version live: one rename, on disk when this returns."""
        target = os.path.relpath(self.file_of(database_id), self.live.parent.resolve())
        replace_symlink(self.live, target)

    def swap_in(self, database_id: str) -> None:
        before = self.live_id()
        if before == database_id:
            return
        write_atomically(self._memory_of(database_id), before.encode(), 0o600)
        self.point_to(database_id)

    def swap_back(self, database_id: str) -> None:
        if self.live_id() == database_id:
            self.point_to(self._memory_of(database_id).read_text(encoding="utf-8"))

    def fresh_id(self, snapshot_id: str) -> str:
        """An id for a copy of a snapshot: the same until that copy is complete."""
        numbered = (f"{snapshot_id}-again-{number}" for number in itertools.count(1))
        return next(one for one in numbered if not self.file_of(one).exists())

    def put_away(self) -> None:
        """Remove the link; the version that it led to stays."""
        if self.live.is_symlink():
            self.live.unlink()
            fsync_directory(self.live.parent)

    def ids(self) -> tuple[str, ...]:
        """All versions in the store, finished or not."""
        if not self.store.is_dir():
            return ()
        names = (path.name for path in self.store.iterdir())
        suffixes = (SUFFIX, ".partial")
        found = {n.removesuffix(s) for n in names for s in suffixes if n.endswith(s)}
        return tuple(sorted(found))

    def discard(self, database_id: str) -> None:
        if self.live_id() == database_id:
            message = f"database {database_id} is live and is not deleted"
            raise ValueError(message)
        file = self.store / (database_id + SUFFIX)
        for suffix in ("-wal", "-shm", "-journal", ""):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        self._memory_of(database_id).unlink(missing_ok=True)
        self.partial_of(database_id).unlink(missing_ok=True)

    def _beside(self, suffix: str) -> Path:
        return self.live.with_name(self.live.name + suffix)

    def _memory_of(self, database_id: str) -> Path:
        return self.store / (database_id + ".before")

    def _same_inode(self) -> str | None:
        """The version that a killed attempt linked already."""
        live = self.live.stat()
        for database_id in self.ids():
            file = self.file_of(database_id)
            if file.exists() and os.path.samestat(file.stat(), live):
                return database_id
        return None

    def _linked(self) -> str:
        database_id = f"original-{secrets.token_hex(4)}"
        self.file_of(database_id).hardlink_to(self.live)
        return database_id


def copy_mode(source: Path, target: Path) -> None:
    """Give a copy the owner and permissions of what it was copied from."""
    shutil.copymode(source, target)
    status = source.stat()
    if os.geteuid() == 0:
        os.chown(target, status.st_uid, status.st_gid)
