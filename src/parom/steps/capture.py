"""Which rows were written after opening, and what becomes of them on a late return."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from parom.durable import fsync_directory
from parom.errors import ParomError
from parom.errors import release as errors
from parom.facts import CapturedRow
from parom.steps.database import migrates, somebody_could_write
from parom.steps.step import Context, Data, Seen


class InstallCapture:
    name = "capture.install"

    def run(self, context: Context) -> Data:
        if not migrates(context):
            return {"installed": False, "why": "no migration: a return keeps what is written"}
        context.installation.database.install_capture(context.plan.run_id)
        return {"installed": True}

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        if not migrates(context):
            return {"quarantined": 0, "why": "no migration ran: what users wrote stays"}
        if not somebody_could_write(context):
            return {"quarantined": 0, "why": "nobody had written"}
        return quarantine(context)


class CollectCapture:
    """For a rollback by hand: before the newer database is put aside."""

    name = "capture.collect"

    def run(self, context: Context) -> Data:
        if not context.plan.snapshot_id:
            return {"quarantined": 0, "why": "no migration ran: what users wrote stays"}
        return quarantine(context)

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        """The rows are live again; their listing would claim a loss that did not happen."""
        folder = _folder(context)
        if folder.exists():
            shutil.rmtree(folder)
        return {"quarantined": 0}


def quarantine(context: Context) -> Data:
    """Write every captured row in full, one JSON object a line; the counts by table.

    Of tables that the capture does not cover, every row that differs from the snapshot is
    written; those that cannot be compared either are named as not covered.
    The file is complete or absent: it is written beside its name, synced and renamed.
    Raises `capture.missing`: without the capture nobody knows what was written.
    """
    database = context.installation.database
    if not database.capture_installed():
        raise errors.capture_missing()
    folder = _folder(context)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final, partial = folder / "rows.jsonl", folder / "rows.partial"
    counts: Counter[str] = Counter()
    gaps, not_covered = database.capture_gaps(), list[str]()
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        for row in _rows_to_keep(context, gaps, not_covered):
            # Not `asdict`, which copies every value: this is under the stop of a rollback.
            out.write(json.dumps(vars(row), ensure_ascii=False) + "\n")
            counts[row.table] += 1
        out.flush()
        os.fsync(out.fileno())
    partial.replace(final)
    fsync_directory(folder)
    return {
        "quarantined": counts.total(),
        "tables": dict(sorted(counts.items())),
        "file": str(final),
        "compared": [table for table in gaps if table not in not_covered],
        "not_covered": not_covered,
    }


def _rows_to_keep(
    context: Context, gaps: Sequence[str], not_covered: list[str]
) -> Iterator[CapturedRow]:
    """Captured rows, then those that differ; what cannot be compared goes to `not_covered`."""
    database = context.installation.database
    seen: set[str] = set()
    for row in database.captured_rows():
        if row.table in gaps:
            seen.add(_named(row))
        yield row
    for table in gaps:
        try:
            for row in database.differing_rows(table, context.plan.snapshot_id):
                if _named(row) not in seen:
                    yield row
        except ParomError as problem:
            not_covered.append(table)
            context.tell("not-covered", {"table": table, "fact": problem.fact})


def _named(row: CapturedRow) -> str:
    return json.dumps([row.table, row.key], ensure_ascii=False)


def _folder(context: Context) -> Path:
    return context.installation.state / "quarantine" / context.plan.run_id
