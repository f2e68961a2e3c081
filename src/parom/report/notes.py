"""The entry of a run for the release notes."""

from __future__ import annotations

from parom.errors import ExitCode
from parom.plan.plan import Kind
from parom.report.record import ReleaseNotes
from parom.report.sources import Sources
from parom.report.story import Story

_RELEASES = (Kind.DEPLOY, Kind.INSTALL, Kind.PARTIAL)


def notes_of(sources: Sources, story: Story) -> ReleaseNotes | None:
    """Only of what was accepted: what went back by itself is no release."""
    plan, end = sources.plan, story.end
    runs = sources.exit_code == ExitCode.DONE or sources.outcome.startswith("deployed")
    if not runs or end is None or plan.kind not in _RELEASES:
        return None
    return ReleaseNotes(
        release=plan.release_id,
        at=end.at,
        source=plan.described,
        revision=plan.revision,
        replaced=replaced_by(sources, story),
        migrations=migrations_of(story),
        changes=tuple(map(str, story.result("release.fetch").get("changes", ()))),
        who=sources.who,
        reason=plan.reason,
        taken_back=sources.taken_back_at,
    )


def replaced_by(sources: Sources, story: Story) -> str:
    """The release that ran before; empty for a first one."""
    return str(story.result("installation.adopt").get("release", "") or sources.plan.from_release)


def migrations_of(story: Story) -> tuple[str, ...]:
    """Those that ran; where none did yet, those that were to."""
    applied = story.result("database.migrate").get("applied")
    if applied is not None:
        return tuple(str(one["migration"]) for one in applied)
    return tuple(map(str, story.result("gates.code").get("pending", ())))
