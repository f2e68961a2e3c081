"""Which table and which columns of the older schema a row of the newer one belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from parom.replay.apart import Why
from parom.replay.changes import Changes, Filled, Limit, TableChange

NEVER = frozenset({"django_migrations"})
"""What is applied is the snapshot's own story."""


def plain(name: str) -> str:
    """Without letter case, as SQLite compares names: it knows that of ASCII letters only."""
    return name.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Column:
    """A column as the database has it."""

    name: str
    null: bool = True
    is_generated: bool = False


@dataclass(frozen=True)
class Table:
    """A table as the database has it."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The primary key; empty where none names a row for good."""
    is_exact: bool = False
    """Whether letter case tells names apart, as in PostgreSQL."""

    def column(self, name: str) -> Column | None:
        return self._by_name.get(self.spelled(name))

    def spelled(self, name: str) -> str:
        """By what the names of this database are the same."""
        return name if self.is_exact else plain(name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {self.spelled(one.name): one for one in self.columns}


@dataclass(frozen=True)
class Pair:
    """One column under its two names."""

    before: str
    after: str
    null: bool = True
    """Whether the older one may be NULL wherever the newer one is."""


@dataclass(frozen=True)
class TableMap:
    """How the rows of one table of the newer schema become rows of the older one."""

    before: str
    after: str
    key: tuple[Pair, ...]
    columns: tuple[Pair, ...]
    """Columns that both have and the older database does not compute, the key among them."""
    added: tuple[Filled, ...] = ()
    """Columns that only the newer one has."""
    removed: tuple[Filled, ...] = ()
    """Columns that only the older one has, with a value for rows that are new."""
    wanting: tuple[str, ...] = ()
    """Those without such a value: a row that is new cannot be carried."""
    limits: tuple[Limit, ...] = ()
    computed: tuple[Pair, ...] = ()
    """Columns that both have and the older database computes: they have to come out the same."""

    @cached_property
    def asks_nothing(self) -> bool:
        """Whether no row's values decide what becomes of it, so that they need not be read for
        that. What the older database does not take all the same, it says itself."""
        takes_null = all(one.null for one in self.columns)
        return takes_null and not (self.added or self.limits or self.wanting)


def map_tables(
    before: Mapping[str, Table], after: Mapping[str, Table], changes: Changes
) -> dict[str, TableMap | Why]:
    """For each table of the newer schema how its rows are carried, or why none of them is.

    What the changes do not explain (a column that somebody made by hand) counts as added or
    removed without a default. The changes know names as the models spell them: as in SQLite,
    letter case makes no difference unless a table says so, and the databases' spelling is kept.
    """
    is_exact = any(one.is_exact for one in after.values())
    spelled: Callable[[str], str] = str if is_exact else plain
    by_name = {spelled(one.after): one for one in changes.tables if one.after}
    taken = {spelled(one.before) for one in changes.tables}
    refused = {spelled(one.table) for one in changes.refusals}
    older_by_name = {spelled(name): table for name, table in before.items()}
    found: dict[str, TableMap | Why] = {}
    for name, table in after.items():
        # By the name of one that was renamed or dropped it is another table.
        same = TableChange("" if spelled(name) in taken else name, name)
        change = by_name.get(spelled(name), same)
        older = older_by_name.get(spelled(change.before))
        if spelled(name) in NEVER:
            found[name] = Why.NEVER
        elif "" in refused or spelled(name) in refused:
            found[name] = Why.REFUSED
        elif older is None:
            found[name] = Why.NO_TABLE
        else:
            found[name] = _mapped(older, table, change)
    return found


def _mapped(before: Table, after: Table, change: TableChange) -> TableMap | Why:
    pairs = _pairs(before, after, change)
    key = tuple(pairs[name] for name in after.key if name in pairs)
    if (
        not after.key
        or len(key) != len(after.key)
        or {one.before for one in key} != set(before.key)
    ):
        return Why.NO_KEY
    removed, wanting = _only_before(before, {one.before for one in pairs.values()}, change)
    both = [one for one in after.columns if one.name in pairs]

    def written(column: Column) -> bool:
        older = before.column(pairs[column.name].before)
        return older is not None and not older.is_generated

    return TableMap(
        before=before.name,
        after=after.name,
        key=key,
        columns=tuple(pairs[one.name] for one in both if written(one)),
        added=_only_after(after, pairs, change),
        removed=removed,
        wanting=wanting,
        limits=tuple(
            replace(limit, column=column.name)
            for limit in change.limits
            if (column := after.column(limit.column))
        ),
        computed=tuple(pairs[one.name] for one in both if not written(one)),
    )


def _pairs(before: Table, after: Table, change: TableChange) -> dict[str, Pair]:
    """By the newer name."""
    same = after.spelled
    older_name = {same(newer): older for older, newer in change.renamed}
    added = {same(one.name) for one in change.added}
    gone = {same(one.name) for one in change.removed}
    gone |= {same(older) for older, _ in change.renamed}
    found = {}
    for column in after.columns:
        spelled = same(column.name)
        name = older_name.get(spelled, column.name)
        older = before.column(name)
        is_other = spelled in added or (same(name) in gone and spelled not in older_name)
        if older is not None and not is_other:
            found[column.name] = Pair(older.name, column.name, older.null or not column.null)
    return found


def _only_after(after: Table, pairs: Mapping[str, Pair], change: TableChange) -> tuple[Filled, ...]:
    known = {after.spelled(one.name): one for one in change.added}
    return tuple(
        _filled(one.name, known.get(after.spelled(one.name)))
        for one in after.columns
        if one.name not in pairs and not one.is_generated
    )


def _only_before(
    before: Table, paired: set[str], change: TableChange
) -> tuple[tuple[Filled, ...], tuple[str, ...]]:
    left = [one for one in before.columns if one.name not in paired and not one.is_generated]
    known = {before.spelled(one.name): one for one in change.removed}
    filled = tuple(_filled(one.name, known.get(before.spelled(one.name))) for one in left)
    wanting = tuple(
        one.name
        for one, fill in zip(left, filled, strict=True)
        if not one.null and (not fill.has_default or fill.default is None)
    )
    return filled, wanting


def _filled(name: str, known: Filled | None) -> Filled:
    """What is known of a column, under the database's name."""
    return replace(known or Filled(name), name=name)
