"""The lane of memory and CPU of the services' process trees: sustained, not a single look."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.baseline import Missing, UsageBaseline
from parom.verdict.limit import LimitLane, limit_lane
from parom.verdict.parameters import Parameters
from parom.verdict.samples import Used
from parom.verdict.walk import in_steps


@dataclass(frozen=True)
class ResourceLane:
    """Looks so far. With shares of 0.35 and 0.65 a look above a limit weighs as much as one
    below it, so an alarm says: a minute more above than below."""

    baseline: UsageBaseline | Missing
    begins_at: float
    """The end of the grace: starting up takes a processor."""
    memory: LimitLane
    cpu: LimitLane

    def after(self, used: Used) -> ResourceLane:
        """The lane one look later."""
        if used.at < self.begins_at:
            return self
        return ResourceLane(
            self.baseline,
            self.begins_at,
            self.memory.after(used.at, used.memory_bytes),
            self.cpu.after(used.at, used.cpu_share),
        )


def resource_lane(
    baseline: UsageBaseline | Missing, opened_at: float, parameters: Parameters
) -> ResourceLane:
    """A lane that has seen nothing."""
    rule = parameters.resources
    question = in_steps(rule.most_normal, rule.fault, rule.alarm_looks)
    over_memory = over_cpu = None
    if isinstance(baseline, UsageBaseline):
        over_memory, over_cpu = baseline.share_over_memory, baseline.share_over_cpu
    return ResourceLane(
        baseline,
        opened_at + parameters.grace_s,
        limit_lane(rule.memory_bytes, over_memory, question),
        limit_lane(rule.cpu_share, over_cpu, question),
    )
