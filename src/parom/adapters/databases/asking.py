"""Which rows have to be read to know what becomes of them (`replay.deciding`). Pure.

Most have in the columns that a migration added what it gave to all rows, and fit into those that it
made narrower. SQLite tells that of a row ten times as fast as it can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parom.adapters.databases.tables import any_of, quoted
from parom.replay.changes import Filled, Limit
from parom.replay.mapping import TableMap

_MOST = 2**63
"""Whole numbers below it SQLite takes as such."""


@dataclass(frozen=True)
class Asking:
    """A condition on the row `s` of the newer table, noted in `c`; never NULL."""

    condition: str = "0"
    values: dict[str, object] = field(default_factory=dict)
    """Of its named parameters."""

    @property
    def is_empty(self) -> bool:
        return self.condition == "0"


NOBODY = Asking()


def asking(found: TableMap) -> Asking:
    """Rows of which `decide` may say something; it is never too few."""
    if found.asks_nothing:
        return NOBODY
    values: dict[str, object] = {}
    conditions = [f"s.{quoted(one.after)} IS NULL" for one in found.columns if not one.null]
    conditions += [one for limit in found.limits for one in _beyond(limit)]
    if found.wanting:
        conditions.append("c.op = 'insert'")
    for one in found.added:
        conditions += _other(one, values)
    return Asking(any_of(conditions), values)


def _beyond(limit: Limit) -> Iterator[str]:
    name = f"s.{quoted(limit.column)}"
    if limit.longest is not None:
        # Bytes: never fewer than characters, which are counted up to a NUL only.
        yield f"typeof({name}) = 'text' AND length(CAST({name} AS BLOB)) > {limit.longest:d}"
    if limit.least is not None:
        yield f"typeof({name}) = 'integer' AND {name} < {limit.least:d}"
    if limit.most is not None:
        yield f"typeof({name}) = 'integer' AND {name} > {limit.most:d}"


def _other(column: Filled, values: dict[str, object]) -> Iterator[str]:
    """That a column has something else than what was given to all rows."""
    given = [column.default] if column.has_default else []
    given += [column.new_default] if column.new_has_default else []
    if not column.has_default or not all(map(_is_exact, given)):
        yield "1"
        return
    name = f"s.{quoted(column.name)}"
    for one in given:
        place = f"parom_{len(values):d}"
        values[place] = one
        yield f"{name} IS NOT :{place} COLLATE BINARY"
        yield f"typeof({name}) <> typeof(:{place})"


def _is_exact(value: object) -> bool:
    """Whether what SQLite takes for it, storage class and all, is it: zeros have signs."""
    if isinstance(value, int):
        return -_MOST <= value < _MOST
    return value is None or isinstance(value, str)
