"""What was measured, and what was not."""

from __future__ import annotations

from collections.abc import Iterator

from parom.report.document import Block, Listing, Section, Table, Text, Tone
from parom.report.figures import Measured, Usage
from parom.report.pages import latency
from parom.report.pages.reader import Reader
from parom.report.record import Criterion, DeploymentReport

_TONES = {"pass": Tone.PLAIN, "fail": Tone.BAD, "inconclusive": Tone.WARN}
_MOST_EVIDENCE = 4


def measurements(report: DeploymentReport, reader: Reader) -> Section | None:
    """For what is watched; a run that was never opened has nothing to show."""
    if "watch.run" not in {one.step for one in report.timeline} and not report.measured.latency:
        return None
    measured = report.measured
    blocks: list[Block] = [latency.table(report, reader)]
    for one in measured.latency:
        chart = latency.chart(one, measured.limits, reader)
        if chart is not None:
            blocks.append(chart)
    blocks += _pages(measured, reader)
    blocks.append(_usage(measured, reader))
    blocks += _logs(measured, reader)
    blocks += _checks(measured, reader)
    if measured.missing:
        blocks.append(Text(reader.say("The watch could not judge:"), Tone.WARN))
        blocks.append(Listing(tuple(map(reader.told, measured.missing)), Tone.WARN))
    return Section("measurements", reader.say("Before and after"), tuple(blocks))


def criteria(report: DeploymentReport, reader: Reader) -> Section | None:
    """The named criteria of success and of a rollback."""
    if not report.criteria:
        return None
    rows = tuple(
        (
            reader.say(one.name),
            reader.say("success") if one.of == "success" else reader.say("rollback"),
            _outcome(one, reader),
            _evidence(one, reader),
        )
        for one in report.criteria
    )
    columns = (
        reader.say("Criterion"),
        reader.say("Of"),
        reader.say("Outcome"),
        reader.say("Evidence"),
    )
    tones = tuple(_TONES.get(one.outcome, Tone.WARN) for one in report.criteria)
    return Section("criteria", reader.say("Criteria"), (Table(columns, rows, tones=tones),))


def _evidence(criterion: Criterion, reader: Reader) -> str:
    """What decided: of a criterion that failed, what failed; of one that is not proven, what was
    not seen. The record has all of it."""
    deciding = [one for one in criterion.evidence if one.outcome == criterion.outcome]
    shown = [reader.told(one.fact) for one in deciding[:_MOST_EVIDENCE]]
    if len(deciding) > len(shown):
        shown.append(reader.say("and {n} more", n=len(deciding) - len(shown)))
    return "; ".join(shown) or "–"


def _outcome(criterion: Criterion, reader: Reader) -> str:
    is_met = criterion.of == "success"
    return {
        "pass": reader.say("met") if is_met else reader.say("no reason to go back"),
        "fail": reader.say("missed") if is_met else reader.say("a reason to go back"),
        "inconclusive": reader.say("not proven"),
    }.get(criterion.outcome, criterion.outcome)


def _pages(measured: Measured, reader: Reader) -> Iterator[Block]:
    if not measured.pages:
        return
    columns = (
        reader.say("Page in a browser"),
        reader.say("Median to load"),
        reader.say("Limit"),
        reader.say("Never loaded"),
    )
    rows = tuple(
        (
            one.name,
            reader.took(one.median_s),
            reader.took(measured.limits.page_s),
            reader.say("{n} of {all}", n=one.never, all=one.loads),
        )
        for one in measured.pages
    )
    yield Table(columns, rows, numbers=frozenset({1, 2, 3}))


def _usage(measured: Measured, reader: Reader) -> Block:
    after, before = measured.usage_after, measured.usage_before
    if after is None:
        return Text(reader.say("Memory and CPU of the services: not measured."), Tone.WARN)
    limits = measured.limits
    columns = (
        reader.say("Services together"),
        reader.say("Median before"),
        reader.say("Median after"),
        reader.say("Most after"),
        reader.say("Limit"),
    )
    rows = (
        (
            reader.say("Memory"),
            _bytes(before, reader),
            reader.size(after.median_bytes),
            reader.size(after.most_bytes),
            reader.size(limits.memory_bytes),
        ),
        (
            reader.say("CPU, of all processors"),
            reader.share(before.median_share) if before else "–",
            reader.share(after.median_share),
            reader.share(after.most_share),
            reader.share(limits.cpu_share),
        ),
    )
    tones = (
        Tone.BAD if after.median_bytes > limits.memory_bytes else Tone.PLAIN,
        Tone.BAD if after.median_share > limits.cpu_share else Tone.PLAIN,
    )
    return Table(columns, rows, numbers=frozenset({1, 2, 3, 4}), tones=tones)


def _bytes(usage: Usage | None, reader: Reader) -> str:
    return reader.size(usage.median_bytes) if usage else "–"


def _logs(measured: Measured, reader: Reader) -> Iterator[Block]:
    logs = measured.logs
    if logs is None:
        yield Text(reader.say("Errors in the logs: not measured."), Tone.WARN)
        return
    if logs.unread:
        yield Text(reader.say("Of the logs could not be read:"), Tone.WARN)
        yield Listing(tuple(map(reader.told, logs.unread)), Tone.WARN)
    if not logs.signatures:
        looks = reader.count("{number} look", "{number} looks", logs.looks)
        yield Text(reader.say("Errors in the logs: none, in {looks}.", looks=looks))
        return
    columns = (reader.say("Error in the logs"), reader.say("Before"), reader.say("After"))
    rows = tuple((one.text, str(one.before), str(one.after)) for one in logs.signatures)
    tones = tuple(Tone.PLAIN if one.before else Tone.BAD for one in logs.signatures)
    yield Table(columns, rows, numbers=frozenset({1, 2}), tones=tones)


def _checks(measured: Measured, reader: Reader) -> Iterator[Block]:
    """What passed each time is a number; what did not is named."""
    failing = [one for one in measured.checks if one.failed]
    good = len(measured.checks) - len(failing)
    if good:
        yield Text(
            reader.count(
                "{number} check was repeated and passed each time.",
                "{number} checks were repeated and passed each time.",
                good,
            )
        )
    if failing:
        columns = (reader.say("Check"), reader.say("Failed"), reader.say("The last time"))
        rows = tuple(
            (one.name or one.kind, reader.say("{n} of {all}", n=one.failed, all=one.runs),
             reader.told(one.last_fact))
            for one in failing
        )  # fmt: skip
        yield Table(columns, rows, tones=(Tone.WARN,) * len(rows))
