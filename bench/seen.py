"""What clients saw of a crossing. Pure: records of the load in, figures out.

Both plans are judged by the same definitions; `DEFINITIONS` goes into every output.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

QUICK_S = 0.5
"""R-5.3: an answer should not take longer."""
DEFINITIONS = {
    "downtime_s": "the longest span in which no client got a successful answer (2xx), from the "
    "last one to the next one",
    "not_quick_s": f"the longest span in which no request that was due in it was answered with "
    f"success within {QUICK_S:g} s of the moment it was due; waiting and the queue after it count",
    "longest_wait_s": "the longest time from the moment a request was due to its end, whatever "
    "the end was",
    "failed": "requests that got neither a successful answer nor a clean 503 (with Retry-After)",
    "lost": "writes that were answered with 201 and are neither in the database nor listed by "
    "name where they are kept instead",
}


@dataclass(frozen=True)
class Answer:
    """One request: when it was due (epoch), how long it took from then, how it ended."""

    at: float
    seconds: float
    status: int
    kind: str
    key: str = ""
    clean: bool = False
    error: str = ""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def ended(self) -> float:
        return self.at + self.seconds


@dataclass(frozen=True)
class Seen:
    """Figures of a span; see `DEFINITIONS`."""

    requests: int
    failed: int
    refused_503: int
    longest_wait_s: float
    downtime_s: float
    not_quick_s: float
    median_before_s: float
    failures: dict[str, int]

    @property
    def kept_up_before(self) -> bool:
        """Whether the application answered as fast as it was asked while nothing happened to it;
        what is measured of one that did not says how long its queue was."""
        return self.median_before_s <= QUICK_S


def read(file: Path) -> list[Answer]:
    """The generator's file, by the moment due."""
    found = []
    for line in file.read_text("utf-8").splitlines():
        one = json.loads(line)
        found.append(
            Answer(
                at=one["at"],
                seconds=one["s"],
                status=one["status"],
                kind=one["kind"],
                key=one.get("key", ""),
                clean=one.get("clean", False),
                error=one.get("error", ""),
            )
        )
    return sorted(found, key=lambda one: one.at)


def seen_between(answers: Sequence[Answer], start: float, end: float) -> Seen:
    """What was due from `start` to `end`; what was due before tells what is normal."""
    within = [one for one in answers if start <= one.at <= end]
    failed = [one for one in within if not one.good and not one.clean]
    failures: dict[str, int] = {}
    for one in failed:
        name = f"{one.status or ''} {one.error}".strip()
        failures[name] = failures.get(name, 0) + 1
    before = [one.seconds for one in answers if one.at < start]
    return Seen(
        requests=len(within),
        failed=len(failed),
        refused_503=sum(1 for one in within if one.clean),
        longest_wait_s=round(max((one.seconds for one in within), default=0.0), 3),
        downtime_s=round(longest_gap([one.ended for one in answers if one.good], start, end), 3),
        not_quick_s=round(
            longest_gap(
                [one.at for one in answers if one.good and one.seconds <= QUICK_S], start, end
            ),
            3,
        ),
        median_before_s=round(sorted(before)[len(before) // 2], 4) if before else 0.0,
        failures=failures,
    )


def longest_gap(moments: Sequence[float], start: float, end: float) -> float:
    """The longest span between neighbouring moments, of those that touch `start` to `end`."""
    inside = sorted(one for one in moments if start <= one <= end)
    before = max((one for one in moments if one < start), default=start)
    after = min((one for one in moments if one > end), default=end)
    edges = [before, *inside, after]
    return max(later - earlier for earlier, later in itertools.pairwise(edges))


def acknowledged(answers: Sequence[Answer]) -> list[str]:
    """Keys of writes that a client was told are kept."""
    return [one.key for one in answers if one.kind == "create" and one.status == 201]
