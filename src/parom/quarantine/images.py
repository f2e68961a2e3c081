"""The rows in quarantine as the database that comes back has them: what nobody has changed since.

    {"line": NUMBER, "table": T, "key": {COLUMN: VALUE, ..}, "row": {COLUMN: VALUE, ..}}

With `row` null there was no such row.

Written before that database is live, and never changed. A row that is new needs no image.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from parom.durable import fsync_directory
from parom.quarantine.aim import Known, Places, Side, Values
from parom.quarantine.folder import Folder
from parom.quarantine.lines import Line, Unreadable, lines_of
from parom.quarantine.was import Image, Was
from parom.replay.changes import Changes
from parom.replay.mapping import Table


class Looking(Protocol):
    """The database that comes back; nobody writes to it yet."""

    def schema(self) -> Mapping[str, Table]: ...

    def row(self, table: str, key: Values) -> Values | None: ...


def keep_images(folder: Folder, changes: Changes, database: Looking) -> int:
    """Write the images; how many. The file is complete or absent. Raises OSError."""
    places, number = Places(Known(Side.OLDER, changes, database.schema())), 0
    partial = folder.images.with_suffix(".partial")
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        for line in lines_of(folder.rows):
            if isinstance(line, Unreadable) or not _needs_one(line):
                continue
            place = places.of(line.row)
            if place is not None:
                table, key = place
                row = database.row(table, key)
                image = {"line": line.number, "table": table, "key": key, "row": row}
                out.write(json.dumps(image, ensure_ascii=False) + "\n")
                number += 1
        out.flush()
        os.fsync(out.fileno())
    partial.replace(folder.images)
    fsync_directory(folder.path)
    return number


class Images:
    """The images in the order of the lines: asked for by numbers that only ever rise."""

    def __init__(self, file: Path) -> None:
        self._left = _read(file)
        self._next = next(self._left, None)

    def of(self, line: Line) -> Image | None:
        """None where there is none, or none that can be read."""
        while self._next is not None and self._next[0] < line.number:
            self._next = next(self._left, None)
        if self._next is None or self._next[0] != line.number:
            return None
        return self._next[1]


def _needs_one(line: Line) -> bool:
    return line.carried or line.row.operation != "insert"


def _read(file: Path) -> Iterator[tuple[int, Image]]:
    if not file.exists():
        return
    with file.open("rb") as stored:
        for text in stored:
            try:
                record = json.loads(text)
                was = Image(str(record["table"]), dict(record["key"]), Was(record["row"]))
                yield int(record["line"]), was
            except (ValueError, KeyError, TypeError):
                continue
