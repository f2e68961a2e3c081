"""What was written since the opening comes along on a copy of the snapshot: databases that can."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from parom.adapters.databases import carried_copy
from parom.adapters.databases.memory import MemoryDatabase
from parom.errors import ParomError
from parom.replay.apart import Apart, Carried, Why
from parom.replay.changes import Changes, Refusal
from tests.adapters.databases.conftest import Stood, stood_in_sqlite

NOTHING = Changes()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Stood:
    """A database after the opening: its snapshot is `snap`."""
    if request.param == "postgresql":
        stood: Stood = request.getfixturevalue("postgresql")
    elif request.param == "sqlite":
        stood = stood_in_sqlite(tmp_path)
    else:
        tables: dict[str, dict[int, dict[str, object]]] = {
            "note": {1: {"text": "one"}, 2: {"text": "two"}}
        }
        stood = Stood(MemoryDatabase(tables), tmp_path / "none", tmp_path)
    return after_opening(stood)


def after_opening(stood: Stood) -> Stood:
    stood.database.make_ready()
    stood.database.snapshot("snap")
    stood.database.install_capture("run")
    return stood


def test_the_copy_has_what_the_snapshot_and_the_users_have(opened: Stood) -> None:
    """The snapshot stays as it is; the live database too."""
    opened.write(1, None)
    opened.write(3, "new")
    carried = opened.database.carry("snap", "carried", NOTHING)
    assert carried == Carried({"note": 2}, {})
    assert opened.notes() == {2: "two", 3: "new"}
    opened.database.swap_in("carried")
    assert opened.notes() == {2: "two", 3: "new"}
    opened.database.swap_in("snap")
    assert opened.notes() == {1: "one", 2: "two"}


def test_a_copy_is_made_anew(opened: Stood) -> None:
    """A return that died is carried on by one who knows nothing of it."""
    opened.write(3, "new")
    opened.database.carry("snap", "carried", NOTHING)
    opened.write(3, None)
    assert opened.database.carry("snap", "carried", NOTHING) == Carried({}, {})
    opened.database.swap_in("carried")
    assert opened.notes() == {1: "one", 2: "two"}


def test_a_copy_that_was_made_ahead_is_used_up(opened: Stood) -> None:
    """The public waits for the rows alone; a second return makes a copy of its own."""
    database = opened.database
    database.copy_ahead("snap", "ahead")
    database.copy_ahead("snap", "ahead")
    opened.write(3, "new")
    for _ in range(2):
        assert database.carry("snap", "carried", NOTHING, "ahead") == Carried({"note": 1}, {})
        assert database.find_snapshot("ahead") is None
    database.swap_in("carried")
    assert opened.notes() == {1: "one", 2: "two", 3: "new"}
    assert "ahead" not in database.stale(frozenset())


def test_rows_that_a_return_would_write_are_counted(opened: Stood) -> None:
    """Of tables whose rows are all apart there is nothing to do ahead."""
    database = opened.database
    assert database.carriable("snap", NOTHING) == 0
    opened.write(1, None)
    opened.write(3, "new")
    assert database.carriable("snap", NOTHING) == 2
    refused = Changes(refusals=(Refusal("app.0002", "AlterField", "type", "note"),))
    assert database.carriable("snap", refused) == 0


def test_rows_that_were_carried_ahead_are_used_up_too(opened: Stood) -> None:
    """What is written later comes after them; a second return begins anew."""
    database = opened.database
    opened.write(3, "new")
    opened.write(4, "gone again")
    assert not database.carry_ahead("snap", "applied", NOTHING, "ahead")
    database.copy_ahead("snap", "ahead")
    is_made = database.carry_ahead("snap", "applied", NOTHING, "ahead")
    assert (database.find_snapshot("applied") is not None) is is_made
    opened.write(4, None)
    opened.write(1, "later")
    for _ in range(2):
        carried = database.carry("snap", "carried", NOTHING, "ahead", "applied")
        assert carried == Carried({"note": 2}, {})
        assert database.find_snapshot("applied") is None
    database.swap_in("carried")
    assert opened.notes() == {1: "later", 2: "two", 3: "new"}


def test_a_copy_ahead_leaves_the_application_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a convenience: a full disk would be its own outage."""
    opened = after_opening(stood_in_sqlite(tmp_path))
    monkeypatch.setattr(carried_copy, "_LEFT_BYTES", 1 << 60)
    with pytest.raises(ParomError, match=r"database\.disk-full"):
        opened.database.copy_ahead("snap", "ahead")
    assert opened.database.stale(frozenset({"snap"})) == ()


def test_what_a_migration_forbids_is_apart(opened: Stood) -> None:
    """The snapshot's row stays in its place."""
    opened.write(1, "written")
    refused = Changes(refusals=(Refusal("a.1", "RunPython", "has no reverse"),))
    carried = opened.database.carry("snap", "carried", refused)
    assert carried == Carried({}, {}, apart_tables={"note": Apart(Why.REFUSED)})
    opened.database.swap_in("carried")
    assert opened.notes() == {1: "one", 2: "two"}


def test_what_a_migration_did_to_values_is_counted(opened: Stood) -> None:
    """Rows that only one of them has say nothing of what it did."""
    assert opened.database.changed_rows("snap", NOTHING) == {}
    opened.write(1, "by a migration")
    opened.write(2, None)
    opened.write(3, "new")
    assert opened.database.changed_rows("snap", NOTHING) == {"note": 1}


def test_whatever_the_disk_says_is_a_reason_not_to_carry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A return goes on without; an error that nobody expects would leave visitors outside."""
    opened = after_opening(stood_in_sqlite(tmp_path))
    opened.write(3, "new")

    def fails(_path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(carried_copy, "fsync_file", fails)
    with pytest.raises(ParomError, match=r"database\.not-carried"):
        opened.database.carry("snap", "carried", NOTHING)
    assert not list((opened.top / "store").glob("carried*"))


def test_without_a_snapshot_nothing_is_carried(opened: Stood) -> None:
    """There is nothing to come back to."""
    for ask in (
        lambda: opened.database.carry("never", "carried", NOTHING),
        lambda: opened.database.changed_rows("never", NOTHING),
        lambda: opened.database.copy_ahead("never", "ahead"),
        lambda: opened.database.carriable("never", NOTHING),
        lambda: opened.database.carry_ahead("never", "applied", NOTHING, "ahead"),
    ):
        with pytest.raises(ParomError, match=r"database\.no-snapshot"):
            ask()
