"""A backup whose database is a copy that stands still, and what it takes to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from parom.errors import release as errors
from parom.facts import BackupManifest, DatabaseCopy
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
    proves nothing. Where the vault fails, the check ends with it.

    Raises `backup.differs`, what `Vault.create` raises and what `check_copy` raises.
    """
    as_it_was = _written(copy.file)
    with database.checking(copy.file, thorough=thorough) as found:

        def check(part: str) -> None:
            if part == DATABASE and (found() != copy.tables or _written(copy.file) != as_it_was):
                raise errors.backup_differs(manifest.id)

        return vault.create(manifest, parts, check, scratch, progress, still={DATABASE})


def _written(file: Path) -> tuple[int, ...]:
    """Changes with everything that is written to a file, and with what is put in its place."""
    status = file.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
