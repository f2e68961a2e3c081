"""The old release does not stand what was carried over: it gets its data as it was."""

from __future__ import annotations

from typing import Any

import pytest

from parom.errors import ParomError
from parom.steps.capture import collect
from parom.steps.database import swap
from parom.steps.giving_up import can_give_up, finish_giving_up, give_up
from parom.steps.step import Context
from tests.steps.test_capture import after_opening, by_hand, ferry, notes, rows_in
from tests.support.ferry import Ferry

__all__ = ["ferry"]
AS_IT_WAS = [(1, "one"), (2, "two")]


class Killed(BaseException):
    """As SIGKILL at a checkpoint."""


def returned(ferry: Ferry) -> Context:
    """The database that came back has a row of the newer release."""
    context = after_opening(ferry, [])
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    context.undone["capture.install"] = collect(context)
    swap(context, written=True)
    assert len(notes(ferry.live_database)) == 3
    return context


@pytest.mark.parametrize("dies_at", [None, 1, 2])
def test_all_rows_are_listed_and_the_snapshot_is_live(ferry: Ferry, dies_at: int | None) -> None:
    """However often it is begun: what was decided is gone on with."""
    context, passed = returned(ferry), 0
    assert can_give_up(context)
    give_up(context, ParomError("checks.failed", "it answers 500", "look"))

    def dies() -> None:
        nonlocal passed
        passed += 1
        if passed == dies_at:
            raise Killed

    context.checkpoint = dies
    if dies_at is not None:
        with pytest.raises(Killed):
            finish_giving_up(context)
    listed: dict[str, Any] = dict(finish_giving_up(context))
    assert finish_giving_up(context) == listed
    assert notes(ferry.live_database) == AS_IT_WAS
    assert (listed["quarantined"], listed["reasons"]) == (1, {"no-replay": 1})
    assert [one["row"]["text"] for one in rows_in(listed["file"])] == ["new"]
    assert not list((ferry.root / ".parom/databases").glob("*carried*"))
    assert not can_give_up(context)


def test_what_was_not_decided_is_not_done(ferry: Ferry) -> None:
    """A return that went well is looked at again after a crash."""
    context = returned(ferry)
    assert finish_giving_up(context) == {}
    assert len(notes(ferry.live_database)) == 3


def test_without_carried_rows_there_is_nothing_to_give_up(ferry: Ferry) -> None:
    """Then the fault is another, and a person looks."""
    context = after_opening(ferry, [])
    context.undone["capture.install"] = collect(context)
    swap(context, written=True)
    assert not can_give_up(context)
