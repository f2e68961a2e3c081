"""All baselines of an installation together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parom.verdict.baseline import (
    Baseline,
    Missing,
    UsageBaseline,
    response_baseline,
    usage_baseline,
)
from parom.verdict.logs import LogBaseline, log_baseline
from parom.verdict.parameters import Parameters
from parom.verdict.samples import LogLooked, PageLoaded, Probed, Sample, Used
from parom.words.said import said

_NOTHING = Missing(said("nothing was measured before the cutover"))


@dataclass(frozen=True)
class Before:
    """What was normal for the release before. What is not here is missing."""

    responses: Mapping[str, Baseline | Missing] = field(default_factory=dict)
    usage: UsageBaseline | Missing = _NOTHING
    logs: LogBaseline | Missing = _NOTHING
    pages_over_limit: Mapping[str, float] = field(default_factory=dict)
    failed: Mapping[str, float] = field(default_factory=dict)
    """Of each endpoint the share of probes that failed."""

    def response_of(self, endpoint: str) -> Baseline | Missing:
        return self.responses.get(endpoint, _NOTHING)

    def share_over_page_limit(self, page: str) -> float | None:
        """None where the page was not loaded before."""
        return self.pages_over_limit.get(page)


def measured_before(
    samples: Sequence[Sample],
    cutover_at: float,
    parameters: Parameters,
    logs: Sequence[str] = (),
    logs_cover_s: float | None = None,
) -> Before:
    """The baselines from samples before `cutover_at` (epoch seconds).

    `logs_cover_s`: how many seconds the lines read of `logs` cover; by default the time between
    the first and the last look.
    """
    early = [one for one in samples if one.at < cutover_at]
    limits = (float(parameters.resources.memory_bytes), parameters.resources.cpu_share)
    uses = [one for one in early if isinstance(one, Used)]
    looks = [one for one in early if isinstance(one, LogLooked)]
    between = max((one.at for one in looks), default=0) - min((one.at for one in looks), default=0)
    covered_s = between if logs_cover_s is None else logs_cover_s
    return Before(
        _responses(early, cutover_at, parameters),
        usage_baseline(uses, cutover_at, parameters.baseline, limits),
        log_baseline(looks, cutover_at, parameters.baseline, logs, covered_s),
        _pages(early, parameters.pages.limit_s),
        _failed(early),
    )


def _responses(
    early: Sequence[Sample], cutover_at: float, parameters: Parameters
) -> dict[str, Baseline | Missing]:
    probes = [one for one in early if isinstance(one, Probed)]
    return {
        name: response_baseline(
            [one.answer for one in probes if one.name == name],
            cutover_at,
            parameters.baseline,
            parameters.latency,
        )
        for name in dict.fromkeys(one.name for one in probes)
    }


def _pages(early: Sequence[Sample], limit_s: float) -> dict[str, float]:
    pages = [one for one in early if isinstance(one, PageLoaded)]
    shares = {}
    for name in dict.fromkeys(one.name for one in pages):
        loads = [one.seconds for one in pages if one.name == name]
        over = sum(1 for seconds in loads if seconds is None or seconds > limit_s)
        shares[name] = over / len(loads)
    return shares


def _failed(early: Sequence[Sample]) -> dict[str, float]:
    probes = [one for one in early if isinstance(one, Probed)]
    shares = {}
    for name in dict.fromkeys(one.name for one in probes):
        failed = [one.answer.failed for one in probes if one.name == name]
        shares[name] = sum(failed) / len(failed)
    return shares
