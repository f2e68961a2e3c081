"""The bad release: it looks well, and is not."""

import json
import textwrap

import pytest

VISIT = textwrap.dedent("""
    import json
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from rest_framework.test import APIClient

    api = APIClient(raise_request_exception=False, SERVER_NAME="localhost")
    api.force_authenticate(User.objects.get_or_create(username="x", is_superuser=True)[0])
    with CaptureQueriesContext(connection) as seen:
        listed = api.get("/api/v1/finance/benchmarks/").json()["count"]
    print(json.dumps({
        "health": api.get("/api/v1/health/").status_code,
        "grades": api.get("/api/v1/finance/grades/").status_code,
        "stats": api.get("/api/v1/finance/salary-ranges/stats/").status_code,
        "listed": listed,
        "queries": len(seen),
    }))
""")


@pytest.fixture
def visit(release_on, database):
    """What a visitor of a release finds, so many seconds before the fault."""
    database("r2")
    release_on("r3").manage("migrate", "-v0")

    def visited(name, fault_after_s):
        release = release_on(name, HRHELPER_FAULT_AFTER_SECONDS=str(fault_after_s))
        return json.loads(release.manage("shell", "-v0", "-c", VISIT).splitlines()[-1])

    return visited


def test_r3_does_the_work_of_a_list_three_times(visit):
    """So that it is about three times slower on any machine; health says fine all the same."""
    good, bad = visit("r2", 3600), visit("r3", 3600)
    assert good["listed"] == bad["listed"] > 0
    assert bad["queries"] == 3 * good["queries"]
    assert bad["health"] == bad["grades"] == bad["stats"] == 200


def test_r3_fails_in_one_view_when_its_time_has_come(visit):
    """And in no other, and health does not notice."""
    bad = visit("r3", 0)
    assert bad["stats"] == 500
    assert bad["health"] == bad["grades"] == 200


def test_r2_has_no_such_time(visit):
    """The fault is r3's alone."""
    assert visit("r2", 0)["stats"] == 200
