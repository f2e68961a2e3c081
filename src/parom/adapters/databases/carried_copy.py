"""A copy of the snapshot with the rows in it that users wrote since: a whole one, or none."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from parom.adapters.databases.carrying import carry
from parom.adapters.databases.delta import copy_ahead
from parom.adapters.databases.on_disk import disk_full_named, fsync_file
from parom.adapters.databases.versions import VersionedFiles, copy_mode
from parom.durable import fsync_directory
from parom.errors import database as errors
from parom.ports import Progress
from parom.replay.apart import Carried
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
    timeout_s: float,
) -> Carried:
    """Make it anew, whatever is there. Raises what `Database.carry` raises."""
    if files.live_id() == carried_id:
        message = f"database {carried_id} is live and is not made anew"
        raise ValueError(message)
    files.clear_partial(carried_id)
    snapshot, partial = files.file_of(snapshot_id), files.partial_of(carried_id)
    try:
        with disk_full_named(files.store):
            if ahead_id and (ahead := files.file_of(ahead_id)).exists():
                ahead.rename(partial)
            else:
                copy_ahead(snapshot, partial)
                copy_mode(snapshot, partial)
            carried = carry(partial, snapshot, live, changes, timeout_s=timeout_s)
            _refuse_log(partial)
            fsync_file(partial)
            partial.replace(files.file_of(carried_id))
            fsync_directory(files.store)
    except (sqlite3.Error, OSError) as problem:
        raise errors.not_carried(str(problem)) from None
    finally:
        files.clear_partial(carried_id)
    return carried


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
