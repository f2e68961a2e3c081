"""One log, look by look: what a follower reads, as what the verdict takes."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from parom.verdict.log_scan import LogScan
from parom.verdict.samples import LogEntry, LogLooked
from parom.verdict.signature import Signature, bounded
from parom.verdict.tracebacks import Reading
from parom.watch.log_follower import LogFollower, Piece
from parom.watch.position import Position, position_of
from parom.words.said import joined, said


@dataclass(frozen=True)
class LogPlace:
    """Where reading and searching of one log go on. Kept together with what was found."""

    position: Position
    inode: int = 0
    """Of the generation that `scan` is in."""
    scan: LogScan = field(default_factory=LogScan)

    def written(self) -> str:
        """As JSON. Up to 350 KB where a very long traceback has begun."""
        pending = base64.b64encode(self.scan.pending).decode("ascii")
        return json.dumps([self.position.written(), self.inode, pending])


def place_of(text: str) -> LogPlace:
    """From `LogPlace.written`."""
    position, inode, pending = json.loads(text)
    return LogPlace(position_of(position), inode, LogScan(base64.b64decode(pending)))


def place_at_end(log: Path) -> LogPlace:
    """Where a log ends now."""
    return LogPlace(LogFollower.at_end(log).position)


def looked(
    log: Path, name: str, at: float, place: LogPlace, reading: Reading
) -> tuple[LogLooked, LogPlace, tuple[str, ...]]:
    """One look at a log: the sample, where the next look goes on, and what happened to the log.

    `at` is the time of the look in seconds since the epoch. The log's not being there is no
    error here: where it has no generation at all, that is said as unread.
    """
    follower = LogFollower(log, place.position)
    search = _Search(place.scan, place.inode, reading)
    told: list[str] = []
    unread: list[str] = []
    for piece in follower.read():
        told += piece.told
        unread += piece.unread
        if piece.data:
            search.take(piece)
    search.end()
    if not follower.position.generations:
        unread.append(said("there is no such log"))
    look = LogLooked(name, at, search.entries, joined(unread, "; "))
    return look, LogPlace(follower.position, search.inode, search.scan), tuple(told)


class _Search:
    """Searches pieces of any generation. Entries are counted, so that memory has a bound."""

    def __init__(self, scan: LogScan, inode: int, reading: Reading) -> None:
        self.scan, self.inode, self._reading = scan, inode, reading
        self._found: dict[Signature, Counter[str]] = {}
        self._read = False

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        return tuple(
            LogEntry(signature, worker, times)
            for signature, workers in self._found.items()
            for worker, times in workers.items()
        )

    def take(self, piece: Piece) -> None:
        if piece.inode != self.inode and self.scan.pending:
            self._keep(self.scan.ended(self._reading))
            self.scan = LogScan()
        self._after(piece.data)
        self.inode, self._read = piece.inode, True

    def end(self) -> None:
        """The look is over: where nothing came, what was pending is whole."""
        if not self._read and self.scan.pending:
            self._after(b"")

    def _after(self, data: bytes) -> None:
        self.scan, entries = self.scan.after(data, self._reading)
        self._keep(entries)

    def _keep(self, entries: Iterable[LogEntry]) -> None:
        for entry in entries:
            workers = self._found.setdefault(bounded(entry.signature, self._found), Counter())
            workers[entry.worker] += entry.times
