"""The swap, where somebody else had a hand in the database's path."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from parom.adapters.databases.memory import MemoryDatabase
from parom.config.reading import read
from parom.errors import database as errors
from parom.plan.plan import Kind, Plan
from parom.steps.database import swap
from parom.steps.set_aside import recently_set_aside
from parom.steps.step import Context, Installation
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import Ferry, make_ferry


@pytest.fixture
def ferry(tmp_path: Path) -> Ferry:
    made = make_ferry(tmp_path)
    made.live_database.parent.mkdir()
    execute(made.live_database, "CREATE TABLE note (text)")
    return made


def execute(file: Path, statement: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


def context_of(installation: Installation, told: list[str]) -> Context:
    return Context(
        installation=installation,
        plan=Plan(Kind.ROLLBACK, "run", "production", (), "old", "a test", snapshot_id="snap"),
        results={},
        tell=lambda kind, _data: told.append(kind),
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )


class Unreadable(MemoryDatabase):
    """Nobody can say which ids the newer database gave out."""

    def keep_ids(self, snapshot_id: str, *, renamed: bool = False) -> Mapping[str, int]:
        raise errors.ids_not_kept(snapshot_id)


def test_ids_that_cannot_be_kept_do_not_keep_the_old_release_away(ferry: Ferry) -> None:
    """The old data come back all the same, and the journal says what is missing."""
    database, told = Unreadable({"note": {}}), list[str]()
    installation = replace(installation_of(read(ferry.config)), database=database)
    database.snapshot("snap")
    assert swap(context_of(installation, told), written=True)["live"] == "snap"
    assert told == ["ids-not-kept"]


def test_a_file_put_over_the_link_is_kept_until_retention(ferry: Ferry) -> None:
    """A rollback destroyed it, with every write since an administrator had put it there."""
    context = context_of(installation_of(read(ferry.config)), [])
    database, live = context.installation.database, ferry.live_database
    database.make_ready()
    database.snapshot("snap")
    shutil.copy(live.resolve(), ferry.top / "restored")
    (ferry.top / "restored").replace(live)
    execute(live, "INSERT INTO note VALUES ('after the restore')")
    assert swap(context, written=False) == {"swapped": True, "live": "snap"}
    assert execute(live, "SELECT text FROM note") == []
    (kept,) = recently_set_aside(context)
    assert kept not in database.stale(recently_set_aside(context))
    found = database.find_snapshot(kept)
    assert found is not None
    assert execute(Path(found.location), "SELECT text FROM note") == [("after the restore",)]
