"""From the configuration and what was proven before opening to what a watch is to look at."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from parom.config.model import Config
from parom.steps.step import Context
from parom.verdict.expected import Expected
from parom.verdict.parameters import FULL, SHORT, BaselineRule, Parameters
from parom.words.said import said

_HALF = 0.5
"""Of what a baseline's time gives, so much must have come."""
_MUCH_LONGER = 3.0
_ANSWERS_OF_A_BLOCK = 6
"""One slow answer must not be a slow block (verdict/fast.py)."""


def endpoints_of(config: Config) -> tuple[str, ...]:
    """The pages that are probed each second."""
    return tuple(dict.fromkeys((config.checks.health, *config.checks.endpoints)))


def parameters_of(config: Config) -> Parameters:
    """The full set; the short one where the configuration says so, and every verdict with it."""
    watch, limits = config.watch, config.limits
    base = SHORT if watch.short else FULL
    looks = _HALF * watch.baseline_s / watch.probe_every_s
    # The alarms were tuned with one look a second; ten a second are not ten times as telling.
    denser = max(1.0, 1.0 / watch.probe_every_s)
    return replace(
        base,
        watch_s=watch.seconds,
        grace_s=watch.grace_s,
        probe_every_s=watch.probe_every_s,
        longest_gap_s=max(base.longest_gap_s, 2 * watch.probe_every_s + watch.probe_limit_s),
        baseline=_scaled(looks, watch.baseline_s) if watch.short else base.baseline,
        latency=replace(
            base.latency,
            limit_s=limits.response_s,
            alarm_steps=base.latency.alarm_steps * denser,
        ),
        pages=replace(base.pages, limit_s=limits.page_s),
        logs=replace(base.logs, ignored=frozenset(watch.ignored)),
        resources=replace(
            base.resources,
            memory_bytes=limits.memory_mb * 1_000_000,
            cpu_share=limits.cpu_percent / 100,
            alarm_looks=base.resources.alarm_looks * denser,
        ),
    )


def day_parameters_of(config: Config, span_s: float, every_s: float) -> Parameters:
    """The same lanes for looks that lie further apart, over a span of the day after."""
    watch = parameters_of(config)
    return replace(
        watch,
        watch_s=span_s,
        probe_every_s=every_s,
        longest_gap_s=max(watch.longest_gap_s, 2 * every_s + config.watch.probe_limit_s),
        latency=replace(
            watch.latency,
            fast_block_s=max(watch.latency.fast_block_s, _ANSWERS_OF_A_BLOCK * every_s),
        ),
    )


def day_expected_of(context: Context) -> Expected:
    """What is looked at in the day after: neither functional checks, which write, nor pages."""
    return replace(expected_of(context), functions=(), pages=())


def page_limit_s(config: Config) -> float:
    """How long one page may load: far beyond its limit, so that it is known by how much."""
    return max(_MUCH_LONGER * config.limits.page_s, config.watch.probe_limit_s)


def logs_of(context: Context) -> dict[str, Path]:
    """The logs that are followed, by the name under which they are told."""
    installation = context.installation
    root = installation.config.project.root
    named = {name: root / name for name in installation.config.watch.logs}
    printed = {said("output of {name}", name=one.stem): one for one in installation.services.logs()}
    return named | printed


def expected_of(context: Context) -> Expected:
    """What must be looked at for as long as the watch lasts."""
    installation = context.installation
    watch = installation.config.watch
    again = 0 < watch.functional_every_s <= watch.seconds
    checked = context.results.get("checks.private", {})
    return Expected(
        endpoints=endpoints_of(installation.config),
        services=tuple(one.name for one in installation.services.status()),
        logs=tuple(logs_of(context)),
        functions=tuple(checked.get("functions", ())) if again else (),
        pages=watch.pages,
        functions_every_s=watch.functional_every_s,
        pages_every_s=watch.pages_every_s,
    )


def _scaled(looks: float, seconds: float) -> BaselineRule:
    least = max(1, math.floor(looks))
    return BaselineRule(least_answers=least, least_uses=least, least_log_s=_HALF * seconds)
