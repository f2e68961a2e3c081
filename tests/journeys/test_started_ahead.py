"""The new release starts while its migration runs, and only where nobody could tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import get
from tests.support.ferry import Ferry, write_project

_READS = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")
if {where}:
    import django
    django.setup()
    from django.db import connections
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
    connections.close_all()
"""
"""It reads at its start, and leaves no trace of that in its process."""
_ANYWHERE, _IN_PRODUCTION = "True", '"PAROM_TRIAL_DATABASE" not in os.environ'
_SLOW = "import time; time.sleep(3)"
"""The start has time to be made while it runs."""


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
    events = deployed(start(layout=layout), fill=_SLOW)
    assert private(events)["ahead"]
    assert not told(events)


@pytest.mark.long
def test_one_that_was_seen_to_read_is_started_after_the_migration(start: Start) -> None:
    """The rehearsal saw it; nothing is tried."""
    events = deployed(start(), wsgi=_READS.format(where=_ANYWHERE))
    (rehearsed,) = (one for one in events if (one["kind"], one["step"]) == ("ok", "rehearsal.run"))
    assert rehearsed["data"]["opens_at_start"]
    assert not private(events)["ahead"]
    assert not told(events)


def test_one_that_reads_though_it_did_not_before_is_started_again(start: Start) -> None:
    """What it read too early must not be served, whatever the rehearsal had seen."""
    ferry = start()
    events = deployed(ferry, wsgi=_READS.format(where=_IN_PRODUCTION), fill=_SLOW)
    assert told(events) == ["somebody opened the database"]
    assert not private(events)["ahead"]
    log = (ferry.root / ".parom" / "logs" / "web-private.log").read_text()
    assert log.count("Listening at") == 3, log  # version 1, and twice version 2
