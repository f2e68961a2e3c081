"""A copy of the snapshot with the rows in it that users wrote since: a whole one, or none."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

from parom.adapters.databases.carrying import carry
from parom.adapters.databases.catching_up import carry_ahead, catch_up
from parom.adapters.databases.delta import copy_ahead
from parom.adapters.databases.on_disk import disk_full_named, fsync_file
from parom.adapters.databases.suspects import has_log
from parom.adapters.databases.versions import VersionedFiles, copy_mode
from parom.durable import fsync_directory
from parom.errors import ParomError
from parom.errors import database as errors
from parom.ports import Progress
from parom.replay.ahead import Ahead
from parom.replay.apart import NO_LONGER_FITS, Carried
from parom.replay.changes import Changes

_LEFT_BYTES = 256 << 20
"""What a copy that is only a convenience leaves free for the application."""


def carried_copy(
    files: VersionedFiles,
    live: Path,
    snapshot_id: str,
    carried_id: str,
    changes: Changes,
    *,
    ahead_id: str,
    applied: tuple[str, Ahead] | None,
    timeout_s: float,
) -> Carried:
    """Make it anew, whatever is there, of the copy `applied` and what it has in it, or of another.
    Raises what `Database.carry` raises."""
    if files.live_id() == carried_id:
        message = f"database {carried_id} is live and is not made anew"
        raise ValueError(message)
    files.clear_partial(carried_id)
    snapshot, partial = files.file_of(snapshot_id), files.partial_of(carried_id)
    try:
        with disk_full_named(files.store):
            carried, missed = None, ""
            if applied and (before := files.file_of(applied[0])).exists():
                before.rename(partial)
                carried, missed = _caught_up(
                    partial, snapshot, live, changes, applied[1], timeout_s
                )
            if carried is None:
                files.clear_partial(carried_id)
                _begin(files, snapshot, partial, ahead_id)
                carried = carry(partial, snapshot, live, changes, timeout_s=timeout_s)
            _finish(files, partial, carried_id)
    except (sqlite3.Error, OSError) as problem:
        raise errors.not_carried(str(problem)) from None
    finally:
        files.clear_partial(carried_id)
    return replace(carried, missed=missed)


def applied_ahead(
    files: VersionedFiles,
    live: Path,
    snapshot_id: str,
    applied_id: str,
    changes: Changes,
    *,
    ahead_id: str,
    timeout_s: float,
) -> Ahead | None:
    """Carry onto the copy `ahead_id`, which is `applied_id` then. Raises what
    `Database.carry_ahead` raises."""
    ahead, partial = files.file_of(ahead_id), files.partial_of(applied_id)
    files.discard(applied_id)
    if not ahead.exists() or not has_log(live.resolve()):
        return None
    try:
        with disk_full_named(files.store):
            ahead.rename(partial)
            found = carry_ahead(
                partial, files.file_of(snapshot_id), live, changes, timeout_s=timeout_s
            )
            if found is not None:
                _finish(files, partial, applied_id)
    except (sqlite3.Error, OSError) as problem:
        raise errors.not_carried(str(problem)) from None
    finally:
        files.clear_partial(applied_id)
    return found


def _caught_up(
    copy: Path, snapshot: Path, live: Path, changes: Changes, ahead: Ahead, timeout_s: float
) -> tuple[Carried | None, str]:
    """What was carried, or why not. Whatever is in the way: a copy of the snapshot is made under
    the stop then, and what is carried onto that finds it too, where it lasts."""
    try:
        found = catch_up(copy, snapshot, live, changes, ahead, timeout_s=timeout_s)
    except sqlite3.Error as problem:
        return None, str(problem)
    except ParomError as problem:
        return None, problem.fact
    return found, "" if found else NO_LONGER_FITS


def _begin(files: VersionedFiles, snapshot: Path, partial: Path, ahead_id: str) -> None:
    """Of the copy that was made ahead, which is used up, or a copy made now."""
    if ahead_id and (ahead := files.file_of(ahead_id)).exists():
        ahead.rename(partial)
    else:
        copy_ahead(snapshot, partial)
        copy_mode(snapshot, partial)


def _finish(files: VersionedFiles, partial: Path, database_id: str) -> None:
    _refuse_log(partial)
    fsync_file(partial)
    partial.replace(files.file_of(database_id))
    fsync_directory(files.store)


def copied_ahead(
    files: VersionedFiles, snapshot_id: str, ahead_id: str, progress: Progress | None
) -> None:
    """A copy of the snapshot that nobody has written to. Raises what `Database.copy_ahead`
    raises."""
    snapshot, partial = files.file_of(snapshot_id), files.partial_of(ahead_id)
    size = snapshot.stat().st_size
    free = shutil.disk_usage(files.store).free
    if free < size + max(_LEFT_BYTES, size // 10):
        raise errors.disk_full(files.store, f"{free / 1e6:.0f} MB are free")
    try:
        with disk_full_named(files.store):
            copy_ahead(snapshot, partial, progress)
            copy_mode(snapshot, partial)
            partial.replace(files.file_of(ahead_id))
            fsync_directory(files.store)
    except OSError as problem:
        raise errors.not_carried(problem.strerror or str(problem)) from None
    finally:
        files.clear_partial(ahead_id)


def _refuse_log(copy: Path) -> None:
    """What stands in the log alone would not come along under the other name."""
    log = copy.with_name(copy.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise errors.not_carried(f"the log of {copy.name} could not be merged")
