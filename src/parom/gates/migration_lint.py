"""What the pending operations mean for a return and for those who write meanwhile.

Rules have stable ids, so that parom.toml can make one an error (`checks.fail_on`) or
silence it (`checks.silenced`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parom.facts import Finding, Level, MigrationOperation

_DESTRUCTIVE = frozenset({"RemoveField", "DeleteModel"})
_RENAMES = frozenset({"RenameField", "RenameModel", "AlterModelTable"})
_DATA = frozenset({"RunPython", "RunSQL"})


@dataclass(frozen=True)
class Rule:
    """One thing worth knowing about an operation."""

    id: str
    applies: Callable[[MigrationOperation], bool]
    meaning: str
    cure: str


RULES = (
    Rule(
        "lint.destructive",
        lambda one: one.kind in _DESTRUCTIVE,
        "drops data; a late return brings it back as it was at the stop",
        "Remove in a later release than the code that used it.",
    ),
    Rule(
        "lint.rename",
        lambda one: one.kind in _RENAMES,
        "renames what the old release still calls by the old name",
        "Fine under a stop as Parom makes it.",
    ),
    Rule(
        "lint.irreversible",
        lambda one: not one.reversible,
        "has no reverse; the return swaps the snapshot in and does not need one",
        "Declare a reverse where there is one, so that it can be tried by hand.",
    ),
    Rule(
        "lint.not-null-without-default",
        lambda one: one.kind == "AddField" and one.null is False and one.has_default is False,
        "adds a column that may not be NULL and has no default; it fails where rows exist",
        "Give it a default, or add it as NULL and fill it first.",
    ),
    Rule(
        "lint.not-atomic",
        lambda one: not one.atomic,
        "does not run in a transaction; a failure half-way leaves a part of it",
        "The snapshot brings it back all the same.",
    ),
    Rule(
        "lint.data",
        lambda one: one.kind in _DATA,
        "works through data; how long it takes grows with the rows (the rehearsal measures it)",
        "",
    ),
)


def judge(
    operations: tuple[MigrationOperation, ...], fail_on: frozenset[str], silenced: frozenset[str]
) -> tuple[Finding, ...]:
    found = []
    for operation in operations:
        for rule in RULES:
            if rule.id in silenced or not rule.applies(operation):
                continue
            fact = f"{rule.id}: {operation.migration} ({operation.described}) {rule.meaning}"
            level = Level.ERROR if rule.id in fail_on else Level.INFO
            found.append(Finding("migration-lint", level, fact, rule.cure))
    return tuple(found)
