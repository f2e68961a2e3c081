"""Both plans are judged by the same definitions; a mistake here would flatter one of them."""

from __future__ import annotations

from bench.seen import Answer, acknowledged, longest_gap, seen_between


def answer(at: float, seconds: float = 0.01, status: int = 200, **more: object) -> Answer:
    return Answer(at=at, seconds=seconds, status=status, kind="read", **more)  # type: ignore[arg-type]


def test_waiting_visitors_are_downtime_as_refused_ones_are() -> None:
    """Holding must not look better than it is: nobody was served from 1 to 4 either way."""
    held = [answer(0.99), *(answer(1 + n / 10, 3.2 - n / 10) for n in range(30)), answer(4.3)]
    refused = [answer(0.99), *(answer(1 + n / 10, status=0) for n in range(30)), answer(4.19)]
    assert seen_between(held, 0, 5).downtime_s == seen_between(refused, 0, 5).downtime_s == 3.2


def test_a_queue_that_runs_off_slowly_is_not_quick() -> None:
    """Opening is not the end of it where those who waited are served for seconds."""
    after = [answer(1 + n / 10, 3 - n / 30) for n in range(80)]
    seen = seen_between([answer(0.5), *after, answer(9.5), answer(10)], 0, 11)
    assert seen.downtime_s < 4
    assert seen.not_quick_s >= 8


def test_a_clean_503_is_refused_and_any_other_end_has_failed() -> None:
    """R-4.1: only a 503 with Retry-After is an answer that a visitor can act upon."""
    seen = seen_between(
        [
            answer(1, status=503, clean=True),
            answer(2, status=503),
            answer(3, status=0, error="ConnectionResetError"),
            answer(4, status=0, error="ConnectionResetError"),
        ],
        0,
        5,
    )
    assert (seen.refused_503, seen.failed) == (1, 3)
    assert seen.failures == {"503": 1, "ConnectionResetError": 2}


def test_a_gap_that_reaches_over_the_edge_counts_in_full() -> None:
    """A stop that began before the script said so is the script's stop."""
    assert longest_gap([1, 5, 6], start=2, end=6) == 4
    assert longest_gap([1, 2, 9], start=1, end=5) == 7


def test_only_what_was_answered_with_created_was_acknowledged() -> None:
    """A write without an answer may be there or not: nobody was told that it is."""
    writes = [
        Answer(at=1, seconds=0.1, status=status, kind="create", key=key)
        for key, status in (("a", 201), ("b", 500), ("c", 0))
    ]
    assert acknowledged(writes) == ["a"]


def test_an_application_that_did_not_keep_up_before_is_told_apart() -> None:
    """A run on a machine that is too slow for the load compares queues."""
    assert seen_between([answer(n / 10) for n in range(40)], 2, 3).kept_up_before
    growing = [answer(n / 10, n / 10) for n in range(40)]
    assert not seen_between(growing, 2, 3).kept_up_before
