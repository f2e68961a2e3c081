"""A large copy is checked as a small one is, only in another process."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from parom.adapters.databases import mapped
from parom.adapters.databases.counting import checked
from parom.adapters.databases.mapped import checked_apart, checking_apart, is_large
from parom.errors import ParomError
from tests.support.living import is_gone
from tests.support.waiting import wait_until


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A database with a table, an index, and pages enough to look at twice."""
    file = tmp_path / "a copy.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("CREATE INDEX by_text ON note (text)")
        rows = (("x" * 500 + str(number),) for number in range(5000))
        connection.executemany("INSERT INTO note (text) VALUES (?)", rows)
    return file


@pytest.mark.parametrize("thorough", [False, True])
def test_it_finds_the_same(copy: Path, *, thorough: bool) -> None:
    """The counts are compared with those of the original."""
    assert checked_apart(copy, thorough=thorough) == checked(copy, thorough=thorough)


def test_it_finds_damage(copy: Path) -> None:
    """What is mapped is checked as what is read: pages in the middle, and a cut end."""
    whole = copy.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    for damaged in (whole[:middle] + b"\xff" * 4096 + whole[middle + 4096 :], whole[:middle]):
        copy.write_bytes(damaged)
        for look in (checked, checked_apart):
            with pytest.raises(ParomError, match=r"database\.damaged"):
                look(copy, thorough=False)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    """And not a traceback of the process that looked."""
    (tmp_path / "noise").write_bytes(b"noise" * 10_000)
    with pytest.raises(ParomError, match=r"database\.damaged"):
        checked_apart(tmp_path / "noise", thorough=False)


def test_a_disk_that_fails_ends_only_the_process_that_looked(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of a mapped file that cannot be read is SIGBUS, not an error."""
    (tmp_path / "python").write_text("#!/bin/sh\nkill -BUS $$\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ParomError, match=r"database\.damaged.*signal 7"):
        checked_apart(copy, thorough=False)


def test_rows_in_a_log_are_counted(copy: Path) -> None:
    """Such a copy is read, not mapped: what is in the log is not in the file."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO note (text) VALUES ('late')")
        connection.commit()
        assert [one.rows for one in checked_apart(copy, thorough=False)] == [5001]


def test_only_large_files_are_worth_a_process(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is missing is for the ordinary check to complain about."""
    assert not is_large(copy)
    assert not is_large(tmp_path / "missing")
    monkeypatch.setattr(mapped, "_LARGE", copy.stat().st_size)
    assert is_large(copy)


def test_a_check_that_nobody_asks_for_any_more_ends(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that must go back waits for no check of a backup that is given up."""
    pid = tmp_path / "pid"
    (tmp_path / "python").write_text(
        f"#!/bin/sh\necho $$ >{pid}.partial\nmv {pid}.partial {pid}\nexec sleep 3600\n"
    )
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with checking_apart(copy, thorough=False):
        wait_until(pid.exists, "the check has begun")
    assert is_gone(int(pid.read_text()))


def test_a_check_yields_as_much_as_whoever_started_it(copy: Path) -> None:
    """`nice -n 19 parom backup create`: no way leads back from there but root's."""
    found: list[int] = []

    def look() -> None:  # a thread of its own, whose priority goes with it
        os.setpriority(os.PRIO_PROCESS, 0, 15)
        with closing(sqlite3.connect(copy)) as connection, mapped._let_go_of(copy, connection):
            found.append(os.getpriority(os.PRIO_PROCESS, 0))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [15]
