"""Archives of mariadb-dump: written, proven by restoring them, and made into tables."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pymysql

from parom.adapters.databases.mariadb import script
from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.opening import is_loss, opened, reason_of
from parom.adapters.databases.mariadb.programs import Programs, dumped
from parom.adapters.databases.mariadb.tables import is_own
from parom.errors import postgresql as errors
from parom.facts import TableCount
from parom.ports import Progress

_ARGUMENTS = (
    *("--single-transaction", "--quick", "--hex-blob", "--skip-triggers", "--no-tablespaces"),
    *("--skip-add-drop-table", "--skip-add-locks", "--skip-disable-keys"),
    *("--default-character-set=utf8mb4", "--max-allowed-packet=1G", "--extended-insert"),
)
_RESTORING = {
    "foreign_key_checks": "0",
    "unique_checks": "0",
    "sql_mode": "'NO_AUTO_VALUE_ON_ZERO'",
}


def write(
    access: Access,
    programs: Programs,
    target: Path,
    schema: str,
    names: list[str],
    told: tuple[str, str, int],
    progress: Progress | None,
) -> tuple[TableCount, ...]:
    """A schema as it is at one instant, while others write; what the archive holds. `told` is its
    character set, its collation, and a guess at its size. An exception of `progress` ends it and
    passes. Raises `database.not-copied`, `database.no-program`.
    """
    charset, collation, size = told
    partial = target.with_name(target.name + ".partial")
    os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    ignored = [f"--ignore-table={schema}.{name}" for name in names if is_own(name)]
    try:
        with access.defaults() as defaults:
            arguments = [*_ARGUMENTS, f"--result-file={partial}", *ignored, schema]
            failed = dumped(programs.dump(), defaults, arguments, _told(partial, size, progress))
        if failed:
            raise errors.not_copied(schema, failed)
        found = script.counted_rows(partial)
        counts = tuple(TableCount(name, found[name]) for name in sorted(found))
        with partial.open("ab") as ending:
            ending.write(script.Tail(charset, collation, counts).written())
            ending.flush()
            os.fsync(ending.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    if progress:
        progress(target.stat().st_size, target.stat().st_size)
    return counts


def restore(access: Access, archive: Path, schema: str) -> None:
    """Into an empty schema. Raises `database.damaged`, `database.not-restored`."""
    script.tail_of(archive)
    with opened(access, schema, **_RESTORING) as session:
        session.ask("SET NAMES utf8mb4")
        for statement in script.statements(archive):
            try:
                session.send(statement)
            except pymysql.Error as problem:
                if is_loss(problem):
                    raise
                raise errors.not_restored(archive, reason_of(problem)) from None


def digest_of(archive: Path) -> str:
    with archive.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()


def _told(partial: Path, size: int, progress: Progress | None) -> Callable[[], None]:
    def tell() -> None:
        if progress:
            progress(min(partial.stat().st_size, size), size)

    return tell
