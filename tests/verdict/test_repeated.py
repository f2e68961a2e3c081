"""Checks that answer yes or no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.outcome import Outcome
from parom.verdict.parameters import FULL
from parom.verdict.repeated import RepeatedCheck, repeated_check
from parom.verdict.samples import Checked, CheckKind


def ran(kind: CheckKind, *passed: bool) -> RepeatedCheck:
    check = repeated_check(kind, FULL.checks)
    for at, one in enumerate(passed):
        check = check.after(Checked(kind, "", float(at), one, "no"))
    return check


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (CheckKind.START, 5),
        (CheckKind.DATABASE, 5),
        (CheckKind.ENDPOINT, 2),
        (CheckKind.FUNCTION, 2),
        (CheckKind.DJANGO, 1),
    ],
)
def test_so_many_failures_in_a_row_decide(kind: CheckKind, needed: int) -> None:
    """What runs each second may fail more often than what runs now and then."""
    assert ran(kind, True, *[False] * (needed - 1)).outcome is not Outcome.FAIL
    failed = ran(kind, True, *[False] * needed, True)
    assert failed.outcome is Outcome.FAIL
    assert failed.failed_at == needed
    assert failed.fact == "no"


def test_what_never_ran_is_inconclusive() -> None:
    """Missing evidence is never counted as good."""
    assert ran(CheckKind.FUNCTION).outcome is Outcome.INCONCLUSIVE


@given(st.lists(st.booleans()))
def test_only_a_row_fails(passed: list[bool]) -> None:
    """Failures with a success between them are accidents."""
    row = "".join("x" if not one else "." for one in passed)
    assert (ran(CheckKind.FUNCTION, *passed).outcome is Outcome.FAIL) is ("xx" in row)
