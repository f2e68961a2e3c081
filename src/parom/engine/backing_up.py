"""A backup asked for by hand, outside of any run; the caller holds the lock."""

from __future__ import annotations

import shutil
from pathlib import Path

from parom.durable import write_atomically
from parom.engine.identity import person
from parom.engine.requests import new_run_id
from parom.errors import ParomError
from parom.facts import BackupManifest, DatabaseCopy
from parom.journal import chain
from parom.ports import Progress
from parom.steps.backup import Backup, write_backup
from parom.steps.step import Installation

_ID = "id"


def back_up_now(installation: Installation, progress: Progress) -> BackupManifest:
    """Copy the database while the application writes, and back everything up."""
    now = installation.clock.now()
    backup_id = f"{new_run_id(now)}-manual"
    release = installation.layout.adopt_running(now)
    folder = installation.state / "backup"
    _clear_killed(installation, folder)
    (folder / "scratch").mkdir(mode=0o700, parents=True)
    write_atomically(folder / _ID, backup_id.encode(), 0o600)
    chain.append("", "backup-begun", "", {"backup": backup_id, "who": person()})
    try:
        file = folder / installation.database.copy_name
        copy = DatabaseCopy(file, installation.database.copy_online(file, None))
        wanted = Backup(backup_id, copy, release.id, _applied(installation, release.id))
        written = write_backup(installation, wanted, folder / "scratch", progress, thorough=True)
    finally:
        shutil.rmtree(folder)
    chain.append(
        "", "backup", "", {"backup": backup_id, "verified": written.verified, "who": person()}
    )
    return written


def _clear_killed(installation: Installation, folder: Path) -> None:
    """What a backup that was killed left: its copies, and its beginning in the vault."""
    if not folder.exists():
        return
    named = folder / _ID
    if named.exists():
        installation.vault.clear_partial(named.read_text(encoding="utf-8"))
    shutil.rmtree(folder)


def _applied(installation: Installation, release_id: str) -> tuple[str, ...]:
    """The migrations in the database; none where the release cannot say: a backup of what is
    broken is wanted all the more."""
    try:
        path = installation.layout.path_of(release_id)
        return tuple(map(str, installation.application(path, {}).migrations().applied))
    except ParomError as problem:
        chain.append("", "backup-without-migrations", "", problem.as_record())
        return ()
