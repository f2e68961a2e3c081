"""Everything seen of a release since the public was let in: one value, sample by sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from parom.verdict.before import Before
from parom.verdict.coverage import Coverage
from parom.verdict.errors import ErrorLane, error_lane
from parom.verdict.expected import Expected
from parom.verdict.latency import LatencyLane, latency_lane
from parom.verdict.logs import LogLane
from parom.verdict.pages import PageLane, page_lane
from parom.verdict.parameters import Parameters
from parom.verdict.repeated import RepeatedCheck, repeated_check
from parom.verdict.resources import ResourceLane, resource_lane
from parom.verdict.samples import (
    Checked,
    CheckKind,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.verdict.series import PAGE, Series, series_of
from parom.words.said import joined

_OF_THE_NEW_RELEASE = frozenset({CheckKind.DJANGO, CheckKind.ENDPOINT, CheckKind.FUNCTION})
"""Checks that a release must pass before the public is let in."""
_MOST_UNREAD = 20
"""Sentences about what could not be read: enough to be told."""


@dataclass(frozen=True)
class Observed:
    """A watch so far. `after` is all that changes it; the same samples give the same value."""

    parameters: Parameters
    expected: Expected
    before: Before
    opened_at: float
    """When the public was let in to the new release, in seconds since the epoch."""
    logs: LogLane
    resources: ResourceLane
    errors: Mapping[str, ErrorLane] = field(default_factory=dict)
    latency: Mapping[str, LatencyLane] = field(default_factory=dict)
    pages: Mapping[str, PageLane] = field(default_factory=dict)
    checks: Mapping[Series, RepeatedCheck] = field(default_factory=dict)
    coverage: Mapping[Series, Coverage] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    """What of the logs could not be read, as sentences."""

    def after(self, sample: Sample) -> Observed:
        """The watch one sample later.

        A sample that is not later than the last one of its series was counted already and
        changes nothing, so rows may be fed again after a restart. Of what was seen before
        opening only what proved the new release counts: its checks.
        """
        series = series_of(sample)
        coverage = self.coverage.get(series) or Coverage(self._longest_gap_s(series))
        early = sample.at < self.opened_at and series.kind not in _OF_THE_NEW_RELEASE
        if early or coverage.has(sample.at):
            return self
        looked = {**self.coverage, series: coverage.after(sample.at)}
        match sample:
            case Probed(name, answer):
                errors = {**self.errors, name: self._errors(name).after(answer)}
                latency = {**self.latency, name: self._latency(name).after(answer)}
                return replace(self, coverage=looked, errors=errors, latency=latency)
            case PageLoaded(name):
                pages = {**self.pages, name: self._pages(name).after(sample)}
                return replace(self, coverage=looked, pages=pages)
            case Used():
                return replace(self, coverage=looked, resources=self.resources.after(sample))
            case LogLooked():
                unread = self._unread(sample)
                logs = self.logs.after(sample)
                return replace(self, coverage=looked, logs=logs, unread=unread)
            case Checked(kind):
                check = self.checks.get(series) or repeated_check(kind, self.parameters.checks)
                checks = {**self.checks, series: check.after(sample)}
                return replace(self, coverage=looked, checks=checks)

    def after_all(self, samples: Iterable[Sample]) -> Observed:
        """The watch after many samples, each series in the order of its time."""
        watch = self
        for sample in samples:
            watch = watch.after(sample)
        return watch

    @property
    def ends_at(self) -> float:
        """Seconds since the epoch."""
        return self.opened_at + self.parameters.watch_s

    def covers(self, series: Series) -> bool:
        """Whether so much of the whole watch was looked at as a verdict needs."""
        coverage = self.coverage.get(series)
        share = self.parameters.enough
        return coverage is not None and coverage.is_enough(self.opened_at, self.ends_at, share)

    def silent(self, series: Series, now: float) -> bool:
        """Whether nobody looks any more: no sample for longer than is normal for this series."""
        coverage = self.coverage.get(series) or Coverage(self._longest_gap_s(series))
        last = self.opened_at if coverage.last_at is None else coverage.last_at
        return now - last > coverage.longest_gap_s

    def _unread(self, look: LogLooked) -> tuple[str, ...]:
        told = joined([look.name, look.unread], ": ")
        if not look.unread or told in self.unread:
            return self.unread
        return (*self.unread, told)[:_MOST_UNREAD]

    def _errors(self, name: str) -> ErrorLane:
        return self.errors.get(name) or error_lane(name, self.parameters.errors)

    def _latency(self, name: str) -> LatencyLane:
        baseline = self.before.response_of(name)
        return self.latency.get(name) or latency_lane(
            name, baseline, self.opened_at, self.parameters
        )

    def _pages(self, name: str) -> PageLane:
        return self.pages.get(name) or page_lane(
            self.before.share_over_page_limit(name), self.parameters.pages
        )

    def _longest_gap_s(self, series: Series) -> float:
        every = {
            CheckKind.FUNCTION: self.expected.functions_every_s,
            PAGE: self.expected.pages_every_s,
        }.get(series.kind, 0.0)
        return max(self.parameters.longest_gap_s, 1.5 * every)


def observed(
    parameters: Parameters, expected: Expected, before: Before, opened_at: float
) -> Observed:
    """A watch that has seen nothing."""
    return Observed(
        parameters,
        expected,
        before,
        opened_at,
        LogLane(before.logs, opened_at, parameters.logs),
        resource_lane(before.usage, opened_at, parameters),
    )
