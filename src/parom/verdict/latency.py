"""The lane of response times against the baseline measured before the cutover.

Parameters from DESIGN, "Verdict"; the share of probes above 1.5 times the baseline's median
is what is tested, because means are carried away by single outliers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from parom.verdict.errors import Alarm, Answer
from parom.verdict.walk import Walk

SLOWER, FAULTY_SHARE, LIMIT = 1.5, 0.65, 89.5
LEAST_NORMAL, MOST_NORMAL = 0.05, 0.35
FAST_BLOCKS, FAST_BLOCK_S, FAST_FACTOR = 4, 10.0, 4.0
LEAST_BASELINE = 10
"""Fewer answered probes than this are no baseline: the lane is inconclusive."""


@dataclass(frozen=True)
class Baseline:
    """`median_s` of the answered probes and the share of them above `threshold_s`."""

    median_s: float
    threshold_s: float
    share_above: float


def baseline_of(answers: Sequence[Answer]) -> Baseline | None:
    """The baseline of one endpoint; None where too little was measured."""
    times = [answer.seconds for answer in answers if not answer.failed]
    if len(times) < LEAST_BASELINE:
        return None
    middle = median(times)
    threshold = SLOWER * middle
    share = sum(1 for time in times if time > threshold) / len(times)
    return Baseline(middle, threshold, share)


def judge_latency(name: str, baseline: Baseline, answers: Sequence[Answer]) -> Alarm | None:
    """The first moment at which an endpoint is slower for certain; None if never."""
    times = [answer for answer in answers if not answer.failed]
    normal = min(max(baseline.share_above, LEAST_NORMAL), MOST_NORMAL)
    walk = Walk(normal, FAULTY_SHARE, LIMIT)
    for answer in times:
        walk = walk.after(answer.seconds > baseline.threshold_s)
        if walk.alarmed:
            now = median([one.seconds for one in times if one.at <= answer.at][-60:])
            return Alarm(
                "performance degraded",
                f"{name}: median {now * 1000:.0f} ms against {baseline.median_s * 1000:.0f} ms "
                f"before, {now / baseline.median_s:.1f} times as long",
                answer.at,
            )
    return _fast_lane(name, baseline, times)


def _fast_lane(name: str, baseline: Baseline, times: Sequence[Answer]) -> Alarm | None:
    if not times:
        return None
    start, in_a_row = times[0].at, 0
    blocks = int((times[-1].at - start) // FAST_BLOCK_S)
    for number in range(blocks):
        low = start + number * FAST_BLOCK_S
        block = [one.seconds for one in times if low <= one.at < low + FAST_BLOCK_S]
        slow = bool(block) and median(block) >= FAST_FACTOR * baseline.median_s
        in_a_row = in_a_row + 1 if slow else 0
        if in_a_row == FAST_BLOCKS:
            fact = f"{name}: {FAST_FACTOR:.0f} times slower in {FAST_BLOCKS} blocks of 10 s"
            return Alarm("performance degraded", fact, low + FAST_BLOCK_S)
    return None
