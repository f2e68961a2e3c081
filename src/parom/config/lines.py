"""Finds the line of a key in a TOML text, for messages.

`tomllib` forgets positions. This reads only headers and the starts of assignments,
which is enough to point a person at the right line; it decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(#.*)?$")
_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_.-]+))\s*=""")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The 1-based line where the table or key at `path` is written; None if nowhere."""
    table: tuple[str, ...] = ()
    best: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = tuple(part.strip().strip("\"'") for part in header.group(1).split("."))
            if table == tuple(path[: len(table)]):
                best = number
            continue
        key = _KEY.match(line)
        if key:
            name = next(group for group in key.groups() if group is not None)
            full = (*table, *name.split("."))
            if full == tuple(path[: len(full)]):
                return number
    return best
