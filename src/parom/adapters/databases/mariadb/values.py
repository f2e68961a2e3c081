"""Values of MariaDB as JSON can hold them, none of them changed.

Whole numbers, floats and texts are what they are; bytes have a form of their own; everything else
(decimals, times, JSON) is the text that the server writes, in UTC.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from parom.adapters.databases.mariadb.opening import quoted
from parom.adapters.databases.mariadb.tables import Column


def read(alias: str, column: Column) -> str:
    """How a column is asked for: a single-precision number is written out too short."""
    named = quoted(alias, column.name)
    return f"CAST({named} AS DOUBLE)" if column.kind == "float" else named


def in_words(columns: Sequence[Column], values: Sequence[object]) -> dict[str, object]:
    """A row by its columns' names."""
    return {one.name: plain(value) for one, value in zip(columns, values, strict=True)}


def plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    return value


def same(left: str, one: Column, right: str, other: Column) -> str:
    """A condition that two columns hold the very same value; too strict rather than too lax."""
    first, second = quoted(left, one.name), quoted(right, other.name)
    if one.kind == other.kind and not one.is_text and not other.is_text:
        return f"{first} <=> {second}"
    return f"CAST({first} AS BINARY) <=> CAST({second} AS BINARY)"
