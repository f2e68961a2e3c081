"""Over to the next release: the good way, and what turns it back before anybody could write."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import columns, get, quarantine, rows, tables
from tests.support.ferry import Ferry, write_project


def assert_old_release_with_old_data(ferry: Ferry, before: list[tuple[object, ...]]) -> None:
    assert get(ferry, "/health/")["version"] == 1
    assert columns(ferry) == {"id", "text"}
    assert rows(ferry, "*") == before
    assert not [name for name in tables(ferry) if name.startswith("parom_")]
    assert quarantine(ferry) == []


def test_release_and_migration_go_over_together(start: Start) -> None:
    """The main job: new code, migrated rows, a verified backup, the old release kept."""
    ferry = start()
    before = rows(ferry, "id, text")
    write_project(ferry.source, 2)
    events = ferry.events("deploy")
    assert events[-1]["data"]["exit_code"] == 0
    assert get(ferry, "/health/") == {"version": 2, "notes": 20}
    assert rows(ferry, "id, body") == before
    assert all(length == len(body) for body, length in rows(ferry, "body, length"))
    done = {one["step"]: one["data"] for one in events if one["kind"] == "ok"}
    assert done["backup.online"]["verified"]
    assert done["backup.final"]["verified"]
    assert done["rehearsal.run"]["predicted_stop_s"] > 0
    assert len(list((ferry.root / "releases").iterdir())) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"health": "return JsonResponse({}, status=503)"}, "never turned green"),
        ({"fill": "raise ValueError('a row of 1997')"}, "a row of 1997"),
        ({"wsgi": "import nowhere\n"}, "nowhere"),
    ],
    ids=["health stays red", "migration fails", "does not start"],
)
def test_rehearsal_finds_what_would_fail(start: Start, fault: dict[str, str], said: str) -> None:
    """What fails on the copy of the data never reaches production: refused, nothing changed."""
    ferry = start()
    before = rows(ferry, "*")
    write_project(ferry.source, 2, **fault)
    ran = ferry.parom("deploy")
    assert ran.returncode == 10, ran.stdout + ran.stderr
    assert said in ran.stdout + ran.stderr
    assert_old_release_with_old_data(ferry, before)


ONLY_IN_PRODUCTION = (
    "import os\n"
    "    if 'PAROM_TRIAL_DATABASE' not in os.environ and '{marker}' in str(os.getcwd()):\n"
    "        "
)


def test_migration_that_fails_in_production_alone_is_taken_back(start: Start) -> None:
    """A rehearsal cannot foresee everything; the snapshot brings the data back."""
    ferry = start()
    before = rows(ferry, "*")
    fill = ONLY_IN_PRODUCTION.format(marker="releases") + "raise ValueError('only here')"
    write_project(ferry.source, 2, fill=fill, atomic="False")
    ran = ferry.parom("deploy")
    assert ran.returncode == 20, ran.stdout + ran.stderr
    assert "only here" in ran.stdout
    assert_old_release_with_old_data(ferry, before)
    write_project(ferry.source, 2)
    assert ferry.parom("deploy").returncode == 0
    assert get(ferry, "/health/")["version"] == 2


def test_failed_functional_check_turns_back_before_opening(start: Start) -> None:
    """The public has not seen the new release; nothing is lost and nothing is listed."""
    ferry = start()
    before = rows(ferry, "*")
    write_project(ferry.source, 2)
    check = ferry.source / "checks" / "test_notes.py"
    check.write_text(
        "def test_two(api):\n    assert api.get('/health/').json()['version'] == 3\n", "utf-8"
    )
    ran = ferry.parom("deploy")
    assert ran.returncode == 20, ran.stdout + ran.stderr
    assert "test_two" in ran.stdout
    assert_old_release_with_old_data(ferry, before)


def test_plan_changes_nothing(start: Start) -> None:
    """`parom plan` tries everything out on copies and takes all of it back."""
    ferry = start()
    before = rows(ferry, "*")
    write_project(ferry.source, 2)
    ran = ferry.parom("plan")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "predicted stop" in ran.stdout
    assert_old_release_with_old_data(ferry, before)
    assert len(list((ferry.root / "releases").iterdir())) == 1
