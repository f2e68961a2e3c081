"""From what was observed to the verdict. The criteria are listed here, each with what it rests on.

A limit that the release before did not keep either is no reason to go back: the response time
then is not proven good (R-6), and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parom.verdict.criteria import Rollback, Success
from parom.verdict.evidence import Evidence, judged
from parom.verdict.notes import warnings
from parom.verdict.observed import Observed
from parom.verdict.outcome import Outcome
from parom.verdict.performance import (
    page_evidence,
    resource_evidence,
    slower_evidence,
    within_limit_evidence,
)
from parom.verdict.proven import proven
from parom.verdict.repeated import RepeatedCheck
from parom.verdict.samples import CheckKind
from parom.verdict.series import DATABASE, LOG, PROBE, Series
from parom.verdict.verdict import Verdict
from parom.words.said import joined, said


def judge(watch: Observed, now: float) -> Verdict:
    """The verdict at `now` (epoch seconds). Before the end of a watch it is never a pass."""
    expected = watch.expected
    correct = tuple(_checks(watch, CheckKind.ENDPOINT, expected.endpoints))
    answering = tuple(_answering(watch))
    logs = tuple(_logs(watch))
    functions = tuple(_checks(watch, CheckKind.FUNCTION, expected.functions))
    database = tuple(_database(watch))
    limits = tuple(within_limit_evidence(watch))
    return Verdict(
        at=now,
        parameters=watch.parameters.name,
        rollback=(
            judged(Rollback.STARTS, _checks(watch, CheckKind.START, expected.services)),
            judged(Rollback.ENDPOINTS, answering, _only_decided(correct)),
            judged(Rollback.LOGS, logs),
            judged(
                Rollback.PERFORMANCE,
                slower_evidence(watch),
                (one for one in limits if one.outcome is Outcome.FAIL and _kept(watch, one)),
                page_evidence(watch),
                resource_evidence(watch),
            ),
            judged(Rollback.FUNCTIONS, functions, database),
        ),
        success=(
            judged(Success.DJANGO_CHECK, _checks(watch, CheckKind.DJANGO, ())),
            judged(Success.ENDPOINTS, correct, answering),
            judged(Success.RESPONSE_TIME, limits),
            judged(Success.LOGS, logs),
            judged(Success.FUNCTIONS, functions),
            judged(Success.MONITORING, _monitoring(watch, now)),
        ),
        warnings=tuple(warnings(watch)),
    )


def _kept(watch: Observed, evidence: Evidence) -> bool:
    return watch.latency[evidence.source].limit.kept_before


def _only_decided(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """Whether an endpoint answers rightly was proven before opening or is asked by R-6; here
    what is certainly wrong counts."""
    return (one for one in evidence if one.outcome is Outcome.FAIL)


def _checks(watch: Observed, kind: CheckKind, expected: Iterable[str]) -> Iterator[Evidence]:
    """One piece of evidence for each check of a kind, the expected ones first."""
    made = [series.name for series in watch.checks if series.kind == kind]
    for name in dict.fromkeys((*expected, *made)):
        check = watch.checks.get(Series(kind, name))
        if check is None:
            yield Evidence(name, Outcome.INCONCLUSIVE, said("{name}: never looked at", name=name))
        elif check.outcome is Outcome.PASS:
            fact = said("{name}: passed, looks: {n}", name=name, n=check.runs)
            yield Evidence(name, Outcome.PASS, fact)
        else:
            yield Evidence(name, check.outcome, _failed(name, check), check.failed_at)


def _answering(watch: Observed) -> Iterator[Evidence]:
    for name in watch.expected.endpoints:
        lane = watch.errors.get(name)
        if lane is None:
            yield Evidence(name, Outcome.INCONCLUSIVE, said("{name}: no probe", name=name))
        elif lane.alarm is None:
            fact = said(
                "{name}: {failed} of {seen} probes failed",
                name=name,
                failed=lane.failed,
                seen=lane.seen,
            )
            yield proven(watch, Series(PROBE, name), fact)
        elif (before := watch.before.failed.get(name, 0.0)) > watch.parameters.errors.fault:
            as_before = said("; before, {share:.0%} failed as well", share=before)
            told = joined([lane.alarm.fact, as_before], "")
            yield Evidence(name, Outcome.INCONCLUSIVE, told, lane.alarm.at)
        else:
            yield Evidence(name, Outcome.FAIL, lane.alarm.fact, lane.alarm.at)


def _logs(watch: Observed) -> Iterator[Evidence]:
    if watch.logs.alarm:
        yield Evidence("logs", Outcome.FAIL, watch.logs.alarm.fact, watch.logs.alarm.at)
    for signature in watch.logs.suspects:
        entries = watch.logs.sightings[signature].entries
        fact = said("suspect: {signature} ({n} times)", signature=signature, n=entries)
        yield Evidence("logs", Outcome.INCONCLUSIVE, fact)
    for unread in watch.unread:
        yield Evidence("logs", Outcome.INCONCLUSIVE, unread)
    for name in watch.expected.logs:
        yield proven(watch, Series(LOG, name), said("{name}: read as it was written", name=name))


def _database(watch: Observed) -> Iterator[Evidence]:
    if not watch.expected.database:
        return
    check = watch.checks.get(DATABASE)
    if check is not None and check.outcome is not Outcome.PASS:
        fact = _failed(DATABASE.described, check)
        yield Evidence("database", check.outcome, fact, check.failed_at)
    else:
        yield proven(watch, DATABASE, said("database: answers"))


def _monitoring(watch: Observed, now: float) -> Iterator[Evidence]:
    if now < watch.ends_at:
        left = watch.ends_at - now
        fact = said("the watch goes on for {left:.0f} s", left=left)
        yield Evidence("watch", Outcome.INCONCLUSIVE, fact)
    for series in watch.expected.series:
        fact = said("{series}: looked at throughout", series=series.described)
        yield proven(watch, series, fact)


def _failed(name: str, check: RepeatedCheck) -> str:
    return said(
        "{name}: failed {n} times in a row: {fact}", name=name, n=check.in_a_row, fact=check.fact
    )
