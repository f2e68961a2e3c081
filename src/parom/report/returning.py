"""The way back: why, how long, what came along and what could not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parom.journal.told import Told
from parom.plan.plan import PREPARE, Kind
from parom.report.record import Return
from parom.report.sources import Sources
from parom.report.stops import stops_of
from parom.report.story import Story, at
from parom.words.said import recorded, recorded_all

_ASKED = ("run.rollback-asked", "run.aborted", "watch.aborted")


def return_of(sources: Sources, story: Story) -> Return | None:
    """None where nothing was taken back that production had noticed."""
    if sources.plan.kind is Kind.ROLLBACK:
        return _by_hand(sources, story)
    turned = story.turned
    begun = {one.step for one in story.events if one.kind == "intent"}
    if turned is None or begun <= set(PREPARE):
        return None
    error = turned.data.get("error") or {}
    asked = error.get("id") in _ASKED
    return _return(
        story,
        decided=turned,
        by=sources.abort_asked_by or recorded(error, "fact") if asked else "",
        reason=str(error.get("cure", "")) if error.get("id") == "run.rollback-asked" else "",
        swapped=story.undone("database.snapshot"),
        rows=story.undone("services.stop").get("rows") or story.undone("capture.install"),
        verified=recorded_all(story.undone("services.stop"), "verified"),
    )


def _by_hand(sources: Sources, story: Story) -> Return | None:
    if not story.events:
        return None
    taken_back = story.last("undone", "capture.collect") is not None
    return _return(
        story,
        decided=story.events[0],
        by=sources.who,
        reason=sources.plan.reason,
        swapped={} if story.is_undone("database.return") else story.result("database.return"),
        rows={} if taken_back else story.result("capture.collect"),
        verified=recorded_all(story.result("checks.private"), "passed"),
    )


def _return(
    story: Story,
    *,
    decided: Told,
    by: str,
    reason: str,
    swapped: Mapping[str, Any],
    rows: Mapping[str, Any],
    verified: tuple[str, ...],
) -> Return:
    opened = _opened_after(story, decided)
    lost = story.all("ids-not-kept")
    return Return(
        by=by,
        reason=reason,
        decided_at=decided.at,
        opened_at=opened,
        seconds=_seconds(story, decided, opened),
        swapped=bool(swapped.get("swapped")),
        carried=dict(rows.get("carried_tables", {})),
        quarantined=dict(rows.get("tables", {})),
        reasons=dict(rows.get("reasons", {})),
        quarantine=str(rows.get("file", "")) if rows.get("quarantined") else "",
        not_covered=tuple(map(str, rows.get("not_covered", ()))),
        ids_not_kept=recorded(lost[-1].data, "fact") if lost else "",
        verified=verified,
    )


def _opened_after(story: Story, decided: Told) -> str:
    """When the public came in to the release that came back."""
    ended = [stop.ended for stop in stops_of(story.events) if stop.ended is not None]
    for one in story.events:
        if one.at > decided.at and at(one) in ended:
            return one.at
    return ""


def _seconds(story: Story, decided: Told, opened: str) -> float | None:
    """From the decision until the public was in, or, where it never was out, to the end."""
    end = opened or (story.end.at if story.end else "")
    if not end:
        return None
    return round(at(Told(end, "", "", {})) - at(decided), 2)
