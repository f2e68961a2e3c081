"""Deleting a release so that a half deleted one is never taken for a whole one."""

from __future__ import annotations

import shutil
from pathlib import Path

from parom.adapters.layouts.release_record import RECORD_NAME, UNFINISHED, recorded
from parom.durable import fsync_directory

ENVIRONMENT = ".venv"


def remove_release(releases: Path, release_id: str) -> None:
    """Delete a release and what was left half made or half removed of it.

    Its environment stays where another release uses it (`borrowed`), until that one goes.
    """
    folder = releases / release_id
    for ending in UNFINISHED:
        _delete(releases / (release_id + ending))
    if not folder.is_dir():
        return
    (folder / RECORD_NAME).unlink(missing_ok=True)
    fsync_directory(folder)
    if borrowed(releases, folder):
        for member in folder.iterdir():
            if member.name != ENVIRONMENT:
                _delete(member)
        return
    doomed = releases / (release_id + UNFINISHED[1])
    folder.rename(doomed)
    _delete(doomed)
    fsync_directory(releases)


def borrowed(releases: Path, folder: Path) -> bool:
    """Whether a complete release's environment is a link to the one in `folder`."""
    own = folder / ENVIRONMENT
    if own.is_symlink() or not own.is_dir():
        return False
    others = (releases / other.id / ENVIRONMENT for other in recorded(releases))
    return any(
        other != own and other.is_symlink() and other.resolve() == own.resolve() for other in others
    )


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
