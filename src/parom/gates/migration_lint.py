"""What the pending operations mean for a return and for those who write meanwhile.

Rules have stable ids, so that parom.toml can make one an error (`checks.fail_on`) or
silence it (`checks.silenced`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from parom.facts import Finding, Level, Migration, MigrationOperation
from parom.gates.altered_field import AlteredField
from parom.words.said import said

Operations = tuple[MigrationOperation, ...]

_DESTRUCTIVE = frozenset({"RemoveField", "DeleteModel"})
_RENAMES = frozenset({"RenameField", "RenameModel", "AlterModelTable"})
_DATA = frozenset({"RunPython", "RunSQL"})


@dataclass(frozen=True)
class Rule:
    """One thing worth knowing. `concerns` gives the operations of a migration that it is about."""

    id: str
    level: Level
    concerns: Callable[[Operations], Operations]
    meaning: str
    cure: str = ""
    whole: bool = False
    """Said once of the migration, not of each operation."""


def _each(applies: Callable[[MigrationOperation], bool]) -> Callable[[Operations], Operations]:
    return lambda operations: tuple(one for one in operations if applies(one))


def _mixed(operations: Operations) -> Operations:
    data = [one for one in operations if one.kind in _DATA]
    return operations if 0 < len(data) < len(operations) else ()


RULES = (
    Rule(
        "lint.destructive",
        Level.WARNING,
        _each(lambda one: one.kind in _DESTRUCTIVE),
        said("drops data; a late return brings it back as it was at the stop"),
        said("Remove in a later release than the code that used it."),
    ),
    Rule(
        "lint.changes-type",
        Level.WARNING,
        _each(lambda one: isinstance(one, AlteredField) and one.changes_type),
        said("changes a column's type; the table may be rewritten"),
        said("Let the rehearsal measure it; for a large table add a new column instead."),
    ),
    Rule(
        "lint.not-null-without-default",
        Level.WARNING,
        _each(
            lambda one: one.kind == "AddField" and one.null is False and one.has_default is False
        ),
        said("adds a column that may not be NULL and has no default; it fails where rows exist"),
        said("Give it a default, or add it as NULL and fill it first."),
    ),
    Rule(
        "lint.not-atomic",
        Level.WARNING,
        _each(lambda one: not one.atomic),
        said(
            "does not run in a transaction; a failure half-way leaves a part of it, and the return "
            "swaps the snapshot in"
        ),
        said("Keep in it only what cannot run in a transaction."),
        whole=True,
    ),
    Rule(
        "lint.rename",
        Level.INFO,
        _each(lambda one: one.kind in _RENAMES),
        said(
            "renames what the old release still calls by the old name; a return brings the old "
            "name back with the snapshot"
        ),
        said("Fine under a stop as Parom makes it."),
    ),
    Rule(
        "lint.irreversible",
        Level.INFO,
        _each(lambda one: not one.reversible),
        said("has no reverse; the return swaps the snapshot in and does not need one"),
        said("Declare a reverse where there is one, so that it can be tried by hand."),
    ),
    Rule(
        "lint.data",
        Level.INFO,
        _each(lambda one: one.kind in _DATA),
        said(
            "works through data; how long it takes grows with the rows (the rehearsal measures it)"
        ),
    ),
    Rule(
        "lint.mixed",
        Level.INFO,
        _mixed,
        said(
            "changes both tables and data; PostgreSQL may refuse that in one transaction, and both "
            "go back together"
        ),
        said("Put the data into a migration of its own."),
        whole=True,
    ),
)


def judge(
    operations: Operations, fail_on: frozenset[str], silenced: frozenset[str]
) -> tuple[Finding, ...]:
    """What each rule says, in the order of the plan; `fail_on` makes rules errors by id."""
    found = []
    for migration, group in groupby(operations, key=lambda one: one.migration):
        members = tuple(group)
        for rule in RULES:
            concerned = rule.concerns(members)
            if rule.id in silenced or not concerned:
                continue
            level = Level.ERROR if rule.id in fail_on else rule.level
            named = (
                [str(migration)] if rule.whole else [_named(migration, one) for one in concerned]
            )
            found += [
                Finding("migration-lint", level, _fact(rule, name), rule.cure) for name in named
            ]
    return tuple(found)


def _fact(rule: Rule, named: str) -> str:
    return said("{rule}: {named} {meaning}", rule=rule.id, named=named, meaning=rule.meaning)


def _named(migration: Migration, operation: MigrationOperation) -> str:
    described = operation.described
    if not (isinstance(operation, AlteredField) and operation.changes_type):
        return f"{migration} ({described})"
    return said(
        "{migration} ({described}, {before} -> {after})",
        migration=migration,
        described=described,
        before=operation.type_before or said("no column"),
        after=operation.type_after or said("no column"),
    )
