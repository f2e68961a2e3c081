"""What is particular to SQLite: logs, writers that live and that died, links, kills."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from parom.adapters.databases import mapped
from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood, opened, stood_in_sqlite
from tests.adapters.layouts.killing import killed_at

WRITER = """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE IF NOT EXISTS pair (side TEXT PRIMARY KEY, n INTEGER)")
    number = 0
    while True:
        number += 1
        connection.execute("BEGIN IMMEDIATE")
        for side in ("left", "right"):
            connection.execute("INSERT OR REPLACE INTO pair VALUES (?, ?)", (side, number))
        connection.execute("COMMIT")
        if number % 50 == 0:
            print(number, flush=True)
"""


def writing(file: Path) -> subprocess.Popen[str]:
    """A process that keeps two rows equal, each time in one transaction; it prints how far."""
    argv = [sys.executable, "-c", textwrap.dedent(WRITER), str(file)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def acknowledged(writer: subprocess.Popen[str]) -> int:
    assert writer.stdout is not None
    return int(writer.stdout.readline())


def sides(file: Path) -> set[int]:
    with opened(file) as connection:
        return {n for (n,) in connection.execute("SELECT n FROM pair")}


def test_a_copy_under_a_writer_is_of_one_instant(sqlite: Stood) -> None:
    """R-1.1: the backup before a deployment is made while people work."""
    with writing(sqlite.live) as writer:
        try:
            at_least = acknowledged(writer)
            copy = sqlite.top / "copy"
            sqlite.database.copy_online(copy)
            sqlite.database.check_copy(copy)
        finally:
            writer.kill()
    assert len(sides(copy)) == 1
    assert sides(copy).pop() >= at_least


def test_what_a_killed_application_had_in_its_log_is_not_lost(sqlite: Stood) -> None:
    """R-13.2: acknowledged is acknowledged, though it is in the -wal alone."""
    with writing(sqlite.live) as writer:
        last = acknowledged(writer)
        writer.send_signal(signal.SIGKILL)
    log = sqlite.live.with_name("db.sqlite3-wal")
    assert log.stat().st_size > 0
    sqlite.database.make_ready()
    sqlite.database.snapshot("run")
    sqlite.database.swap_in("run")
    (only,) = sides(sqlite.live)
    assert only >= last
    assert not log.exists()


def test_who_holds_it_is_named_and_nothing_is_done(sqlite: Stood) -> None:
    """A stranger's shell: its writes after the snapshot would be in neither database."""
    with writing(sqlite.live) as writer:
        try:
            acknowledged(writer)
            named = rf"database\.held.*pid {writer.pid}:"
            for call in (sqlite.database.make_ready, lambda: sqlite.database.snapshot("run")):
                with pytest.raises(ParomError, match=named):
                    call()
            assert [one.pid for one in sqlite.database.holders(frozenset())] == [writer.pid]
            assert sqlite.database.holders(frozenset({writer.pid})) == ()
        finally:
            writer.kill()
    assert not sqlite.live.is_symlink()
    assert sqlite.database.find_snapshot("run") is None


def test_a_snapshot_is_the_original_byte_for_byte(sqlite: Stood) -> None:
    """Also where the copy ahead was made of a larger, other database."""
    with opened(sqlite.live) as connection:
        connection.execute("CREATE TABLE filler (x)")
        connection.executemany("INSERT INTO filler VALUES (?)", [(os.urandom(3000),)] * 500)
    sqlite.database.prepare_snapshot("run")
    with opened(sqlite.live) as connection:
        connection.execute("DROP TABLE filler")
        connection.execute("VACUUM")
        connection.execute("INSERT INTO note VALUES (3, 'three')")
    sqlite.live.chmod(0o640)
    sqlite.database.make_ready()
    taken = sqlite.database.snapshot("run")
    assert Path(taken.location).read_bytes() == sqlite.live.read_bytes()
    assert Path(taken.location).stat().st_mode & 0o777 == 0o640


def test_a_swap_moves_no_bytes(sqlite: Stood) -> None:
    """A rollback must take as long for a gigabyte as for a page: it is one rename."""
    sqlite.database.make_ready()
    taken = sqlite.database.snapshot("run")
    files = {path: (path.stat().st_ino, path.read_bytes()) for path in store(sqlite)}
    sqlite.database.swap_in("run")
    assert sqlite.live.resolve() == Path(taken.location).resolve()
    for path, (inode, content) in files.items():
        assert (path.stat().st_ino, path.read_bytes()) == (inode, content)


def store(stood: Stood) -> list[Path]:
    return sorted((stood.top / "store").glob("*.sqlite3"))


def test_two_versions_never_share_a_log(sqlite: Stood) -> None:
    """Renaming a file under a live writer mixes two databases; versions have names of their
    own, so that what is written after a swap goes into the right log."""
    sqlite.database.make_ready()
    sqlite.database.snapshot("run")
    with opened(sqlite.live) as old:
        old.execute("INSERT INTO note VALUES (3, 'into the old one')")
        sqlite.database.swap_in("run")
        with opened(sqlite.live) as new:
            new.execute("INSERT INTO note VALUES (4, 'into the new one')")
            old.execute("INSERT INTO note VALUES (5, 'late, into the old one')")
    assert set(sqlite.notes()) == {1, 2, 4}
    sqlite.database.swap_back("run")
    assert set(sqlite.notes()) == {1, 2, 3, 5}


def test_looking_at_a_copy_leaves_it_alone(sqlite: Stood) -> None:
    """No -wal and no -shm beside it, and every byte as before."""
    copy = sqlite.top / "copies" / "copy?#%20.sqlite3"
    copy.parent.mkdir()
    shutil.copy(sqlite.live, copy)
    before = copy.read_bytes()
    assert sqlite.database.check_copy(copy, thorough=True) == sqlite.database.counts()
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    assert copy.read_bytes() == before


def test_damage_in_a_copy_is_found(sqlite: Stood) -> None:
    """A page of another file, as bad memory or a bad disk leaves it."""
    with opened(sqlite.live) as connection:
        connection.execute("CREATE TABLE filler (x)")
        connection.executemany("INSERT INTO filler VALUES (?)", [("word " * 50,)] * 500)
    copy = sqlite.top / "copy"
    sqlite.database.copy_online(copy)
    with copy.open("r+b") as file:
        file.seek(4096 * 10)
        file.write(b"\xff" * 4096)
    with pytest.raises(ParomError, match=r"database\.damaged"):
        sqlite.database.check_copy(copy)


@pytest.mark.parametrize("large", [False, True])
def test_a_copy_whose_rows_stand_in_its_log_is_no_copy_for_a_backup(
    sqlite: Stood, monkeypatch: pytest.MonkeyPatch, *, large: bool
) -> None:
    """Whoever counts them reads the log too; what is packed is the file alone."""
    monkeypatch.setattr(mapped, "_LARGE", 0 if large else 1 << 40)
    copy = sqlite.top / "copy"
    sqlite.database.copy_online(copy)
    with sqlite.database.checking(copy) as found:
        assert found() == sqlite.database.counts()
    with opened(copy) as holder:
        holder.execute("PRAGMA journal_mode=WAL")
        holder.execute("INSERT INTO note VALUES (77, 'in the log')")
        with (
            sqlite.database.checking(copy) as found,
            pytest.raises(ParomError, match=r"database\.damaged.*a log beside it"),
        ):
            found()


def test_an_index_that_lies_is_found_by_looking_thoroughly(sqlite: Stood) -> None:
    """Its rows are all there; queries would find others. Checked once, before a cutover."""
    copy = sqlite.top / "copy"
    with opened(sqlite.live) as connection:
        connection.execute("CREATE INDEX by_text ON note (text)")
    sqlite.database.copy_online(copy)
    connection = sqlite3.connect(copy, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX by_text ON note (id)' "
                       "WHERE name = 'by_text'")  # fmt: skip
    connection.close()
    sqlite.database.check_copy(copy)
    with pytest.raises(ParomError, match=r"database\.damaged"):
        sqlite.database.check_copy(copy, thorough=True)


def test_a_full_disk_leaves_the_live_one_and_says_so(
    sqlite: Stood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ENOSPC in the middle of the snapshot: nothing counts as one."""

    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    sqlite.database.make_ready()
    monkeypatch.setattr(os, "copy_file_range", full)
    with pytest.raises(ParomError, match=r"database\.disk-full"):
        sqlite.database.snapshot("run")
    assert sqlite.database.find_snapshot("run") is None
    assert sqlite.notes() == {1: "one", 2: "two"}


def ready(database: SQLiteDatabase) -> None:
    database.make_ready()


def snapshot(database: SQLiteDatabase) -> None:
    database.make_ready()
    database.snapshot("run")


def swap_in(database: SQLiteDatabase) -> None:
    snapshot(database)
    database.swap_in("run")


def swap_back(database: SQLiteDatabase) -> None:
    swap_in(database)
    database.swap_back("run")


def discard(database: SQLiteDatabase) -> None:
    snapshot(database)
    database.discard("run")


@pytest.mark.parametrize("act", [ready, snapshot, swap_in, swap_back, discard])
def test_killed_anywhere_the_data_is_there_and_a_repeat_ends_it(
    tmp_path: Path, act: Callable[[SQLiteDatabase], None]
) -> None:
    """R-13.1: a kill between any two changes to the disk; the live path always leads to the
    data, and the same call again ends where it should have."""
    change, killed = 0, True
    while killed:
        change += 1
        top = tmp_path / str(change)
        top.mkdir()
        stood = stood_in_sqlite(top)
        database = stood.database
        assert isinstance(database, SQLiteDatabase)
        killed = killed_at(change, lambda done=database: act(done))  # type: ignore[misc]
        assert stood.notes() == {1: "one", 2: "two"}, f"killed at change {change}"
        act(database)
        assert stood.notes() == {1: "one", 2: "two"}, f"killed at change {change}"
        assert (database.find_snapshot("run") is None) == (act in (ready, discard))
        assert (database.live_id() == "run") == (act is swap_in)
        shutil.rmtree(top)
    assert change > 2
