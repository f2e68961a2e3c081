"""The application's tables, as far as copying, counting and the capture must know them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from parom.adapters.databases.mariadb.opening import Session

VERSION, ATTACHED, RUN, NOTED = (
    "parom_version",
    "parom_attached",
    "parom_capture_run",
    "parom_capture",
)
_OWN = re.compile(r"parom_(version(_part)?|attached|capture(_run|_\d+)?)")
_TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = %s AND table_type = 'BASE TABLE' ORDER BY table_name
"""
_COLUMNS = """
SELECT table_name, column_name, data_type, column_type, coalesce(collation_name, ''),
 coalesce(character_set_name, ''), is_nullable = 'NO', is_generated = 'ALWAYS'
FROM information_schema.columns WHERE table_schema = %s ORDER BY table_name, ordinal_position
"""
_KEYS = """
SELECT table_name, index_name, column_name, sub_part IS NULL AND nullable <> 'YES'
FROM information_schema.statistics WHERE table_schema = %s AND non_unique = 0
ORDER BY table_name, index_name <> 'PRIMARY', index_name, seq_in_index
"""


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    """The type without its sizes: varchar, float, ..."""
    type: str
    collation: str
    """Empty for what is no text."""
    charset: str
    is_full: bool
    """Whether it is never NULL."""
    is_generated: bool

    @property
    def declared(self) -> str:
        """Its type, for a column that takes the same values."""
        text = f" CHARACTER SET {self.charset} COLLATE {self.collation}" if self.collation else ""
        return self.type + text

    @property
    def is_text(self) -> bool:
        return bool(self.collation)


@dataclass(frozen=True)
class Table:
    """One table that holds rows of the application."""

    name: str
    columns: tuple[Column, ...]
    """Generated ones too."""
    key: tuple[str, ...]
    """What names a row and is never NULL; empty where nothing does."""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {one.name: one for one in self.columns}

    @property
    def key_columns(self) -> tuple[Column, ...]:
        return tuple(self.by_name[name] for name in self.key)


def is_own(name: str) -> bool:
    """Whether a table is Parom's: none of the application's."""
    return _OWN.fullmatch(name) is not None


def all_names(session: Session, schema: str) -> list[str]:
    """Of all tables, Parom's own too."""
    return [name for (name,) in session.ask(_TABLES, schema)]


def names_of(session: Session, schema: str) -> list[str]:
    return [name for name in all_names(session, schema) if not is_own(name)]


def tables_of(session: Session, schema: str) -> list[Table]:
    columns, keys = dict[str, list[Column]](), dict[str, dict[str, list[tuple[str, bool]]]]()
    for table, *told in session.ask(_COLUMNS, schema):
        name, kind, declared, collation, charset, is_full, is_generated = told
        one = Column(name, kind, declared, collation, charset, bool(is_full), bool(is_generated))
        columns.setdefault(table, []).append(one)
    for table, index, column, names_rows in session.ask(_KEYS, schema):
        keys.setdefault(table, {}).setdefault(index, []).append((column, bool(names_rows)))
    return [
        Table(name, tuple(columns.get(name, ())), _key(keys.get(name, {})))
        for name in names_of(session, schema)
    ]


def _key(indexes: dict[str, list[tuple[str, bool]]]) -> tuple[str, ...]:
    """The primary one comes first; one over the beginnings of texts names no row."""
    for parts in indexes.values():
        if all(names_rows for _, names_rows in parts):
            return tuple(name for name, _ in parts)
    return ()
