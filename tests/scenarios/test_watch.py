"""Each bad release comes back by itself, for the right reason; a good one stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.conftest import Production

pytestmark = pytest.mark.long


def ending(events: list[dict[str, Any]]) -> dict[str, Any]:
    return dict(events[-1]["data"])


def criterion(events: list[dict[str, Any]]) -> str:
    """The named criterion for which a run went back."""
    (why,) = (one["data"]["error"] for one in events if one["kind"] == "turned-back")
    assert why["id"] == "watch.alarm", why
    return str(why["fact"]).partition(":")[0]


def test_a_good_release_passes_the_watch(production: Production) -> None:
    """R-6: each criterion with evidence."""
    events = production.deploy("good")
    assert ending(events)["exit_code"] == 0, ending(events)
    (watched,) = (
        one["data"] for one in events if (one["kind"], one["step"]) == ("ok", "watch.run")
    )
    every = watched["criteria"]["rollback"] + watched["criteria"]["success"]
    assert {one["outcome"] for one in every} == {"pass"}
    assert len(every) == 11
    assert all(one["evidence"] for one in every)
    assert watched["parameters"] == "short"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("slow", "performance degraded"),
        ("new-error", "critical errors in the logs"),
        ("leak", "performance degraded"),
        ("broken-function", "functionality broken"),
        ("dead", "endpoints unreachable"),
    ],
)
def test_a_bad_release_comes_back(production: Production, name: str, named: str) -> None:
    """R-7.1: any one of the criteria."""
    events = production.deploy(name)
    assert ending(events)["exit_code"] in (20, 21), ending(events)
    assert criterion(events) == named
    assert production.parom("status").returncode == 0


def test_missing_evidence_is_a_person_s_decision(production: Production) -> None:
    """R-13.4: a log that nobody can read is not a log without errors."""
    events = production.deploy("good", log="shared/logs/nobody-writes-it.log")
    assert ending(events)["exit_code"] == 30, ending(events)
    missing = " ".join(ending(events)["missing"])
    assert "no critical errors in the logs: " in missing
    assert "there is no such log" in missing


def test_the_policy_may_be_to_hold_and_ask(production: Production) -> None:
    events = production.deploy("slow", more='\n[policy]\non_failure = "hold"\n')
    assert ending(events)["exit_code"] == 30, ending(events)
    assert production.parom("rollback").returncode in (20, 21)
