"""The four figures, by their definitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parom.plan.plan import Kind
from parom.report.delivery import PastRun, delivery_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def run(days_ago: float, **changes: object) -> PastRun:
    """A good deployment: asked for, and let in ten minutes later."""
    started = NOW - timedelta(days=days_ago)
    made = PastRun(
        id=f"run-{days_ago}", kind=Kind.DEPLOY, revision=f"rev-{days_ago}", of_run="",
        started=started, opened=started + timedelta(minutes=10), turned=None, restored=None,
        stays=True,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def went_back(days_ago: float) -> PastRun:
    """Bad from the start, decided after five minutes, back after one more."""
    good = run(days_ago)
    assert good.opened is not None
    decided = good.opened + timedelta(minutes=5)
    return replace(good, turned=decided, restored=decided + timedelta(minutes=1), stays=False)


def test_an_installation_without_runs_has_no_figures() -> None:
    """None, not zero: nothing was measured."""
    found = delivery_of([], NOW, 90)
    assert (found.deployments, found.change_failure_rate, found.lead_time_s) == (0, None, None)


def test_deployments_are_those_that_the_public_saw() -> None:
    """What was refused or caught before opening is no change of production."""
    runs = [run(20), run(10), run(5, opened=None, stays=False), run(3, kind=Kind.REHEARSAL)]
    found = delivery_of(runs, NOW, 90)
    assert (found.deployments, found.caught, found.failed) == (2, 1, 0)
    assert found.per_week == 0.7
    assert found.change_failure_rate == 0


def test_what_went_back_by_itself_is_a_failed_change() -> None:
    """Restored from the decision on; the public had it from the opening on."""
    found = delivery_of([run(20), went_back(10)], NOW, 90)
    assert found.change_failure_rate == 0.5
    assert (found.time_to_restore_s, found.exposed_s) == (60, 360)


def test_what_a_person_took_back_is_a_failed_change_too() -> None:
    """Whole or in part; a rollback that did not succeed restored nothing."""
    first, second = run(20), run(10)
    back = run(9, kind=Kind.ROLLBACK, of_run=second.id)
    assert delivery_of([first, second, back], NOW, 90).failed == 1
    in_vain = replace(back, stays=False)
    assert delivery_of([first, second, in_vain], NOW, 90).failed == 0
    part = run(9, kind=Kind.PARTIAL)
    found = delivery_of([first, second, part], NOW, 90)
    assert found.failed == 1
    assert found.time_to_restore_s == 600


def test_lead_time_begins_when_a_revision_is_first_brought() -> None:
    """Also to try it out, and also where a first attempt was refused."""
    tried = run(12, kind=Kind.REHEARSAL, revision="v", opened=None)
    refused = run(11, revision="v", opened=None, stays=False)
    found = delivery_of([tried, refused, run(10, revision="v")], NOW, 90)
    assert found.lead_time_s == timedelta(days=2, minutes=10).total_seconds()


def test_a_day_of_history_is_not_stretched_to_a_week() -> None:
    """Seven a week is not what one deployment of today says."""
    assert delivery_of([run(1)], NOW, 90).per_week == 1


@given(st.lists(st.sampled_from(["good", "back", "caught"]), max_size=20), st.floats(1, 365))
def test_shares_are_shares(kinds: list[str], days: float) -> None:
    """Whatever happened in whatever order."""
    runs = [_made(kind, n + 1) for n, kind in enumerate(kinds)]
    found = delivery_of(runs, NOW, days)
    assert 0 <= found.failed <= found.deployments <= len(runs)
    assert found.change_failure_rate is None or 0 <= found.change_failure_rate <= 1
    assert found.days <= days + 0.01  # rounded


def _made(kind: str, days_ago: float) -> PastRun:
    if kind == "back":
        return went_back(days_ago)
    return run(days_ago) if kind == "good" else run(days_ago, opened=None, stays=False)
