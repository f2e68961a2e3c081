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
from parom.steps.services import serve_again
from parom.steps.step import Context, Data, Plain
from parom.verdict.coverage import ENOUGH, watched_s
from parom.verdict.errors import Alarm, Answer, judge_errors
from parom.verdict.latency import baseline_of, judge_latency

_MORE_BASELINE_S = 10.0
"""How much longer than twice its time a baseline may take where answers are slow."""
_LEAST_ROUNDS = 6
"""Five failures in a row alarm (verdict/errors.py); one more for a probe that came too soon."""


class MeasureBaseline(Plain):
    name = "baseline.measure"

    def run(self, context: Context) -> Data:
        """What is normal for the release that runs; said to be missing where nothing runs."""
        installation = context.installation
        if not all(one.state is ServiceState.RUNNING for one in installation.services.status()):
            return {"missing": "the services do not run, so there is nothing to compare with"}
        self._measure(context)
        return {
            name: {"median_s": round(found.median_s, 4), "share_above": round(found.share_above, 3)}
            if (found := baseline_of(answers_of(context, "baseline", name)))
            else {"missing": "too few probes were answered"}
            for name in endpoints(context)
        }

    def _measure(self, context: Context) -> None:
        """For the configured time, and on until there is enough to compare with."""
        clock, seconds = context.installation.clock, context.installation.config.watch.baseline_s
        began = clock.monotonic()
        while (spent := clock.monotonic() - began) < 2 * seconds + _MORE_BASELINE_S:
            enough = all(
                baseline_of(answers_of(context, "baseline", name)) for name in endpoints(context)
            )
            if (spent >= seconds and enough) or context.abort_asked():
                return
            context.checkpoint()
            probe_all(context, "baseline")
            context.progress(int(spent), int(seconds), "s")


class WatchRelease(Plain):
    name = "watch.run"

    def run(self, context: Context) -> Data:
        """Until an absolute time, put off by the time in which nobody looked.

        It looks at least `_LEAST_ROUNDS` times: enough for failing requests to raise the
        alarm. Raises `watch.alarm`.
        """
        serve_again(context)
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
        missing = self._missing(context, began)
        return {
            "seconds": watch.seconds,
            "verdict": "inconclusive" if missing else "pass",
            "missing": missing,
            "probes": {
                name: len(answers_of(context, "watch", name)) for name in endpoints(context)
            },
        }

    def _span(self, context: Context) -> tuple[float, float, float]:
        """When it began, when it is over, and from when on probes count (epoch seconds)."""
        file = context.folder / "watch.json"
        began, since = context.installation.clock.now().timestamp(), 0.0
        until = began + context.installation.config.watch.seconds
        if file.exists():
            span = json.loads(file.read_text(encoding="utf-8"))
            until = began + self._left(context, float(span["began"]))
            began, since = float(span["began"]), float(span.get("since", 0))
        self._write_span(context, began, until, since=since)
        return began, until, since

    def _left(self, context: Context, began: float) -> float:
        """Seconds of the watch in which nobody looked yet."""
        seen = min(watched(context, name, began) for name in endpoints(context))
        return max(0.0, context.installation.config.watch.seconds - seen)

    def _write_span(self, context: Context, began: float, until: float, *, since: float) -> None:
        span = json.dumps({"began": began, "until": until, "since": since})
        write_atomically(context.folder / "watch.json", span.encode(), 0o600)

    def _missing(self, context: Context, began: float) -> list[str]:
        """What could not be judged: never counted as good."""
        missing = []
        watch = context.installation.config.watch
        # The last probe may take its whole limit, and before the first nobody looked.
        enough = ENOUGH * watch.seconds - 2 * watch.probe_limit_s
        for name in endpoints(context):
            if baseline_of(answers_of(context, "baseline", name)) is None:
                missing.append(f"{name}: no baseline for its response time")
            if not answers_of(context, "watch", name):
                missing.append(f"{name}: no probe")
            elif (seen := watched(context, name, began)) < enough:
                missing.append(f"{name}: watched for {seen:.0f} s of {watch.seconds:.0f} s")
        return missing


def endpoints(context: Context) -> tuple[str, ...]:
    checks = context.installation.config.checks
    return tuple(dict.fromkeys((checks.health, *checks.endpoints)))


def watched(context: Context, name: str, began: float) -> float:
    """Seconds since `began` (epoch) that probes of an endpoint cover."""
    times = (one.at for one in answers_of(context, "watch", name))
    return watched_s(at for at in times if at >= began)


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
