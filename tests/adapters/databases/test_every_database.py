"""What every database promises: one suite over all of them."""

from __future__ import annotations

import pytest

from parom.errors import ParomError
from parom.facts import CapturedRow, TableCount
from tests.adapters.databases.conftest import Stood

TWO = {1: "one", 2: "two"}


def test_it_knows_what_is_in_it(stood: Stood) -> None:
    """Counts are evidence that a copy is whole."""
    assert stood.database.exists()
    assert stood.database.counts() == (TableCount("note", 2),)
    facts = stood.database.facts()
    assert (facts.engine, facts.tables) == (stood.database.kind, 1)
    assert facts.size_bytes > 0
    assert stood.database.holders(frozenset()) == ()
    before = sorted(stood.top.rglob("*"))
    assert stood.database.obstacles() == ()
    assert sorted(stood.top.rglob("*")) == before


def test_it_says_how_many_migrations_are_noted(stood: Stood) -> None:
    """The question by which a watch knows that the database answers."""
    stood.note_migrations(3)
    assert stood.database.applied_count() == 3


def test_a_copy_counts_as_much_as_the_original(stood: Stood) -> None:
    """The backup is made of it."""
    copy = stood.top / "copy"
    told: list[tuple[int, int]] = []
    stood.database.copy_online(copy, lambda *now: told.append(now))
    assert stood.database.check_copy(copy) == stood.database.counts()
    assert stood.database.check_copy(copy, thorough=True) == stood.database.counts()
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_a_copy_that_is_none_is_refused(stood: Stood, content: bytes | None) -> None:
    """Missing evidence is never counted as good."""
    copy = stood.top / "copy"
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(ParomError, match=r"database\.damaged"):
        stood.database.check_copy(copy)


def test_a_swap_brings_the_state_at_the_stop(stood: Stood) -> None:
    """The return: what was written since is kept, but it is not live."""
    database = stood.database
    database.make_ready()
    database.prepare_snapshot("run")
    stood.write(3, "before the stop")
    taken = database.snapshot("run")
    assert database.find_snapshot("run") == taken
    at_the_stop = stood.notes()
    before = database.live_id()
    stood.write(1, "after")
    after = stood.notes()
    for _ in range(2):
        database.swap_in("run")
    assert stood.notes() == at_the_stop == {**TWO, 3: "before the stop"}
    assert database.live_id() == "run"
    for _ in range(2):
        database.swap_back("run")
    assert stood.notes() == after
    assert database.live_id() == before


def test_a_snapshot_is_taken_once(stood: Stood) -> None:
    """A repeated step must not replace the way back by what it is meant to save from."""
    stood.database.make_ready()
    stood.database.snapshot("run")
    stood.write(1, "migrated")
    stood.database.snapshot("run")
    stood.database.swap_in("run")
    assert stood.notes() == TWO


def test_only_what_is_not_live_can_be_stale_or_go(stood: Stood) -> None:
    """Retention runs right after a good deployment."""
    database = stood.database
    database.make_ready()
    for name in ("one", "two", "three"):
        database.snapshot(name)
    database.swap_in("two")
    assert {"one", "three"} <= set(database.stale(frozenset()))
    assert "two" not in database.stale(frozenset())
    assert "three" not in database.stale(frozenset({"three"}))
    database.discard("one")
    database.discard("one")
    assert database.find_snapshot("one") is None
    with pytest.raises(ValueError, match="live"):
        database.discard("two")
    assert stood.notes() == TWO


def test_no_id_is_given_out_again_after_a_return(stood: Stood) -> None:
    """A client that kept the id of a row from before must not change another's row by it."""
    database = stood.database
    database.make_ready()
    database.snapshot("run")
    added = [stood.add("in the newer one") for _ in range(3)]
    stood.write(added[-1], None)
    assert database.keep_ids("run") == {"note": added[-1]}
    assert database.keep_ids("run") == {}
    database.swap_in("run")
    assert stood.notes() == TWO
    assert stood.add("after the return") == added[-1] + 1
    assert database.keep_ids("run") == {}  # repeated after the swap, it changes nothing
    with pytest.raises(ParomError, match=r"database\.no-snapshot"):
        database.keep_ids("never")


def test_a_migration_can_begin_again(stood: Stood) -> None:
    """One that died half-way: from the snapshot, which stays what it is."""
    database = stood.database
    database.make_ready()
    database.snapshot("run")
    stood.write(1, "half migrated")
    for _ in range(2):
        database.start_over("run")
        assert stood.notes() == TWO
        stood.write(1, "half migrated again")
    database.swap_in("run")
    assert stood.notes() == TWO
    with pytest.raises(ParomError, match=r"database\.no-snapshot"):
        database.start_over("never")


def test_a_restored_copy_becomes_live_where_nothing_is(stood: Stood) -> None:
    """After a disaster; never over something that is there."""
    database, copy = stood.database, stood.top / "copy"
    database.copy_online(copy)
    with pytest.raises(ParomError, match=r"database\.in-the-way"):
        database.put_back(copy)
    database.put_away()
    assert not database.exists()
    database.put_back(copy)
    assert stood.notes() == TWO
    assert not copy.exists()
    database.put_back(copy)  # killed right after the move, and repeated
    assert stood.notes() == TWO


def test_what_a_first_installation_made_is_kept(stood: Stood) -> None:
    """It failed: the next one begins with nothing, and a person may look at what there was."""
    database = stood.database
    database.make_ready()
    kept = database.live_id()
    database.put_away()
    assert not database.exists()
    database.put_away()  # killed right after, and repeated
    assert not database.exists()
    assert kept in database.stale(frozenset())
    database.swap_in(kept)
    assert stood.notes() == TWO


def test_a_database_that_is_not_there_is_said_so(stood: Stood) -> None:
    """Looking must not make one: an empty database in the place of a lost one is worse."""
    stood.lose()
    assert not stood.database.exists()
    with pytest.raises(ParomError, match=r"database\.unreachable"):
        stood.database.facts()
    assert not stood.database.exists()


def test_written_rows_are_listed_in_their_last_state(stood: Stood) -> None:
    """R-13.2: what a late return cannot keep."""
    database = stood.database
    assert not database.capture_installed()
    database.install_capture("run")
    stood.write(9, "a check's")
    stood.write(9, None)
    database.clear_capture()
    stood.write(1, None)
    stood.write(2, "changed")
    stood.write(2, "changed again")
    stood.write(3, "new")
    stood.write(4, "gone again")
    stood.write(4, None)
    database.install_capture("run")  # repeated, it forgets nothing
    assert database.capture_installed()
    assert sorted(database.captured_rows(), key=lambda row: str(row.key)) == [
        CapturedRow("note", "delete", {"id": 1}, None),
        CapturedRow("note", "update", {"id": 2}, {"id": 2, "text": "changed again"}),
        CapturedRow("note", "insert", {"id": 3}, {"id": 3, "text": "new"}),
    ]
    database.install_capture("another run")
    assert list(database.captured_rows()) == []
    database.remove_capture()
    database.remove_capture()
    assert not database.capture_installed()
    assert list(database.captured_rows()) == []


def test_what_differs_from_the_snapshot_is_listed(stood: Stood) -> None:
    """Where the capture saw nothing, the snapshot tells what a late return cannot keep."""
    database = stood.database
    database.make_ready()
    database.snapshot("run")
    database.install_capture("run")
    assert database.capture_gaps() == ()
    assert list(database.differing_rows("note", "run")) == []
    stood.write(1, None)
    stood.write(2, "changed")
    stood.write(3, "new")
    assert sorted(database.differing_rows("note", "run"), key=lambda row: str(row.key)) == [
        CapturedRow("note", "delete", {"id": 1}, None),
        CapturedRow("note", "update", {"id": 2}, {"id": 2, "text": "changed"}),
        CapturedRow("note", "insert", {"id": 3}, {"id": 3, "text": "new"}),
    ]
    with pytest.raises(ParomError, match=r"database\.no-snapshot"):
        list(database.differing_rows("note", "never"))


def test_the_capture_is_not_counted(stood: Stood) -> None:
    """Counts are compared before and after it is installed."""
    before = stood.database.counts()
    stood.database.install_capture("run")
    assert stood.database.counts() == before
