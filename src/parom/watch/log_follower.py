"""Follows a log across rotation: every line once, in whatever file it has come to lie.

A log's name leads to another file at each rotation, and one that was read to its end may have
been written to since. So each generation is followed until it is gone, known by its inode, its
first bytes and the bytes before where reading stopped:

- renamed: the same inode under another name is read on;
- copied and truncated: what is at the log's name is new, and the copy is read on;
- compressed: the content of the new file is read on;
- gone without any of these: what was written since the last look is not known, and said.

Reading is in pieces of whole lines; after each the position may be kept, with what was made of
the piece, in one transaction. Then no line is lost and none is counted twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from parom.watch.generations import (
    Pair,
    after_reading,
    end_of,
    new_ones,
    recognised,
)
from parom.watch.log_files import HEAD_BYTES, LogFile, files_of, hashed, is_settled
from parom.watch.opening import READ_ERRORS, opened
from parom.watch.position import Generation, Position
from parom.words.said import said

PIECE_BYTES = 1024 * 1024
_MOST_MISSED, _MOST_TRIES = 1, 20


@dataclass(frozen=True)
class Piece:
    """Whole lines of one generation, or what happened to the log."""

    inode: int
    """Of the generation; 0 where nothing was read."""
    data: bytes
    position: Position
    """Where to go on once this piece was taken."""
    told: tuple[str, ...] = ()
    """What happened to the log, as sentences."""
    unread: tuple[str, ...] = ()
    """What of it left lines unread."""


class LogFollower:
    """One log. `read` may be called again and again, and by another follower that was given
    the position of this one. Not for several threads."""

    def __init__(self, log: Path, position: Position) -> None:
        self._log = log
        self._generations = list(position.generations)

    @classmethod
    def at_beginning(cls, log: Path) -> LogFollower:
        """Reads all that is there first, oldest generation first."""
        return cls(log, Position())

    @classmethod
    def at_end(cls, log: Path) -> LogFollower:
        """Reads what is written from now on."""
        return cls(log, Position(tuple(end_of(one) for one in files_of(log))))

    @property
    def position(self) -> Position:
        """Where to go on after what was read last."""
        return Position(tuple(self._generations))

    def read(self) -> Iterator[Piece]:
        """All that was written since, and what happened to the log meanwhile.

        A line that is not ended yet is left for the next look. A file that cannot be read is
        tried again at the next look.
        """
        matched = self._matched()
        if matched is None:
            return
        pairs, fresh = matched
        told, unread = self._happened(pairs)
        missing = self._missing(pairs)
        pairs = [*pairs, *fresh]
        self._generations = [*missing, *(one for one, _ in pairs)]
        if told or unread:
            yield Piece(0, b"", self.position, told, unread)
        for number, (_, file) in enumerate(pairs, start=len(missing)):
            try:
                yield from self._read(number, file)
            except READ_ERRORS as problem:
                unread = self._not_read(number, file, problem)
                if unread:
                    yield Piece(0, b"", self.position, (), unread)

    def _matched(self) -> tuple[list[Pair], list[Pair]] | None:
        """Known generations and new ones, each with its file; None while the files are being
        moved about all the time: the next look will see."""
        files = files_of(self._log)
        for _ in range(_MOST_TRIES):
            pairs = recognised(self._generations, files)
            fresh = new_ones(files, pairs)
            now = files_of(self._log)
            found = [file for one, file in (*pairs, *fresh) if not _is_in_place(one, file)]
            if is_settled(files, now, frozenset(file.inode for file in found)):
                return pairs, fresh
            files = now
        return None

    def _missing(self, pairs: list[Pair]) -> list[Generation]:
        """Generations without a file that may turn up yet: one that is renamed while its folder
        is listed may be missing from the list. At the second look they are gone."""
        found = dict(pairs)
        lost = [one for one in self._generations if one not in found]
        return [replace(one, missed=one.missed + 1) for one in lost if one.missed < _MOST_MISSED]

    def _happened(self, pairs: list[Pair]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What there is to tell, and what of it left lines unread."""
        now, told, unread = dict(pairs), [], []
        for one in self._generations:
            file = now.get(one)
            if file is not None:
                told += _moved(self._log.name, one, file)
            elif one.missed >= _MOST_MISSED:
                unread += _gone(self._log.name, one)
        return tuple(told), tuple(unread)

    def _read(self, number: int, file: LogFile) -> Iterator[Piece]:
        known = self._generations[number]
        as_it_was = _as_seen(known, file) == known
        # What was left alone since the last look, and is not the log any more, may have ended
        # without a newline.
        ended = as_it_was and not file.live
        read = not file.compressed and known.offset == known.size
        if known.whole or (as_it_was and read):
            return
        with opened(file.path, file.inode) as stream:
            if not _goes_on_here(known, stream):
                return
            rest = b""
            while data := stream.read(PIECE_BYTES - len(rest)):
                data = rest + data
                if not file.compressed and not _begins_as(known, stream):
                    return  # truncated meanwhile, and this is what came after
                cut = data.rfind(b"\n") + 1 or (len(data) if len(data) == PIECE_BYTES else 0)
                rest = data[cut:]
                if cut:
                    yield self._piece(number, file.inode, data[:cut])
                if self._is_at(number, file):
                    break
            if rest and ended:
                yield self._piece(number, file.inode, rest)
        seen = _as_seen(self._generations[number], file)
        self._generations[number] = replace(seen, whole=ended and file.compressed)

    def _not_read(self, number: int, file: LogFile, problem: Exception) -> tuple[str, ...]:
        """What to say of a file that could not be read; nothing where it may be gone or not
        written whole: then the next look finds out."""
        known = self._generations[number]
        self._generations[number] = seen = _as_seen(known, file)
        may_change = file.compressed and seen != known
        if isinstance(problem, FileNotFoundError) or may_change:
            return ()
        return (said("{file} cannot be read: {problem}", file=file.path.name, problem=problem),)

    def _is_at(self, number: int, file: LogFile) -> bool:
        """Whether all was read that was there when the look began: some write all the time."""
        return not file.compressed and self._generations[number].offset >= file.size

    def _piece(self, number: int, inode: int, data: bytes) -> Piece:
        known = self._generations[number]
        self._generations[number] = after_reading(known, known.offset + len(data), data)
        whole = data if data.endswith(b"\n") else data + b"\n"
        return Piece(inode, whole, self.position)


def _is_in_place(generation: Generation, file: LogFile) -> bool:
    """Whether a generation is where it was, so that its file may grow at any moment. What has
    just turned up must not: it may be being copied or compressed."""
    return file.live or (generation.inode == file.inode and generation.changed_ns != 0)


def _goes_on_here(known: Generation, stream: IO[bytes]) -> bool:
    """Leaves the stream where reading goes on; False where the file was truncated just now."""
    stream.seek(known.offset - known.tail_bytes)
    tail = stream.read(known.tail_bytes)
    return not known.tail_bytes or hashed(tail) == known.tail


def _begins_as(generation: Generation, stream: IO[bytes]) -> bool:
    """Whether the first bytes are still those of this generation. Does not move the stream."""
    head = os.pread(stream.fileno(), generation.head_bytes, 0)
    return hashed(head) == generation.head


def _as_seen(generation: Generation, file: LogFile) -> Generation:
    """The generation with what its file is now, and more of its first bytes where there are."""
    head, count = generation.head, generation.head_bytes
    if count < HEAD_BYTES and file.size > count and not file.compressed:
        data = file.bytes_at(0, HEAD_BYTES)
        if len(data) > count:
            head, count = hashed(data), len(data)
    return replace(
        generation,
        inode=file.inode,
        head=head,
        head_bytes=count,
        live=file.live,
        size=file.size,
        changed_ns=file.changed_ns,
        missed=0,
    )


def _moved(log: str, generation: Generation, file: LogFile) -> list[str]:
    name = file.path.name
    if file.inode != generation.inode:
        how = "compressed to" if file.compressed else "copied and truncated, reading on in"
        return [f"a generation of {log} was {how} {name}"]
    return [f"{log} was rotated, reading on in {name}"] if generation.live > file.live else []


def _gone(log: str, generation: Generation) -> list[str]:
    if generation.live and generation.offset:
        return [
            said(
                "{log} was emptied or removed after {n} bytes of it had been read; what was "
                "written after that is not known",
                log=log,
                n=generation.offset,
            )
        ]
    if not generation.live and not generation.whole and generation.offset < generation.size:
        return [said("an older {log} was removed before it was read whole", log=log)]
    return []
