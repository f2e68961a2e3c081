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
        """Until an absolute time, also across a restart. Raises `watch.alarm`."""
        installation, watch = context.installation, context.installation.config.watch
        began, until = self._span(context)
        while installation.clock.now().timestamp() < until:
            who = context.abort_asked()
            if who:
                raise errors.watch_aborted(who)
            probe_all(context, "watch")
            now = installation.clock.now().timestamp()
            context.progress(int(now - began), int(until - began), "s")
            alarm = judge(context, began + watch.grace_s)
            if alarm:
                raise errors.watch_alarmed(alarm.criterion, alarm.fact)
        return {
            "seconds": watch.seconds,
            "verdict": "pass" if not self._missing(context) else "inconclusive",
            "missing": self._missing(context),
            "probes": {
                name: len(answers_of(context, "watch", name)) for name in endpoints(context)
            },
        }

    def _span(self, context: Context) -> tuple[float, float]:
        file = context.folder / "watch.json"
        if file.exists():
            span = json.loads(file.read_text(encoding="utf-8"))
            return float(span["began"]), float(span["until"])
        began = context.installation.clock.now().timestamp()
        until = began + context.installation.config.watch.seconds
        write_atomically(file, json.dumps({"began": began, "until": until}).encode(), 0o600)
        return began, until

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


def judge(context: Context, settled: float) -> Alarm | None:
    """Errors count from the first probe; response times from `settled` (epoch seconds)."""
    for name in endpoints(context):
        answers = answers_of(context, "watch", name)
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
