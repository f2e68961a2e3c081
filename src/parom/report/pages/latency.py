"""Response times before and after, with the baseline and the limit drawn."""

from __future__ import annotations

from parom.report.chart import Scale, heights
from parom.report.document import Chart, Level, Point, Table, Text, Tone
from parom.report.figures import Latency, Limits, Moment, Spread
from parom.report.judgements import outcomes
from parom.report.pages.reader import Reader
from parom.report.record import DeploymentReport
from parom.verdict.criteria import Rollback
from parom.verdict.outcome import Outcome

_TIMES = 4
_LEAST_S = 1e-5


def table(report: DeploymentReport, reader: Reader) -> Table | Text:
    latency = report.measured.latency
    if not latency:
        return Text(reader.say("Response times: not measured."), Tone.WARN)
    columns = (
        reader.say("Endpoint"),
        reader.say("Median before"),
        reader.say("Median after"),
        reader.say("90 % before"),
        reader.say("90 % after"),
        reader.say("Failed after"),
    )
    rows = tuple(
        (
            one.name,
            reader.took(one.before.median_s),
            reader.took(one.after.median_s),
            reader.took(one.before.p90_s),
            reader.took(one.after.p90_s),
            _failed(one.after, reader),
        )
        for one in latency
    )
    is_slower = any(
        one.outcome == Outcome.FAIL for one in outcomes(report.criteria, Rollback.PERFORMANCE)
    )
    tones = tuple(
        _tone(one, report.measured.limits, slower=Tone.BAD if is_slower else Tone.WARN)
        for one in latency
    )
    return Table(columns, rows, numbers=frozenset({1, 2, 3, 4, 5}), tones=tones)


def chart(latency: Latency, limits: Limits, reader: Reader) -> Chart | None:
    """None where nothing was answered on either side."""
    moments = (*latency.series_before, *latency.series_after)
    values = [one.spread.worst_s for one in moments if one.spread.worst_s]
    if not values:
        return None
    levels = _levels(latency, limits, reader)
    lows = [one.spread.median_s for one in moments if one.spread.median_s]
    scale = heights([max(one, _LEAST_S) for one in (*values, *lows, *(s for s, _, _ in levels))])
    clock = Scale(moments[0].at, max(moments[-1].at, moments[0].at + 1))
    return Chart(
        title=latency.name,
        described=_described(latency, limits, reader),
        series=tuple(
            tuple(_point(one, clock, scale) for one in side)
            for side in (latency.series_before, latency.series_after)
            if side
        ),
        levels=tuple(Level(label, scale.place(at), tone) for at, label, tone in levels),
        marks=tuple((scale.place(one), reader.took(one)) for one in scale.marks()),
        times=tuple(
            (step / _TIMES, reader.clock(clock.least + step / _TIMES * (clock.most - clock.least)))
            for step in range(_TIMES + 1)
        ),
        gap=_gap(latency, clock, reader),
    )


def _levels(latency: Latency, limits: Limits, reader: Reader) -> list[tuple[float, str, Tone]]:
    levels = []
    before = latency.before.median_s
    if before:
        said = reader.say("before: {t}", t=reader.took(before))
        levels.append((before, said, Tone.GOOD))
        slower = limits.slower * before
        said = reader.say("{n} times that: {t}", n=reader.number(limits.slower),
                          t=reader.took(slower))  # fmt: skip
        levels.append((slower, said, Tone.WARN))
    said = reader.say("limit: {t}", t=reader.took(limits.response_s))
    return [*levels, (limits.response_s, said, Tone.BAD)]


def _point(moment: Moment, clock: Scale, scale: Scale) -> Point:
    spread = moment.spread
    if spread.median_s is None or spread.worst_s is None:
        return Point(clock.place(moment.at), 0, 0, 0, failed=True, is_measured=False)
    middle = scale.place(max(spread.median_s, _LEAST_S))
    return Point(
        x=clock.place(moment.at),
        low=middle,
        middle=middle,
        high=scale.place(max(spread.worst_s, _LEAST_S)),
        failed=bool(spread.failed),
    )


def _gap(latency: Latency, clock: Scale, reader: Reader) -> tuple[float, float, str] | None:
    if not latency.series_before or not latency.series_after:
        return None
    left = clock.place(latency.series_before[-1].at)
    right = clock.place(latency.series_after[0].at)
    return (left, right, reader.say("cutover"))


def _described(latency: Latency, limits: Limits, reader: Reader) -> str:
    before, after = latency.before, latency.after
    if after.median_s is None:
        said = reader.say("Before, half of the answers took less than {t}; after, none came.",
                          t=reader.took(before.median_s))  # fmt: skip
    elif before.median_s is None:
        said = reader.say("Half of the answers took less than {t}; nothing was measured before.",
                          t=reader.took(after.median_s))  # fmt: skip
    else:
        said = reader.say(
            "Half of the answers took less than {after}; before it was {before}.",
            after=reader.took(after.median_s),
            before=reader.took(before.median_s),
        )
    limit = reader.say("The limit is {t}.", t=reader.took(limits.response_s))
    key = reader.say("Line: median; band: up to the slowest; below: failed probes.")
    return f"{said} {limit} {key}"


def _failed(spread: Spread, reader: Reader) -> str:
    if not spread.seen:
        return "–"
    return reader.say("{n} of {all}", n=spread.failed, all=spread.seen)


def _tone(latency: Latency, limits: Limits, *, slower: Tone) -> Tone:
    """Whether it became slower is for the watch to say: medians of a few probes are often wrong."""
    before, after = latency.before.median_s, latency.after.median_s
    if after is None:
        return Tone.WARN
    if after > limits.response_s:
        return Tone.BAD
    if before and after > limits.slower * before:
        return slower
    return Tone.WARN if latency.after.failed or before is None else Tone.PLAIN
