"""The lane of response times: against the baseline measured before, and against the limit.

Parameters from DESIGN, "Verdict"; the share of probes above 1.5 times the baseline's median
is what is tested, because means are carried away by single outliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from parom.verdict.alarm import Alarm
from parom.verdict.baseline import Baseline, Missing
from parom.verdict.criteria import Rollback
from parom.verdict.fast import FastLane
from parom.verdict.limit import LimitLane, limit_lane
from parom.verdict.parameters import LatencyRule, Parameters
from parom.verdict.samples import Answer
from parom.verdict.tail import Tail
from parom.verdict.walk import Question, in_steps
from parom.words.said import joined, said


@dataclass(frozen=True)
class LatencyLane:
    """One endpoint's answered probes so far. The lanes against a baseline are None without."""

    name: str
    baseline: Baseline | Missing
    begins_at: float
    """The end of the grace, in seconds since the epoch; what comes before does not count."""
    limit: LimitLane
    slower: LimitLane | None = None
    fast: FastLane | None = None
    tail: Tail | None = None
    alarm: Alarm | None = None

    def after(self, answer: Answer) -> LatencyLane:
        """The lane one probe later. A failed probe has no response time. An alarm stays."""
        if answer.failed or answer.at < self.begins_at or self.alarm is not None:
            return self
        limit = self.limit.after(answer.at, answer.seconds)
        slower = self.slower and self.slower.after(answer.at, answer.seconds)
        fast = self.fast and self.fast.after(answer.at, answer.seconds)
        tail = self.tail and self.tail.after(answer.seconds)
        alarm = None
        if slower and slower.alarmed_at is not None:
            alarm = Alarm(Rollback.PERFORMANCE, self._fact(slower), answer.at)
        elif slower and fast and fast.alarmed:
            how = said(", in {n} blocks in a row", n=fast.needed)
            alarm = Alarm(Rollback.PERFORMANCE, joined([self._fact(slower), how], ""), answer.at)
        return LatencyLane(
            self.name, self.baseline, self.begins_at, limit, slower, fast, tail, alarm
        )

    def _fact(self, slower: LimitLane) -> str:
        assert isinstance(self.baseline, Baseline)  # noqa: S101 - else there is no such lane
        now, before = median(slower.recent), self.baseline.median_s
        return said(
            "{name}: median {now:.0f} ms against {before:.0f} ms before, {times:.1f} times as long",
            name=self.name,
            now=now * 1000,
            before=before * 1000,
            times=now / before,
        )


def latency_lane(
    name: str, baseline: Baseline | Missing, opened_at: float, parameters: Parameters
) -> LatencyLane:
    """A lane that has seen nothing. Response times count from the end of the grace."""
    rule, begins_at = parameters.latency, opened_at + parameters.grace_s
    if isinstance(baseline, Missing):
        limit = limit_lane(rule.limit_s, None, _question(rule, 0.0))
        return LatencyLane(name, baseline, begins_at, limit)
    over = baseline.share_over_limit
    question = _question(rule, baseline.share_above)
    return LatencyLane(
        name,
        baseline,
        begins_at,
        limit=limit_lane(rule.limit_s, over, _question(rule, over)),
        slower=limit_lane(baseline.threshold_s, None, question),
        fast=FastLane(
            rule.fast_factor * baseline.median_s,
            begins_at,
            rule.fast_block_s,
            round(rule.fast_block_s / parameters.probe_every_s),
            rule.fast_blocks,
        ),
        tail=Tail(parameters.tail_slower * baseline.p90_s),
    )


def _question(rule: LatencyRule, share_before: float) -> Question:
    normal = min(max(share_before, rule.least_normal), rule.most_normal)
    return in_steps(normal, rule.fault, rule.alarm_steps)
