"""Values of SQLite as JSON can hold them."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable

_AS_THEY_ARE = frozenset({str, int, type(None)})


def text_or_bytes(data: bytes) -> str | bytes:
    """For `text_factory`: SQLite keeps whatever bytes it was given as a text."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data


def plain(value: object) -> object:
    """The value itself, or an object that names its kind where JSON has none."""
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    return value


def plain_each(values: Iterable[object]) -> list[object]:
    """`plain` of each; most are what they are, and there may be a great many."""
    return [one if type(one) in _AS_THEY_ARE else plain(one) for one in values]


def raw(value: object) -> object:
    """What `plain` made JSON of, as SQLite takes it."""
    if isinstance(value, dict):
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        return float(value["$float"])
    return value
