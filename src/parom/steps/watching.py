"""What is normal before the cutover, and whether the new release keeps to it after."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parom.checks.functional import FunctionalChecks
from parom.durable import write_atomically
from parom.errors import release as errors
from parom.facts import ServiceState
from parom.steps.checking import loaded_checks
from parom.steps.collecting import Collector
from parom.steps.expecting import endpoints_of, expected_of, logs_of, parameters_of
from parom.steps.services import serve_again
from parom.steps.step import Context, Data, Plain
from parom.steps.told_verdict import as_record, asked_for, unproven
from parom.verdict.baseline import Baseline, Missing
from parom.verdict.before import Before, measured_before
from parom.verdict.coverage import watched_s
from parom.verdict.judging import judge
from parom.verdict.kept import samples_of
from parom.verdict.observed import Observed, observed
from parom.verdict.outcome import Outcome
from parom.verdict.samples import Checked, CheckKind, Sample
from parom.verdict.series import PROBE
from parom.verdict.verdict import Verdict
from parom.words.said import said

_MORE_BASELINE_S = 10.0
"""How much longer than twice its time a baseline may take where answers are slow."""
_LEAST_ROUNDS = 6
"""Five failures in a row alarm (verdict/parameters.py); one more for a probe that came too soon."""


class MeasureBaseline(Plain):
    name = "baseline.measure"

    def run(self, context: Context) -> Data:
        """What is normal for the release that runs; said to be missing where nothing runs."""
        installation = context.installation
        if not all(one.state is ServiceState.RUNNING for one in installation.services.status()):
            why = said("the services do not run, so there is nothing to compare with")
            return {"missing": why}
        self._measure(context)
        before = before_of(context)
        return {name: _told(before.response_of(name)) for name in endpoints_of(installation.config)}

    def _measure(self, context: Context) -> None:
        """For the configured time, and on until there is enough to compare with."""
        clock, seconds = context.installation.clock, context.installation.config.watch.baseline_s
        every = context.installation.config.watch.probe_every_s
        began = clock.monotonic()
        with Collector(context, "baseline") as collector:
            while (spent := clock.monotonic() - began) < 2 * seconds + _MORE_BASELINE_S:
                is_over = spent >= seconds
                is_done = is_over and not collector.is_busy and _is_enough(context)
                if is_done or context.abort_asked():
                    return
                context.checkpoint()
                looked = clock.monotonic()
                collector.look(loads_pages=not is_over)
                context.progress(int(spent), int(seconds), "s")
                clock.wait(max(0.0, every - (clock.monotonic() - looked)))


@dataclass
class Span:
    """When a watch began, is over, and from when on what is seen counts (epoch seconds)."""

    began: float
    until: float
    since: float


class WatchRelease(Plain):
    name = "watch.run"

    def run(self, context: Context) -> Data:
        """Until an absolute time, put off by the time in which nobody looked.

        It looks at least `_LEAST_ROUNDS` times: enough for failing requests to raise the
        alarm. Raises `watch.alarm`.
        """
        serve_again(context)
        span = self._span(context)
        with Collector(context, "watch") as collector:
            watch = self._watched(context, span)
            whole = self._look_on(context, collector, span, watch)
        verdict, left_out = asked_for(whole, context.installation.config, logs_of(context))
        missing = unproven(verdict)
        rows = context.measurements.rows("watch")
        return {
            "seconds": context.installation.config.watch.seconds,
            "verdict": verdict.outcome.value,
            "missing": missing,
            "not_asked": left_out,
            "warnings": list(verdict.warnings),
            "criteria": as_record(verdict),
            "parameters": verdict.parameters,
            "probes": {
                name: sum(1 for one in rows if (one.kind, one.name) == (PROBE, name))
                for name in endpoints_of(context.installation.config)
            },
        }

    def _look_on(
        self, context: Context, collector: Collector, span: Span, watch: Observed
    ) -> Verdict:
        installation, rounds = context.installation, 0
        every = installation.config.watch.probe_every_s
        checks = _Checks(context, collector)
        while True:
            began = installation.clock.monotonic()
            now = installation.clock.now().timestamp()
            is_over = now >= span.until and rounds >= _LEAST_ROUNDS
            checks.begin_if_due(now, is_over=is_over)
            if is_over and not collector.is_busy:
                return judge(watch, max(now, watch.ends_at))
            rounds += 1
            context.checkpoint()
            who = context.abort_asked()
            if who:
                raise errors.watch_aborted(who)
            watch = watch.after_all(samples_of(collector.look(loads_pages=not is_over)))
            context.progress(int(now - span.began), int(span.until - span.began), "s")
            verdict = judge(watch, now)
            if verdict.outcome is Outcome.FAIL:
                # A person who has it carried on all the same is not told the same again.
                span.since = now
                self._write(context, span)
                criterion, evidence = verdict.reasons[0]
                context.tell("verdict", {"criteria": as_record(verdict)})
                raise errors.watch_alarmed(criterion.criterion.value, evidence.fact)
            installation.clock.wait(max(0.0, every - (installation.clock.monotonic() - began)))

    def _watched(self, context: Context, span: Span) -> Observed:
        """The watch so far: what proved the release before opening, and what was kept since."""
        config = context.installation.config
        begins = max(span.began, span.since)
        watch = observed(parameters_of(config), expected_of(context), before_of(context), begins)
        watch = watch.after_all(_proven_before(context, begins))
        return watch.after_all(samples_of(context.measurements.rows("watch")))

    def _span(self, context: Context) -> Span:
        file, seconds = context.folder / "watch.json", context.installation.config.watch.seconds
        now = context.installation.clock.now().timestamp()
        span = Span(now, now + seconds, 0.0)
        if file.exists():
            kept = json.loads(file.read_text(encoding="utf-8"))
            span = Span(float(kept["began"]), 0.0, float(kept.get("since", 0)))
            span.until = now + self._left(context, max(span.began, span.since))
        self._write(context, span)
        return span

    def _left(self, context: Context, began: float) -> float:
        """Seconds of the watch in which nobody looked yet."""
        config, rows = context.installation.config, context.measurements.rows("watch")
        seen = min(
            watched_s(
                one.at for one in rows if (one.kind, one.name) == (PROBE, name) and one.at >= began
            )
            for name in endpoints_of(config)
        )
        return max(0.0, config.watch.seconds - seen)

    def _write(self, context: Context, span: Span) -> None:
        data = json.dumps({"began": span.began, "until": span.until, "since": span.since})
        write_atomically(context.folder / "watch.json", data.encode(), 0o600)


class _Checks:
    """The functional checks again and again during the watch, and a last time at its end."""

    def __init__(self, context: Context, collector: Collector) -> None:
        self._context, self._collector = context, collector
        watch = context.installation.config.watch
        self._every_s = watch.functional_every_s if watch.functional_every_s <= watch.seconds else 0
        self._next, self._ended = 0.0, False

    def begin_if_due(self, now: float, *, is_over: bool) -> None:
        if not self._every_s or self._collector.is_checking:
            return
        last = is_over and not self._ended
        if not last and (is_over or now < self._next):
            return
        self._ended, self._next = is_over, now + self._every_s
        checks = self._checks()
        if checks is not None:
            limit = self._context.installation.config.checks.functional_limit_s
            self._collector.begin_checks(checks, limit)

    def _checks(self) -> FunctionalChecks | None:
        layout, plan = self._context.installation.layout, self._context.plan
        checks = loaded_checks(self._context, layout.path_of(plan.release_id))
        self._context.functional = None  # each run has a process of its own
        return checks


def before_of(context: Context) -> Before:
    """The baselines of this run."""
    rows = context.measurements.rows("baseline")
    end = max((one.at for one in rows), default=0.0) + 1.0
    parameters = parameters_of(context.installation.config)
    return measured_before(tuple(samples_of(rows)), end, parameters, tuple(logs_of(context)))


def _proven_before(context: Context, begins: float) -> list[Sample]:
    """What this release showed before the public was let in."""
    at, results = begins - 1.0, context.results
    endpoints = endpoints_of(context.installation.config)
    functions = results.get("checks.private", {}).get("functions", ())
    found: list[Sample] = []
    if "gates.code" in results:
        found.append(Checked(CheckKind.DJANGO, "check --deploy", at, True))
    if "checks.private" in results:
        found += [Checked(CheckKind.ENDPOINT, name, at, True) for name in endpoints]
        found += [Checked(CheckKind.FUNCTION, name, at, True) for name in functions]
    return found


def _is_enough(context: Context) -> bool:
    before = before_of(context)
    names: Callable[[str], Baseline | Missing] = before.response_of
    return all(
        isinstance(names(name), Baseline) for name in endpoints_of(context.installation.config)
    )


def _told(found: Baseline | Missing) -> dict[str, Any]:
    if isinstance(found, Missing):
        return {"missing": found.why}
    return {
        "median_s": round(found.median_s, 4),
        "share_above": round(found.share_above, 3),
        "p90_s": round(found.p90_s, 4),
    }
