"""A library before and after any of a dozen migrations, and a user who writes to it.

The migrations are plain SQL, and what they do to a row is written down here a second time: the
checker that reads it shares no code with Parom.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from parom.replay.changes import Changes, Filled, TableChange

BEFORE = """
CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, bio TEXT,
    mentor_id INTEGER REFERENCES author (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE book (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, isbn TEXT,
    stock INTEGER NOT NULL CHECK (stock >= 0), cover,
    author_id INTEGER NOT NULL REFERENCES author (id) DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX book_isbn ON book (isbn);
CREATE INDEX book_author ON book (author_id);
CREATE TABLE tag (code TEXT NOT NULL PRIMARY KEY, label TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE book_tag (id INTEGER PRIMARY KEY AUTOINCREMENT,
    book_id INTEGER NOT NULL REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED,
    tag_id TEXT NOT NULL REFERENCES tag (code) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (book_id, tag_id));
CREATE TABLE loan (id INTEGER PRIMARY KEY AUTOINCREMENT, book_id INTEGER NOT NULL
    REFERENCES book (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT);
CREATE TABLE keyless (x, y);
CREATE TRIGGER tells AFTER INSERT ON author BEGIN INSERT INTO log (said) VALUES (NEW.name); END;
CREATE TRIGGER tells_too AFTER DELETE ON tag BEGIN INSERT INTO log (said) VALUES (OLD.code); END;
INSERT INTO author (id, name, bio, mentor_id) VALUES (1, 'a', 'of a', NULL), (2, 'b', NULL, 1);
INSERT INTO author (id, name, bio, mentor_id) VALUES (3, 'c', 'of c', 2);
INSERT INTO book VALUES (1, 'one', 'i1', 1, NULL, 1), (2, 'two', NULL, 2, x'00ff', 1),
    (3, 'three', 'i3', 0, -0.0, 2);
INSERT INTO tag VALUES ('t1', 'first'), ('t2', 'second');
INSERT INTO book_tag VALUES (1, 1, 't1'), (2, 1, 't2'), (3, 2, 't1');
INSERT INTO loan VALUES (1, 1), (2, 3);
INSERT INTO keyless VALUES (1, 1);
"""
SHAPE = {
    "author": ("id", "name", "bio", "mentor_id"),
    "book": ("id", "title", "isbn", "stock", "cover", "author_id"),
    "tag": ("code", "label"),
    "book_tag": ("id", "book_id", "tag_id"),
    "loan": ("id", "book_id"),
    "log": ("id", "said"),
}


@dataclass
class Lineage:
    """What one table of the newer library is to the older one; columns by their newer names."""

    before: str
    """Empty where a migration made it."""
    columns: dict[str, str]
    added: dict[str, object] = field(default_factory=dict)
    removed: dict[str, object] = field(default_factory=dict)
    """By its older name, what a new row gets; REFUSED where there is nothing to get."""

    @property
    def key(self) -> str:
        return next(iter(self.columns)) if self.columns else next(iter(self.added))


REFUSED = object()


@dataclass(frozen=True)
class Migration:
    """Its SQL, and what it means."""

    sql: str
    table: str
    rename_to: str = ""
    renames: tuple[str, str] | None = None
    adds: tuple[str, object] | None = None
    removes: tuple[str, object] | None = None
    drops: bool = False
    makes: tuple[str, ...] = ()


MIGRATIONS = {
    "rename a column": Migration(
        "ALTER TABLE book RENAME COLUMN title TO name", "book", renames=("title", "name")
    ),
    "rename a key": Migration(
        "ALTER TABLE tag RENAME COLUMN code TO slug", "tag", renames=("code", "slug")
    ),
    "rename a table": Migration(
        "ALTER TABLE author RENAME TO writer", "author", rename_to="writer"
    ),
    "add a column": Migration(
        "ALTER TABLE book ADD COLUMN pages INTEGER NOT NULL DEFAULT 0", "book", adds=("pages", 0)
    ),
    "add one without a default": Migration(
        "ALTER TABLE log ADD COLUMN at TEXT", "log", adds=("at", None)
    ),
    "remove a column": Migration(
        "ALTER TABLE author DROP COLUMN bio", "author", removes=("bio", None)
    ),
    "remove a reference": Migration("", "author", removes=("mentor_id", None)),
    "remove one with a default": Migration(
        "ALTER TABLE book DROP COLUMN stock", "book", removes=("stock", 5)
    ),
    "remove one without": Migration(
        "ALTER TABLE tag DROP COLUMN label", "tag", removes=("label", REFUSED)
    ),
    "make a table": Migration(
        "CREATE TABLE review (id INTEGER PRIMARY KEY, book_id INTEGER REFERENCES book (id))",
        "review",
        makes=("id", "book_id"),
    ),
    "drop a table": Migration("DROP TABLE loan", "loan", drops=True),
    "drop a unique": Migration("DROP INDEX book_isbn", "book"),
}
_WITHOUT_MENTOR = """
CREATE TABLE author_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, bio TEXT);
INSERT INTO author_new SELECT id, name, bio FROM author;
DROP TABLE author;
ALTER TABLE author_new RENAME TO author;
"""


def migrate(connection: sqlite3.Connection, names: list[str]) -> None:
    """Those of the given names, in the order in which they stand above."""
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA legacy_alter_table = ON")
    if "remove a reference" in names:
        connection.executescript(_WITHOUT_MENTOR)
    connection.execute("PRAGMA legacy_alter_table = OFF")
    for name, migration in sorted(MIGRATIONS.items(), key=lambda one: bool(one[1].rename_to)):
        if name in names and migration.sql:
            connection.execute(migration.sql)


def lineages(names: list[str]) -> dict[str, Lineage]:
    """By the newer name of each table that has a key."""
    found = {table: Lineage(table, {one: one for one in SHAPE[table]}) for table in SHAPE}
    for name in names:
        one = MIGRATIONS[name]
        if one.makes:
            found[one.table] = Lineage("", {}, dict.fromkeys(one.makes))
            continue
        lineage = found[one.table]
        if one.renames:
            old, new = one.renames
            lineage.columns = {
                (new if newer == old else newer): older for newer, older in lineage.columns.items()
            }
        if one.adds:
            lineage.added[one.adds[0]] = one.adds[1]
        if one.removes:
            lineage.removed[one.removes[0]] = one.removes[1]
            lineage.columns.pop(one.removes[0])
        if one.drops:
            del found[one.table]
    if "rename a table" in names:
        found["writer"] = found.pop("author")
    return found


def changes_of(names: list[str]) -> Changes:
    """The same as the release's Django would tell it."""
    told = []
    for name, lineage in lineages(names).items():
        added = tuple(Filled(one, True, default) for one, default in lineage.added.items())
        removed = tuple(
            Filled(one, default is not REFUSED, None if default is REFUSED else default)
            for one, default in lineage.removed.items()
        )
        renamed = tuple((old, new) for new, old in lineage.columns.items() if old != new)
        if lineage.before != name or added or removed or renamed:
            told.append(TableChange(lineage.before, name, renamed, added, removed))
    if "drop a table" in names:
        told.append(TableChange("loan", ""))
    return Changes(tuple(told))


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """As an application opens it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


Rows = dict[object, dict[str, tuple[str, object]]]
"""By key: storage class and bytes of each column."""


def rows_of(file: Path, table: str, key: str) -> Rows:
    """Every row of a table, as exactly as SQLite tells it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        listed = connection.execute(
            f'SELECT CAST(name AS BLOB) FROM pragma_table_info("{table}")'
        ).fetchall()
        names = [name.decode() for (name,) in listed]
        columns = ", ".join(f'typeof("{one}"), "{one}"' for one in names)
        found: Rows = {}
        for values in connection.execute(f'SELECT {columns} FROM "{table}"'):
            kinds, contents = values[::2], values[1::2]
            row = {
                name: (kind.decode(), repr(content))
                for name, kind, content in zip(names, kinds, contents, strict=True)
            }
            found[contents[names.index(key)]] = row  # type: ignore[assignment]
        return found


def objects_of(file: Path) -> set[tuple[str, str, str]]:
    """The schema, word for word."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {(str(kind), str(name), str(sql)) for kind, name, sql in found}


def unsound(file: Path) -> list[object]:
    """What SQLite itself finds wrong."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        whole = connection.execute("PRAGMA integrity_check").fetchall()
    return broken if whole == [("ok",)] else [*broken, *whole]


Value = tuple[str, object]


def plain(value: object) -> Value:
    """A value given here as `rows_of` tells it."""
    if value is None:
        return "null", repr(None)
    if isinstance(value, int):
        return "integer", repr(value)
    assert isinstance(value, str)
    return "text", repr(value.encode())


def as_before(
    lineage: Lineage, row: Mapping[str, Value], snapshot: Mapping[str, Value] | None
) -> dict[str, Value] | None:
    """What a row of the newer library is in the older one; None where it cannot be."""
    found = {older: row[newer] for newer, older in lineage.columns.items()}
    for name, default in lineage.removed.items():
        if snapshot is not None:
            found[name] = snapshot[name]
        elif default is REFUSED:
            return None
        else:
            found[name] = plain(default)
    return found
