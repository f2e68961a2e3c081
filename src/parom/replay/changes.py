"""What the pending migrations make of the older schema into the newer one.

Told by the release's own Django at plan time and stored in the journal, so that a return knows
it when the newer code no longer starts. A table that is not named is the same in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Filled:
    """A column that only one of the schemas has, and what rows get that know nothing of it."""

    name: str
    has_default: bool = False
    """Whether there is one value for all rows; not a default that is called for each."""
    default: object = None
    """As the database stores it; bytes as {"$bytes": base64}."""
    new_has_default: bool = False
    """Of an added column: whether a row that is new gets one value where nobody says anything."""
    new_default: object = None


@dataclass(frozen=True)
class Limit:
    """What the older column takes less of than the newer one, named by the newer column."""

    column: str
    longest: int | None = None
    """Characters."""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class TableChange:
    """One table: `before` is empty where the migrations make it, `after` where they drop it."""

    before: str
    after: str
    renamed: tuple[tuple[str, str], ...] = ()
    """Columns: older and newer name."""
    added: tuple[Filled, ...] = ()
    removed: tuple[Filled, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """An operation that keeps rows from being carried: of `table` as the newer release calls
    it, or of the whole deployment where that is empty."""

    migration: str
    operation: str
    why: str
    """no-reverse, reverse, separate, unknown, type, other-model, data, changed or not-asked."""
    table: str = ""
    detail: str = ""
    """The column, or the number of rows, that it is about."""


@dataclass(frozen=True)
class Changes:
    """All that the pending migrations do, as far as rows are concerned."""

    tables: tuple[TableChange, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    data: tuple[Refusal, ...] = ()
    """Operations on data that need no turning back, as their author says: a rehearsal must have
    shown it."""

    @property
    def refuses_all(self) -> bool:
        return any(not one.table for one in self.refusals)

    def seen(self, changed: Mapping[str, int] | None) -> Changes:
        """The same once the rehearsal has looked: rows whose columns it found changed, by table.

        None is a rehearsal that did not look: then nothing speaks for the operations on data.
        """
        if not self.data:
            return self
        if changed is None:
            return replace(self, refusals=(*self.refusals, *self.data))
        named = ", ".join(sorted({one.migration for one in self.data}))
        found = tuple(
            Refusal(named, "", "changed", table, str(number))
            for table, number in sorted(changed.items())
        )
        return replace(self, refusals=(*self.refusals, *found))

    def as_record(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> Changes:
        return Changes(
            tables=tuple(_table(one) for one in record["tables"]),
            refusals=tuple(Refusal(**one) for one in record["refusals"]),
            data=tuple(Refusal(**one) for one in record["data"]),
        )


def unknown(reason: str = "") -> Changes:
    """Where nobody can say what the migrations change: nothing is carried."""
    return Changes(refusals=(Refusal("", "", "not-asked", "", reason),))


def _table(record: Mapping[str, Any]) -> TableChange:
    return TableChange(
        before=record["before"],
        after=record["after"],
        renamed=tuple((one[0], one[1]) for one in record["renamed"]),
        added=tuple(Filled(**one) for one in record["added"]),
        removed=tuple(Filled(**one) for one in record["removed"]),
        limits=tuple(Limit(**one) for one in record["limits"]),
    )
