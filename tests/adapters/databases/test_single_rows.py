"""What every database promises of its single rows."""

from __future__ import annotations

import pytest

from parom.errors import ParomError
from parom.facts import TableCount
from parom.ports import Database, LiveRows
from parom.quarantine.aim import Aim
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted, Was
from tests.adapters.databases.conftest import Stood

TWO = {1: "one", 2: "two"}
reached = pytest.mark.parametrize("stood", ["sqlite", "memory", "postgresql"], indirect=True)
"""Databases of which single rows can be reached."""


def wanted(number: int, text: str | None, was: str | None) -> Wanted:
    """A note that is to be so, where it is as it was; None: where it is not there."""
    values = None if text is None else {"id": number, "text": text}
    stood = None if was is None else {"id": number, "text": was}
    return Wanted(number, Aim("note", {"id": number}, values, {}), Was(stood))


def put(rows: LiveRows, *rows_of_it: Wanted, batch: str = "batch") -> dict[int, Stay | None]:
    return dict(rows.put(batch, rows_of_it, lambda _results: "told"))


def marks(database: Database) -> dict[str, str] | None:
    with database.single_rows() as rows:
        found = rows.marks()
    return None if found is None else dict(found)


@reached
def test_a_row_is_found_by_its_key(stood: Stood) -> None:
    """With all its columns."""
    with stood.database.single_rows() as rows:
        assert rows.schema()["note"].key == ("id",)
        assert [one.name for one in rows.schema()["note"].columns] == ["id", "text"]
        assert rows.row("note", {"id": 1}) == {"id": 1, "text": "one"}
        assert rows.row("note", {"id": 3}) is None


@reached
def test_a_version_has_rows_of_its_own(stood: Stood) -> None:
    """How rows came back with a return is read before its database is live."""
    database = stood.database
    database.make_ready()
    database.snapshot("run")
    stood.write(1, "after")
    with database.single_rows("run") as rows:
        assert rows.row("note", {"id": 1}) == {"id": 1, "text": "one"}
    with database.single_rows(database.live_id()) as rows:
        assert rows.row("note", {"id": 1}) == {"id": 1, "text": "after"}
    with (
        pytest.raises(ParomError, match=r"database\.no-snapshot"),
        database.single_rows("nowhere"),
    ):
        pass


@reached
def test_rows_are_written_only_over_what_they_were(stood: Stood) -> None:
    """Whoever changed one since knew what they did."""
    stood.write(3, "three")
    with stood.database.single_rows() as rows:
        rows.make_ready()
        found = put(
            rows,
            wanted(1, "uno", "one"),
            wanted(2, "due", "something else"),
            wanted(3, "tre", None),
            wanted(4, "quattro", None),
            wanted(5, None, "five"),
        )
    assert found == {1: None, 2: Stay.CHANGED, 3: Stay.TAKEN, 4: None, 5: None}
    assert stood.notes() == {1: "uno", 2: "two", 3: "three", 4: "quattro"}


@reached
def test_a_batch_and_its_mark_are_both_there_or_none(stood: Stood) -> None:
    """By the mark a crash is settled."""
    assert marks(stood.database) is None
    with stood.database.single_rows() as rows:
        for _ in range(2):
            rows.make_ready()
        with pytest.raises(ZeroDivisionError):
            rows.put("first", [wanted(3, "x", None)], lambda _results: str(1 / 0))
    assert (stood.notes(), marks(stood.database)) == (TWO, {})
    with stood.database.single_rows() as rows:
        put(rows, wanted(3, "three", None), wanted(1, None, "one"))
    assert marks(stood.database) == {"batch": "told"}
    assert stood.notes() == {2: "two", 3: "three"}
    with stood.database.single_rows() as rows:
        for _ in range(2):
            rows.clear_marks()
    assert marks(stood.database) is None


@reached
def test_marks_are_nobodys_rows(stood: Stood) -> None:
    """No count, no list of what was written and no comparison has them."""
    database = stood.database
    database.make_ready()
    database.snapshot("run")
    database.install_capture("run")
    database.clear_capture()
    with database.single_rows() as rows:
        rows.make_ready()
        put(rows, wanted(3, "three", None))
        assert rows.schema().keys() == {"note"}
    assert database.counts() == (TableCount("note", 3),)
    assert [(one.table, one.key) for one in database.captured_rows()] == [("note", {"id": 3})]
    assert database.capture_gaps() == ()
    with database.single_rows() as rows:
        rows.clear_marks()
    assert database.capture_installed()


@reached
def test_nothing_of_a_trial_stays(stood: Stood) -> None:
    """It answers as the live one would, row by row."""
    with stood.database.trial_rows() as rows:
        assert rows.marks() is None
        rows.make_ready()
        assert put(rows, wanted(3, "x", None)) == {3: None}
        assert rows.row("note", {"id": 3}) == {"id": 3, "text": "x"}
        assert put(rows, wanted(3, None, "x"), wanted(4, "y", None), batch="next") == {
            3: None,
            4: None,
        }
    assert (stood.notes(), marks(stood.database)) == (TWO, None)
    assert stood.database.stale(frozenset()) == ()
    assert stood.add("three") == 3


@reached
def test_a_trial_that_fails_leaves_nothing_either(stood: Stood) -> None:
    """What is wrong is told as itself."""

    def fail() -> None:
        with stood.database.trial_rows() as rows:
            rows.make_ready()
            rows.put("batch", [wanted(3, "x", None)], lambda _results: str(1 / 0))

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (stood.notes(), marks(stood.database)) == (TWO, None)
    assert stood.database.stale(frozenset()) == ()


def test_what_a_killed_trial_left_is_in_nobodys_way(sqlite: Stood) -> None:
    """A copy of the whole database: the next trial takes it out, or the next deployment."""
    store = sqlite.top / "store"
    store.mkdir()
    for suffix in ("", "-wal", "-journal"):
        (store / f"trial.partial{suffix}").write_bytes(b"half a copy" * 1000)
    assert sqlite.database.stale(frozenset()) == ("trial",)
    with sqlite.database.trial_rows() as rows:
        assert rows.row("note", {"id": 1}) == {"id": 1, "text": "one"}
    assert list(store.iterdir()) == []
    (store / "trial.partial").touch()
    sqlite.database.discard("trial")
    assert list(store.iterdir()) == []


@pytest.mark.parametrize("stood", ["mariadb"], indirect=True)
def test_where_they_cannot_be_reached_it_is_said(stood: Stood) -> None:
    """The quarantine has every value, for whoever puts it back by hand."""
    for opened in (stood.database.single_rows, stood.database.trial_rows):
        with pytest.raises(ParomError, match=r"database\.no-single-rows"):
            opened()
