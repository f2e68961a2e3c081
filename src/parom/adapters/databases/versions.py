"""Versioned database files behind a symbolic link.

A file under a live writer must never be renamed: the names of `-wal` and `-shm` follow the
path, and two databases would share one log. SQLite resolves links, so that each version has
a log of its own beside it, and replacing the link is the swap.

The settings' path may itself be a link that somebody else made (`shared/db.sqlite3 ->
/data/db.sqlite3`). Such links stay: what is put behind a link of Parom's own, and swapped, is
the name to which they lead at last, so that every name of the database leads to the live one.
A hard link under a second name would not do: each name would have a log of its own.
"""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from parom.durable import fsync_directory, replace_symlink, write_atomically
from parom.errors import database as errors
from parom.words.said import said

SUFFIX = ".sqlite3"
PLAIN = "plain"
"""The id of a live file that is not behind a link yet."""
_MOST_LINKS = 40
"""As many as Linux follows (path_resolution(7))."""


class VersionedFiles:
    """The path that the application opens (`live`) and the folder of versions (`store`)."""

    def __init__(self, live: Path, store: Path) -> None:
        self._named, self.store = live, store

    @property
    def live(self) -> Path:
        """The name that is swapped: the settings' path, or where others' links lead from there.

        Raises `database.unreachable` where they lead round in a circle.
        """
        name = self._named
        for _ in range(_MOST_LINKS):
            if not name.is_symlink() or self._is_ours(name):
                return name
            name = Path(os.path.realpath(name.parent)) / name.readlink()
        raise errors.unreachable(self._named, said("its links lead round in a circle"))

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
        self._lead_to(version)

    def check_linkable(self) -> None:
        """Try out with an empty file what `put_behind_link` will do, and leave nothing of it.

        Raises `database.no-swap`.
        """
        live, was_there = self.live, self.store.exists()
        if live.is_symlink() or not live.exists():
            return
        self.make_store()
        probe, linked = self._probes(live)
        try:
            probe.touch()
            linked.unlink(missing_ok=True)
            linked.hardlink_to(probe)
        except OSError as problem:
            raise errors.no_swap(live, self.store, problem.strerror or str(problem)) from None
        finally:
            self._clear_probes(live)
            if not was_there:
                with suppress(OSError):  # somebody has put something there meanwhile
                    self.store.rmdir()

    def point_to(self, database_id: str) -> None:
        """Make a version live: one rename, on disk when this returns.

        Raises `database.no-version` where the version is not there: whoever opened the path
        next would make an empty database. Raises `database.no-link` where a plain file lies
        at the path: it would be gone.
        """
        live = self.live
        if database_id == PLAIN or not self.file_of(database_id).exists():
            raise errors.no_version(database_id, self.store)
        if os.path.lexists(live) and not live.is_symlink():
            raise errors.no_link(live)
        self._lead_to(database_id)

    def swap_in(self, database_id: str) -> None:
        before = self.live_id()
        if before == database_id:
            return
        if not self.file_of(database_id).exists():
            raise errors.no_version(database_id, self.store)
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
        self.clear_partial(database_id)
        self._clear_probes(self.live)

    def clear_partial(self, database_id: str) -> None:
        """What a killed attempt left of a copy; a log of it would be taken for the next one's."""
        partial = self.partial_of(database_id)
        for suffix in ("-wal", "-shm", "-journal", ""):
            partial.with_name(partial.name + suffix).unlink(missing_ok=True)

    def _lead_to(self, database_id: str) -> None:
        live = self.live
        target = os.path.relpath(self.file_of(database_id), os.path.realpath(live.parent))
        replace_symlink(live, target)

    def _is_ours(self, link: Path) -> bool:
        target = Path(os.path.realpath(link.parent)) / link.readlink()
        inside = os.path.realpath(target.parent) == os.path.realpath(self.store)
        return inside and target.suffix == SUFFIX

    def _probes(self, live: Path) -> tuple[Path, Path]:
        return live.with_name(f".{live.name}.parom-probe"), self.partial_of("probe")

    def _clear_probes(self, live: Path) -> None:
        for one in self._probes(live):
            one.unlink(missing_ok=True)

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
        live = self.live
        try:
            self.file_of(database_id).hardlink_to(live)
        except OSError as problem:
            raise errors.no_swap(live, self.store, problem.strerror or str(problem)) from None
        return database_id


def copy_mode(source: Path, target: Path) -> None:
    """Give a copy the owner and permissions of what it was copied from."""
    shutil.copymode(source, target)
    status = source.stat()
    if os.geteuid() == 0:
        os.chown(target, status.st_uid, status.st_gid)
