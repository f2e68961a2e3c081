"""What is normal: measured before the cutover, or said to be missing.

R-7.1 compares with what was measured *before*; what came after the public was let in to the new
release never counts here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from parom.verdict.parameters import BaselineRule, LatencyRule
from parom.verdict.samples import Answer, Used
from parom.words.said import said


@dataclass(frozen=True)
class Missing:
    """There is nothing to compare with, and why. Never counted as good."""

    why: str


@dataclass(frozen=True)
class Baseline:
    """Response times of one endpoint, of its answered probes, in seconds."""

    median_s: float
    threshold_s: float
    """Above it an answer is slow: 1.5 times the median."""
    share_above: float
    """The share of answers above `threshold_s`."""
    p90_s: float
    share_over_limit: float
    """The share above the absolute limit: whether it was kept before at all."""
    share_failed: float
    """Of all probes, also those without an answer."""


@dataclass(frozen=True)
class UsageBaseline:
    """Memory and CPU before: medians, and the shares of looks above their limits."""

    memory_bytes: float
    cpu_share: float
    share_over_memory: float
    share_over_cpu: float


def response_baseline(
    answers: Sequence[Answer], cutover_at: float, needs: BaselineRule, rule: LatencyRule
) -> Baseline | Missing:
    """The baseline of one endpoint from the probes before `cutover_at` (epoch seconds)."""
    before = [answer for answer in answers if answer.at < cutover_at]
    times = sorted(answer.seconds for answer in before if not answer.failed)
    if not before:
        return Missing(said("nothing was measured before the cutover"))
    failed = 1 - len(times) / len(before)
    if failed > needs.most_failed:
        why = said(
            "{failed} of {seen} probes failed before",
            failed=len(before) - len(times),
            seen=len(before),
        )
        return Missing(why)
    if len(times) < needs.least_answers:
        why = said(
            "{n} answers before, {needed} are needed", n=len(times), needed=needs.least_answers
        )
        return Missing(why)
    middle = median(times)
    return Baseline(
        median_s=middle,
        threshold_s=rule.slower * middle,
        share_above=_share_above(times, rule.slower * middle),
        p90_s=times[int(0.9 * (len(times) - 1))],
        share_over_limit=_share_above(times, rule.limit_s),
        share_failed=failed,
    )


def usage_baseline(
    uses: Sequence[Used],
    cutover_at: float,
    needs: BaselineRule,
    limits: tuple[float, float],
) -> UsageBaseline | Missing:
    """What was used before `cutover_at`; `limits` are those of memory (bytes) and CPU."""
    before = [one for one in uses if one.at < cutover_at]
    if len(before) < needs.least_uses:
        why = said("{n} looks before, {needed} are needed", n=len(before), needed=needs.least_uses)
        return Missing(why)
    memory, cpu = [one.memory_bytes for one in before], [one.cpu_share for one in before]
    return UsageBaseline(
        median(memory), median(cpu), _share_above(memory, limits[0]), _share_above(cpu, limits[1])
    )


def _share_above(values: Sequence[float], limit: float) -> float:
    return sum(1 for one in values if one > limit) / len(values)
