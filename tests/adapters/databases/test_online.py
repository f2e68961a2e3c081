"""Copies while somebody writes without a pause."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from tests.support.waiting import PATIENCE_S

# Both tables get the same number in one transaction: a copy of one instant has both or none.
_WRITER = """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
    connection.execute("PRAGMA synchronous=OFF")
    number = 0
    while True:
        number += 1
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO a VALUES (?)", (number,))
        connection.execute("INSERT INTO b VALUES (?)", (number,))
        connection.execute("COMMIT")
        print(number, flush=True)
"""


class _Writer:
    """Writes until it is ended; `more` waits for a write that begins after the call."""

    def __init__(self, live: Path) -> None:
        argv = [sys.executable, "-c", textwrap.dedent(_WRITER), str(live)]
        self._process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        self._changed, self._seen = threading.Condition(), 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def more(self) -> bool:
        with self._changed:
            wanted = self._seen + 2
            return self._changed.wait_for(lambda: self._seen >= wanted, timeout=PATIENCE_S)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout:
            for line in self._process.stdout:
                with self._changed:
                    self._seen = int(line)
                    self._changed.notify_all()


@contextmanager
def written(live: Path, mode: str) -> Iterator[_Writer]:
    connection = sqlite3.connect(live)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.executescript("CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE filler (x)")
    connection.executemany("INSERT INTO filler VALUES (zeroblob(4000))", [()] * 6000)
    connection.commit()
    connection.close()
    writer = _Writer(live)
    try:
        assert writer.more()
        yield writer
    finally:
        writer.end()


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_copy_ends_though_somebody_writes_between_all_its_steps(
    tmp_path: Path, mode: str
) -> None:
    """SQLite began it anew after every foreign write, so that a busy site had no backup."""
    live, copy = tmp_path / "db.sqlite3", tmp_path / "copy"
    database = SQLiteDatabase(live, tmp_path / "store")
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        assert len(told) < 40, "it begins anew again and again"
        # With a journal, nobody can write any more once the copy was begun anew three times.
        if mode == "wal" or len(told) <= 4:
            assert writer.more(), "the writer was kept waiting"

    with written(live, mode) as writer:
        database.copy_online(copy, progress)
    assert told[-1][0] == told[-1][1] > 6000
    database.check_copy(copy, thorough=True)
    connection = sqlite3.connect(copy)
    (a,) = connection.execute("SELECT max(x) FROM a").fetchone()
    (b,) = connection.execute("SELECT max(x) FROM b").fetchone()
    connection.close()
    assert a == b > 0


def test_a_copy_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    """An abort comes as an exception out of the progress; the next copy begins clean."""

    class AbortedError(Exception):
        pass

    def progress(_done: int, _total: int) -> None:
        raise AbortedError

    live, copy = tmp_path / "db.sqlite3", tmp_path / "copy"
    database = SQLiteDatabase(live, tmp_path / "store")
    with written(live, "wal") as writer:
        with pytest.raises(AbortedError):
            database.copy_online(copy, progress)
        assert not list(tmp_path.glob("copy*"))
        assert writer.more()
        database.copy_online(copy)
    database.check_copy(copy)
