"""Rows that are carried in two parts, the first while users write: the same as all at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings

from parom.adapters.databases import carried_copy, carrying, catching_up
from parom.adapters.databases.carrying import Sorted
from parom.errors import ParomError
from parom.replay.apart import Carried
from tests.replay.library import SHAPE, changes_of, objects_of, opened, rows_of
from tests.replay.test_any_writes import NAMES, WRITES, Return, Statement, missed

Writes = list[list[Statement]]


def in_two_parts(done: Return, first: Writes, second: Writes) -> Carried:
    changes = changes_of(done.names)
    done.write(first)
    done.database.copy_ahead("snap", "ahead")
    if not done.database.carry_ahead("snap", "applied", changes, "ahead"):
        event("not ahead")
    done.write(second)
    return done.database.carry("snap", "carried", changes, "ahead", "applied")


def no_copy(*_: object) -> None:
    raise AssertionError("the snapshot is copied under the stop")


@settings(max_examples=80, deadline=None)
@given(NAMES, WRITES, WRITES)
@example([], [[("insert", "book", 9, 1, 1)]], [[("delete", "book", 9, 1, 1)]])
@example([], [[("delete deep", "book", 1, 1, 1)]], [[("insert", "book", 1, 1, "n")]])
@example(["remove a column"], [[("delete", "author", 3, 1, 1)]], [[("insert", "author", 3, 1, 1)]])
@example(["add a column"], [[("insert", "book", 9, 1, 0)]], [[("update", "book", 9, 4, 7)]])
@example(["make a table"], [[("insert", "review", 9, 1, 1)]], [[("insert", "book", 9, 1, 1)]])
@example(["drop a unique"], [[("insert", "book", 9, 1, 1)]], [[("update all", "book", 1, 2, "s")]])
def test_it_is_the_same_as_all_at_once(names: list[str], first: Writes, second: Writes) -> None:
    """Whatever was written before the one and before the other."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        caught_up = carried_copy._caught_up

        def told(*given: object) -> tuple[Carried | None, str]:
            found = caught_up(*given)  # type: ignore[arg-type]
            event(found[1] or "caught up")
            return found

        patched.setattr(carried_copy, "_caught_up", told)
        done = Return(Path(folder), names)
        carried = in_two_parts(done, first, second)
        assert sorted(one.name for one in done.store.iterdir()) == sorted(
            {done.live.resolve().name, "snap.sqlite3", "carried.sqlite3"}
        )
        assert missed(done, carried) == []
        whole = done.database.carry("snap", "whole", changes_of(names))
        assert carried.tables == whole.tables
        assert (carried.apart, carried.apart_tables) == (whole.apart, whole.apart_tables)
        other = done.store / "whole.sqlite3"
        assert objects_of(done.returned) == objects_of(other)
        for table, columns in SHAPE.items():
            assert rows_of(done.returned, table, columns[0]) == rows_of(other, table, columns[0])


@pytest.mark.parametrize(
    ("names", "first", "second"),
    [
        ([], [("insert", "book", 9, 1, "n")], [("update", "book", 9, 1, "m")]),
        ([], [("insert", "book", 9, 1, "n")], [("delete", "book", 9, 1, "m")]),
        (["rename a table"], [("insert", "author", 9, 1, "n")], [("swap", "author", 1, 9, None)]),
        (["add a column"], [("insert", "book", 9, 1, 7)], [("update", "book", 9, 4, 8)]),
        (["make a table"], [("insert", "review", 9, 1, 1)], [("insert", "book", 9, 1, 1)]),
        (["remove a column"], [("delete", "author", 3, 1, 1)], [("insert", "author", 3, 1, "n")]),
        ([], [("insert", "keyless", 1, 1, 1)], [("insert", "keyless", 1, 1, 1)]),
    ],
)
def test_only_what_was_written_since_is_written_under_the_stop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    first: list[Statement],
    second: list[Statement],
) -> None:
    """What everything is done ahead for; also where something of a row is apart."""
    done = Return(tmp_path, names)
    many: Writes = [[("insert", "author", number, 1, f"of {number}")] for number in range(100, 150)]
    done.write([*many, first])
    done.database.copy_ahead("snap", "ahead")
    assert done.database.carry_ahead("snap", "applied", changes_of(names), "ahead")
    assert done.write([second]) == 1
    monkeypatch.setattr(carried_copy, "copy_ahead", no_copy)
    written: list[int] = []
    write = Sorted.write

    def counted(found: Sorted, target: object) -> None:
        written.extend(len(one.rows) for one in found._works.values())
        write(found, target)  # type: ignore[arg-type]

    monkeypatch.setattr(Sorted, "write", counted)
    carried = done.database.carry("snap", "carried", changes_of(names), "", "applied")
    assert missed(done, carried) == []
    assert sum(carried.tables.values()) >= 50
    assert sum(written) <= 3


def test_others_write_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of a row is of one instant, and who writes does not wait."""
    done = Return(tmp_path, ["rename a column"])
    done.write([[("insert", "book", 9, 1, "first")]])
    done.database.copy_ahead("snap", "ahead")
    sort = carrying.sorted_out

    def sorted_out(*given: object) -> Sorted:
        change: list[Statement] = [("update", "book", 9, 1, "later"), ("delete", "author", 3, 1, 1)]
        assert done.write([change]) == 1
        found = sort(*given)  # type: ignore[arg-type]
        assert done.write([[("insert", "book", 8, 1, "last")]]) == 1
        return found

    monkeypatch.setattr(catching_up, "sorted_out", sorted_out)
    assert done.database.carry_ahead("snap", "applied", changes_of(done.names), "ahead")
    applied = rows_of(done.store / "applied.sqlite3", "book", "id")
    assert applied[9]["title"] == ("text", repr(b"first"))
    assert 8 not in applied
    carried = done.database.carry("snap", "carried", changes_of(done.names), "", "applied")
    assert missed(done, carried) == []
    assert dict(carried.tables) == {"author": 1, "book": 2}


def test_with_a_rollback_journal_nothing_is_carried_ahead(tmp_path: Path) -> None:
    """Whoever reads there keeps writers waiting. The copy stays for the return."""
    done = Return(tmp_path, [])
    done.write([[("insert", "book", 9, 1, "first")]])
    with opened(done.live) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    done.database.copy_ahead("snap", "ahead")
    assert not done.database.carry_ahead("snap", "applied", changes_of([]), "ahead")
    assert done.database.find_snapshot("ahead")
    assert not done.database.find_snapshot("applied")


def test_of_an_attempt_that_fails_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The return makes its own copy then."""
    done = Return(tmp_path, [])
    done.write([[("insert", "book", 9, 1, "first")]])
    done.database.copy_ahead("snap", "ahead")

    def fails(*_: object) -> None:
        raise OSError(5, "of the disk")

    with monkeypatch.context() as patched:
        patched.setattr(carried_copy, "fsync_file", fails)
        with pytest.raises(ParomError, match=r"database\.not-carried"):
            done.database.carry_ahead("snap", "applied", changes_of([]), "ahead")
    assert sorted(one.name for one in done.store.iterdir()) == sorted(
        {done.live.resolve().name, "snap.sqlite3"}
    )
    carried = done.database.carry("snap", "carried", changes_of([]), "ahead", "applied")
    assert missed(done, carried) == []


def test_what_another_process_carried_ahead_is_not_used(tmp_path: Path) -> None:
    """It does not know which rows those are."""
    done, again = Return(tmp_path, []), tmp_path
    done.write([[("insert", "book", 9, 1, "first")]])
    done.database.copy_ahead("snap", "ahead")
    assert done.database.carry_ahead("snap", "applied", changes_of([]), "ahead")
    other = type(done.database)(again / "db.sqlite3", again / "store")
    carried = other.carry("snap", "carried", changes_of([]), "ahead", "applied")
    assert missed(done, carried) == []
    assert dict(carried.tables) == {"book": 1}
