"""Values of PostgreSQL as JSON can hold them, none of them changed."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from parom.adapters.databases.postgresql.tables import Column

_BOOL, _BYTEA, _INT8, _INT2, _INT4, _OID = 16, 17, 20, 21, 23, 26
_JSON, _FLOAT4, _FLOAT8, _JSONB = 114, 700, 701, 3802
"""Types by their numbers, which never change (pg_type.dat)."""
_NATIVE = frozenset({_BOOL, _BYTEA, _INT2, _INT4, _INT8, _OID})


def as_written(cursor: psycopg.Cursor[Any]) -> None:
    """Let a cursor give the text that PostgreSQL writes and reads back, but for a few types."""
    for one in psycopg.adapters.types:
        for oid in (one.oid, one.array_oid):
            if oid and oid not in _NATIVE:
                cursor.adapters.register_loader(oid, TextLoader)


def plain(column: Column, value: object) -> object:
    """What was read `as_written`, for JSON; an object names its kind where JSON has none."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    return _READ.get(column.type_oid, _same)(value)


def as_text(value: object) -> str | None:
    """The text that PostgreSQL reads as a value that was read `as_written`."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


def text_of(told: object) -> str | None:
    """The same of a value as JSON has it."""
    if not isinstance(told, dict):
        return as_text(told)
    ((kind, value),) = told.items()
    return as_text(base64.b64decode(value) if kind == "$bytes" else value)


def _same(value: object) -> object:
    return value


def _float(value: object) -> object:
    number = float(str(value))
    return number if math.isfinite(number) else {"$float": repr(number)}


def _json(value: object) -> object:
    """As text: numbers of any length, and the order and repetition of names, are part of it."""
    return {"$json": value}


_READ: dict[int, Callable[[object], object]] = {
    _FLOAT4: _float,
    _FLOAT8: _float,
    _JSON: _json,
    _JSONB: _json,
}
