"""The rows that a return does not carry over, in full, one JSON object a line.

Each line has `table`, `operation`, `key` and `row` of the newer release, and `why` it is there.
With `carried` the row itself came along, and `row` has only the columns that did not.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parom.durable import fsync_directory
from parom.errors import ParomError
from parom.facts import CapturedRow
from parom.replay.apart import Apart, Carried, Why, name_of
from parom.steps.step import Context, Data

_written = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: `json.dumps` makes one for each call, and the public waits."""


@dataclass
class Listed:
    """What was written into the file."""

    tables: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    not_covered: list[str] = field(default_factory=list)


def folder_of(context: Context) -> Path:
    return context.installation.state / "quarantine" / context.plan.run_id


def quarantine(context: Context, carried: Carried) -> Data:
    """Write the captured rows that were not carried; the counts.

    Of tables that the capture does not cover, every row that differs from the snapshot is
    written; those that cannot be compared either are named as not covered.
    The file is complete or absent: it is written beside its name, synced and renamed.
    """
    folder = folder_of(context)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final, partial = folder / "rows.jsonl", folder / "rows.partial"
    listed, gaps = Listed(), context.installation.database.capture_gaps()
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        for row, apart in _rows(context, carried, gaps, listed.not_covered):
            out.write(_written(_line(row, apart)) + "\n")
            listed.tables[row.table] += 1
            listed.reasons[apart.why] += 1
        out.flush()
        os.fsync(out.fileno())
    partial.replace(final)
    fsync_directory(folder)
    return {
        "quarantined": listed.tables.total(),
        "tables": dict(sorted(listed.tables.items())),
        "reasons": dict(sorted(listed.reasons.items())),
        "file": str(final),
        "compared": [table for table in gaps if table not in listed.not_covered],
        "not_covered": listed.not_covered,
    }


def _rows(
    context: Context, carried: Carried, gaps: Sequence[str], not_covered: list[str]
) -> Iterator[tuple[CapturedRow, Apart]]:
    """Captured rows that are apart, then those that differ; what cannot be compared goes to
    `not_covered`."""
    database = context.installation.database
    seen: set[str] = set()
    # Read once more for nothing, they would double the time that the public waits.
    written = () if carried.is_whole and not gaps else database.captured_rows()
    for row in written:
        if row.table in gaps:
            seen.add(name_of(row))
        apart = carried.apart_of(row)
        if apart is not None:
            yield row, apart
    for table in gaps:
        try:
            for row in database.differing_rows(table, context.plan.snapshot_id):
                if name_of(row) not in seen:
                    yield row, Apart(Why.UNSEEN)
        except ParomError as problem:
            not_covered.append(table)
            context.tell("not-covered", {"table": table, "fact": problem.fact})


def _line(row: CapturedRow, apart: Apart) -> dict[str, object]:
    """Not by `asdict`, which copies every value: this is under the stop of a rollback."""
    values = row.row
    if apart.columns and values is not None:
        values = {name: values[name] for name in apart.columns}
    return {**vars(row), "row": values, "why": apart.why, "carried": bool(apart.columns)}
