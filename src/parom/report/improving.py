"""What to do better next time (R-12): each rests on a number that was measured."""

from __future__ import annotations

from collections.abc import Iterator

from parom.report.record import Bar, DeploymentReport, Improvement
from parom.report.story import Story

_NEAR = 0.8
"""From this share of a limit on, the next release may be over it."""
_WORTH_S, _WORTH_SHARE = 1.0, 0.25
"""A step is worth work where it takes a second, and a quarter of its phase."""
_OFF = 1.5
"""A prediction that was missed by half misleads whoever reads the next one."""
_SLOWER = 1.2
_MOST = 12


def improvements_of(
    report: DeploymentReport, story: Story, attempts: int
) -> tuple[Improvement, ...]:
    """The most telling first; `report` is complete but for this part."""
    found = (
        *_slowest(report),
        *_predictions(report),
        *_near_limits(report),
        *_slower(report),
        *_flaky(report),
        *_retries(story, attempts),
        *_unproven(report),
    )
    return found[:_MOST]


def _slowest(report: DeploymentReport) -> Iterator[Improvement]:
    """The step in which the public waited longest, and the longest of the preparation."""
    for phase, kind in (("cutover", "slowest-cutover"), ("prepare", "slowest-preparation")):
        bars = [one for one in report.timeline if one.phase == phase and one.state == "ok"]
        # What waits for a person, or measures for as long as was asked, is not slow.
        bars = [one for one in bars if one.step not in ("cutover.await", "baseline.measure")]
        whole = sum(one.seconds or 0.0 for one in bars)
        slowest = max(bars, key=_seconds, default=None)
        if slowest and _seconds(slowest) >= max(_WORTH_S, _WORTH_SHARE * whole):
            yield Improvement(kind, slowest.step, _seconds(slowest), round(whole, 2))
    for bar in report.timeline:
        if bar.usual_s and bar.seconds and bar.seconds >= max(_WORTH_S, 2 * bar.usual_s):
            yield Improvement("slower-than-usual", bar.step, bar.seconds, round(bar.usual_s, 3))


def _seconds(bar: Bar) -> float:
    return bar.seconds or 0.0


def _predictions(report: DeploymentReport) -> Iterator[Improvement]:
    for one in report.compared:
        if not one.predicted_s or one.actual_s is None or one.what == "return":
            continue
        off = max(one.predicted_s, one.actual_s) >= _OFF * min(one.predicted_s, one.actual_s)
        if off and max(one.predicted_s, one.actual_s) >= _WORTH_S:
            yield Improvement("prediction", one.what, one.actual_s, one.predicted_s)


def _near_limits(report: DeploymentReport) -> Iterator[Improvement]:
    limits, measured = report.measured.limits, report.measured
    for one in report.phases:
        if one.budget_s and one.phase != "watch" and one.spent_s >= _NEAR * one.budget_s:
            yield Improvement("near-budget", one.phase, one.spent_s, one.budget_s)
    for latency in measured.latency:
        p90 = latency.after.p90_s
        if p90 is not None and p90 >= _NEAR * limits.response_s:
            yield Improvement("near-response-limit", latency.name, p90, limits.response_s)
    for page in measured.pages:
        if page.median_s is not None and page.median_s >= _NEAR * limits.page_s:
            yield Improvement("near-page-limit", page.name, page.median_s, limits.page_s)
    usage = measured.usage_after
    if usage and usage.most_bytes >= _NEAR * limits.memory_bytes:
        yield Improvement("near-memory-limit", "", usage.most_bytes, limits.memory_bytes)
    if usage and usage.median_share >= _NEAR * limits.cpu_share:
        yield Improvement("near-cpu-limit", "", usage.median_share, limits.cpu_share)


def _slower(report: DeploymentReport) -> Iterator[Improvement]:
    for one in report.measured.latency:
        before, after = one.before.median_s, one.after.median_s
        if before and after and after >= _SLOWER * before and after - before >= 0.001:
            yield Improvement("slower-endpoint", one.name, after, before)


def _flaky(report: DeploymentReport) -> Iterator[Improvement]:
    """What failed at times and was not what ended the run."""
    for one in report.measured.latency:
        for name, spread in (("before", one.before), ("after", one.after)):
            if 0 < spread.failed < spread.seen:
                kind = f"failed-probes-{name}"
                yield Improvement(kind, one.name, spread.failed, spread.seen)
    for check in report.measured.checks:
        if 0 < check.failed < check.runs:
            yield Improvement("flaky-check", check.name, check.failed, check.runs)
    for log in report.measured.logs.signatures if report.measured.logs else ():
        yield Improvement("logged", log.text, log.after, log.before)


def _retries(story: Story, attempts: int) -> Iterator[Improvement]:
    engines = len(story.all("engine"))
    if engines > 1:
        yield Improvement("engines", "", engines)
    for step in dict.fromkeys(one.step for one in story.all("looked")):
        times = sum(1 for one in story.all("looked") if one.step == step)
        yield Improvement("repeated-step", step, times)
    if attempts:
        yield Improvement("attempts", "", attempts)
    served = len(story.all("served-again"))
    if served:
        yield Improvement("served-again", "", served)
    unsent = len(story.all("notice-failed"))
    if unsent:
        yield Improvement("unsent", "", unsent)


def _unproven(report: DeploymentReport) -> Iterator[Improvement]:
    if report.warned:
        yield Improvement("warnings", "", len(report.warned))
    if report.measured.missing:
        yield Improvement("missing", "", len(report.measured.missing))
    asked = [item for one in report.checklists for item in one.items]
    unproven = [one for one in asked if one.mark in ("asks for a name", "vouched for")]
    if unproven and report.end.at:
        yield Improvement("vouched", "", len(unproven), len(asked))
