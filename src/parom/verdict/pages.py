"""The lane of page loads in a real browser, against their limit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from parom.verdict.limit import LimitLane, limit_lane
from parom.verdict.parameters import PageRule
from parom.verdict.samples import PageLoaded
from parom.verdict.walk import Question


@dataclass(frozen=True)
class PageLane:
    """One page's loads so far. A load that never ended is longer than any limit."""

    lane: LimitLane

    def after(self, page: PageLoaded) -> PageLane:
        seconds = math.inf if page.seconds is None else page.seconds
        return PageLane(self.lane.after(page.at, seconds))


def page_lane(share_over_before: float | None, rule: PageRule) -> PageLane:
    """A lane that has seen nothing; None where the page was not loaded before."""
    normal = min(max(share_over_before or 0.0, rule.least_normal), rule.most_normal)
    question = Question(normal, rule.fault, rule.alarm_nats)
    return PageLane(limit_lane(rule.limit_s, share_over_before, question))
