"""What turns a release back before anybody could write to it: nothing is lost or listed."""

from __future__ import annotations

import pytest

from tests.journeys.seen import columns, get, quarantine, rows, tables
from tests.support.ferry import Ferry, write_project


def assert_old_release_with_old_data(ferry: Ferry, before: list[tuple[object, ...]]) -> None:
    assert get(ferry, "/health/")["version"] == 1
    assert columns(ferry) == {"id", "text"}
    assert rows(ferry, "*") == before
    assert not [name for name in tables(ferry) if name.startswith("parom_")]
    assert quarantine(ferry) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"health": "return JsonResponse({}, status=503)"}, "never turned green"),
        ({"fill": "raise ValueError('a row of 1997')"}, "a row of 1997"),
        ({"wsgi": "import nowhere\n"}, "nowhere"),
    ],
    ids=["health stays red", "migration fails", "does not start"],
)
def test_rehearsal_finds_what_would_fail(
    unchanged: Ferry, fault: dict[str, str], said: str
) -> None:
    """What fails on the copy of the data never reaches production: refused, nothing changed."""
    ferry = unchanged
    before = rows(ferry, "*")
    write_project(ferry.source, 2, **fault)
    with ferry.impatient():
        ran = ferry.parom("deploy")
    assert ran.returncode == 10, ran.stdout + ran.stderr
    assert said in ran.stdout + ran.stderr
    assert_old_release_with_old_data(ferry, before)


ONLY_IN_PRODUCTION = (
    "import os\n"
    "    if 'PAROM_TRIAL_DATABASE' not in os.environ and '{marker}' in str(os.getcwd()):\n"
    "        "
)


def test_migration_that_fails_in_production_alone_is_taken_back(unchanged: Ferry) -> None:
    """A rehearsal cannot foresee everything; the snapshot brings the data back."""
    ferry = unchanged
    before = rows(ferry, "*")
    fill = ONLY_IN_PRODUCTION.format(marker="releases") + "raise ValueError('only here')"
    write_project(ferry.source, 2, fill=fill, atomic="False")
    ran = ferry.parom("deploy")
    assert ran.returncode == 20, ran.stdout + ran.stderr
    assert "only here" in ran.stdout
    assert_old_release_with_old_data(ferry, before)


def test_failed_functional_check_turns_back_before_opening(unchanged: Ferry) -> None:
    """The public has not seen the new release; nothing is lost and nothing is listed."""
    ferry = unchanged
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


def test_plan_changes_nothing(unchanged: Ferry) -> None:
    """`parom plan` tries everything out on copies and takes all of it back."""
    ferry = unchanged
    before = rows(ferry, "*")
    write_project(ferry.source, 2)
    ran = ferry.parom("plan")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "predicted stop" in ran.stdout
    assert_old_release_with_old_data(ferry, before)
    assert len(list((ferry.root / "releases").iterdir())) == 1
