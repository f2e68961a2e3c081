"""What the probes, the browser, the logs and the processes showed, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from parom.report.condensed import MEASURED, measured_from
from parom.report.figures import (
    Check,
    Latency,
    Logs,
    Measured,
    Moment,
    Page,
    Signature,
    Spread,
    Usage,
)
from parom.report.sources import Sources, limits_of
from parom.report.story import Story
from parom.verdict.samples import (
    Answer,
    Checked,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.words.said import recorded_all

_MOMENTS = 120
"""Points of a chart for one side of a cutover: as many as a phone can show."""


def measured_of(sources: Sources, story: Story) -> Measured:
    """From the samples, or what was kept of them."""
    watch = story.result("watch.run")
    alarmed = story.last("failed", "watch.run")
    missing = recorded_all(watch, "missing")
    verdict = "fail" if alarmed and not watch else str(watch.get("verdict", ""))
    kept = story.last(MEASURED)
    if kept is not None:
        return measured_from(kept.data, missing, verdict)
    return Measured(
        limits=sources.limits or limits_of(),
        latency=_latency(sources),
        pages=_pages(sources.after),
        usage_before=_usage(sources.before),
        usage_after=_usage(sources.after),
        logs=_logs(sources.before, sources.after),
        checks=_checks(sources.after),
        missing=missing,
        verdict=verdict,
    )


def spread_of(answers: Sequence[Answer]) -> Spread:
    """Response times are those of probes that were answered; the others are counted."""
    times = sorted(one.seconds for one in answers if not one.failed)
    failed = len(answers) - len(times)
    if not times:
        return Spread(len(answers), failed, None, None, None)
    p90 = times[int(0.9 * (len(times) - 1))]
    return Spread(len(answers), failed, _r(median(times)), _r(p90), _r(times[-1]))


def _latency(sources: Sources) -> tuple[Latency, ...]:
    before, after = _probes(sources.before), _probes(sources.after)
    return tuple(
        Latency(
            name=name,
            before=spread_of(before.get(name, [])),
            after=spread_of(after.get(name, [])),
            series_before=_series(before.get(name, [])),
            series_after=_series(after.get(name, [])),
        )
        for name in dict.fromkeys((*before, *after))
    )


def _probes(samples: Iterable[Sample]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for one in samples:
        if isinstance(one, Probed):
            found.setdefault(one.name, []).append(one.answer)
    return found


def _series(answers: Sequence[Answer]) -> tuple[Moment, ...]:
    """At most `_MOMENTS` spans of the same length, those without a probe left out."""
    if not answers:
        return ()
    began, ended = answers[0].at, answers[-1].at
    width = max((ended - began) / _MOMENTS, 1e-6)
    spans: dict[int, list[Answer]] = {}
    for one in answers:
        spans.setdefault(min(int((one.at - began) / width), _MOMENTS - 1), []).append(one)
    return tuple(
        Moment(round(sum(one.at for one in span) / len(span), 3), spread_of(span))
        for _, span in sorted(spans.items())
    )


def _pages(samples: Iterable[Sample]) -> tuple[Page, ...]:
    loads: dict[str, list[float | None]] = {}
    for one in samples:
        if isinstance(one, PageLoaded):
            loads.setdefault(one.name, []).append(one.seconds)
    pages = []
    for name, all_loads in loads.items():
        times = [one for one in all_loads if one is not None]
        typical = _r(median(times)) if times else None
        pages.append(Page(name, len(all_loads), len(all_loads) - len(times), typical))
    return tuple(pages)


def _usage(samples: Iterable[Sample]) -> Usage | None:
    looks = [one for one in samples if isinstance(one, Used)]
    if not looks:
        return None
    memory, cpu = [one.memory_bytes for one in looks], [one.cpu_share for one in looks]
    step = -(-len(looks) // _MOMENTS)
    spans = [looks[start : start + step] for start in range(0, len(looks), step)]
    return Usage(
        median_bytes=median(memory),
        most_bytes=max(memory),
        median_share=_r(median(cpu)),
        most_share=_r(max(cpu)),
        series=tuple(
            (
                round(span[0].at, 3),
                max(one.memory_bytes for one in span),
                _r(median(one.cpu_share for one in span)),
            )
            for span in spans
        ),
    )


def _logs(before: Iterable[Sample], after: Iterable[Sample]) -> Logs | None:
    looks = [one for one in after if isinstance(one, LogLooked)]
    if not looks:
        return None
    earlier = _signatures(one for one in before if isinstance(one, LogLooked))
    later = _signatures(looks)
    unread = dict.fromkeys(one.unread for one in looks if one.unread)
    return Logs(
        looks=len(looks),
        signatures=tuple(Signature(text, earlier[text], n) for text, n in later.most_common()),
        unread=tuple(unread),
    )


def _signatures(looks: Iterable[LogLooked]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for look in looks:
        for entry in look.entries:
            counts[str(entry.signature)] += entry.times
    return counts


def _checks(samples: Iterable[Sample]) -> tuple[Check, ...]:
    found: dict[tuple[str, str], list[Checked]] = {}
    for one in samples:
        if isinstance(one, Checked):
            found.setdefault((one.kind.value, one.name), []).append(one)
    return tuple(
        Check(
            kind=kind,
            name=name,
            runs=len(runs),
            failed=sum(1 for one in runs if not one.passed),
            last_fact=next((one.fact for one in reversed(runs) if not one.passed), ""),
        )
        for (kind, name), runs in found.items()
    )


def _r(seconds: float) -> float:
    return round(seconds, 4)
