"""What a day amounts to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from parom.day.digest import Digest, Seen, Span, digest_of
from parom.journal.told import Told
from parom.report.day_after import day_of
from parom.report.story import Story
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    Probed,
    Sample,
    Used,
)
from parom.words.said import with_parts
from tests.verdict.watches import KNOWN, NEW

BEGAN, DAY_S, EVERY_S = 1e9, 86_400.0, 10.0
SPAN = Span(BEGAN, BEGAN + DAY_S, BEGAN + DAY_S, longest_gap_s=30, enough=0.9)


def looks(hours: float, seconds: float = 0.1, restarts: int = 0) -> Iterator[Sample]:
    for step in range(int(hours * 3600 / EVERY_S)):
        at = BEGAN + step * EVERY_S
        yield Probed("/a/", Answer(at, 200, seconds))
        yield Probed("/b/", Answer(at, 500 if step % 10 == 0 else 200, 0.05))
        yield Checked(CheckKind.START, "web", at, True, "", restarts if step > 5 else 0)
        yield Used(at, 200_000_000 + step, 0.1)
        yield LogLooked("app", at)


def baseline() -> Iterator[Sample]:
    for second in range(300):
        at = BEGAN - 3000 + second
        yield Probed("/a/", Answer(at, 200, 0.05))
        yield Probed("/b/", Answer(at, 200, 0.05))
        yield Used(at, 150_000_000, 0.1)
    yield LogLooked("app", BEGAN - 3000, (LogEntry(KNOWN, "1"),))


def digest(*day: Sample, span: Span = SPAN, alarms: tuple[str, ...] = ()) -> Digest:
    return digest_of("r2", span, Seen(tuple(baseline()), day, alarms, ("app",)))


def test_all_figures_of_a_day() -> None:
    """R-5.6."""
    found = digest(*looks(24))
    assert found.requests == 2 * 8640
    assert found.failed == 864
    assert found.availability == 0.95
    first, second = found.endpoints
    assert (first.name, first.median_s, first.median_before_s) == ("/a/", 0.1, 0.05)
    assert (second.requests, second.failed, second.p90_s) == (8640, 864, 0.05)
    assert (found.median_s, found.median_before_s) == (0.1, 0.05), "of the slowest"
    assert (found.memory_most_bytes, found.memory_before_bytes) == (200_008_639, 150_000_000)
    assert found.restarts == (("web", 0),)
    assert found.errors == found.new_signatures == 0
    assert found.missing == ()


@pytest.mark.parametrize("kind", ["day-over", "day-ended"])
def test_a_report_reads_what_was_written(kind: str) -> None:
    """The digest's own names, through the journal's text."""
    record = json.loads(json.dumps(with_parts(digest(*looks(1)).as_record())))
    day = day_of(Story([Told("2026-01-01T00:00:00+00:00", kind, "", record)]))
    assert day is not None
    assert day.digest is not None
    assert day.digest.requests == 720
    assert [one.name for one in day.digest.endpoints] == ["/a/", "/b/"]


def test_an_error_is_new_where_no_log_had_it_before() -> None:
    entries = (LogEntry(KNOWN, "1", 3), LogEntry(NEW, "2", 2))
    found = digest(*looks(24), LogLooked("app", BEGAN + 70_000, entries))
    assert found.errors == 5
    assert found.new_errors == ((str(NEW), 2),)
    assert found.new_signatures == 1


def test_restarts_are_counted_across_a_start_on_purpose() -> None:
    """A supervisor that was started anew begins to count anew."""
    again = [Checked(CheckKind.START, "web", BEGAN + 50_000 + n, True, "", n) for n in (0, 1)]
    assert digest(*looks(2, restarts=2), *again).restarts == (("web", 3),)


def test_what_nobody_looked_at_is_missing() -> None:
    """R-13.4: a machine that was off for most of the day has not shown a good one."""
    assert digest(*looks(23)).missing == ()
    assert digest(*looks(12)).missing == ("looked at for 12.0 of 24.0 hours",)
    nothing = digest()
    assert nothing.availability is None
    assert nothing.errors is None
    assert nothing.new_signatures is None
    assert nothing.missing == ("looked at for 0.0 of 24.0 hours", "memory and CPU")


def test_a_day_that_ends_early_is_measured_by_what_it_lasted() -> None:
    early = replace(SPAN, at=BEGAN + 6 * 3600)
    assert digest(*looks(6), span=early).missing == ()


def test_a_log_that_could_not_be_read_is_said() -> None:
    found = digest(*looks(24), LogLooked("app", BEGAN + 80_000, unread="a piece was lost"))
    assert "app: a piece was lost" in found.missing
