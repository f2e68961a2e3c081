"""Probes at a steady pace, for the baseline before and the watch after."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin

from parom.checks.probe import probe
from parom.durable import write_atomically
from parom.errors import release as errors
from parom.facts import Probe, ServiceState
from parom.steps.checking import headers_of
from parom.steps.step import Context, Data, Plain
from parom.verdict.errors import Alarm, Answer, judge_errors
from parom.verdict.latency import baseline_of, judge_latency

_LEAST_ROUNDS = 6
"""Five failures in a row alarm (verdict/errors.py); one more for a probe that came too soon."""


class MeasureBaseline(Plain):
    name = "baseline.measure"

    def run(self, context: Context) -> Data:
        """What is normal for the release that runs; said to be missing where nothing runs."""
        installation = context.installation
        if not all(one.state is ServiceState.RUNNING for one in installation.services.status()):
            return {"missing": "the services do not run, so there is nothing to compare with"}
        deadline = installation.clock.monotonic() + installation.config.watch.baseline_s
        while installation.clock.monotonic() < deadline:
            if context.abort_asked():
                break
            context.checkpoint()
            probe_all(context, "baseline")
        return {
            name: {"median_s": round(found.median_s, 4), "share_above": round(found.share_above, 3)}
            if (found := baseline_of(answers_of(context, "baseline", name)))
            else {"missing": "too few probes were answered"}
            for name in endpoints(context)
        }


class WatchRelease(Plain):
    name = "watch.run"

    def run(self, context: Context) -> Data:
        """Until an absolute time, also across a restart. Raises `watch.alarm`.

        Carried on late, it still looks `_LEAST_ROUNDS` times: enough for failing requests to
        raise the alarm, so that time which nobody watched never counts as good.
        """
        installation, watch = context.installation, context.installation.config.watch
        began, until, since = self._span(context)
        rounds = 0
        while installation.clock.now().timestamp() < until or rounds < _LEAST_ROUNDS:
            rounds += 1
            context.checkpoint()
            who = context.abort_asked()
            if who:
                raise errors.watch_aborted(who)
            probe_all(context, "watch")
            now = installation.clock.now().timestamp()
            context.progress(int(now - began), int(until - began), "s")
            alarm = judge(context, began + watch.grace_s, since)
            if alarm:
                # A person who has it carried on all the same is not told the same again.
                self._write_span(context, began, until, since=now)
                raise errors.watch_alarmed(alarm.criterion, alarm.fact)
        return {
            "seconds": watch.seconds,
            "verdict": "pass" if not self._missing(context) else "inconclusive",
            "missing": self._missing(context),
            "probes": {
                name: len(answers_of(context, "watch", name)) for name in endpoints(context)
            },
        }

    def _span(self, context: Context) -> tuple[float, float, float]:
        """When it began, when it is over, and from when on probes count (epoch seconds)."""
        file = context.folder / "watch.json"
        if file.exists():
            span = json.loads(file.read_text(encoding="utf-8"))
            return float(span["began"]), float(span["until"]), float(span.get("since", 0))
        began = context.installation.clock.now().timestamp()
        until = began + context.installation.config.watch.seconds
        self._write_span(context, began, until, since=0.0)
        return began, until, 0.0

    def _write_span(self, context: Context, began: float, until: float, *, since: float) -> None:
        span = json.dumps({"began": began, "until": until, "since": since})
        write_atomically(context.folder / "watch.json", span.encode(), 0o600)

    def _missing(self, context: Context) -> list[str]:
        """What could not be judged: never counted as good."""
        missing = []
        for name in endpoints(context):
            if baseline_of(answers_of(context, "baseline", name)) is None:
                missing.append(f"{name}: no baseline for its response time")
            if not answers_of(context, "watch", name):
                missing.append(f"{name}: no probe")
        return missing


def endpoints(context: Context) -> tuple[str, ...]:
    checks = context.installation.config.checks
    return tuple(dict.fromkeys((checks.health, *checks.endpoints)))


def answers_of(context: Context, phase: str, name: str) -> list[Answer]:
    return [Answer(*row) for row in context.measurements.series(phase, name)]


def judge(context: Context, settled: float, since: float = 0.0) -> Alarm | None:
    """Errors count from `since`, response times from `settled` (epoch seconds)."""
    for name in endpoints(context):
        answers = [one for one in answers_of(context, "watch", name) if one.at >= since]
        alarm = judge_errors(name, answers)
        if alarm is None:
            baseline = baseline_of(answers_of(context, "baseline", name))
            if baseline is not None:
                late = [answer for answer in answers if answer.at >= settled]
                alarm = judge_latency(name, baseline, late)
        if alarm is not None:
            return alarm
    return None


def probe_all(context: Context, phase: str) -> None:
    """One probe of each endpoint through the public address, then the rest of the interval."""
    installation = context.installation
    watch, clock = installation.config.watch, installation.clock
    began = clock.monotonic()
    base, headers = installation.gateway.public_url(), headers_of(context)
    with ThreadPoolExecutor(max_workers=4) as pool:

        def ask(name: str) -> tuple[str, Probe]:
            return name, probe(urljoin(base, name), headers=headers, limit_s=watch.probe_limit_s)

        for name, answer in pool.map(ask, endpoints(context)):
            context.measurements.add(
                phase, answer.started, name, answer.status, answer.total_s, answer.error
            )
    clock.wait(max(0.0, watch.probe_every_s - (clock.monotonic() - began)))
