"""What is half done when something dies, or waits without end, or was never whole."""

from __future__ import annotations

import json
import os

import psutil
import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import columns, get, rows
from tests.support.ferry import Ferry, make_ferry, write_project
from tests.support.living import has_ended
from tests.support.waiting import wait_until

_IN_PRODUCTION = "import os, pathlib, time\n    if 'PAROM_TRIAL_DATABASE' not in os.environ:\n"


def migration_at_work(ferry: Ferry) -> int:
    """The pid of the migration process; 0 where the run is not there yet."""
    now = json.loads(ferry.parom("status", "--json").stdout)
    if now.get("step") != "database.migrate":
        return 0
    record = ferry.root / ".parom" / "runs" / str(now["run"]) / "migrator.json"
    return int(json.loads(record.read_text("utf-8"))["pid"])


def engine_of(ferry: Ferry) -> int:
    """The pid of the engine at work: it told the journal."""
    events = [json.loads(line) for line in ferry.parom("report", "--json").stdout.splitlines()]
    return int(next(one["data"]["pid"] for one in reversed(events) if one["kind"] == "engine"))


@pytest.mark.long
def test_migration_that_was_cut_off_half_way_is_carried_out_once(start: Start) -> None:
    """A power cut in a migration outside of a transaction leaves a half: carrying on begins
    again from the snapshot, or rows would be migrated twice."""
    ferry = start()
    before = [text for (text,) in rows(ferry, "text")]
    half = (
        f"{_IN_PRODUCTION}"
        "        first = pathlib.Path(os.getcwd()).parents[1] / 'first'\n"
        "        once = not first.exists()\n"
        "        for number, note in enumerate(apps.get_model('notes', 'Note').objects.all()):\n"
        "            if once and number == 10:\n"
        "                first.touch()\n"
        "                time.sleep(600)\n"
        "            note.body += '+'\n"
        "            note.save()"
    )
    write_project(ferry.source, 2, fill=half, atomic="False")
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: (ferry.root / "first").exists(), "half of the rows are migrated")
    for one in (psutil.Process(engine_of(ferry)), psutil.Process(migration_at_work(ferry))):
        one.kill()
        wait_until(lambda gone=one: has_ended(gone), "it is gone")  # type: ignore[misc]
    resumed = ferry.parom("resume")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert [body for (body,) in rows(ferry, "body")] == [f"{text}+" for text in before]


def test_migration_without_end_can_be_aborted(start: Start) -> None:
    """Nobody must have to kill by hand what holds production still."""
    ferry = start()
    fill = f"{_IN_PRODUCTION}        time.sleep(600)"
    write_project(ferry.source, 2, fill=fill)
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: migration_at_work(ferry) > 0, "the migration is at work")
    aborted = ferry.parom("abort")
    assert aborted.returncode == 20, aborted.stdout + aborted.stderr
    assert "application.migration-ended" in aborted.stdout
    assert get(ferry, "/health/")["version"] == 1
    assert columns(ferry) == {"id", "text"}


def test_failed_first_installation_leaves_nothing_and_can_be_repeated(ferry: Ferry) -> None:
    """There is nothing to go back to but nothing; the next attempt must find just that."""
    write_project(ferry.source, 1, health="return JsonResponse({}, status=503)")
    with ferry.impatient():
        failed = ferry.parom("deploy")
    assert failed.returncode == 20, failed.stdout + failed.stderr
    assert not (ferry.root / "current").is_symlink()
    assert not os.path.lexists(ferry.live_database)
    assert list((ferry.root / "releases").iterdir()) == []
    write_project(ferry.source, 1)
    again = ferry.parom("deploy")
    assert again.returncode == 0, again.stdout + again.stderr
    assert get(ferry, "/health/") == {"version": 1, "notes": 0}


@pytest.mark.long
def test_data_without_a_release_is_never_taken_for_a_first_installation(start: Start) -> None:
    """A first installation makes no snapshot: on data that is there it could spoil it."""
    ferry = start()
    before = rows(ferry, "*")
    target = (ferry.root / "current").readlink()
    (ferry.root / "current").unlink()
    write_project(ferry.source, 2)
    refused = ferry.parom("deploy")
    assert refused.returncode == 10
    assert "installation.nothing-current" in refused.stderr
    assert rows(ferry, "*") == before
    (ferry.root / "current").symlink_to(target)
    assert ferry.parom("deploy").returncode == 0


def test_database_of_nobody_is_left_alone(ferry: Ferry) -> None:
    """Somebody laid it there; Parom cannot know whose it is."""
    (ferry.root / "shared").mkdir()
    ferry.live_database.write_bytes(b"")
    write_project(ferry.source, 1)
    assert ferry.parom("deploy").returncode == 0
    kept = ferry.live_database.read_bytes()
    other = make_ferry(ferry.top / "other")
    (other.root / "shared").mkdir()
    other.live_database.write_bytes(kept)
    write_project(other.source, 1)
    refused = other.parom("deploy")
    assert refused.returncode == 10
    assert "installation.data-without-release" in refused.stderr
    assert other.live_database.read_bytes() == kept
