"""The encrypted backups of a run: one while the application runs, one of what was stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import parom
from parom.errors import release as errors
from parom.facts import BackupManifest
from parom.steps.adopt import way_back
from parom.steps.lookout import Lookout
from parom.steps.step import Context, Data, Plain

DATABASE_FILE = "database.sqlite3"
"""The name of the database inside the archive's database part."""


class BackupOnline(Plain):
    name = "backup.online"

    def run(self, context: Context) -> Data:
        """A consistent copy of the live database, encrypted, and restored from the ciphertext.

        What was restored stays in the run's folder: the rehearsal works on it.
        """
        copy = _fresh(context.folder / "copy") / DATABASE_FILE
        context.installation.database.copy_online(
            copy, lambda done, total: context.progress(done, total, "B")
        )
        context.checkpoint()
        data = back_up(context, f"{context.plan.run_id}-before", copy, way_back(context))
        _clear(copy.parent)
        return data

    def undo(self, context: Context) -> Data:
        _clear(context.folder / "copy")
        _clear(scratch_of(context))
        context.installation.vault.clear_partial(f"{context.plan.run_id}-before")
        return {}


class BackupFinal(Plain):
    name = "backup.final"

    def run(self, context: Context) -> Data:
        """The state at the stop, from the snapshot; off the critical path."""
        database = context.installation.database
        snapshot = database.find_snapshot(context.plan.snapshot_id)
        if snapshot is None:
            raise errors.no_snapshot(context.plan.snapshot_id)
        source = Path(snapshot.location)
        backup_id = f"{context.plan.run_id}-final"
        with Lookout(context) as lookout:
            data = back_up(context, backup_id, source, way_back(context), lookout.check)
        _clear(scratch_of(context))
        lookout.check()
        return data

    def undo(self, context: Context) -> Data:
        """A complete backup stays: what was stopped is in it."""
        _clear(scratch_of(context))
        context.installation.vault.clear_partial(f"{context.plan.run_id}-final")
        return {}


def scratch_of(context: Context) -> Path:
    return context.folder / "scratch"


def back_up(
    context: Context,
    backup_id: str,
    database: Path,
    release_id: str,
    go_on: Callable[[], None] = lambda: None,
) -> Data:
    """Write and prove one backup; a complete one of that id is taken as it is.

    `go_on` is called again and again, and raises where the backup is to be given up.
    """
    installation = context.installation
    done = [one for one in installation.vault.list() if one.id == backup_id]
    if done:
        return _told(done[0])
    source = installation.scratch_database(database)
    expected = source.check_copy(database)

    def check(part: str, folder: Path) -> None:
        if part == "database":
            found = source.check_copy(folder / DATABASE_FILE)
            if found != expected:
                raise errors.backup_differs(backup_id)

    manifest = BackupManifest(
        id=backup_id,
        created=installation.clock.now(),
        environment=installation.config.project.environment,
        release_id=release_id,
        parts=(),
        tables=expected,
        migrations=tuple(context.results.get("gates.code", {}).get("applied", ())),
        recipients=installation.config.vault.recipients,
        verified=False,
        verified_how="",
        versions={"parom": parom.__version__},
    )

    def told(done: int, total: int) -> None:
        go_on()
        context.progress(done, total, "B")

    written = installation.vault.create(
        manifest,
        parts_of(context, database, release_id),
        check,
        _fresh(scratch_of(context)),
        told,
    )
    return _told(written)


def parts_of(
    context: Context, database: Path, release_id: str
) -> dict[str, list[tuple[str, Path]]]:
    """What goes into a backup: (name in the archive, path) by part."""
    config, layout = context.installation.config, context.installation.layout
    root = config.project.root
    tree = layout.path_of(release_id)
    shared = {name.rstrip("/").split("/")[0] for name in config.release.shared}
    left_out = shared | {".venv", ".parom", "__pycache__"}
    code = [(one.name, one) for one in sorted(tree.iterdir()) if one.name not in left_out]
    media = [(name, root / name) for name in config.vault.media if (root / name).exists()]
    named = [*config.vault.configuration, config.release.environment_file]
    settings = [(name, root / name) for name in named if name and (root / name).exists()]
    return {
        "database": [(DATABASE_FILE, database)],
        "code": code,
        "configuration": list(dict.fromkeys(settings)),
        "media": media,
    }


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
