"""What the pending operations mean for a return."""

from __future__ import annotations

import pytest

from parom.facts import Level, Migration, MigrationOperation
from parom.gates.altered_field import AlteredField
from parom.gates.migration_lint import RULES, judge

ONE, TWO = Migration("shop", "0002_one"), Migration("shop", "0003_two")
NOTHING: frozenset[str] = frozenset()


def operation(
    kind: str,
    migration: Migration = ONE,
    *,
    reversible: bool = True,
    atomic: bool = True,
    null: bool | None = None,
    has_default: bool | None = None,
) -> MigrationOperation:
    return MigrationOperation(
        migration, kind, f"{kind} of item", reversible, atomic, null=null, has_default=has_default
    )


def altered(before: str, after: str) -> AlteredField:
    return AlteredField(
        ONE, "AlterField", "Alter title", True, True, type_before=before, type_after=after
    )


def ids(*operations: MigrationOperation) -> list[str]:
    return [one.fact.split(":")[0] for one in judge(operations, NOTHING, NOTHING)]


@pytest.mark.parametrize(
    ("one", "rules"),
    [
        (operation("CreateModel"), []),
        (operation("AddField", null=True, has_default=False), []),
        (operation("AddField", null=False, has_default=True), []),
        (
            operation("AddField", null=False, has_default=False),
            ["lint.not-null-without-default"],
        ),
        (operation("RemoveField"), ["lint.destructive"]),
        (operation("DeleteModel"), ["lint.destructive"]),
        (operation("RenameField"), ["lint.rename"]),
        (operation("RenameModel"), ["lint.rename"]),
        (operation("RunPython"), ["lint.data"]),
        (operation("RunPython", reversible=False), ["lint.irreversible", "lint.data"]),
        (operation("RunSQL", reversible=False), ["lint.irreversible", "lint.data"]),
        (operation("AddIndexConcurrently", atomic=False), ["lint.not-atomic"]),
        (altered("varchar(20)", "varchar(50)"), ["lint.changes-type"]),
        (altered("varchar(20)", "varchar(20)"), []),
        (operation("AlterField"), []),
    ],
)
def test_each_operation_is_told_for_what_it_does(one: MigrationOperation, rules: list[str]) -> None:
    """The ids are a contract: teams write them into parom.toml."""
    assert ids(one) == rules


def test_tables_and_data_in_one_migration_are_told_once() -> None:
    """Only within one migration: two in a row are what is advised."""
    assert ids(operation("AddField"), operation("RunPython")) == ["lint.data", "lint.mixed"]
    assert ids(operation("AddField"), operation("RunPython", TWO)) == ["lint.data"]


def test_a_migration_without_a_transaction_is_told_once() -> None:
    """It is a property of the migration, not of its operations."""
    several = [operation("AddField", atomic=False), operation("AddIndex", atomic=False)]
    assert ids(*several) == ["lint.not-atomic"]


def test_both_types_of_a_changed_column_are_shown() -> None:
    """Whether a change is harmless depends on them."""
    (finding,) = judge((altered("integer", "text"),), NOTHING, NOTHING)
    assert "shop.0002_one (Alter title, integer -> text)" in finding.fact


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_can_be_made_an_error_and_silenced(rule: str) -> None:
    """What is forbidden is the team's decision."""
    every = (
        operation("RemoveField", atomic=False, reversible=False),
        operation("RenameField"),
        operation("RunPython"),
        operation("AddField", null=False, has_default=False),
        altered("integer", "text"),
    )
    found = judge(every, frozenset({rule}), NOTHING)
    errors = [one for one in found if one.level is Level.ERROR]
    assert errors
    assert all(one.fact.startswith(f"{rule}:") for one in errors)
    silenced = judge(every, frozenset({rule}), frozenset({rule}))
    assert not [one for one in silenced if one.fact.startswith(f"{rule}:")]
