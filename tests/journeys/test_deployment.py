"""Over to the next release."""

from __future__ import annotations

from tests.journeys.conftest import Start
from tests.journeys.seen import get, rows
from tests.support.ferry import write_project


def test_release_and_migration_go_over_together(start: Start) -> None:
    """The main job: new code, migrated rows, a verified backup, the old release kept."""
    ferry = start()
    before = rows(ferry, "id, text")
    write_project(ferry.source, 2)
    events = ferry.events("deploy")
    finished = next(one["data"] for one in events if one["kind"] == "finished")
    assert finished["exit_code"] == 0
    assert get(ferry, "/health/") == {"version": 2, "notes": 20}
    assert rows(ferry, "id, body") == before
    assert all(length == len(body) for body, length in rows(ferry, "body, length"))
    done = {one["step"]: one["data"] for one in events if one["kind"] == "ok"}
    assert done["backup.online"]["verified"]
    assert done["backup.final"]["verified"]
    assert done["rehearsal.run"]["predicted_stop_s"] > 0
    assert done["services.private"]["ahead"]
    assert len(list((ferry.root / "releases").iterdir())) == 2
