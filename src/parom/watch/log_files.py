"""The files that a log consists of, whatever rotates it."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parom.watch.opening import COMPRESSED, READ_ERRORS, opened

HEAD_BYTES, TAIL_BYTES = 1024, 64
_BETWEEN = re.compile(r"[-._]?\d[-._T\d]*")
"""What stands between stem and suffix where an older one keeps the suffix: app-20261126.log."""


@dataclass(frozen=True)
class LogFile:
    """One file that may be a generation, as it is now."""

    path: Path
    inode: int
    size: int
    changed_ns: int
    live: bool

    @property
    def compressed(self) -> bool:
        return self.path.suffix in COMPRESSED

    def bytes_at(self, begin: int, count: int) -> bytes:
        """Up to `count` bytes of its content from `begin`; fewer where it ends, or where it
        cannot be read (any more, or yet)."""
        try:
            with opened(self.path, self.inode) as stream:
                stream.seek(begin)
                return stream.read(count)
        except READ_ERRORS:
            return b""

    def hash_at(self, begin: int, count: int) -> str:
        """The hash of exactly so many bytes; empty where there are fewer."""
        data = self.bytes_at(begin, count)
        return hashed(data) if len(data) == count else ""


def hashed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def files_of(log: Path) -> tuple[LogFile, ...]:
    """The log and what looks like older generations of it, oldest first, the log itself last.

    app.log.1, app.log.2.gz, app.log-20261126.zst, app.log.2026-11-26, app-20261126.log. Links
    are followed for the log's own name alone.
    """
    found: dict[int, LogFile] = {}
    for path in _candidates(log):
        live = path == log
        try:
            seen = path.stat() if live else path.lstat()
        except OSError:
            continue
        if stat.S_ISREG(seen.st_mode) and (live or seen.st_ino not in found):
            found[seen.st_ino] = LogFile(path, seen.st_ino, seen.st_size, seen.st_mtime_ns, live)
    return tuple(sorted(found.values(), key=lambda one: (one.live, one.changed_ns)))


def is_settled(
    before: tuple[LogFile, ...], now: tuple[LogFile, ...], found: frozenset[int]
) -> bool:
    """Whether nothing was renamed, truncated, copied or removed between two listings. A listing
    is not of one moment: what is renamed meanwhile may be missing from it.

    `found`: inodes of what has just turned up; if these grow, a rotation is still at work.
    """
    sizes = {(one.path, one.inode): one.size for one in before}
    later = {(one.path, one.inode): one.size for one in now}
    return sizes.keys() == later.keys() and all(
        later[one] == size or (later[one] > size and one[1] not in found)
        for one, size in sizes.items()
    )


def _candidates(log: Path) -> Iterator[Path]:
    try:
        for path in log.parent.iterdir():
            if is_generation(path.name, log.name):
                yield path
    except OSError:
        return  # no folder yet, or none that may be read: no log, which the verdict calls missing


def is_generation(name: str, log: str) -> bool:
    """Whether a file with this name may be a generation of the log of that name."""
    if name == log:
        return True
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    if name.startswith((log + ".", log + "-", log + "_")):
        return True
    stem, dot, suffix = log.rpartition(".")
    if not dot or not (name.startswith(stem) and name.endswith(dot + suffix)):
        return False
    return _BETWEEN.fullmatch(name[len(stem) : -len(dot + suffix)]) is not None
