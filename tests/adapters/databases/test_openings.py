"""What a start during a migration rests on: nobody opens the database unseen."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from parom.adapters.databases.openings import openings_of

_OPENS = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version')"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "database.sqlite3"
    connection = sqlite3.connect(made)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return made


def opened_elsewhere(file: Path) -> None:
    subprocess.run([sys.executable, "-c", _OPENS, str(file)], check=True)


def by_its_name(file: Path) -> Path:
    return file


def by_a_link(file: Path) -> Path:
    link = file.with_name("link")
    link.symlink_to(file)
    return link


def by_a_hard_link(file: Path) -> Path:
    link = file.parent / "elsewhere" / "other"
    link.parent.mkdir()
    link.hardlink_to(file)
    return link


@pytest.mark.parametrize("named", [by_its_name, by_a_link, by_a_hard_link])
def test_whoever_opens_it_after_the_first_is_seen(
    file: Path, named: Callable[[Path], Path]
) -> None:
    """By whatever name, and also where it is closed again before anybody looks."""
    other = named(file)
    with openings_of(file) as openings:
        assert openings is not None
        first = sqlite3.connect(file)
        assert openings.wait_for_first(10)
        opened_elsewhere(other)
        assert openings.further()
        first.close()


def test_what_the_first_does_with_it_is_no_opening(file: Path) -> None:
    """A migration that commits, and closes, is not taken for somebody else."""
    with openings_of(file) as openings:
        assert openings is not None
        first = sqlite3.connect(file)
        assert openings.wait_for_first(10)
        for table in ("one", "two"):
            with first:
                first.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, text TEXT)")
                first.execute(f"INSERT INTO {table} (text) VALUES ('a row')")
        first.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        first.close()
        assert not openings.further()


def test_nobody_at_all_is_waited_for_no_longer_than_asked(file: Path) -> None:
    with openings_of(file) as openings:
        assert openings is not None
        assert not openings.wait_for_first(0)


@pytest.mark.parametrize("change", [Path.unlink, lambda one: one.rename(one.with_name("moved"))])
def test_a_file_that_is_another_one_now_proves_nothing(
    file: Path, change: Callable[[Path], object]
) -> None:
    """Who opens what lies there now would not be seen."""
    with openings_of(file) as openings:
        assert openings is not None
        with sqlite3.connect(file) as first:
            assert openings.wait_for_first(10)
            change(file)
            assert openings.further()
        first.close()


def test_a_file_that_was_moved_before_the_first_is_not_waited_for(file: Path) -> None:
    """What is opened by its name now is another one."""
    with openings_of(file) as openings:
        assert openings is not None
        other = file.rename(file.with_name("moved"))
        opened_elsewhere(other)
        assert not openings.wait_for_first(10)


def test_no_file_is_told_as_unknown(tmp_path: Path) -> None:
    with openings_of(tmp_path / "absent") as openings:
        assert openings is None
