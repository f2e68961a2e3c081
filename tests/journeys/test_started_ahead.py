"""The new release starts while its migration runs, and only where nobody could tell."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import get
from tests.support.ferry import Ferry, write_project

_WRITES = """
import os, sqlite3
if {where}:
    connection = sqlite3.connect("db.sqlite3", timeout=60)
    open("{opened}", "w").close()
    with connection:
        connection.execute("CREATE TABLE IF NOT EXISTS started (pid INTEGER)")
        connection.execute("INSERT INTO started VALUES (?)", [os.getpid()])
    connection.close()
"""
"""Each start writes a row, and leaves no trace of that in its process."""
_READS = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")
import django
django.setup()
from django.db import connections
with connections["default"].cursor() as cursor:
    cursor.execute("SELECT count(*) FROM django_migrations")
connections.close_all()
"""
_IN_PRODUCTION = '"PAROM_TRIAL_DATABASE" not in os.environ'
_WAITS = """import pathlib, time
    while "scratch" not in str(editor.connection.settings_dict["NAME"]):
        if pathlib.Path("{opened}").exists(): break
        time.sleep(0.02)"""
"""The migration of the real database ends once the start has opened it."""


def deployed(ferry: Ferry, **faults: str) -> list[dict[str, Any]]:
    write_project(ferry.source, 2, **faults)
    events = ferry.events("deploy")
    assert events[-1]["data"]["exit_code"] == 0, events[-1]
    assert get(ferry, "/health/") == {"version": 2, "notes": 20}
    return events


def private(events: list[dict[str, Any]]) -> dict[str, Any]:
    (started,) = (one for one in events if (one["kind"], one["step"]) == ("ok", "services.private"))
    return dict(started["data"])


def told(events: list[dict[str, Any]]) -> list[str]:
    return [one["data"]["why"] for one in events if one["kind"] == "not-started-ahead"]


@pytest.mark.long
@pytest.mark.parametrize("layout", ["releases", "in-place"])
def test_a_release_that_reads_nothing_at_its_start_is_started_ahead(
    start: Start, layout: str
) -> None:
    """The public waits for the longer of the two, not for both."""
    events = deployed(start(layout=layout))
    assert private(events)["ahead"]
    assert not told(events)


@pytest.mark.long
def test_one_that_was_seen_to_read_is_started_after_the_migration(start: Start) -> None:
    """The rehearsal saw it; nothing is tried."""
    events = deployed(start(), wsgi=_READS)
    (rehearsed,) = (one for one in events if (one["kind"], one["step"]) == ("ok", "rehearsal.run"))
    assert rehearsed["data"]["opens_at_start"]
    assert not private(events)["ahead"]
    assert not told(events)


def test_what_one_did_that_should_not_have_is_undone(start: Start) -> None:
    """Whatever the rehearsal had seen: what it wrote beside the migration is in no database, and
    what it read is not served."""
    ferry = start()
    opened = ferry.top / "opened"
    writes = _WRITES.format(where=_IN_PRODUCTION, opened=opened)
    events = deployed(ferry, wsgi=writes, fill=_WAITS.format(opened=opened))
    assert told(events) == ["somebody opened the database"]
    assert not private(events)["ahead"]
    log = (ferry.root / ".parom" / "logs" / "web-private.log").read_text()
    assert log.count("Listening at") == 3, log  # version 1, and twice version 2
    # The second private start and the public one: whoever was before them left nothing.
    with closing(sqlite3.connect(ferry.live_database)) as connection:
        (starts,) = connection.execute("SELECT count(*) FROM started").fetchone()
    assert starts == 2
