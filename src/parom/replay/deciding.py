"""What becomes of one captured row, as far as the row itself says."""

from __future__ import annotations

import math
from decimal import Decimal

from parom.facts import CapturedRow
from parom.replay.apart import Apart, Why
from parom.replay.changes import Filled, Limit
from parom.replay.mapping import TableMap


def decide(row: CapturedRow, found: TableMap | Why | None) -> Apart | None:
    """What of a row goes apart; None where all of it is carried.

    The database has the last word: see `Database.carry`.
    """
    if not isinstance(found, TableMap):
        return Apart(found or Why.NO_TABLE)
    if row.row is None or found.asks_nothing:
        return None
    if row.operation == "insert" and found.wanting:
        return Apart(Why.NEEDS_VALUE)
    if not _fits(row.row, found):
        return Apart(Why.DOES_NOT_FIT)
    is_new = row.operation == "insert"
    left = tuple(
        one.name
        for one in found.added
        if _says_something(row.row.get(one.name), one, is_new=is_new)
    )
    return Apart(Why.COLUMNS, left) if left else None


def _fits(values: dict[str, object], found: TableMap) -> bool:
    empty = any(not one.null and values.get(one.after) is None for one in found.columns)
    return not empty and all(_is_within(values.get(one.column), one) for one in found.limits)


def _is_within(value: object, limit: Limit) -> bool:
    if isinstance(value, str) and limit.longest is not None:
        return len(value) <= limit.longest
    if isinstance(value, int):
        least = limit.least is None or limit.least <= value
        return least and (limit.most is None or value <= limit.most)
    return True


def _says_something(value: object, column: Filled, *, is_new: bool) -> bool:
    """Whether a value, be it NULL, is more than what the migration gives to every row, or the
    newer release to a row that is new and of which nobody said anything."""
    if is_new and column.new_has_default:
        return not _same(value, column.new_default)
    return not column.has_default or not _same(value, column.default)


def _same(value: object, default: object) -> bool:
    """Databases keep a decimal, which Django hands over as a text, as a number."""
    if isinstance(default, str) and isinstance(value, (int, float)):
        try:
            default = float(default) if isinstance(value, float) else Decimal(default)
        except (ValueError, ArithmeticError):
            return False
    return value == default and _is_negative_zero(value) == _is_negative_zero(default)


def _is_negative_zero(value: object) -> bool:
    """It is equal to zero, and another value."""
    return isinstance(value, float) and value == 0 and math.copysign(1, value) < 0
