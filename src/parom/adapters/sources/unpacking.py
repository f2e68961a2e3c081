"""Unpacking a tar archive that nobody vouches for into a new folder."""

from __future__ import annotations

import shutil
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from parom.errors import source as errors
from parom.words.said import said

MEMBERS_LIMIT = 500_000
BYTES_LIMIT = 20 * 1024**3
"""A release larger than this is data, not code."""
RESERVED = (".parom*", ".venv")
"""Names at a release's top that Parom writes. Its record, come with the code, would make a
tree count as complete that was never built; an environment would never be made."""


def unpack(archive: Path, destination: Path) -> None:
    """Write an archive's files, folders and links below `destination`, a new folder.

    Own code rather than `tarfile`'s filters: those are missing from the first releases of
    Python 3.11, and allow links that lead nowhere. Raises `source.unsafe-archive`,
    `source.reserved-name`, `source.too-large`, `source.unreadable-archive`.
    """
    destination.mkdir(parents=True)
    written = 0
    try:
        with tarfile.open(archive, "r:") as tar:
            for number, member in enumerate(tar):
                written += member.size
                if number >= MEMBERS_LIMIT or written > BYTES_LIMIT:
                    limit = said("{n} files or {size} bytes", n=MEMBERS_LIMIT, size=BYTES_LIMIT)
                    raise errors.too_large(limit)
                _unpack_member(tar, member, destination)
    except (tarfile.TarError, EOFError) as reason:
        raise errors.unreadable_archive(str(reason)) from reason


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, destination: Path) -> None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise errors.unsafe_archive(said('the path "{path}"', path=member.name))
    if not path.parts:
        return
    if any(fnmatchcase(path.parts[0], pattern) for pattern in RESERVED):
        raise errors.reserved_name(path.parts[0])
    for parent in path.parents:
        # A link that was unpacked before could lead what follows out of the tree.
        if (destination / parent).is_symlink():
            raise errors.unsafe_archive(said('the path "{path}" behind a link', path=member.name))
    target = destination / path
    if member.isdir():
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if member.issym():
        target.symlink_to(member.linkname)
    elif member.isfile():
        content = tar.extractfile(member)
        if content is None:
            raise errors.unreadable_archive(said("{file} has no content", file=member.name))
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
        target.chmod(0o755 if member.mode & 0o100 else 0o644)
    else:
        raise errors.unsafe_archive(
            said('"{path}", which is no file, folder or link', path=member.name)
        )
