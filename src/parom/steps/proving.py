"""A backup whose database is a copy that stands still, and what it takes to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from parom.errors import release as errors
from parom.facts import BackupManifest, DatabaseCopy, TableCount
from parom.ports import Database, Progress, Vault

DATABASE = "database"
"""The part that is compared with its source, where that lies."""


def proven(
    vault: Vault,
    database: Database,
    copy: DatabaseCopy,
    manifest: BackupManifest,
    parts: Mapping[str, Sequence[tuple[str, Path]]],
    scratch: Path,
    progress: Progress | None = None,
    *,
    thorough: bool = False,
) -> BackupManifest:
    """Write a backup and prove it.

    Each byte of the database that was stored is compared with `copy`, and the copy itself is
    checked: what is true of the one is true of the other. A copy that was written to meanwhile
    proves nothing. Where the vault fails, its error is raised, once the check has ended.

    Raises `backup.differs`, what `Vault.create` raises and what `check_copy` raises.
    """
    as_it_was = _written(copy.file)

    def look() -> tuple[TableCount, ...]:
        return database.check_copy(copy.file, thorough=thorough)

    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(look) if database.is_checked_by_reading else None

        def check(part: str) -> None:
            if part != DATABASE:
                return
            found = looking.result() if looking else look()
            if found != copy.tables or _written(copy.file) != as_it_was:
                raise errors.backup_differs(manifest.id)

        return vault.create(manifest, parts, check, scratch, progress, still={DATABASE})


def _written(file: Path) -> tuple[int, ...]:
    """Changes with everything that is written to a file, and with what is put in its place."""
    status = file.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
