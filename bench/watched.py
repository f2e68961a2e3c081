"""One simulated watch, judged by the code of production and by the usual rule."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import fmean

from bench.cells import Cell
from bench.noise import answers, weather
from parom.verdict.baseline import Baseline, response_baseline
from parom.verdict.errors import ErrorLane, error_lane
from parom.verdict.latency import LatencyLane, latency_lane
from parom.verdict.samples import Answer

_MINUTE, _MEAN_SLOWER = 60, 1.5


@dataclass(frozen=True)
class Found:
    """When each found a fault, in seconds after it began; None where it never did."""

    lane: str | None
    """Which one of the verdict's: slower, limit, errors, or `missing` without a baseline."""
    verdict_s: float | None
    mean_s: float | None
    """The usual rule."""


@dataclass
class _Mean:
    """The mean of the last minute above 1.5 times the mean before, after the same grace."""

    limit: float
    begins_at: float
    last: deque[float] = field(default_factory=lambda: deque(maxlen=_MINUTE))

    def exceeded(self, answer: Answer) -> bool:
        if answer.failed or answer.at < self.begins_at:
            return False
        self.last.append(answer.seconds)
        return len(self.last) == _MINUTE and fmean(self.last) > self.limit


@dataclass
class _Endpoint:
    """One endpoint, with everybody who judges it."""

    coming: Iterator[Answer]
    latency: LatencyLane
    errors: ErrorLane
    mean: _Mean

    def judged(self, answer: Answer) -> str | None:
        """Which lane of the verdict alarms."""
        self.latency, self.errors = self.latency.after(answer), self.errors.after(answer)
        if self.errors.alarm:
            return "errors"
        if self.latency.alarm:
            return "slower"
        limit = self.latency.limit
        return "limit" if limit.alarmed_at is not None and limit.kept_before else None


def watch(cell: Cell, seed: int) -> Found:
    """One watch of a cell. The fault is there from opening on; failures begin later."""
    chance = random.Random(f"{cell.name} {seed}")
    begins = chance.uniform(0, 600) if cell.failing else 0.0
    endpoints = _endpoints(cell, chance)
    if endpoints is None:
        return Found("missing", None, None)
    lane, verdict_s, mean_s = None, None, None
    for answers_of_second in zip(*(one.coming for one in endpoints), strict=True):
        for endpoint, given in zip(endpoints, answers_of_second, strict=True):
            answer = _failed(given, cell, begins, chance)
            known_s = answer.at + (0 if answer.failed else answer.seconds) - begins
            if mean_s is None and endpoint.mean.exceeded(answer):
                mean_s = known_s
            if verdict_s is None and (lane := endpoint.judged(answer)):
                verdict_s = known_s
        if verdict_s is not None and mean_s is not None:
            break
    return Found(lane if verdict_s is not None else None, verdict_s, mean_s)


def _endpoints(cell: Cell, chance: random.Random) -> Sequence[_Endpoint] | None:
    rules, span = cell.parameters, (-float(cell.baseline_s), cell.parameters.watch_s)
    sky = weather(chance, cell.noise, *span)
    found = []
    for _ in range(cell.endpoints):
        own = random.Random(chance.random())
        coming = answers(own, cell.noise, sky, span, cell.factor)
        before = list(islice(coming, cell.baseline_s))
        baseline = response_baseline(before, 0.0, rules.baseline, rules.latency)
        if not isinstance(baseline, Baseline):
            return None
        mean = fmean(one.seconds for one in before if not one.failed)
        found.append(
            _Endpoint(
                coming,
                latency_lane("", baseline, 0.0, rules),
                error_lane("", rules.errors),
                _Mean(_MEAN_SLOWER * mean, rules.grace_s),
            )
        )
    return found


def _failed(answer: Answer, cell: Cell, begins: float, chance: random.Random) -> Answer:
    if cell.failing and answer.at >= begins and chance.random() < cell.failing:
        return Answer(answer.at, 500, answer.seconds)
    return answer
