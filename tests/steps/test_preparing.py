"""What a rollback by hand prepares before it holds anybody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from parom.adapters.databases import carried_copy
from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.errors import database as errors
from parom.facts import CapturedRow
from parom.plan.plan import Kind
from parom.steps.capture import CollectCapture, collect
from parom.steps.preparing import PrepareReturn
from tests.steps.test_capture import after_opening, by_hand, ferry, notes
from tests.support.ferry import Ferry

__all__ = ["ferry"]
AHEAD = PrepareReturn("return.ahead")


def copies(ferry: Ferry) -> list[str]:
    return sorted(one.name for one in (ferry.root / ".parom/databases").glob("*ahead*"))


def test_the_copy_is_there_before_anybody_waits_and_is_used_up(ferry: Ferry) -> None:
    """And carried rows are in it: also one that was written after it was made."""
    context = after_opening(ferry, [], kind=Kind.ROLLBACK)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    prepared = {"prepared": True, "carried_ahead": False}
    assert AHEAD.run(context) == prepared
    assert AHEAD.run(context) == prepared  # killed right after, and repeated
    assert copies(ferry) == ["snap-ahead.sqlite3"]
    by_hand(ferry, "INSERT INTO note VALUES (4, 'meanwhile')")
    assert CollectCapture().run(context)["carried"] == 2
    assert copies(ferry) == []


def test_where_nobody_wrote_nothing_is_copied(ferry: Ferry) -> None:
    """Somebody waits for the rollback."""
    context = after_opening(ferry, [], kind=Kind.ROLLBACK)
    assert AHEAD.run(context)["prepared"] is False
    assert copies(ferry) == []


def test_a_rollback_that_is_taken_back_leaves_no_copy(ferry: Ferry) -> None:
    """The newer release runs on; the copy is as large as its data."""
    context = after_opening(ferry, [], kind=Kind.ROLLBACK)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    AHEAD.run(context)
    AHEAD.undo(context)
    assert copies(ferry) == []


def test_without_room_the_return_goes_on_and_says_so(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes its copy under the stop then, or lists every row."""
    told: list[str] = []
    context = after_opening(ferry, told, kind=Kind.ROLLBACK)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    monkeypatch.setattr(carried_copy, "_LEFT_BYTES", 1 << 60)
    assert AHEAD.run(context) == {"prepared": False, "why": "database.disk-full"}
    assert told == ["not-prepared database.disk-full"]
    assert CollectCapture().run(context)["carried"] == 1
    assert len(notes(ferry.live_database)) == 3


def test_a_question_that_fails_keeps_no_rollback_from_beginning(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the copy is worth it is asked while the public is in; the return asks again."""
    told: list[str] = []
    context = after_opening(ferry, told, kind=Kind.ROLLBACK)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    with monkeypatch.context() as patched:
        patched.setattr(SQLiteDatabase, "captured_rows", fails)
        assert AHEAD.run(context) == {"prepared": False, "why": "database.unreachable"}
    assert told == ["not-prepared database.unreachable"]
    assert copies(ferry) == []
    assert CollectCapture().run(context)["carried"] == 1


MANY = (
    "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 5200)"
    " INSERT INTO note SELECT i, 'many' FROM n"
)


def in_wal(ferry: Ferry) -> None:
    by_hand(ferry, "PRAGMA journal_mode = WAL")


def test_many_rows_are_carried_before_anybody_waits(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is written after that, under the stop."""
    context = after_opening(ferry, [], kind=Kind.ROLLBACK)
    in_wal(ferry)
    by_hand(ferry, MANY)
    assert AHEAD.run(context) == {"prepared": True, "carried_ahead": True}
    assert applied(ferry) == ["snap-applied.sqlite3"]
    by_hand(ferry, "INSERT INTO note VALUES (3, 'meanwhile'); DELETE FROM note WHERE id = 100")
    monkeypatch.setattr(carried_copy, "copy_ahead", never)
    assert CollectCapture().run(context)["carried"] == 5101
    assert applied(ferry) == []


def test_a_deployment_carries_them_when_it_begins_to_go_back(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the public is held, which comes later on the way back."""
    context = after_opening(ferry, [])
    in_wal(ferry)
    context.installation.database.copy_ahead("snap", "snap-ahead")
    by_hand(ferry, MANY)
    assert PrepareReturn("return.prepare").undo(context) == {"carried_ahead": True}
    # Killed, and undone again by an engine that knows nothing of it: as if it had not been.
    context.installation = after_opening(ferry, []).installation
    assert PrepareReturn("return.prepare").undo(context) == {"carried_ahead": False}
    assert collect(context)["carried"] == 5101
    assert applied(ferry) == copies(ferry) == []


def test_a_rollback_that_is_taken_back_leaves_no_carried_copy_either(ferry: Ferry) -> None:
    """It is as large as the data."""
    context = after_opening(ferry, [], kind=Kind.ROLLBACK)
    in_wal(ferry)
    by_hand(ferry, MANY)
    AHEAD.run(context)
    AHEAD.undo(context)
    assert applied(ferry) == copies(ferry) == []


def test_rows_that_could_not_be_carried_ahead_are_carried_later(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why is told; the rollback goes on."""
    told: list[str] = []
    context = after_opening(ferry, told, kind=Kind.ROLLBACK)
    in_wal(ferry)
    by_hand(ferry, MANY)
    with monkeypatch.context() as patched:
        patched.setattr(carried_copy, "carry_ahead", never)
        assert AHEAD.run(context) == {"prepared": True, "carried_ahead": False}
    assert told == ["not-prepared database.not-carried"]
    assert CollectCapture().run(context)["carried"] == 5101


def test_why_what_was_carried_ahead_is_of_no_use_is_told(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public waits longer for it."""
    told: list[str] = []
    context = after_opening(ferry, told, kind=Kind.ROLLBACK)
    in_wal(ferry)
    by_hand(ferry, MANY)
    assert AHEAD.run(context) == {"prepared": True, "carried_ahead": True}
    with monkeypatch.context() as patched:
        patched.setattr(carried_copy, "catch_up", cannot_read)
        assert CollectCapture().run(context)["carried"] == 5101
    assert told == ["not-prepared database.not-carried"]


def cannot_read(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


def never(*_: object, **__: object) -> None:
    raise OSError(5, "it is not done here")


def applied(ferry: Ferry) -> list[str]:
    return sorted(one.name for one in (ferry.root / ".parom/databases").glob("*applied*"))


def fails(_database: SQLiteDatabase) -> Iterator[CapturedRow]:
    raise errors.unreachable(Path("db.sqlite3"), "for a moment")
