"""The encrypted backups of a run: one while the application runs, one of what was stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import parom
from parom.errors import ParomError
from parom.errors import release as errors
from parom.facts import BackupManifest, DatabaseCopy
from parom.ports import Progress
from parom.priority import in_background
from parom.steps.adopt import way_back
from parom.steps.backup_contents import parts_of
from parom.steps.lookout import Lookout
from parom.steps.proving import proven
from parom.steps.services import serve_again
from parom.steps.step import Context, Data, Installation, Plain


class BackupOnline(Plain):
    name = "backup.online"

    def run(self, context: Context) -> Data:
        """A consistent copy of the live database, encrypted, and proven from the ciphertext.

        The copy stays in the run's folder: the rehearsal works on it. Killed

        - before the backup is complete: the copy and what is half in the vault are made anew;
        - between that and the move: the copy of which the backup was made is moved;
        - between the move and the end: nothing is left to move;
        - and where the copy is gone, the rehearsal makes one of its own.
        """
        database, folder = context.installation.database, copy_folder_of(context)
        file, backup_id = folder / database.copy_name, f"{context.plan.run_id}-before"
        data = _done(context, backup_id)
        if data is None:
            _fresh(folder)
            with in_background():
                counts = database.copy_online(
                    file, lambda done, total: context.progress(done, total, "B")
                )
                context.checkpoint()
                copy = DatabaseCopy(file, counts)
                data = back_up(context, backup_id, copy, way_back(context), thorough=True)
        _hand_over(file, rehearsed_file_of(context))
        _clear(folder)
        return data

    def undo(self, context: Context) -> Data:
        _clear(copy_folder_of(context))
        _clear(scratch_of(context))
        _clear_server(context)
        context.installation.vault.clear_partial(f"{context.plan.run_id}-before")
        return {}


class BackupFinal(Plain):
    name = "backup.final"

    def run(self, context: Context) -> Data:
        """The state at the stop, from the snapshot; off the critical path."""
        serve_again(context)
        database = context.installation.database
        if database.find_snapshot(context.plan.snapshot_id) is None:
            raise errors.no_snapshot(context.plan.snapshot_id)
        folder, backup_id = _fresh(copy_folder_of(context)), f"{context.plan.run_id}-final"
        with Lookout(context) as lookout, in_background():

            def told(done: int, total: int) -> None:
                lookout.check()
                context.progress(done, total, "B")

            copy = database.copy_of(context.plan.snapshot_id, folder, told)
            data = back_up(context, backup_id, copy, way_back(context), lookout.check)
        _clear(folder)
        _clear(scratch_of(context))
        lookout.check()
        return data

    def undo(self, context: Context) -> Data:
        """A complete backup stays: what was stopped is in it."""
        _clear(copy_folder_of(context))
        _clear(scratch_of(context))
        _clear_server(context)
        context.installation.vault.clear_partial(f"{context.plan.run_id}-final")
        return {}


def _clear_server(context: Context) -> None:
    """Where it cannot be asked now, that keeps no release from coming back: what is left there
    goes with the next proof that is taken back, or with the next release that is accepted."""
    try:
        context.installation.database.end_rehearsal()
    except ParomError as problem:
        context.tell("not-cleared", {"error": problem.id, "fact": problem.fact})


def copy_folder_of(context: Context) -> Path:
    return context.folder / "copy"


def scratch_of(context: Context) -> Path:
    return context.folder / "scratch"


def rehearsed_file_of(context: Context) -> Path:
    """Where the rehearsal finds the copy of which the backup was made."""
    return scratch_of(context) / "database" / context.installation.database.copy_name


def _hand_over(copy: Path, place: Path) -> None:
    """Move the copy, unless an earlier try did."""
    if copy.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy.rename(place)


def back_up(
    context: Context,
    backup_id: str,
    database: DatabaseCopy,
    release_id: str,
    go_on: Callable[[], None] = lambda: None,
    *,
    thorough: bool = False,
) -> Data:
    """Write and prove one backup of a run; a complete one of that id is taken as it is.

    `go_on` is called again and again, and raises where the backup is to be given up.
    """
    if (done := _done(context, backup_id)) is not None:
        return done

    def told(done: int, total: int) -> None:
        go_on()
        context.progress(done, total, "B")

    applied = tuple(context.results.get("gates.code", {}).get("applied", ()))
    written = write_backup(
        context.installation,
        Backup(backup_id, database, release_id, applied),
        _fresh(scratch_of(context)),
        told,
        thorough=thorough,
    )
    return _told(written)


def _done(context: Context, backup_id: str) -> Data | None:
    """What a complete backup of that id has to tell."""
    done = [one for one in context.installation.vault.list() if one.id == backup_id]
    return _told(done[0]) if done else None


@dataclass(frozen=True)
class Backup:
    """What is to be backed up: a database that stands still, and a release."""

    id: str
    database: DatabaseCopy
    release_id: str
    migrations: tuple[str, ...] = ()


def write_backup(
    installation: Installation,
    backup: Backup,
    scratch: Path,
    progress: Progress,
    *,
    thorough: bool,
) -> BackupManifest:
    """Write a backup, unpack what was stored and compare: see `proven`.

    What was restored stays in `scratch`: everything but the database, which is the copy's file.
    With `thorough` the database's indexes are compared with its tables too: ten seconds for a
    gigabyte, which says something about the original, not about the copy.
    """
    manifest = BackupManifest(
        id=backup.id,
        created=installation.clock.now(),
        environment=installation.config.project.environment,
        release_id=backup.release_id,
        parts=(),
        tables=backup.database.tables,
        migrations=backup.migrations,
        recipients=installation.config.vault.recipients,
        verified=False,
        verified_how="",
        versions={"parom": parom.__version__},
    )
    parts = parts_of(installation, backup.database.file, backup.release_id, scratch)
    return proven(
        installation.vault,
        installation.database,
        backup.database,
        manifest,
        parts,
        scratch,
        progress,
        thorough=thorough,
    )


def _told(manifest: BackupManifest) -> Data:
    return {
        "backup": manifest.id,
        "verified": manifest.verified,
        "how": manifest.verified_how,
        "rows": sum(one.rows for one in manifest.tables),
        "cipher_bytes": sum(one.cipher_bytes for one in manifest.parts),
    }


def _fresh(folder: Path) -> Path:
    _clear(folder)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
