"""Bringing a folder from one release's files to another's, file by file, repeatably.

Every file is compared with what it should be and, where it differs, replaced by a
rename; so a run that was killed anywhere is finished by the next one, towards either
release. Only files that some release of ours put there are removed. A file that holds
what no release of ours put there is moved aside, never lost.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from parom.adapters.layouts.manifest import Manifest
from parom.durable import fsync_directory
from parom.errors import layout as errors
from parom.tree import Entry, EntryKind, Tree, entry_at

_COMPILED = "__pycache__"


@dataclass(frozen=True)
class Installation:
    """What is to be brought where."""

    root: Path
    release: Path
    target: Tree
    earlier: Sequence[Manifest]
    """Releases of which files may lie in `root`."""
    staging: Path
    """A folder of ours on the file system of `root`; emptied."""
    kept: Path
    """Where files go that no release knows; made when needed."""

    def knows(self, path: PurePosixPath, found: Entry) -> bool:
        """Whether a release of ours put this there."""
        trees = (self.target, *(manifest.tree for manifest in self.earlier))
        return any(found.same_content(tree.get(path)) for tree in trees)


def install(installation: Installation) -> None:
    """Make `root` hold the target's files. Raises `layout.damaged-release`."""
    _check_release(installation)
    _empty(installation.staging)
    changed: set[Path] = set()
    _remove_gone(installation, changed)
    for path, entry in installation.target.items():
        _put(installation, path, entry, changed)
    for folder in sorted(changed):
        if folder.is_dir():
            fsync_directory(folder)


def differing(root: Path, tree: Tree) -> tuple[str, ...]:
    """Files and links of `tree` that are missing in `root` or hold something else there."""
    return tuple(
        str(path)
        for path, entry in tree.items()
        if entry.kind is not EntryKind.FOLDER
        and (not entry.same_content(entry_at(root / path)) or _lost_execution(root / path, entry))
    )


def _lost_execution(path: Path, entry: Entry) -> bool:
    """A script that cannot be run any more; other permission bits are the machine's affair."""
    if entry.kind is not EntryKind.FILE:
        return False
    return bool(entry.mode & 0o100) and not path.stat().st_mode & 0o100


def _check_release(installation: Installation) -> None:
    """A damaged release must be found before the first file of the old one goes."""
    wanted = {
        path: entry
        for path, entry in installation.target.items()
        if entry_at(installation.root / path) != entry
    }
    damaged = differing(installation.release, wanted)
    if damaged:
        raise errors.damaged_release(installation.release.name, damaged)


def _remove_gone(installation: Installation, changed: set[Path]) -> None:
    gone: dict[PurePosixPath, Entry] = {}
    for manifest in installation.earlier:
        gone |= manifest.removable()
    # Deepest first: a folder can only go after what was in it.
    for path in sorted(gone, key=lambda path: (-len(path.parts), str(path))):
        place = installation.root / path
        if path in installation.target or not _is_reached(installation.root, path):
            continue
        found = entry_at(place)
        if found is None:
            continue
        if found.kind is EntryKind.FOLDER:
            _remove_folder(place, changed)
        elif installation.knows(path, found):
            _forget_compiled(place)
            place.unlink()
            changed.add(place.parent)
        else:
            _keep(installation, path, changed)


def _remove_folder(place: Path, changed: set[Path]) -> None:
    """Remove a folder of an earlier release, unless something of others is left in it."""
    members = {member.name for member in place.iterdir()}
    if members <= {_COMPILED}:
        if members:
            shutil.rmtree(place / _COMPILED)
        place.rmdir()
        changed.add(place.parent)


def _put(installation: Installation, path: PurePosixPath, entry: Entry, changed: set[Path]) -> None:
    place = installation.root / path
    found = entry_at(place)
    if found == entry:
        return
    if found is None and os.path.lexists(place):
        _keep(installation, path, changed)  # a socket or a pipe where a file should be
    elif found is not None and EntryKind.FOLDER in (found.kind, entry.kind):
        if found.kind is entry.kind:
            place.chmod(entry.mode)
            return
        _clear_the_way(installation, path, found, changed)
    elif found is not None and not installation.knows(path, found):
        _keep(installation, path, changed)
    if entry.kind is EntryKind.FOLDER:
        place.mkdir(mode=0o700)
        place.chmod(entry.mode)
    elif found is not None and found.same_content(entry):
        place.chmod(entry.mode)
        return
    else:
        _replace(installation, path, entry)
    changed.add(place.parent)


def _clear_the_way(
    installation: Installation, path: PurePosixPath, found: Entry, changed: set[Path]
) -> None:
    """A folder stands where a file should be, or the other way round."""
    place = installation.root / path
    if found.kind is EntryKind.FOLDER:
        # What was ours in it is gone already; the rest is somebody's.
        _remove_folder(place, changed)
        if place.is_dir():
            _keep(installation, path, changed)
    elif installation.knows(path, found):
        place.unlink()
    else:
        _keep(installation, path, changed)


def _replace(installation: Installation, path: PurePosixPath, entry: Entry) -> None:
    staged, place = installation.staging / "next", installation.root / path
    staged.unlink(missing_ok=True)
    if entry.kind is EntryKind.LINK:
        staged.symlink_to(entry.content)
    else:
        shutil.copyfile(installation.release / path, staged)
        staged.chmod(entry.mode)
        with staged.open("rb") as file:
            os.fsync(file.fileno())
    # Before the rename: were it after, a kill in between would leave for good what Python
    # compiled from the file that was here.
    _forget_compiled(place)
    staged.replace(place)


def _forget_compiled(place: Path) -> None:
    """Python believes a compiled file whose source has the same size and time stamp."""
    if place.suffix != ".py":
        return
    for compiled in (place.parent / _COMPILED).glob(f"{glob.escape(place.stem)}.*.pyc"):
        compiled.unlink()


def _keep(installation: Installation, path: PurePosixPath, changed: set[Path]) -> None:
    aside = installation.kept / path
    number = 1
    while os.path.lexists(aside):
        number += 1
        aside = (installation.kept / path).with_name(f"{path.name}.{number}")
    aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (installation.root / path).rename(aside)
    fsync_directory(aside.parent)
    changed.add((installation.root / path).parent)


def _is_reached(root: Path, path: PurePosixPath) -> bool:
    """Whether every folder on the way is a real one: what lies behind a link is not ours."""
    on_the_way = [root / parent for parent in path.parents if parent.parts]
    return all(folder.is_dir() and not folder.is_symlink() for folder in on_the_way)


def _empty(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
