"""The lines of `rows.jsonl`, one at a time: the file may be larger than the memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parom.facts import CapturedRow

LONGEST = 256 << 20
"""Bytes; a longer line is one that nobody wrote."""
OPERATIONS = ("insert", "update", "delete")


@dataclass(frozen=True)
class Line:
    """One row in quarantine."""

    number: int
    """Counts from 1; it names the row for good, since the file never changes."""
    row: CapturedRow
    """With `carried` its `row` has only the columns that did not come along."""
    why: str
    carried: bool
    size: int
    """Bytes of the line."""


@dataclass(frozen=True)
class Unreadable:
    """A line that is not what a return writes."""

    number: int


def lines_of(file: Path) -> Iterator[Line | Unreadable]:
    """All lines in order. Raises OSError."""
    with file.open("rb") as stored:
        number = 0
        while text := stored.readline(LONGEST):
            number += 1
            if len(text) == LONGEST and not text.endswith(b"\n"):
                while (more := stored.readline(LONGEST)) and not more.endswith(b"\n"):
                    pass
                yield Unreadable(number)
            else:
                yield _line(number, text)


def key_text(row: CapturedRow) -> str:
    """How a person writes which row it is: `notes_note:21`, `tag_of:a=1,b=2`."""
    if len(row.key) == 1:
        return f"{row.table}:{_said(next(iter(row.key.values())))}"
    return f"{row.table}:" + ",".join(f"{name}={_said(one)}" for name, one in row.key.items())


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(number: int, text: bytes) -> Line | Unreadable:
    try:
        record = json.loads(text)
        return _checked(number, record, len(text))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Unreadable(number)


def _checked(number: int, record: dict[str, Any], size: int) -> Line:
    """Raises ValueError, KeyError or TypeError for what is no row."""
    key, values = dict(record["key"]), record["row"]
    row = CapturedRow(str(record["table"]), record["operation"], key, values)
    carried = record.get("carried", False)  # an older Parom carried nothing
    is_deleted = row.operation == "delete"
    whole = row.operation in OPERATIONS and (values is None) == is_deleted
    if not whole or not key or not isinstance(carried, bool):
        raise ValueError(number)
    if values is not None and not isinstance(values, dict):
        raise TypeError(number)
    return Line(number, row, str(record.get("why", "no-replay")), carried, size)
