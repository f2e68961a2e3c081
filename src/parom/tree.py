"""A tree of files as data: what lies where, with which content and mode.

Only regular files, folders and symbolic links belong to a tree; sockets, pipes and
devices are not code and are left out.
"""

from __future__ import annotations

import enum
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

LeftOut = Callable[[PurePosixPath], bool]
"""Says of a path relative to the tree's top whether it does not belong to the tree."""


class EntryKind(enum.StrEnum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"


@dataclass(frozen=True)
class Entry:
    """One member of a tree."""

    kind: EntryKind
    mode: int = 0
    """Permission bits; 0 for links, which have none of their own."""
    content: str = ""
    """SHA-256 of a file, target of a link."""

    def same_content(self, other: Entry | None) -> bool:
        """Whether both hold the same, whatever their permission bits."""
        return other is not None and (self.kind, self.content) == (other.kind, other.content)


Tree = Mapping[PurePosixPath, Entry]


def scan(top: Path, left_out: LeftOut) -> dict[PurePosixPath, Entry]:
    """Read a whole tree; folders before what is in them."""
    return dict(_walk(top, PurePosixPath(), os.listdir(top), left_out))  # noqa: PTH208 - names


def entry_at(path: Path) -> Entry | None:
    """What lies at a path; None for nothing, and for what does not belong to trees."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    mode = stat.S_IMODE(status.st_mode)
    if stat.S_ISDIR(status.st_mode):
        return Entry(EntryKind.FOLDER, mode)
    try:
        if stat.S_ISLNK(status.st_mode):
            return Entry(EntryKind.LINK, content=str(path.readlink()))
        if not stat.S_ISREG(status.st_mode):
            return None
        with path.open("rb") as file:
            return Entry(EntryKind.FILE, mode, hashlib.file_digest(file, "sha256").hexdigest())
    except FileNotFoundError:
        return None  # gone since: a running application may have removed its own file


def fingerprint(tree: Tree) -> str:
    """SHA-256 over names, kinds, modes and contents in sorted order."""
    digest = hashlib.sha256()
    for path, entry in sorted(tree.items()):
        line = (str(path), entry.kind.value, f"{entry.mode:o}", entry.content)
        # Length first, so that no name can imitate the border between two fields.
        digest.update(b"".join(_framed(os.fsencode(part)) for part in line))
    return digest.hexdigest()


def copy(top: Path, tree: Tree, destination: Path) -> None:
    """Write the members of `tree` from `top` into `destination`, which must not exist.

    Plain copies, never hard links: what is written in place on one side must not reach
    the other.
    """
    destination.mkdir(mode=0o755)
    folders: list[tuple[Path, int]] = []
    for path, entry in tree.items():
        target = destination / path
        match entry.kind:
            case EntryKind.FOLDER:
                target.mkdir(mode=0o700)
                folders.append((target, entry.mode))
            case EntryKind.LINK:
                target.symlink_to(entry.content)
            case EntryKind.FILE:
                shutil.copyfile(top / path, target, follow_symlinks=False)
                target.chmod(entry.mode)
    # Last, since a folder may be read-only.
    for folder, mode in reversed(folders):
        folder.chmod(mode)


def escaping_links(top: Path, tree: Tree) -> tuple[str, ...]:
    """Links of a tree on disk that lead out of it, or that only hold where it lies now."""
    real = Path(os.path.realpath(top))
    found = []
    for path, entry in tree.items():
        if entry.kind is not EntryKind.LINK:
            continue
        # Resolved rather than counted: through a link to a folder, ".." leads elsewhere.
        inside = Path(os.path.realpath(top / path)).is_relative_to(real)
        if entry.content.startswith("/") or not inside:
            found.append(f"{path} -> {entry.content}")
    return tuple(found)


def exclusion(patterns: Iterable[str]) -> LeftOut:
    """What shell patterns leave out of a tree.

    As in .gitignore: a pattern without a slash fits names at any depth; one that starts
    with a slash, or has one inside, fits the path from the top. A slash at the end means
    nothing more. What lies below something left out is left out as well.
    """
    cleaned = [pattern.rstrip("/") for pattern in patterns if pattern.strip("/")]
    anywhere = tuple(pattern for pattern in cleaned if "/" not in pattern)
    from_top = tuple(pattern.lstrip("/") for pattern in cleaned if "/" in pattern)

    def left_out(path: PurePosixPath) -> bool:
        return any(fnmatchcase(path.name, pattern) for pattern in anywhere) or any(
            fnmatchcase(str(path), pattern) for pattern in from_top
        )

    return left_out


def _walk(
    top: Path, inside: PurePosixPath, names: Iterable[str], left_out: LeftOut
) -> Iterator[tuple[PurePosixPath, Entry]]:
    for name in sorted(names):
        path = inside / name
        if left_out(path):
            continue
        entry = entry_at(top / path)
        if entry is None:
            continue
        if entry.kind is not EntryKind.FOLDER:
            yield path, entry
            continue
        try:
            below = os.listdir(top / path)  # noqa: PTH208 - names are all that is wanted
        except FileNotFoundError:
            continue  # gone since, like a file
        yield path, entry
        yield from _walk(top, path, below, left_out)


def _framed(field: bytes) -> bytes:
    return len(field).to_bytes(8, "big") + field
