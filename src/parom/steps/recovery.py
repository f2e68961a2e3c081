"""An empty root becomes the installation again, from the unpacked parts of a backup.

The parts lie in `.parom/recovery/<part>`; each step moves its own to where it belongs, so
that a killed recovery goes on with what is still there.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path, PurePosixPath

from parom.durable import fsync_directory
from parom.errors import recovery as errors
from parom.steps.backup_contents import CONFIG_FILE, OUTSIDE, RECOVERY_FILE
from parom.steps.step import Context, Data, Plain

FOLDER = "recovery"
_RECORD = ".parom-release.json"


def unpacked(context: Context) -> Path:
    """Where the parts of the backup lie."""
    return context.installation.state / FOLDER


class RecoverCode(Plain):
    name = "recovery.code"

    def run(self, context: Context) -> Data:
        """The tree of the release; it counts as complete once its environment is built."""
        restored = unpacked(context) / "code"
        place = context.installation.layout.path_of(context.plan.release_id)
        if not place.exists():
            (restored / _RECORD).unlink(missing_ok=True)
            place.parent.mkdir(parents=True, exist_ok=True)
            restored.rename(place)
            fsync_directory(place.parent)
        return {"release": context.plan.release_id}


class RecoverFiles(Plain):
    name = "recovery.files"

    def run(self, context: Context) -> Data:
        root = context.installation.config.project.root
        moved = 0
        for part in ("configuration", "media"):
            top = unpacked(context) / part
            for file, inside in _files(top):
                if inside.name in (CONFIG_FILE, RECOVERY_FILE) and len(inside.parts) == 1:
                    continue
                _put(file, _place_of(root, inside))
                moved += 1
        return {"files": moved}


class RecoverDatabase(Plain):
    name = "recovery.database"

    def run(self, context: Context) -> Data:
        database = context.installation.database
        restored = unpacked(context) / "database" / database.copy_name
        if restored.exists():
            database.check_copy(restored)
        database.put_back(restored)
        # It speaks of a snapshot that is gone, and each write would pay for it.
        database.remove_capture()
        return {"rows": sum(one.rows for one in database.counts())}


class TidyRecovery(Plain):
    name = "recovery.tidy"

    def run(self, context: Context) -> Data:
        if unpacked(context).exists():
            shutil.rmtree(unpacked(context))
        return {}


def _files(top: Path) -> list[tuple[Path, PurePosixPath]]:
    """Files and links below a folder, and folders with nothing in them."""
    found = []
    for folder, names, files in os.walk(top):
        members = [*files, *(name for name in names if Path(folder, name).is_symlink())]
        paths = [Path(folder, name) for name in members]
        if not members and not names and Path(folder) != top:
            paths = [Path(folder)]
        found += [(path, PurePosixPath(path.relative_to(top))) for path in paths]
    return found


def _place_of(root: Path, inside: PurePosixPath) -> Path:
    if inside.parts[0] == OUTSIDE:
        return Path("/", *inside.parts[1:])
    return root / inside


def _put(file: Path, place: Path) -> None:
    """Move a file to its place; an equal one there is what an earlier attempt put."""
    if file.is_dir() and not file.is_symlink():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(place):
        if place.is_symlink() or not place.is_file() or not filecmp.cmp(file, place, shallow=False):
            raise errors.file_in_the_way(place)
        return
    partial = place.with_name(f".{place.name}.parom-new")
    partial.unlink(missing_ok=True)
    shutil.copy2(file, partial, follow_symlinks=False)
    partial.rename(place)
