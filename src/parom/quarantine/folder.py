"""Where a run's quarantine lies, and what is in it in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parom.errors import quarantine as errors
from parom.quarantine.lines import Line, lines_of
from parom.quarantine.record import PutBack, read_put_back


@dataclass(frozen=True)
class Folder:
    """One run's own folder below `quarantine/` of Parom's folder."""

    path: Path

    @property
    def run_id(self) -> str:
        return self.path.name

    @property
    def rows(self) -> Path:
        """Written by the return, whole or not at all, and never changed."""
        return self.path / "rows.jsonl"

    @property
    def images(self) -> Path:
        """The same rows as the database that came back has them."""
        return self.path / "came-back.jsonl"

    @property
    def record(self) -> Path:
        """What was put back since; only ever appended to."""
        return self.path / "put-back.jsonl"

    @property
    def is_complete(self) -> bool:
        return self.rows.is_file()

    def put_back(self) -> PutBack:
        """Raises `quarantine.record-damaged`."""
        try:
            return read_put_back(self.record)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise errors.record_damaged(self.record, str(problem)[:200]) from None


@dataclass
class Totals:
    """What one quarantine holds."""

    rows: int = 0
    tables: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    back: int = 0


def folder_of(state: Path, run_id: str) -> Folder:
    """`state` is Parom's folder of an installation.

    Raises `quarantine.unknown`, and `quarantine.incomplete` where the return was interrupted.
    """
    known = {one.run_id: one for one in folders(state)}
    if run_id not in known:
        raise errors.unknown(run_id, tuple(known)[:3])
    if not known[run_id].is_complete:
        raise errors.incomplete(run_id, known[run_id].path)
    return known[run_id]


def folders(state: Path) -> Iterator[Folder]:
    """All that there are, the newest first: a run's id begins with its time."""
    top = state / "quarantine"
    if top.is_dir():
        names = sorted((one.name for one in top.iterdir() if one.is_dir()), reverse=True)
        yield from (Folder(top / name) for name in names)


def totals_of(folder: Folder) -> Totals:
    """Counted line by line. Raises OSError."""
    found, back = Totals(), folder.put_back()
    for one in lines_of(folder.rows):
        found.rows += 1
        if not isinstance(one, Line):
            found.unreadable += 1
            continue
        found.tables[one.row.table] += 1
        found.reasons[one.why] += 1
        found.back += back.is_back(one.number)
    return found
