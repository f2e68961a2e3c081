"""Samples of a watch as rows, and back. A stored format: it is judged after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from parom.facts import Probe, Row
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.verdict.series import LOG, PAGE, PROBE, USE
from parom.verdict.signature import Signature
from parom.words.said import parts_of_all, recorded

_CHECKS = frozenset(CheckKind)


def row_of_probe(name: str, probe: Probe) -> Row:
    """With the times to the connection and to the first byte (R-5.5)."""
    times = {"connect_s": probe.connect_s, "first_byte_s": probe.first_byte_s}
    known = {key: round(value, 6) for key, value in times.items() if value is not None}
    return Row(probe.started, PROBE, name, probe.status, probe.total_s, probe.error, _data(known))


def row_of(sample: Sample, place: str = "") -> Row:
    """Any sample; `place` is where reading goes on after a look at a log."""
    match sample:
        case Probed(name, answer):
            return Row(answer.at, PROBE, name, answer.status, answer.seconds)
        case PageLoaded(name, at, seconds, fact):
            return Row(at, PAGE, name, None if seconds is None else 1, seconds or 0.0, fact)
        case Used(at, memory_bytes, cpu_share):
            used = {"memory_bytes": memory_bytes, "cpu_share": round(cpu_share, 4)}
            return Row(at, USE, "", data=_data(used))
        case LogLooked(name, at, entries, unread):
            seen = [
                {**asdict(one.signature), "worker": one.worker, "times": one.times}
                for one in entries
            ]
            told = {"entries": seen, "unread": unread, "place": place}
            kept = {key: value for key, value in told.items() if value}
            return Row(at, LOG, name, data=_data({**kept, **parts_of_all({"unread": unread})}))
        case Checked(kind, name, at, passed, fact, restarts):
            again = {"restarts": restarts} if restarts else {}
            data = _data({**again, **parts_of_all({"error": fact})})
            return Row(at, kind.value, name, int(passed), error=fact, data=data)


def samples_of(rows: Iterable[Row]) -> Iterator[Sample]:
    """What was kept, in its order; kinds that a newer Parom wrote are passed over."""
    for row in rows:
        data = json.loads(row.data) if row.data else {}
        if row.kind == PROBE:
            yield Probed(row.name, Answer(row.at, row.status, row.seconds))
        elif row.kind == PAGE:
            seconds = None if row.status is None else row.seconds
            yield PageLoaded(row.name, row.at, seconds, row.error)
        elif row.kind == USE:
            yield Used(row.at, int(data["memory_bytes"]), float(data["cpu_share"]))
        elif row.kind == LOG:
            entries = tuple(_entry(one) for one in data.get("entries", ()))
            yield LogLooked(row.name, row.at, entries, recorded(data, "unread"))
        elif row.kind in _CHECKS:
            yield Checked(
                CheckKind(row.kind),
                row.name,
                row.at,
                bool(row.status),
                recorded({**data, "error": row.error}, "error"),
                int(data.get("restarts", 0)),
            )


def places_of(rows: Iterable[Row]) -> dict[str, str]:
    """Of each log, where the last look that is kept left off."""
    found = {}
    for row in rows:
        if row.kind == LOG and row.data:
            place = json.loads(row.data).get("place", "")
            if place:
                found[row.name] = str(place)
    return found


def _entry(data: dict[str, str | int]) -> LogEntry:
    signature = Signature(
        *(str(data[key]) for key in ("exception", "place", "function", "message"))
    )
    return LogEntry(signature, str(data["worker"]), int(data["times"]))


def _data(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else ""
