"""Where a row in quarantine belongs in the database that is live now; nothing here looks at it.

Only what is certain: the columns of the row, those of the live table and what the migrations
are known to do to them have to agree by name. Else the table's rows stay where they are.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace

from parom.facts import CapturedRow
from parom.quarantine.lines import Line
from parom.quarantine.staying import Stay
from parom.replay.apart import Apart, Why
from parom.replay.changes import Changes, TableChange
from parom.replay.deciding import decide
from parom.replay.mapping import NEVER, Column, Table, TableMap, map_tables, plain

Values = Mapping[str, object]
"""By column, as `rows.jsonl` has them."""
_OF_VALUES = frozenset({"no-reverse", "reverse", "data", "changed"})
"""Refusals that leave no doubt where a row belongs, only whether its values mean the same."""


class Side(enum.StrEnum):
    """Which schema is live: that from before the migrations, or that from after them."""

    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True)
class Known:
    """What is known of a return, and of the database now."""

    side: Side
    changes: Changes
    live: Mapping[str, Table]
    values_looked_at: bool = False
    """Whether a person says that the values mean the same to the older release."""


@dataclass(frozen=True)
class Aim:
    """What the live row is to become. Columns are named as the live table has them."""

    table: str
    key: Values
    values: Values | None
    """Columns to be written; None where the row is to go."""
    fillings: Values
    """What a row that is new gets besides, in columns that nobody knew of."""
    in_part: tuple[str, ...] = ()
    """Columns of the quarantine that the live table has no place for."""


def side_of(migrations: frozenset[str], applied: frozenset[str]) -> Side | None:
    """None where only some of the migrations of the return are applied, or none is known."""
    if migrations and not migrations & applied:
        return Side.OLDER
    return Side.NEWER if migrations and migrations <= applied else None


def aim_of(line: Line, known: Known) -> Aim | Stay:
    """Where a row belongs, or why it stays in quarantine."""
    if line.row.table in NEVER:
        return Stay.NEVER
    return _newer(line, known) if known.side is Side.NEWER else _older(line, known)


class Places:
    """Table and key under which rows of the newer release are known to the older one.

    Asked while visitors wait: what a table's rows have in common is found out once.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._found: dict[tuple[str, ...], TableMap | Why] = {}

    def of(self, row: CapturedRow) -> tuple[str, Values] | None:
        """As far as the changes tell; None where they do not."""
        shape = (row.table, *row.key, "", *(row.row or ()))
        if shape not in self._found:
            self._found[shape] = _mapped(row, self._known)
        found = self._found[shape]
        if not isinstance(found, TableMap):
            return None
        return found.before, {one.before: row.key[one.after] for one in found.key}


def change_of(table: str, changes: Changes) -> TableChange:
    """By the newer name. What is not named is the same, unless another one had its name."""
    for one in changes.tables:
        if plain(one.after) == plain(table):
            return one
    taken = any(plain(one.before) == plain(table) for one in changes.tables)
    return TableChange("" if taken else table, table)


def _newer(line: Line, known: Known) -> Aim | Stay:
    """The migrations are applied again: rows go back as they are."""
    row, table = line.row, known.live.get(line.row.table)
    if table is None:
        return Stay.NO_TABLE
    if set(table.key) != set(row.key):
        return Stay.NO_KEY
    own = {one.name for one in table.columns}
    if row.row is None:
        return Aim(table.name, row.key, None, {})
    if not (set(row.row) <= own if line.carried else set(row.row) == own):
        return Stay.OTHER_TABLE
    computed = {one.name for one in table.columns if one.is_generated}
    values = {name: one for name, one in row.row.items() if name not in computed}
    return Aim(table.name, row.key, values, {})


def _older(line: Line, known: Known) -> Aim | Stay:
    """The old release runs: its names, and only what it has columns for."""
    row = line.row
    stands = _stands_in_the_way(row.table, known)
    if stands is not None:
        return stands
    if line.carried:
        return Stay.COLUMNS
    found = _mapped(row, known)
    if not isinstance(found, TableMap):
        return Stay.NO_KEY if found is Why.NO_KEY else Stay.NO_TABLE
    key = {one.before: row.key[one.after] for one in found.key}
    if row.row is None:
        return Aim(found.before, key, None, {})
    if not _is_explained(found, change_of(row.table, known.changes)):
        return Stay.OTHER_TABLE
    apart = decide(row, found) or Apart(Why.COLUMNS)
    if apart.why is not Why.COLUMNS:
        return Stay.NEEDS_VALUE if apart.why is Why.NEEDS_VALUE else Stay.DOES_NOT_FIT
    values = {one.before: row.row[one.after] for one in found.columns}
    fillings = {one.name: one.default for one in found.removed}
    return Aim(found.before, key, values, fillings, apart.columns)


def _stands_in_the_way(table: str, known: Known) -> Stay | None:
    """The migration for which no row, or none of this table, was carried."""
    refusals = [one for one in known.changes.refusals if plain(one.table) in ("", plain(table))]
    if any(one.why not in _OF_VALUES for one in refusals):
        return Stay.NOBODY_KNOWS
    return Stay.VALUES if refusals and not known.values_looked_at else None


def _mapped(row: CapturedRow, known: Known) -> TableMap | Why:
    """By what the row itself has of columns: its table is no longer there to be asked."""
    columns = tuple(Column(name) for name in {**row.key, **(row.row or {})})
    after = {row.table: Table(row.table, columns, tuple(row.key))}
    return map_tables(known.live, after, replace(known.changes, refusals=()))[row.table]


def _is_explained(found: TableMap, change: TableChange) -> bool:
    """Whether each column that only one of the tables has is one that a migration made or took."""
    added, removed = {one.name for one in change.added}, {one.name for one in change.removed}
    only_newer = {one.name for one in found.added} <= added
    return only_newer and {one.name for one in found.removed} <= removed
