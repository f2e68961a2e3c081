"""A database that cannot be read now."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.errors import ParomError


def test_a_database_that_is_locked_is_not_called_damaged(tmp_path: Path) -> None:
    """To restore a backup would be the wrong advice for somebody's long write."""
    live = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(live, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE t (x)")
        writer.execute("BEGIN EXCLUSIVE")
        database = SQLiteDatabase(live, tmp_path / "store", busy_timeout_s=0)
        with pytest.raises(ParomError, match=r"database\.locked") as caught:
            database.facts()
        assert caught.value.can_retry
        writer.execute("COMMIT")
        assert database.facts().tables == 1
