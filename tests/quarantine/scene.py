"""A small database that came back with a return, and the rows that the return left in quarantine.

The newer release called a book's `title` its `heading`, gave it `pages`, and had shelves.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parom.adapters.databases.live_rows import live_rows
from parom.engine.batches import Batches, settle
from parom.engine.origin import Origin
from parom.engine.putting_back import Choice, Tally, known_of, put_back
from parom.quarantine.folder import Folder
from parom.quarantine.images import keep_images
from parom.replay.changes import Changes, Filled, TableChange

OLDER = """
CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT);
INSERT INTO django_migrations (app, name) VALUES ('shop', '0001_initial');
CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
CREATE TABLE book (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL,
    stock INTEGER NOT NULL CHECK (stock >= 0), cover BLOB,
    author_id INTEGER REFERENCES author (id) ON DELETE CASCADE);
CREATE TABLE log (id INTEGER PRIMARY KEY, said TEXT);
CREATE TABLE told (id INTEGER PRIMARY KEY, said TEXT);
CREATE TRIGGER tells AFTER INSERT ON told BEGIN INSERT INTO log (said) VALUES (NEW.said); END;
INSERT INTO author VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO book VALUES (1, 'one', 1, x'00ff', 1), (2, 'two', 2, NULL, 1), (3, 'three', 0, NULL, 2);
"""
TO_NEWER = """
INSERT INTO django_migrations (app, name) VALUES ('shop', '0002_newer');
ALTER TABLE book RENAME COLUMN title TO heading;
ALTER TABLE book ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
CREATE TABLE shelf (id INTEGER PRIMARY KEY, room TEXT);
"""
CHANGES = Changes(
    (
        TableChange("book", "book", (("title", "heading"),), (Filled("pages", True, 0),)),
        TableChange("", "shelf"),
    )
)


@dataclass
class Scene:
    """The live database, and one quarantine beside it."""

    folder: Folder
    database: Path
    changes: Changes = CHANGES

    def sql(self, script: str) -> None:
        """What somebody else does to the live database."""
        with closing(sqlite3.connect(self.database)) as connection:
            connection.executescript(script)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def put(self, *names: str, database_id: str = "one", **choice: Any) -> Tally:
        """What `parom quarantine apply` does, without its lock and its configuration."""
        wanted = Choice(keys=frozenset(names), **choice)
        run_id = self.folder.run_id
        with live_rows(self.database) as rows:
            settle([self.folder], rows, database_id, "olga")
            origin = Origin("", "newer", "older", frozenset({"shop.0002_newer"}), self.changes)
            known = known_of(origin, run_id, rows, wanted)
            batches = Batches(self.folder, rows, database_id, "olga", lambda _point: None)
            tally = put_back(self.folder, known, wanted, self.folder.put_back(), batches.put)
            if rows.marks() is not None:
                rows.clear_marks()
        return tally


def scene_with(top: Path, *lines: Mapping[str, Any]) -> Scene:
    """As a return leaves it: nobody has written since."""
    folder = Folder(top / f"run-{secrets.token_hex(3)}")
    folder.path.mkdir()
    text = "".join(json.dumps(one) + "\n" for one in lines)
    folder.rows.write_text(text, "utf-8")
    scene = Scene(folder, folder.path / "live.sqlite3")
    scene.sql(OLDER)
    with live_rows(scene.database) as rows:
        keep_images(folder, CHANGES, rows)
    return scene


def book(number: int, operation: str = "insert", **values: object) -> dict[str, Any]:
    """A line about a book, as the newer release had it."""
    row = {"id": number, "heading": "new", "stock": 1, "cover": None, "author_id": None, "pages": 0}
    return line("book", number, operation, **{**row, **values})


def author(number: int, operation: str = "insert", name: str = "") -> dict[str, Any]:
    return line("author", number, operation, id=number, name=name or f"author {number}")


def line(table: str, number: int, operation: str = "insert", **row: object) -> dict[str, Any]:
    return {
        "table": table,
        "operation": operation,
        "key": {"id": number},
        "row": None if operation == "delete" else {"id": number, **row},
        "why": "refers",
        "carried": False,
    }
