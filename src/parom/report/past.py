"""Past runs for the figures of delivery, from the journal, which must be open."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from parom.errors import ExitCode
from parom.journal.models import Event, Run
from parom.journal.told import Told
from parom.plan.plan import Kind
from parom.report.delivery import PastRun
from parom.report.stops import stops_of

_TOLD = ("ok", "undone", "undo-intent", "turned-back")
_STEPS = ("gateway.hold", "gateway.close", "gateway.open", "")


def past_runs(environment: str) -> tuple[PastRun, ...]:
    """All runs of an environment that have ended or are held."""
    events: dict[str, list[Told]] = defaultdict(list)
    wanted = Event.objects.filter(kind__in=_TOLD, step__in=_STEPS).order_by("number")
    for run_id, at, kind, step in wanted.values_list("run_id", "at", "kind", "step"):
        events[run_id].append(Told(at, kind, step, {}))
    runs = Run.objects.filter(environment=environment, exit_code__isnull=False)
    return tuple(_past(run, events[run.id]) for run in runs.order_by("started"))


def _past(run: Run, events: list[Told]) -> PastRun:
    opened = _first(events, "ok", "gateway.open")
    turned = _first(events, "turned-back", "")
    return PastRun(
        id=run.id,
        kind=Kind(run.kind),
        revision=str(run.plan.get("revision", "")),
        of_run=str(run.plan.get("of_run", "")),
        started=run.started,
        opened=opened,
        turned=turned,
        restored=_restored(events, turned),
        stays=_stays(run),
    )


def _stays(run: Run) -> bool:
    by_hand = run.kind == Kind.ROLLBACK and run.exit_code == ExitCode.ROLLED_BACK_WITH_QUARANTINE
    return run.exit_code == ExitCode.DONE or by_hand or run.outcome.startswith("deployed")


def _first(events: list[Told], kind: str, step: str) -> datetime | None:
    found = (one.at for one in events if (one.kind, one.step) == (kind, step))
    at = next(found, None)
    return datetime.fromisoformat(at) if at else None


def _restored(events: list[Told], turned: datetime | None) -> datetime | None:
    """When the public came in after the turn."""
    if turned is None:
        return None
    ends = [stop.ended for stop in stops_of(events) if stop.ended]
    later = [one for one in ends if one > turned.timestamp()]
    return datetime.fromtimestamp(later[-1], tz=turned.tzinfo) if later else None
