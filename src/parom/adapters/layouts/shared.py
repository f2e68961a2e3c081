"""The mutable files and folders that all releases of an installation share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from parom.durable import replace_symlink
from parom.errors import layout as errors
from parom.tree import LeftOut

_PLACEHOLDERS = frozenset({".gitkeep", ".gitignore", ".keep"})
SQLITE_SIBLINGS = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database file; part of the database, never code."""


@dataclass(frozen=True)
class SharedName:
    """One name of `release.shared`."""

    path: PurePosixPath
    is_folder: bool
    """Written with a slash at its end."""

    @staticmethod
    def parse(name: str) -> SharedName:
        """Raises `layout.bad-shared-name`."""
        path = PurePosixPath(name)
        if not path.parts or path.is_absolute() or ".." in path.parts:
            raise errors.bad_shared_name(name)
        return SharedName(path, name.endswith("/"))


def parse_names(names: Sequence[str]) -> tuple[SharedName, ...]:
    """The names in a fixed order, each once."""
    parsed = {name.path: name for name in map(SharedName.parse, names)}
    return tuple(parsed[path] for path in sorted(parsed))


def belongs_to(names: Sequence[SharedName]) -> LeftOut:
    """Says of a path whether it is shared, SQLite's companion files included."""
    paths = {str(name.path) for name in names}
    paths |= {path + ending for path in paths for ending in SQLITE_SIBLINGS}
    return lambda path: str(path) in paths


def link_into(release: Path, home: Path, names: Sequence[SharedName]) -> None:
    """Put a relative link into `release` for every name, to the one in `home`.

    Missing folders are made in `home`; a missing file is left for the application to make
    through the link. Raises `layout.shared-in-code`.
    """
    # All looked at before the first is touched, so that a refusal leaves the tree alone.
    for name in names:
        if not _may_be_linked(release / name.path):
            raise errors.shared_in_code(str(name.path), release)
    for name in names:
        _make_in(home, name)
        link = release / name.path
        _clear_placeholder(link)
        link.parent.mkdir(parents=True, exist_ok=True)
        replace_symlink(link, os.path.relpath(home / name.path, link.parent))


def _make_in(home: Path, name: SharedName) -> None:
    path = home / name.path
    if name.is_folder:
        path.mkdir(parents=True, exist_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)


def _may_be_linked(path: Path) -> bool:
    if path.is_symlink() or not path.exists():
        return True
    return path.is_dir() and {member.name for member in path.iterdir()} <= _PLACEHOLDERS


def _clear_placeholder(path: Path) -> None:
    """Remove an empty folder that only kept the place, as git cannot hold an empty one."""
    if path.is_symlink() or not path.is_dir():
        return
    for member in path.iterdir():
        member.unlink()
    path.rmdir()
