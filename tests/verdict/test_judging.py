"""Whole watches: what passes, what fails by which criterion, what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parom.verdict.baseline import Baseline
from parom.verdict.before import Before
from parom.verdict.criteria import Rollback, Success
from parom.verdict.expected import Expected
from parom.verdict.judging import judge
from parom.verdict.observed import observed
from parom.verdict.outcome import Outcome
from parom.verdict.parameters import FULL, SHORT
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
from parom.verdict.series import PROBE, Series
from parom.verdict.verdict import Verdict
from tests.verdict.watches import EXPECTED, KNOWN, NEW, OPENED, Change, before, samples, watched

END = OPENED + FULL.watch_s


def verdict(seconds: int = 1800, change: Change = lambda one: one) -> Verdict:
    return judge(watched(seconds, change), OPENED + seconds)


def failed(found: Verdict) -> set[Rollback | Success]:
    return {one.criterion for one in found.rollback if one.outcome is Outcome.FAIL}


def test_a_good_release_passes_with_evidence_for_each_criterion() -> None:
    """R-6 and R-7.1: six and five, by name."""
    found = verdict()
    assert found.outcome is Outcome.PASS
    assert [one.criterion for one in found.rollback] == list(Rollback)
    assert [one.criterion for one in found.success] == list(Success)
    assert all(one.evidence for one in (*found.rollback, *found.success))
    assert found.reasons == ()
    assert found.warnings == ()
    assert found.parameters == "full"


def slower(one: Sample) -> Sample:
    match one:
        case Probed("/b/", answer):
            return Probed("/b/", replace(answer, seconds=3 * answer.seconds))
    return one


def logging_new(one: Sample) -> Sample:
    match one:
        case LogLooked(name, at) if at in (OPENED + 50, OPENED + 90):
            return LogLooked(name, at, (LogEntry(NEW, str(at)),))
    return one


def leaking(one: Sample) -> Sample:
    match one:
        case Used(at):
            return replace(one, memory_bytes=int(200e6 + 2e6 * (at - OPENED)))
    return one


def breaking(one: Sample) -> Sample:
    match one:
        case Checked(CheckKind.FUNCTION, name, at) if at > OPENED:
            return Checked(CheckKind.FUNCTION, name, at, False, "POST /grades/ answered 400")
    return one


def dying(one: Sample) -> Sample:
    match one:
        case Checked(CheckKind.START, name, at) if at > OPENED + 60:
            return Checked(CheckKind.START, name, at, False, "started anew 3 times")
    return one


def unreachable(one: Sample) -> Sample:
    match one:
        case Probed("/a/", answer) if answer.at >= OPENED + 100:
            return Probed("/a/", Answer(answer.at, None, 0.0))
    return one


def without_database(one: Sample) -> Sample:
    match one:
        case Checked(CheckKind.DATABASE, name, at) if at > OPENED + 60:
            return Checked(CheckKind.DATABASE, name, at, False, "no such table")
    return one


def loading_long(one: Sample) -> Sample:
    return replace(one, seconds=3.0) if isinstance(one, PageLoaded) else one


def busy(one: Sample) -> Sample:
    return replace(one, cpu_share=0.9) if isinstance(one, Used) else one


@pytest.mark.parametrize(
    ("change", "criterion", "by", "fact"),
    [
        (slower, Rollback.PERFORMANCE, 300, "/b/: median"),
        (logging_new, Rollback.LOGS, 90, "new: KeyError: '' in apps/new.py, get (2 times, from 2"),
        (leaking, Rollback.PERFORMANCE, 240, "memory: "),
        (busy, Rollback.PERFORMANCE, 90, "CPU: 90% of 50%"),
        (breaking, Rollback.FUNCTIONS, 600, "POST /grades/ answered 400"),
        (dying, Rollback.STARTS, 65, "started anew 3 times"),
        (unreachable, Rollback.ENDPOINTS, 104, "the last with no answer"),
        (without_database, Rollback.FUNCTIONS, 65, "no such table"),
        (loading_long, Rollback.PERFORMANCE, 360, "loaded in 3.0 s of 2.0 s"),
    ],
)
def test_each_fault_is_found_by_its_criterion(
    change: Change, criterion: Rollback, by: float, fact: str
) -> None:
    """The right name, in time, with what was seen; and no other criterion."""
    found = verdict(change=change)
    assert found.outcome is Outcome.FAIL
    assert failed(found) == {criterion}
    _, evidence = found.reasons[0]
    assert fact in evidence.fact
    assert evidence.at is not None
    assert evidence.at - OPENED <= by


def test_probes_that_stop_are_inconclusive() -> None:
    """Nobody knows how it went on; that is neither good nor a reason to go back."""

    def stopping(one: Sample) -> Sample | None:
        return None if isinstance(one, Probed) and one.at > OPENED + 900 else one

    watch = watched(change=stopping)
    found = judge(watch, END)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert Rollback.ENDPOINTS in {one.criterion for one in found.unproven}
    assert "probe /a/: watched for 900 s of 1800 s" in {e.fact for _, e in found.reasons}
    assert watch.silent(Series(PROBE, "/a/"), OPENED + 920)
    assert not watch.silent(Series(PROBE, "/a/"), OPENED + 905)


@pytest.mark.parametrize(
    "gone", [Probed, Used, LogLooked, PageLoaded, *CheckKind], ids=lambda one: str(one)
)
def test_whatever_is_missing_is_never_a_pass(gone: type | CheckKind) -> None:
    """R-13.4, for everything that a verdict rests on."""

    def leave_out(one: Sample) -> Sample | None:
        kind = one.kind if isinstance(one, Checked) else type(one)
        return None if kind == gone else one

    watch = observed(FULL, EXPECTED, before(), OPENED)
    kept = [one for one in samples() if leave_out(one) is not None]
    assert judge(watch.after_all(kept), END).outcome is Outcome.INCONCLUSIVE


def test_without_a_baseline_nothing_passes() -> None:
    """There is nothing to be slower than."""
    found = judge(watched(known=Before()), END)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert {one.criterion for one in found.unproven} == {Rollback.PERFORMANCE}


def test_a_plan_that_asks_for_nothing_does_not_pass() -> None:
    """A criterion without evidence is inconclusive."""
    nothing = Expected(resources=False, database=False)
    found = judge(observed(FULL, nothing, before(), OPENED), END)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert len(found.unproven) == len(Rollback) + len(Success)


@pytest.mark.parametrize("seconds", [1, 60, 900, 1799])
def test_a_watch_that_goes_on_has_not_passed(seconds: int) -> None:
    """Nine tenths are enough at the end, not before."""
    found = verdict(seconds)
    assert found.outcome is Outcome.INCONCLUSIVE


def test_what_was_as_slow_before_is_no_reason_to_go_back() -> None:
    """The limit of R-5.3 is not met, so it is no success; a person decides."""

    def slow(one: Sample) -> Sample:
        match one:
            case Probed("/a/", answer):
                return Probed("/a/", replace(answer, seconds=0.7))
        return one

    known = before()
    was = {**known.responses, "/a/": Baseline(0.69, 1.03, 0.05, 1.0, 1.0, 0.0)}
    found = judge(watched(change=slow, known=replace(known, responses=was)), END)
    assert found.outcome is Outcome.INCONCLUSIVE
    criterion, evidence = found.reasons[0]
    assert criterion.criterion is Success.RESPONSE_TIME
    assert evidence.fact == "/a/: 700 ms of 500 ms, and it was above that before as well"


def test_an_endpoint_that_failed_before_is_no_reason_to_go_back() -> None:
    """Its failures are told, with those of before."""
    known = replace(before(), failed={"/a/": 1.0})
    found = judge(watched(change=unreachable, known=known), END)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert any("before, 100% failed as well" in evidence.fact for _, evidence in found.reasons)


def test_one_failed_run_of_a_functional_check_is_not_enough() -> None:
    """It is run again; until then nothing is certain."""

    def once(one: Sample) -> Sample:
        return breaking(one) if one.at == OPENED + 300 else one

    assert verdict(change=once).outcome is Outcome.PASS
    found = verdict(301, once)
    assert Rollback.FUNCTIONS in {one.criterion for one in found.unproven}


def test_a_suspect_in_the_log_is_no_pass() -> None:
    """Seen twice from the same worker: perhaps the release, perhaps a visitor."""

    def suspect(one: Sample) -> Sample:
        match one:
            case LogLooked(name, at) if at in (OPENED + 50, OPENED + 90):
                return LogLooked(name, at, (LogEntry(NEW, "7"),))
        return one

    found = verdict(change=suspect)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.reasons[0][1].fact == "suspect: KeyError: '' in apps/new.py, get (2 times)"


def test_a_known_error_at_its_old_rate_passes() -> None:
    """The release before logged it every twenty seconds too."""

    def as_before(one: Sample) -> Sample:
        match one:
            case LogLooked(name, at) if at % 20 == 0:
                return LogLooked(name, at, (LogEntry(KNOWN, str(at)),))
        return one

    assert verdict(change=as_before).outcome is Outcome.PASS


def test_what_could_not_be_read_of_a_log_is_no_pass() -> None:
    """An error may have stood there."""

    def unread(one: Sample) -> Sample:
        match one:
            case LogLooked(name, at) if at == OPENED + 50:
                return LogLooked(name, at, unread="cut off before it was read")
        return one

    found = verdict(change=unread)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.reasons[0][1].fact == "app.log: cut off before it was read"


def test_a_short_run_says_that_it_is_one() -> None:
    """Its numbers are wrong more often, and nobody may take it for a full watch."""
    short = watched(60, parameters=SHORT)
    found = judge(short, OPENED + 60)
    assert found.parameters == "short"
    assert found.outcome is Outcome.PASS
