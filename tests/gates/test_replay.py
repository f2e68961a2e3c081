"""What a plan says of a late return, before production is touched."""

from __future__ import annotations

import pytest

from parom.facts import Level
from parom.gates.replay import judge
from parom.replay.changes import Changes, Refusal, unknown

NOTHING: frozenset[str] = frozenset()
REFUSED = Refusal("shop.0002", "RunPython: fill", "no-reverse")
TABLE = Refusal("shop.0003", "AlterField: size", "type", "shop_item", "size")


@pytest.mark.parametrize(
    ("refusal", "rule", "words"),
    [
        (REFUSED, "replay.refused", "shop.0002 (RunPython: fill) has no reverse"),
        (TABLE, "replay.table", "changes the type of size; after a late return rows written to"),
        (
            Refusal("shop.0003", "", "changed", "shop_item", "7"),
            "replay.table",
            "shop.0003 changed 7 rows of it",
        ),
        (
            Refusal("shop.0003", "AlterModelOptions: Item", "separate", "shop_item"),
            "replay.table",
            "changes models and tables apart from each other; after a late return rows written to",
        ),
        (
            Refusal("shop.0003", "AlterField: main", "other-model", "shop_item", "main_id"),
            "replay.table",
            "lets main_id refer to another model",
        ),
        (unknown("it did not load").refusals[0], "replay.refused", "(it did not load)"),
    ],
)
def test_a_migration_that_stands_in_the_way_is_named_with_the_reason(
    refusal: Refusal, rule: str, words: str
) -> None:
    """Who reads it decides whether to deploy it so."""
    found = [
        one for one in judge(Changes(refusals=(refusal,)), NOTHING, NOTHING)
        if one.level is Level.WARNING
    ]  # fmt: skip
    assert [one.fact.partition(":")[0] for one in found] == [rule]
    assert words in found[0].fact


@pytest.mark.parametrize("why", ["no-reverse", "reverse", "separate", "unknown", "data"])
def test_each_reason_has_its_words(why: str) -> None:
    """A reason that is not known here would end the plan."""
    (found,) = judge(Changes(refusals=(Refusal("a.1", "x", why),)), NOTHING, NOTHING)
    assert found.cure


def test_what_allows_it_is_said_too() -> None:
    """Otherwise nobody knows whether it was looked at."""
    (found,) = judge(Changes(), NOTHING, NOTHING)
    assert (found.level, found.fact.partition(":")[0]) == (Level.INFO, "replay.carried")


def test_a_team_can_want_to_be_asked() -> None:
    """By the id in `checks.fail_on`, until it is in `checks.silenced`."""
    changes = Changes(refusals=(REFUSED, TABLE))
    first, second = judge(changes, frozenset({"replay.refused"}), NOTHING)
    assert (first.level, second.level) == (Level.ERROR, Level.WARNING)
    (left,) = judge(changes, frozenset({"replay.refused"}), frozenset({"replay.refused"}))
    assert left.fact.startswith("replay.table")
