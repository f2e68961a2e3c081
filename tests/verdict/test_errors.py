"""When failed probes are no accident."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from parom.verdict.errors import Answer, judge_errors


def answers(statuses: Sequence[int | None]) -> list[Answer]:
    return [Answer(float(second), status, 0.02) for second, status in enumerate(statuses)]


def test_five_failures_in_a_row_alarm() -> None:
    """DESIGN's figure; one probe a second makes it five seconds."""
    alarm = judge_errors("/a/", answers([200] * 100 + [500] * 5))
    assert alarm is not None
    assert alarm.at == 104.0
    assert alarm.criterion == "endpoints unreachable"
    assert alarm.fact == "/a/: 5 of 105 probes failed, the last with HTTP 500"


def test_four_failures_in_a_row_do_not() -> None:
    """A restarting worker must not turn a deployment back."""
    assert judge_errors("/a/", answers([500] * 4)) is None


def test_no_answer_is_a_failure() -> None:
    """Missing evidence is never counted as good."""
    alarm = judge_errors("/a/", answers([None] * 5))
    assert alarm is not None
    assert "no answer" in alarm.fact


@pytest.mark.parametrize("status", [200, 204, 301, 401, 404, 429])
def test_answers_below_500_are_no_failures(status: int) -> None:
    """Whether the right page is there is what the endpoint checks ask, not the watch."""
    assert judge_errors("/a/", answers([status] * 500)) is None


def test_one_failure_in_fifty_is_borne() -> None:
    """The normal share of failures on a busy machine."""
    assert judge_errors("/a/", answers([500 if n % 50 == 0 else 200 for n in range(1800)])) is None


def test_one_failure_in_three_is_not() -> None:
    """A release of which one worker is broken."""
    assert judge_errors("/a/", answers([500 if n % 3 == 0 else 200 for n in range(120)]))
