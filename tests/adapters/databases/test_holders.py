"""Who has the database open, where processes of others are closed to us.

Real users are needed for that: each is a process of its own that gave root up. The kernel
closes it even to its own user then, as it does with a web server's workers.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parom.adapters.databases.holders import holders_of

OURS, OTHERS = 40001, 40002
ROOT = 0
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
AS_ROOT = pytest.mark.skipif(os.geteuid() != ROOT, reason="only root can be several users")


@dataclass(frozen=True)
class Place:
    """A folder that several users can reach, unlike pytest's own."""

    file: Path

    def make(self, mode: str, owner: int, permissions: int) -> None:
        connection = sqlite3.connect(self.file)
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE t (x)")
        connection.close()
        os.chown(self.file, owner, owner)
        self.file.chmod(permissions)


@pytest.fixture
def place() -> Iterator[Place]:
    top = Path(tempfile.mkdtemp())
    top.chmod(0o777)
    yield Place(top / "db.sqlite3")
    shutil.rmtree(top)


def become(user: int) -> None:
    if user != ROOT:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


@contextmanager
def opened_by(user: int, file: Path) -> Iterator[int]:
    """A process that has the database open, and nothing to do; its pid."""
    ready, tell = os.pipe()
    hold, let_go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(let_go)
        become(user)
        connection = sqlite3.connect(file)
        connection.execute("SELECT * FROM t").fetchall()
        os.write(tell, b"x")
        os.read(hold, 1)
        os._exit(0)
    os.close(hold)
    try:
        assert os.read(ready, 1) == b"x"
        yield pid
    finally:
        for one in (let_go, ready, tell):
            os.close(one)
        os.waitpid(pid, 0)


def seen_by(user: int, file: Path) -> dict[int, str]:
    """Pids and commands of the holders, as a Parom of that user sees them."""

    def look() -> list[tuple[int, str]]:
        return [(one.pid, one.command) for one in holders_of(file, frozenset({os.getpid()}))]

    return dict(_in_a_process_of(user, look))


def _in_a_process_of(user: int, look: Callable[[], Any]) -> Any:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            become(user)
            os.write(write, json.dumps(look()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        told = answer.read()
    os.waitpid(pid, 0)
    return json.loads(told)


@AS_ROOT
@pytest.mark.parametrize("user", [OTHERS, OURS, ROOT])
def test_with_a_log_a_closed_process_is_told_by_its_lock(place: Place, user: int) -> None:
    """What could not be looked into counted as holding nothing."""
    place.make("wal", OURS, 0o666)
    assert seen_by(OURS, place.file) == {}
    with opened_by(user, place.file) as pid:
        assert list(seen_by(OURS, place.file)) == [pid]
    assert seen_by(OURS, place.file) == {}


@AS_ROOT
@pytest.mark.parametrize("user", [OTHERS, OURS])
def test_with_a_journal_a_closed_process_that_may_write_is_named(place: Place, user: int) -> None:
    """Nobody can tell whether it holds the database: then it is not said that it does not."""
    place.make("delete", OURS, 0o666)
    with opened_by(user, place.file) as pid:
        seen = seen_by(OURS, place.file)
        # Any user of this machine may write this file: theirs are named as well.
        assert [one for one, told in seen.items() if f"of user {user}" in told] == [pid]


@AS_ROOT
def test_whoever_may_not_write_does_not_stop_a_deployment(place: Place) -> None:
    """Every server has users that may read the application's files."""
    place.make("delete", OURS, 0o644)
    with opened_by(OTHERS, place.file):
        assert seen_by(OURS, place.file) == {}
    with opened_by(OTHERS, place.file) as pid:
        assert list(seen_by(ROOT, place.file)) == [pid]


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_root_s_daemons_do_not_stop_a_deployment_of_an_ordinary_user(
    place: Place, mode: str
) -> None:
    """They may write everything, and every machine has them."""
    user = OURS if os.geteuid() == ROOT else os.geteuid()
    place.make(mode, user, 0o600)
    assert seen_by(user, place.file) == {}
