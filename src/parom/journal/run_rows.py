"""Whether the rows of runs say what the chain says: screens and decisions read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from parom.journal.chain import Broken
from parom.journal.models import Event, Run
from parom.journal.record import LONGEST_ASKED
from parom.words.said import said, without_parts

_BEGUN, _ENDED = "started", "finished"


def altered_run() -> Broken | None:
    """The first run whose row is not what its events say; None if all are. The number is that of
    the event that says otherwise."""
    with transaction.atomic():
        rows = {one.id: one for one in Run.objects.all()}
        events = Event.objects.filter(kind__in=(_BEGUN, _ENDED)).exclude(run_id="")
        told: dict[str, dict[str, Event]] = {}
        for event in events.order_by("number"):
            told.setdefault(event.run_id, {})[event.kind] = event
    return next(_found(rows, told), None)


def _found(rows: Mapping[str, Run], told: Mapping[str, Mapping[str, Event]]) -> Iterator[Broken]:
    for run_id, events in told.items():
        row, first = rows.get(run_id), min(one.number for one in events.values())
        if row is None:
            yield Broken(first, said("the row of run {run} is missing", run=run_id))
            continue
        for kind, expected in ((_BEGUN, _as_begun(row)), (_ENDED, _as_ended(row))):
            event = events.get(kind)
            wrong = _differing(expected, event)
            if wrong:
                number = event.number if event else first
                why = said("the row of run {run} says otherwise ({what})", run=run_id, what=wrong)
                yield Broken(number, why)
    for run_id in rows.keys() - told.keys():
        yield Broken(1, said("there is a row of run {run}, but no event", run=run_id))


def _as_begun(row: Run) -> dict[str, Any]:
    return {"kind": row.kind, "who": row.who, "asked": row.asked, "plan": row.plan}


def _as_ended(row: Run) -> dict[str, Any] | None:
    """None where the row says that the run is not over."""
    if row.state != _ENDED:
        return None
    return {"outcome": row.outcome, "exit_code": row.exit_code}


def _differing(row: Mapping[str, Any] | None, event: Event | None) -> str:
    """The field that is not the same, or `state`; empty where all are."""
    if row is None or event is None:
        return "" if row is None and event is None else "state"
    # What texts were made from stands beside them in an event, and not in a row.
    told, kept = without_parts(json.loads(event.data)), without_parts(row)
    if "asked" in told:
        told["asked"] = told["asked"][:LONGEST_ASKED]
    return next((name for name, value in kept.items() if told.get(name) != value), "")
