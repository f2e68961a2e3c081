"""What was put back, beside the rows: one JSON object a line, only ever appended to.

    {"begun": BATCH, "lines": [..], "database": ID, "who": .., "at": ..}
    {"done": BATCH, "back": [..], "in_part": {"LINE": [COLUMN, ..]}, "rows": [..]}
    {"doubt": BATCH}

A batch is begun here before it is written to the database, and done here after that was
committed. How one that is begun and not done is settled: docs/explanation/quarantine.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from parom.durable import fsync_directory

_LONGEST = 8 << 20
"""Bytes: no line of a batch is as long."""


@dataclass
class PutBack:
    """What the record amounts to."""

    back: set[int] = field(default_factory=set)
    """Numbers of lines of which nothing is left to be put back."""
    in_part: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Lines of which these columns are still apart; the rest of the row is back."""
    open: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Batches that were begun and of which the end is not known yet."""
    in_doubt: set[int] = field(default_factory=set)
    """Lines of batches whose end nobody can know any more, those that are back among them."""

    def is_back(self, number: int) -> bool:
        return number in self.back

    def take(self, record: Mapping[str, Any]) -> None:
        """Add one object of the file."""
        if "begun" in record:
            self.open[record["begun"]] = record
        elif "done" in record:
            self.open.pop(record["done"], None)
            self.back.update(record["back"])
            for number, columns in record["in_part"].items():
                self.in_part[int(number)] = tuple(columns)
        elif "doubt" in record:
            self.in_doubt.update(self.open.pop(record["doubt"])["lines"])


def read_put_back(file: Path) -> PutBack:
    """What is there; nothing where there is no file. A last line that is not whole was being
    written when the machine went down, and counts as not written. Raises ValueError, OSError."""
    found = PutBack()
    if file.exists():
        with file.open("rb") as stored:
            for text in stored:
                if text.endswith(b"\n"):
                    found.take(json.loads(text))
    return found


def append(file: Path, record: Mapping[str, Any]) -> None:
    """Add one object; on return it is on disk. What a power cut left of a line goes first."""
    is_new = not file.exists()
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as stored:
        _cut_to_whole_lines(stored)
        stored.write(text.encode())
        stored.flush()
        os.fsync(stored.fileno())
    if is_new:
        fsync_directory(file.parent)


def _cut_to_whole_lines(stored: BinaryIO) -> None:
    """Leaves the position at the end."""
    size = stored.seek(0, os.SEEK_END)
    start = max(0, size - _LONGEST)
    stored.seek(start)
    end = start + stored.read().rfind(b"\n") + 1
    if end != size:
        stored.truncate(end)
    stored.seek(end)
