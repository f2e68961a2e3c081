"""What lies at the database's path when somebody else had a hand in it."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.adapters.databases.versions import VersionedFiles
from parom.errors import ParomError


def make(path: Path, rows: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    connection.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(rows)])
    connection.commit()
    connection.close()
    return path


def rows_in(path: Path) -> int:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    count = connection.execute("SELECT count(*) FROM t").fetchone()[0]
    connection.close()
    return int(count)


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "shared" / "db.sqlite3"


@pytest.fixture
def database(tmp_path: Path, live: Path) -> SQLiteDatabase:
    live.parent.mkdir()
    return SQLiteDatabase(live, tmp_path / "store")


def test_a_file_put_over_the_link_is_kept_when_the_snapshot_comes_back(
    tmp_path: Path, live: Path, database: SQLiteDatabase
) -> None:
    """An administrator's `mv restored.sqlite3 db.sqlite3` was destroyed by the next rollback."""
    make(live, 10)
    database.make_ready()
    database.snapshot("snapshot")
    make(tmp_path / "restored", 777).replace(live)
    database.swap_in("snapshot")
    assert rows_in(live) == 10
    kept = [rows_in(file) for file in (tmp_path / "store").glob("original-*.sqlite3")]
    assert sorted(kept) == [10, 777]
    database.swap_back("snapshot")
    assert rows_in(live) == 777


def test_a_version_that_is_not_there_never_becomes_live(
    live: Path, database: SQLiteDatabase
) -> None:
    """Whoever opened the path next would have made an empty database."""
    make(live, 10)
    database.make_ready()
    with pytest.raises(ParomError, match=r"database\.no-snapshot"):
        database.swap_in("gone")
    assert rows_in(live) == 10


@pytest.mark.parametrize("leads_to", ["/data/db.sqlite3", "../data/again.sqlite3"])
def test_a_link_of_somebody_else_stays_and_leads_to_what_is_live(
    tmp_path: Path, live: Path, database: SQLiteDatabase, leads_to: str
) -> None:
    """The way back led to a file that never was; each name must mean the one live database."""
    real = make(tmp_path / "data" / "db.sqlite3", 10)
    (tmp_path / "data" / "again.sqlite3").symlink_to("db.sqlite3")
    live.symlink_to(str(tmp_path) + leads_to if leads_to.startswith("/") else leads_to)
    before = live.readlink()
    database.prepare_snapshot("snapshot")
    database.make_ready()
    database.snapshot("snapshot")
    original = database.live_id()
    connection = sqlite3.connect(live)
    connection.execute("DELETE FROM t")
    connection.commit()
    connection.close()
    database.swap_in("snapshot")
    assert (rows_in(live), rows_in(real), database.live_id()) == (10, 10, "snapshot")
    database.swap_back("snapshot")
    assert (rows_in(live), rows_in(real), database.live_id()) == (0, 0, original)
    assert live.readlink() == before


def test_another_file_system_is_refused_while_all_still_runs(live: Path) -> None:
    """Under the stop it would be too late to learn that no swap is possible."""
    live.parent.mkdir()
    make(live, 10)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        database = SQLiteDatabase(live, Path(elsewhere, "store"))
        with pytest.raises(ParomError, match=r"database\.no-swap.*file system"):
            database.prepare_snapshot("snapshot")
    assert [path.name for path in live.parent.iterdir()] == ["db.sqlite3"]
    assert database.live_id() == "plain"


def test_what_a_killed_trial_of_the_link_left_goes_with_the_snapshot(
    tmp_path: Path, live: Path, database: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment that is given up leaves nothing behind."""
    make(live, 10)
    monkeypatch.setattr(VersionedFiles, "_clear_probes", lambda _self, _live: None)
    database.prepare_snapshot("snapshot")
    monkeypatch.undo()
    assert (tmp_path / "store" / "probe.partial").exists()
    database.discard("snapshot")
    assert [path.name for path in live.parent.iterdir()] == ["db.sqlite3"]
    assert list((tmp_path / "store").iterdir()) == []
