"""How far a log was read. A stored format: JSON, changed only by adding to it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Generation:
    """One file of a log: the one that is written to, or an older one.

    What it is called may change at any time, and an inode may be given out again; inode, first
    bytes and the bytes before `offset` together say which one it is.
    """

    inode: int
    offset: int
    """Bytes that were handed on; of a compressed file, of its content."""
    head: str
    """Hash of its first `head_bytes` bytes."""
    head_bytes: int
    tail: str
    """Hash of the `tail_bytes` bytes before `offset`."""
    tail_bytes: int
    live: bool
    """Whether it had the log's own name when it was last looked at."""
    size: int
    """With `changed_ns`, as it was last looked at: what is as it was need not be read."""
    changed_ns: int
    """0 where it was not looked at before."""
    whole: bool = False
    """Nothing more is to be read of it: compressed, and read or there before the first look."""
    missed: int = 0
    """Looks in a row at which no file was found for it."""


@dataclass(frozen=True)
class Position:
    """All generations of a log that still exist, oldest first."""

    generations: tuple[Generation, ...] = ()

    def written(self) -> str:
        """As JSON."""
        return json.dumps([asdict(one) for one in self.generations], separators=(",", ":"))


def position_of(text: str) -> Position:
    """From `Position.written`."""
    return Position(tuple(Generation(**one) for one in json.loads(text)))
