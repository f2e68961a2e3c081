"""The day after: whether it was quiet, and what was seen."""

from __future__ import annotations

import math
from collections.abc import Iterator

from parom.report.day_after import Day, DayDigest, DayState
from parom.report.document import Block, Figure, Figures, Listing, Section, Table, Text, Tone
from parom.report.pages.reader import Reader
from parom.report.record import DeploymentReport
from parom.words.said import in_words


def day_after(report: DeploymentReport, reader: Reader) -> Section | None:
    """None where no day was watched."""
    day = report.day
    if day is None:
        return None
    blocks: list[Block] = [_state(day, reader)]
    if day.digest is not None:
        blocks.append(_figures(day.digest, reader))
    if day.alarms:
        columns = (reader.say("Alarm at"), reader.say("Criterion"), reader.say("What was seen"))
        rows = tuple(
            (reader.moment(one.at), reader.say(one.criterion), _told(reader, one.fact))
            for one in day.alarms
        )
        blocks.append(Table(columns, rows, tones=(Tone.BAD,) * len(rows)))
    if day.digest is not None:
        blocks += _seen(day.digest, reader)
    return Section("day", reader.say("The day after"), tuple(blocks))


def _state(day: Day, reader: Reader) -> Text:
    if day.state is DayState.UNDER_WAY or day.digest is None:
        until = reader.moment(day.until) if day.until else "–"
        said = reader.say("It is watched until {at}; nothing is rolled back by itself.", at=until)
        return Text(said, Tone.BAD if day.alarms else Tone.PLAIN)
    at = reader.moment(day.digest.at)
    if day.state is DayState.ENDED:
        why = _told(reader, day.why_ended)
        said = reader.say("It ended before its time, on {at}: {why}.", at=at, why=why)
        return Text(said, Tone.BAD if day.alarms else Tone.WARN)
    if day.is_quiet:
        return Text(reader.say("Watched until {at}: nothing to remark.", at=at), Tone.GOOD)
    said = reader.say("Watched until {at}: a person should look.", at=at)
    return Text(said, Tone.BAD if day.alarms else Tone.WARN)


def _figures(digest: DayDigest, reader: Reader) -> Figures:
    unknown = reader.say("not measured")
    requests = reader.count("{number} request", "{number} requests", digest.requests)
    failed = reader.say("{requests}, {n} failed", requests=requests, n=digest.failed)
    restarts = sum(times for _, times in digest.restarts)
    made = [
        Figure(reader.say("Watched for"), reader.took(digest.watched_s)),
        Figure(
            reader.say("Available"),
            unknown if digest.availability is None else _available(digest.availability, reader),
            failed,
            Tone.WARN if digest.availability is None or digest.failed else Tone.PLAIN,
        ),
        Figure(
            reader.say("New errors in the logs"),
            unknown if digest.new_signatures is None else str(digest.new_signatures),
            "",
            Tone.PLAIN if digest.new_signatures == 0 else Tone.WARN,
        ),
        Figure(
            reader.say("Started again by themselves"),
            str(restarts),
            "",
            Tone.WARN if restarts else Tone.PLAIN,
        ),
        _memory(digest, reader, unknown),
    ]
    return Figures(tuple(made))


def _available(share: float, reader: Reader) -> str:
    """Rounded down: a day with a failed request was not all of it."""
    return reader.say("{n} %", n=reader.number(math.floor(share * 10_000) / 100, 2))


def _memory(digest: DayDigest, reader: Reader, unknown: str) -> Figure:
    label = reader.say("Memory at most")
    if digest.memory_most_bytes is None:
        return Figure(label, unknown, "", Tone.WARN)
    before = digest.memory_before_bytes
    note = "" if before is None else reader.say("before: {t}", t=reader.size(before))
    return Figure(label, reader.size(digest.memory_most_bytes), note)


def _seen(digest: DayDigest, reader: Reader) -> Iterator[Block]:
    if digest.endpoints:
        yield _endpoints(digest, reader)
    if digest.new_errors:
        columns = (reader.say("New error in the logs"), reader.say("Times"))
        rows = tuple((text, str(times)) for text, times in digest.new_errors)
        yield Table(columns, rows, numbers=frozenset({1}), tones=(Tone.WARN,) * len(rows))
    restarted = tuple(
        reader.say("{service}: started again {n} times", service=name, n=times)
        for name, times in digest.restarts
        if times
    )
    if restarted:
        yield Listing(restarted, Tone.WARN)
    if digest.missing:
        yield Text(reader.say("Not seen:"), Tone.WARN)
        yield Listing(tuple(_told(reader, one) for one in digest.missing), Tone.WARN)


def _endpoints(digest: DayDigest, reader: Reader) -> Table:
    columns = (
        reader.say("Endpoint"),
        reader.say("Median before"),
        reader.say("Median of the day"),
        reader.say("90 % before"),
        reader.say("90 % of the day"),
        reader.say("Failed"),
    )
    rows = tuple(
        (
            one.name,
            reader.took(one.median_before_s),
            reader.took(one.median_s),
            reader.took(one.p90_before_s),
            reader.took(one.p90_s),
            reader.say("{n} of {all}", n=one.failed, all=one.requests),
        )
        for one in digest.endpoints
    )
    tones = tuple(Tone.WARN if one.failed else Tone.PLAIN for one in digest.endpoints)
    return Table(columns, rows, numbers=frozenset({1, 2, 3, 4, 5}), tones=tones)


def _told(reader: Reader, text: str) -> str:
    return in_words(text, reader.words)
