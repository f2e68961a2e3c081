"""From what the journal has to the report; a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from parom.plan.plan import Kind
from parom.report.checklist import checklists_of
from parom.report.day_after import day_of
from parom.report.improving import improvements_of
from parom.report.judgements import criteria_of
from parom.report.measured import measured_of
from parom.report.notes import migrations_of, notes_of, replaced_by
from parom.report.record import (
    Approval,
    Asked,
    Backup,
    DeploymentReport,
    End,
    Rehearsed,
    Warned,
    Why,
)
from parom.report.returning import return_of
from parom.report.sources import Sources
from parom.report.stops import stopped_s
from parom.report.story import Story
from parom.report.timeline import timeline_of
from parom.report.times import compared, late, phases, rehearsed_in
from parom.words.said import joined, recorded

_NO_STOP = (Kind.INSTALL, Kind.REHEARSAL, Kind.RECOVERY)


def report_of(sources: Sources) -> DeploymentReport:
    """The whole report of one run, whatever became of it."""
    story, plan = Story(sources.events), sources.plan
    timeline = timeline_of(story, sources.usual)
    measured = measured_of(sources, story)
    report = DeploymentReport(
        run_id=plan.run_id,
        kind=plan.kind.value,
        project=sources.project,
        environment=plan.environment,
        release=plan.release_id,
        described=plan.described,
        revision=plan.revision,
        replaced=replaced_by(sources, story),
        asked=_asked(sources, story),
        end=_end(sources, story),
        stop_s=None if plan.kind in _NO_STOP else stopped_s(story.events),
        compared=compared(story, timeline),
        phases=phases(sources, story, timeline),
        late=late(story),
        timeline=timeline,
        checklists=checklists_of(plan.kind, measured, story),
        measured=measured,
        criteria=criteria_of(story),
        rehearsed=_rehearsed(sources, story),
        returned=return_of(sources, story),
        migrations=migrations_of(story),
        backups=tuple(_backups(story)),
        warned=tuple(_warned(story)),
        failed_checks=tuple(
            joined([str(one.data["name"]), recorded(one.data, "detail")], ": ")
            for one in story.all("check-failed")
        ),
        release_notes=notes_of(sources, story),
        improvements=(),
        day=day_of(story),
        anchor=story.events[-1].anchor if story.events else "",
    )
    return replace(report, improvements=improvements_of(report, story, sources.attempts))


def _asked(sources: Sources, story: Story) -> Asked:
    waited = story.result("cutover.await")
    return Asked(
        who=sources.who,
        what=sources.asked,
        at=sources.started,
        reason=sources.plan.reason,
        override=sources.plan.override,
        hours=str(waited.get("hours", "")),
        waited_s=float(waited.get("waited_s", 0.0)),
        approvals=tuple(
            Approval(str(one.data["who"]), tuple(one.data.get("roles", ())), one.at)
            for one in story.all("approved")
        ),
        abort_asked_by=sources.abort_asked_by,
    )


def _end(sources: Sources, story: Story) -> End:
    """Where it is still at work the outcome is empty."""
    told = story.end
    data: Mapping[str, Any] = told.data if told else {}
    error: Mapping[str, Any] = data.get("error") or {}
    turned = story.turned
    why = None
    if error.get("fact"):
        step = str(data.get("step") or (turned.data.get("step", "") if turned else ""))
        why = Why(step, str(error["id"]), recorded(error, "fact"), recorded(error, "cure"))
    return End(
        state=sources.state,
        outcome=sources.outcome,
        exit_code=sources.exit_code,
        at=told.at if told else "",
        why=why,
    )


def _rehearsed(sources: Sources, story: Story) -> Rehearsed | None:
    """A rollback by hand rests on what the deployment before it had rehearsed."""
    if sources.plan.kind is Kind.ROLLBACK:
        return rehearsed_in(sources.plan.of_run, Story(sources.taken_back))
    return rehearsed_in(sources.plan.run_id, story)


def _backups(story: Story) -> Iterator[Backup]:
    for step in ("backup.online", "backup.final"):
        told = story.last("ok", step)
        if told is not None and "backup" in told.data:
            data = told.data
            yield Backup(
                id=str(data["backup"]),
                at=told.at,
                rows=int(data.get("rows", 0)),
                cipher_bytes=int(data.get("cipher_bytes", 0)),
                verified=bool(data.get("verified")),
                how=str(data.get("how", "")),
            )


def _warned(story: Story) -> Iterator[Warned]:
    for one in story.all("finding"):
        if one.data.get("level") == "warning":
            fact, cure = recorded(one.data, "fact"), recorded(one.data, "cure")
            yield Warned(str(one.data["gate"]), fact, cure)
