"""Takes what a report is derived from out of the journal, which must be open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from parom.config.model import Config
from parom.errors import ExitCode
from parom.journal.durations import usual_durations
from parom.journal.models import Event, Run
from parom.journal.samples import RunSamples
from parom.journal.told import Told
from parom.plan.budgets import Budgets
from parom.plan.plan import Kind, Plan
from parom.report.figures import Limits
from parom.report.notes import notes_of
from parom.report.record import ReleaseNotes
from parom.report.sources import Sources
from parom.report.story import Story
from parom.verdict.kept import samples_of
from parom.verdict.parameters import FULL

_LOOKED_BACK = timedelta(days=30)
_TRIED = (Kind.DEPLOY.value, Kind.INSTALL.value)
_MOST_NOTES = 100
_TAKEN_BACK = (ExitCode.DONE, ExitCode.ROLLED_BACK_WITH_QUARANTINE)


def sources_of(run: Run, config: Config) -> Sources:
    """Everything that the report of `run` is derived from.

    Raises ValueError for a plan of a newer Parom.
    """
    plan = Plan.from_record(run.plan)
    return Sources(
        project=config.project.name,
        plan=plan,
        who=run.who,
        asked=run.asked,
        started=run.started.isoformat(),
        state=run.state,
        outcome=run.outcome,
        exit_code=run.exit_code,
        events=events_of(run.id),
        before=tuple(samples_of(RunSamples(run.id).rows("baseline"))),
        after=tuple(samples_of(RunSamples(run.id).rows("watch"))),
        limits=_limits(config),
        budgets=_budgets(config, plan.kind),
        watch_s=config.watch.seconds if "watch.run" in plan.steps else None,
        usual=usual_durations(run.kind, run.id),
        taken_back=events_of(plan.of_run) if plan.of_run else (),
        attempts=_attempts(run, plan),
        abort_asked_by=run.abort_asked,
        taken_back_at=_taken_back(run.environment).get(run.id, ""),
    )


def release_notes_of(config: Config) -> tuple[ReleaseNotes, ...]:
    """Of the last accepted runs, the newest first."""
    environment = config.project.environment
    runs = Run.objects.filter(environment=environment, state="finished").order_by("-started")
    taken_back, found = _taken_back(environment), []
    for run in runs[:_MOST_NOTES]:
        sources = Sources(
            project=config.project.name,
            plan=Plan.from_record(run.plan),
            who=run.who,
            asked=run.asked,
            started=run.started.isoformat(),
            state=run.state,
            outcome=run.outcome,
            exit_code=run.exit_code,
            events=events_of(run.id),
            taken_back_at=taken_back.get(run.id, ""),
        )
        notes = notes_of(sources, Story(sources.events))
        found += [notes] if notes else []
    return tuple(found)


def zone_of(config: Config) -> ZoneInfo | None:
    """The zone in which a team reads times: that of its windows, else the machine's (None)."""
    return ZoneInfo(config.windows.timezone) if config.windows.timezone else None


def events_of(run_id: str) -> tuple[Told, ...]:
    rows = Event.objects.filter(run_id=run_id).order_by("number")
    return tuple(one.told() for one in rows)


def _limits(config: Config) -> Limits:
    given = config.limits
    return Limits(
        response_s=given.response_s,
        slower=FULL.latency.slower,
        page_s=given.page_s,
        memory_bytes=given.memory_mb * 1_000_000,
        cpu_share=given.cpu_percent / 100,
    )


def _budgets(config: Config, kind: Kind) -> Budgets | None:
    """Only what goes forward has a budget."""
    given = config.budgets
    if kind not in (Kind.DEPLOY, Kind.PARTIAL):
        return None
    return Budgets(given.preparation_s, given.cutover_s, given.total_s)


def _attempts(run: Run, plan: Plan) -> int:
    """How often the same revision was tried before, within a month, and did not stay."""
    if plan.kind not in _TRIED or not plan.revision:
        return 0
    earlier = Run.objects.filter(
        environment=run.environment,
        kind__in=_TRIED,
        started__lt=run.started,
        started__gte=run.started - _LOOKED_BACK,
    ).exclude(exit_code=0)
    return sum(1 for one in earlier if _of_plan(one.plan, "revision") == plan.revision)


def _taken_back(environment: str) -> dict[str, str]:
    """The deployments that a rollback by hand took back, and when."""
    rollbacks = Run.objects.filter(
        environment=environment, kind=Kind.ROLLBACK, exit_code__in=_TAKEN_BACK
    )
    return {
        _of_plan(one.plan, "of_run"): one.finished.isoformat() for one in rollbacks if one.finished
    }


def _of_plan(plan: Mapping[str, object], key: str) -> str:
    return str(plan.get(key, ""))
