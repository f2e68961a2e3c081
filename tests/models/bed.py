"""What the model test needs of a database besides Parom: an application's Django, and a reader.

The reader speaks to the database itself, and tells each value exactly as it is stored.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

from parom import appside
from parom.ports import Database
from tests.models.schema import FIRST, Number, Schema, first_operations

Stored = Any
"""A value as the reader tells it."""
Row = Mapping[Number, Stored]
State = Mapping[Number, Mapping[Stored, Row]]
"""All rows of all tables, by key."""
Run = Callable[..., Sequence[tuple[Any, ...]]]
"""Runs a statement with its values; the rows, if any."""
Named = Sequence[tuple[str, Sequence[str]]]
"""Migrations: names and operations."""
FIRST_MIGRATION = ("0001", tuple(first_operations()))


class MigrationError(Exception):
    """The application's migration failed, as Django says."""


class Bed(Protocol):
    """One kind of database. `engine` is the place of its values in `Kind`."""

    engine: ClassVar[int]
    error: ClassVar[type[Exception]]
    mark: ClassVar[str]
    """Where a value goes in a statement."""
    release: Release

    @property
    def name(self) -> str:
        """What Django's settings call the live database."""
        ...

    def begin(self, top: Path) -> None:
        """The live database is the application as it is at first; Parom has never been here."""
        ...

    def end(self) -> None: ...

    def database(self) -> Database:
        """Parom's view of it, made anew as by a new process."""
        ...

    def writing(self) -> contextlib.AbstractContextManager[Run]:
        """One transaction of the application; what it is told of COMMIT is what counts."""
        ...

    def state(self, schema: Schema) -> State: ...

    def unsound(self) -> Sequence[object]:
        """What the database itself finds wrong with its rows."""
        ...

    def stored(self, value: object) -> Stored:
        """What a value, given for it in `Kind`, is told as."""
        ...

    def says(self, told: object, stored: Stored) -> bool:
        """Whether a value of `rows.jsonl` is the one that is stored."""
        ...

    def cut_off(self) -> None:
        """End whatever connections of Parom's there are; nothing where there are none."""
        ...


class Release:
    """See `release.py`. `settings` are Django's of the database."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        script = Path(__file__).with_name("release.py")
        folder = Path(appside.__file__).parent
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", str(script), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write(settings)

    def tell(self, name: str, migrations: Named) -> dict[str, Any]:
        found: dict[str, Any] = self._asked("tell", name, migrations)
        return found

    def migrate(self, name: str, migrations: Named) -> None:
        """Raises `MigrationError`."""
        self._asked("migrate", name, migrations)

    def make_first(self, name: str) -> None:
        self.migrate(name, [FIRST_MIGRATION])

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _asked(self, command: str, name: str, migrations: Named) -> Any:
        self._write({"command": command, "name": name, "migrations": migrations})
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise MigrationError(answer["error"])
        return answer["answer"]

    def _write(self, record: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(record) + "\n")
        self._process.stdin.flush()


SEED = {
    "lib_author": ("id, name, note", ["1, 'a', 'of a'", "2, 'b', ''", "3, NULL, 'c'"]),
    "lib_tag": ("code, label", ["'t1', 'first'", "'t2', 'second'"]),
    "lib_book": (
        "id, title, isbn, stock, price, extra, author_id",
        ["1, 'one', 'i1', 1, 1.5, '{}', 1", "2, 'two', NULL, 0, 2, '[1]', 1"],
    ),
    "lib_book_tags": ("id, book_id, tag_id", ["1, 1, 't1'", "2, 1, 't2'", "3, 2, 't1'"]),
    "lib_loan": ("id, book_id, score", ["1, 1, 0", "2, 2, 1.5"]),
}
"""What is there at first."""


def seeds() -> Iterator[str]:
    for table, (columns, rows) in SEED.items():
        for values in rows:
            yield f"INSERT INTO {table} ({columns}) VALUES ({values})"


def expected_columns(schema: Schema) -> dict[str, set[str]]:
    return {
        one.name: {column.name for column in one.columns.values()} for one in schema.tables.values()
    }


__all__ = ["FIRST", "Bed", "MigrationError", "Named", "Release", "Row", "Run", "State", "Stored"]
