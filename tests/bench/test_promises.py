"""A target that is missed is told plainly, and what was not measured is not reached."""

from __future__ import annotations

from typing import Any

from bench.promises import promises


def results(**backup: Any) -> dict[str, Any]:
    return {
        "shell": {"over": {"downtime_s": 20.0}},
        "parom": {
            "over": {"downtime_s": 3.0, "migration_sql_s": 1.5, "failed": 0, "requests": 9},
            "back": {"until_open_s": 4.0},
            "writes": {"lost": 0},
            "writes_over": {"lost": 0},
        },
        "status": {"status_s": 0.2, "django_s": 0.1},
        "swaps": [{"size_bytes": 10_000_000, "worst_s": 0.01}],
        "backup": {"parom_peak_rss_bytes": 1, "ratio": 1.0, **backup},
    }


def test_all_targets_met_are_all_reached() -> None:
    """The figures of a good run."""
    assert all(one.reached for one in promises(results()))


def test_each_missed_target_is_told_by_itself() -> None:
    """One that is missed must not hide behind the others."""
    found = results(ratio=1.3)
    found["parom"]["over"].update(downtime_s=5.0, failed=1)
    found["parom"]["writes"]["lost"] = 1
    missed = {one.name for one in promises(found) if one.reached is False}
    assert missed == {
        "downtime, of the shell plan's",
        "downtime, beyond the migration's SQL",
        "no failed request while held",
        "no acknowledged write lost without being listed",
        "verified backup, of `zstd -1 -T2 | age`",
    }


def test_a_pipe_that_is_not_installed_leaves_its_promise_open() -> None:
    """R-13.4: missing evidence is never counted as good."""
    (backup,) = [one for one in promises(results(ratio=None)) if one.name.startswith("verified")]
    assert backup.reached is None


def test_limits_have_the_units_of_their_figures() -> None:
    """A table is read by people: 200 MB is not 2e+08."""
    limits = {one.name: one.limit for one in promises(results())}
    assert limits["backup's memory"] == "200 MB"
    assert limits["rollback until the public is in"] == "5 s"
