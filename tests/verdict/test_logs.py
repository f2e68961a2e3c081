"""Which errors in the logs are a reason to go back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.baseline import Missing
from parom.verdict.logs import LogBaseline, LogLane, log_baseline
from parom.verdict.parameters import FULL, LogRule
from parom.verdict.samples import LogEntry, LogLooked
from parom.verdict.signature import MOST_SIGNATURES, Signature

NEW = Signature("KeyError", "apps/a.py", "get", "''")
OLD = Signature("ValueError", "apps/b.py", "post", "bad")
BEFORE = LogBaseline(300, {OLD: 15})


def lane(
    *seen: tuple[float, Signature, str],
    baseline: LogBaseline | Missing = BEFORE,
    rule: LogRule = FULL.logs,
) -> LogLane:
    """A lane after sightings (second, signature, worker)."""
    found = LogLane(baseline, 0.0, rule)
    for at, signature, worker in seen:
        found = found.after(LogLooked("app.log", at, (LogEntry(signature, worker),)))
    return found


def test_a_new_error_seen_once_is_no_more_than_told() -> None:
    """A visitor with a strange browser."""
    once = lane((5, NEW, "1"))
    assert once.alarm is None
    assert once.suspects == ()


def test_a_new_error_seen_twice_is_suspect() -> None:
    """From one worker: perhaps it alone is ill."""
    twice = lane((5, NEW, "1"), (9, NEW, "1"))
    assert twice.alarm is None
    assert twice.suspects == (NEW,)


def test_a_new_error_from_two_workers_fails() -> None:
    """It is the release's."""
    alarm = lane((5, NEW, "1"), (9, NEW, "2")).alarm
    assert alarm is not None
    assert alarm.criterion == "critical errors in the logs"
    assert alarm.fact == "new: KeyError: '' in apps/a.py, get (2 times, from 2 workers)"
    assert alarm.at == 9


def test_workers_of_two_logs_are_two_workers() -> None:
    """Web and worker may have the same number in their own logs."""
    found = LogLane(BEFORE, 0.0, FULL.logs)
    for name in ("web.log", "worker.log"):
        found = found.after(LogLooked(name, 5, (LogEntry(NEW, "1"),)))
    assert found.alarm is not None


def test_a_new_error_of_unnamed_workers_fails_by_its_rate() -> None:
    """Not every log names its workers; ten seconds with it are no accident either."""
    seen = [(float(second), NEW, "") for second in range(0, 60, 5)]
    assert lane(*seen[:9]).alarm is None
    alarm = lane(*seen).alarm
    assert alarm is not None
    assert "seconds)" in alarm.fact


def test_a_known_error_at_its_rate_is_borne() -> None:
    """The release before logged it every twenty seconds, from many workers."""
    seen = [(float(second), OLD, str(second)) for second in range(0, 1800, 20)]
    known = lane(*seen)
    assert known.alarm is None
    assert known.suspects == ()


def test_a_known_error_ten_times_as_often_is_not() -> None:
    """Half of all seconds instead of a twentieth."""
    alarm = lane(*[(float(second), OLD, "1") for second in range(0, 120, 2)]).alarm
    assert alarm is not None
    assert alarm.fact.endswith("far more often than before)")
    assert alarm.at < 60


def test_many_entries_of_one_second_are_one_second() -> None:
    """One visitor who reloads is not a rate."""
    found = LogLane(BEFORE, 0.0, FULL.logs)
    entries = tuple(LogEntry(OLD, str(n)) for n in range(500))
    assert found.after(LogLooked("app.log", 3, entries)).alarm is None


def test_without_a_baseline_nothing_fails_and_all_is_suspect() -> None:
    """The release before may have logged the same."""
    seen = [(float(second), NEW, str(second)) for second in range(60)]
    found = lane(*seen, baseline=Missing("no log was read"))
    assert found.alarm is None
    assert found.suspects == (NEW,)


def test_ignored_exceptions_do_not_count() -> None:
    """Every public site has some that visitors cause."""
    rule = LogRule(ignored=frozenset({"KeyError"}))
    assert lane((5, NEW, "1"), (9, NEW, "2"), rule=rule).sightings == {}


def test_what_was_logged_before_opening_is_not_the_release_s() -> None:
    """Lines of the old release, read late."""
    assert lane((-1, NEW, "1"), (-1, NEW, "2")).sightings == {}


def test_signatures_have_a_bound() -> None:
    """An application may log another text each time."""
    many = [
        (float(n), Signature("Odd", "a.py", "f", f"text {chr(97 + n % 26)}{n}"), "")
        for n in range(2 * MOST_SIGNATURES)
    ]
    found = lane(*many)
    assert len(found.sightings) <= MOST_SIGNATURES + 1


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from([NEW, OLD]), st.sampled_from(["", "1", "2"]))
    ).map(sorted)
)
def test_an_error_more_never_takes_an_alarm_away(
    seen: list[tuple[int, Signature, str]],
) -> None:
    """Alarms stay, and evidence only grows."""
    alarmed = False
    found = LogLane(BEFORE, 0.0, FULL.logs)
    for at, signature, worker in seen:
        found = found.after(LogLooked("app.log", float(at), (LogEntry(signature, worker),)))
        assert found.alarm is not None or not alarmed
        alarmed = found.alarm is not None


def baseline(*looks: LogLooked, covered_s: float = 300.0) -> LogBaseline | Missing:
    return log_baseline(looks, 1000.0, FULL.baseline, ("app.log",), covered_s)


def entries(count: int) -> tuple[LogEntry, ...]:
    return (*(LogEntry(OLD, "1"),) * 2, LogEntry(OLD, "1", count - 2))


def test_the_first_look_counts_every_entry() -> None:
    """It brings the lines of days; nobody knows of how many seconds."""
    found = baseline(LogLooked("app.log", 1, entries(40)), LogLooked("app.log", 2, entries(9)))
    assert found == LogBaseline(300, {OLD: 41})


@pytest.mark.parametrize(
    ("looks", "covered_s", "why"),
    [
        ((), 300, "nothing was read before of app.log"),
        ((LogLooked("app.log", 2000),), 300, "nothing was read before of app.log"),
        ((LogLooked("app.log", 1),), 20, "20 s of logs before, 150 s are needed"),
    ],
)
def test_a_log_that_was_not_read_has_no_baseline(
    looks: tuple[LogLooked, ...], covered_s: float, why: str
) -> None:
    """Then no error can be called new."""
    assert baseline(*looks, covered_s=covered_s) == Missing(why)
