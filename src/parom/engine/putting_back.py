"""Rows in quarantine go back into the live database; the caller holds the lock."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from parom.engine.origin import Origin
from parom.errors import ExitCode, ParomError
from parom.errors import quarantine as errors
from parom.ports import LiveRows
from parom.quarantine.aim import Aim, Known, Side, aim_of, side_of
from parom.quarantine.folder import Folder
from parom.quarantine.images import Images
from parom.quarantine.lines import Line, Unreadable, key_text, lines_of
from parom.quarantine.record import PutBack
from parom.quarantine.staying import MAYBE_LATER, Stay
from parom.quarantine.was import Wanted, rest_of, wanted_of

_MOST_ROWS, _MOST_BYTES = 100, 4 << 20
"""Of one transaction, for which the application's writers wait."""
_PAUSE_S = 0.02
"""Between two of them: who waits for the lock looks every few milliseconds."""

Put = Callable[[Sequence[Wanted], Sequence[str]], dict[int, Stay | None]]


@dataclass(frozen=True)
class Choice:
    """Which rows, and what a person vouches for."""

    tables: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    """As `key_text` writes them. Without tables and keys: all rows."""
    values_looked_at: bool = False

    def takes(self, line: Line) -> bool:
        chosen = line.row.table in self.tables or key_text(line.row) in self.keys
        return chosen or not (self.tables or self.keys)


@dataclass
class Tally:
    """What became of the rows that were asked for."""

    back: Counter[str] = field(default_factory=Counter)
    """By table: whole."""
    in_part: Counter[str] = field(default_factory=Counter)
    """By table: without the columns that the live table has no place for."""
    stayed: Counter[tuple[str, Stay]] = field(default_factory=Counter)
    before: int = 0
    """Those that were back already."""

    @property
    def number(self) -> int:
        put = self.back.total() + self.in_part.total()
        return put + self.stayed.total() + self.before


def known_of(origin: Origin, run_id: str, rows: LiveRows, choice: Choice) -> Known:
    """Raises `quarantine.between` where the live schema is neither release's."""
    applied = rows.applied()
    side = side_of(origin.migrations, applied)
    if side is None:
        raise errors.between(run_id, sorted(origin.migrations - applied))
    return Known(side, origin.changes, rows.schema(), choice.values_looked_at)


def put_back(folder: Folder, known: Known, choice: Choice, done: PutBack, put: Put) -> Tally:
    """Put back what can be, in batches, and again as long as rows were in each other's way.
    `done` is what was put back before.

    Raises `quarantine.no-such-row`, and what `put` raises.
    """
    work = _Work(folder, known, choice, put, done)
    work.go_through()
    while work.again and work.has_put:
        work.go_through()
    for number, stay in work.again.items():
        work.tally.stayed[work.tables[number], stay] += 1
    if not work.tally.number:
        raise errors.no_such_row(folder.run_id)
    return work.tally


class _Work:
    """One command's way through the file, maybe several times."""

    def __init__(
        self, folder: Folder, known: Known, choice: Choice, put: Put, done: PutBack
    ) -> None:
        self._folder, self._known, self._choice, self._put = folder, known, choice, put
        self._done = done
        self._in_doubt = done.in_doubt - done.back
        self._is_first = True
        self.tally = Tally()
        self.again: dict[int, Stay] = {}
        """Lines that the next time may have another answer."""
        self.tables: dict[int, str] = {}
        self.has_put = False

    def go_through(self) -> None:
        """Once through all lines that are asked for, or those that are to be tried again."""
        self.has_put, batch, size = False, list[tuple[Line, Wanted]](), 0
        for line, wanted in self._wanted():
            batch.append((line, wanted))
            size += line.size
            if len(batch) >= _MOST_ROWS or size >= _MOST_BYTES:
                self._put_batch(batch)
                batch, size = [], 0
                time.sleep(_PAUSE_S)
        if batch:
            self._put_batch(batch)
        self._is_first = False

    def _wanted(self) -> Iterator[tuple[Line, Wanted]]:
        images = Images(self._folder.images)
        for line in lines_of(self._folder.rows):
            if isinstance(line, Unreadable):
                if self._is_first and not (self._choice.tables or self._choice.keys):
                    self.tally.stayed["", Stay.UNREADABLE] += 1
                continue
            if not self._choice.takes(line) or not self._is_due(line):
                continue
            found = self._aimed(line, images)
            if isinstance(found, Stay):
                self.tally.stayed[line.row.table, found] += 1
            else:
                yield line, found

    def _is_due(self, line: Line) -> bool:
        if not self._is_first:
            return line.number in self.again
        is_back = self._done.is_back(line.number)
        self.tally.before += is_back
        return not is_back

    def _aimed(self, line: Line, images: Images) -> Wanted | Stay:
        rest = self._done.in_part.get(line.number)
        if rest is not None:
            has_place = self._known.side is Side.NEWER and line.row.table in self._known.live
            return rest_of(line, rest, self._known) if has_place else Stay.COLUMNS
        aim = aim_of(line, self._known)
        if not isinstance(aim, Aim):
            return aim
        if line.number in self._in_doubt:
            return Wanted(line.number, aim, None)
        return wanted_of(line, aim, self._known, images.of(line))

    def _put_batch(self, batch: Sequence[tuple[Line, Wanted]]) -> None:
        names = [key_text(line.row) for line, _ in batch]
        try:
            results = self._put([one for _, one in batch], names)
        except ParomError as problem:
            if self.tally.back or self.tally.in_part:  # no longer refused with nothing changed
                problem.exit_code = ExitCode.NEEDS_PERSON
            raise
        for line, wanted in batch:
            self._count(line, wanted, results[line.number])

    def _count(self, line: Line, wanted: Wanted, stay: Stay | None) -> None:
        table = line.row.table
        self.again.pop(line.number, None)
        if stay is None:
            self.has_put = True
            (self.tally.in_part if wanted.aim.in_part else self.tally.back)[table] += 1
        elif line.number in self._in_doubt:
            self.tally.stayed[table, Stay.IN_DOUBT] += 1
        elif stay in MAYBE_LATER:
            self.again[line.number], self.tables[line.number] = stay, table
        else:
            self.tally.stayed[table, stay] += 1
