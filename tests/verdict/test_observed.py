"""A watch as a value: what feeding it in pieces, twice, or with holes must not change."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from parom.verdict.before import Before
from parom.verdict.judging import judge
from parom.verdict.observed import Observed, observed
from parom.verdict.outcome import Outcome
from parom.verdict.parameters import SHORT
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.verdict.series import Series, series_of
from tests.verdict.watches import EXPECTED, KNOWN, NEW, OPENED, before, samples, watched

BEFORE = before()
END = OPENED + SHORT.watch_s
TIMES = st.integers(-5, 70).map(lambda second: OPENED + second)

PROBES = st.builds(
    Probed,
    st.sampled_from(EXPECTED.endpoints),
    st.builds(Answer, TIMES, st.sampled_from([200, 200, 500, None]), st.floats(0.001, 3)),
)
CHECKS = st.builds(
    Checked,
    st.sampled_from(CheckKind),
    st.sampled_from(["web", "finance", "/a/", ""]),
    TIMES,
    st.booleans(),
    st.just("seen"),
)
LOOKS = st.builds(
    LogLooked,
    st.just("app.log"),
    TIMES,
    st.lists(
        st.builds(LogEntry, st.sampled_from([KNOWN, NEW]), st.sampled_from(["", "1", "2"])),
        max_size=3,
    ).map(tuple),
    st.sampled_from(["", "", "", "cut off"]),
)
USES = st.builds(Used, TIMES, st.integers(0, 10**9), st.floats(0, 1))
PAGES = st.builds(PageLoaded, st.just("/"), TIMES, st.none() | st.floats(0, 5))
WATCHES = st.lists(PROBES | CHECKS | LOOKS | USES | PAGES, max_size=80).map(
    lambda every: sorted(every, key=lambda one: one.at)
)


def fresh() -> Observed:
    return observed(SHORT, EXPECTED, BEFORE, OPENED)


@given(WATCHES, st.integers(0, 80))
def test_a_restart_changes_nothing(every: list[Sample], at: int) -> None:
    """The rows up to anywhere, then the rest: the same watch as in one go."""
    assert fresh().after_all(every[:at]).after_all(every[at:]) == fresh().after_all(every)


@given(WATCHES, st.integers(0, 80))
def test_rows_fed_twice_count_once(every: list[Sample], at: int) -> None:
    """After a crash nobody knows which row was the last that was counted."""
    assert fresh().after_all(every).after_all(every[at:]) == fresh().after_all(every)


@given(WATCHES, st.randoms())
def test_only_the_order_within_a_series_matters(every: list[Sample], chance: random.Random) -> None:
    """Collectors run side by side."""
    lines: dict[object, list[Sample]] = {}
    for one in every:
        lines.setdefault(series_of(one), []).append(one)
    mixed: list[Sample] = []
    while any(lines.values()):
        line = chance.choice([line for line in lines.values() if line])
        mixed.append(line.pop(0))
    assert judge(fresh().after_all(mixed), END).outcome is (
        judge(fresh().after_all(every), END).outcome
    )


@given(WATCHES, st.data())
def test_a_failure_stays_one(every: list[Sample], data: st.DataObject) -> None:
    """What was decided is not forgotten because it got better later."""
    at = data.draw(st.integers(0, len(every)))
    early = judge(fresh().after_all(every[:at]), END).outcome
    if early is Outcome.FAIL:
        assert judge(fresh().after_all(every), END).outcome is Outcome.FAIL


GOOD = tuple(samples(60))
ONCE_A_SECOND = [
    Series("probe", "/a/"),
    Series("probe", "/b/"),
    Series("log", "app.log"),
    Series("use", ""),
    Series(CheckKind.START, "web"),
    Series(CheckKind.DATABASE, ""),
]


@settings(max_examples=60)
@given(st.sampled_from(ONCE_A_SECOND), st.integers(0, 40), st.integers(0, 60))
def test_a_hole_in_anything_is_never_a_pass(series: Series, begin: int, length: int) -> None:
    """R-13.4: a tenth may be missing, beside what a look covers."""
    hole = range(begin, min(60, begin + length))
    kept = [one for one in GOOD if series_of(one) != series or int(one.at - OPENED) not in hole]
    outcome = judge(fresh().after_all(kept), END).outcome
    assert outcome is not Outcome.FAIL
    if len(hole) > 10:
        assert outcome is Outcome.INCONCLUSIVE
    if len(hole) < 5:
        assert outcome is Outcome.PASS


def test_what_came_before_opening_counts_only_as_proof() -> None:
    """Probes of the release before, and of a public that was held, say nothing of this one."""
    failing = [Probed("/a/", Answer(OPENED - n, None, 0.0)) for n in range(20, 0, -1)]
    down = [Checked(CheckKind.START, "web", OPENED - n, False, "") for n in range(20, 0, -1)]
    watch = fresh().after_all([*failing, *down])
    assert watch.errors == {}
    assert watch.checks == {}
    checked = fresh().after(Checked(CheckKind.DJANGO, "check", OPENED - 5, True))
    assert len(checked.checks) == 1


def test_an_empty_watch_is_inconclusive() -> None:
    """Nothing was seen."""
    assert judge(observed(SHORT, EXPECTED, Before(), OPENED), END).outcome is Outcome.INCONCLUSIVE


def test_the_short_watch_of_these_tests_passes() -> None:
    """Else the laws above would say nothing."""
    assert judge(fresh().after_all(GOOD), END).outcome is Outcome.PASS
    assert judge(watched(60, parameters=SHORT), END).outcome is Outcome.PASS
